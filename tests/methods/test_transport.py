"""The Wasserstein distance of tables: against a linear program, and its laws."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import wasserstein_distance

import kullback as kb


def by_linear_program(order, x, p, q):
    """The cheapest of all couplings."""
    k = len(x)
    cost = np.abs(x[:, None] - x) ** order
    marginals = np.concatenate([np.kron(np.eye(k), np.ones(k)), np.kron(np.ones(k), np.eye(k))])
    return linprog(cost.ravel(), A_eq=marginals, b_eq=np.r_[p, q]).fun ** (1 / order)


@pytest.mark.parametrize("order", [1, 1.5, 2, 4])
def test_no_coupling_is_cheaper(order):
    rng = np.random.default_rng(1)
    x, (p, q) = rng.normal(size=6), rng.dirichlet(np.ones(6), 2)
    found = kb.wasserstein(p, q, order=order, positions=x)
    assert found == pytest.approx(by_linear_program(order, x, p, q), rel=1e-9)


def test_first_order_is_scipys():
    rng = np.random.default_rng(2)
    x, (p, q) = rng.normal(size=50), rng.dirichlet(np.ones(50), 2)
    expected = wasserstein_distance(x, x, p, q)
    assert kb.wasserstein(p, q, positions=x) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_metric(order):
    rng = np.random.default_rng(3)
    x, (p, q, r) = rng.normal(size=9), rng.dirichlet(np.ones(9), 3)

    def w(a, b):
        return kb.wasserstein(a, b, order=order, positions=x)

    assert w(p, q) == pytest.approx(w(q, p), rel=1e-12)
    assert w(p, q) > 0.01
    assert w(p, p) == 0
    assert w(p, r) <= w(p, q) + w(q, r)


def test_a_shift_costs_its_length():
    p = np.array([0.2, 0.5, 0.3, 0.0, 0.0])
    q = np.array([0.0, 0.0, 0.2, 0.5, 0.3])
    for order in (1, 2, 3):
        assert kb.wasserstein(p, q, order=order, positions=range(5)) == pytest.approx(2, rel=1e-12)


def test_batches_and_libraries_agree():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(4)
    P, Q, x = rng.dirichlet(np.ones(5), (3, 2)), rng.dirichlet(np.ones(5), 2), rng.normal(size=5)
    for order in (1, 2):
        rows = kb.wasserstein(P, Q, order=order, positions=x)
        assert rows.shape == (3, 2)
        one = kb.wasserstein(P[2, 1], Q[1], order=order, positions=x)
        assert rows[2, 1] == pytest.approx(one, rel=1e-12)
        tensors = kb.wasserstein(torch.from_numpy(P), torch.from_numpy(Q), order=order, positions=x)
        assert np.allclose(tensors.numpy(), rows, rtol=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_slopes_along_the_simplex(order):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(5)
    x, (p, q) = rng.normal(size=6), rng.dirichlet(np.ones(6), 2)
    leaf = torch.from_numpy(p).requires_grad_()
    kb.wasserstein(leaf, torch.from_numpy(q), order=order, positions=x).backward()
    step = np.array([1.0, 0, -1, 0, 0, 0]) * 1e-6
    sides = [kb.wasserstein(p + s, q, order=order, positions=x) for s in (step, -step)]
    slope = float(leaf.grad.numpy() @ step) / 1e-6
    assert slope == pytest.approx((sides[0] - sides[1]) / 2e-6, rel=1e-5)


def test_measure_names_the_method():
    answer = kb.measure([0.5, 0.5], [0.9, 0.1], of=kb.Wasserstein(positions=[0, 10]))
    assert answer.value == pytest.approx(4)
    assert (answer.kind, repr(answer.method)) == ("exact", "SortedTransport()")
    counted = kb.measure(kb.Counts([1, 1]), [0.9, 0.1], of=kb.Wasserstein(positions=[0, 10]))
    assert (counted.kind, counted.value) == ("estimated", pytest.approx(4))


def test_refusals():
    with pytest.raises(kb.InputTypeError, match=r"positions=\["):
        kb.wasserstein([0.5, 0.5], [0.9, 0.1])
    with pytest.raises(kb.InvalidInputError, match="at least 1"):
        kb.wasserstein([0.5, 0.5], [0.9, 0.1], order=0.5, positions=[0, 1])
    with pytest.raises(kb.ShapeError, match="one position for each"):
        kb.wasserstein([0.5, 0.5], [0.9, 0.1], positions=[0, 1, 2])
    with pytest.raises(kb.NotNormalisedError):
        kb.wasserstein([0.5, 0.4], [0.9, 0.1], positions=[0, 1])
