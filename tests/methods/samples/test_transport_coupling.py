"""Transport between samples in several dimensions: couplings, slices and entropy."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import wasserstein_distance_nd

import kullback as kb
from kullback.methods.samples.transport.coupling import cheapest, distances
from kullback.methods.samples.transport.divergence import divergence, slopes
from kullback.methods.samples.transport.sinkhorn import coupled

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(8, 2)), RNG.normal([1.0, 2.0], 1, (8, 2))


def w(x, y, order=1, **more):
    return kb.wasserstein(kb.Samples(x), kb.Samples(y), order=order, **more)


def by_linear_program(x, y, order, v, u):
    n, m = len(v), len(u)
    marginals = np.concatenate([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    cost = distances(x, y) ** order
    return linprog(cost.ravel(), A_eq=marginals, b_eq=np.r_[v, u]).fun ** (1 / order)


def test_assignment_is_scipys():
    assert w(X, Y) == pytest.approx(wasserstein_distance_nd(X, Y), rel=1e-9)


@pytest.mark.parametrize("order", [1, 1.5, 2, 3])
def test_no_coupling_is_cheaper(order):
    even = np.full(8, 1 / 8)
    truth = by_linear_program(X, Y, order, even, even)
    assert w(X, Y, order) == pytest.approx(truth, rel=1e-9)
    assert w(X * 1e90, Y * 1e90, order) == pytest.approx(truth * 1e90, rel=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_sizes_and_weights(order):
    pytest.importorskip("ot")
    v, u = RNG.dirichlet(np.ones(8)), RNG.dirichlet(np.ones(5))
    p, q = kb.Samples(X, weights=v), kb.Samples(Y[:5], weights=u)
    truth = by_linear_program(X, Y[:5], order, v, u)
    assert kb.wasserstein(p, q, order=order) == pytest.approx(truth, rel=1e-9)
    repeated = kb.Samples(np.repeat(X, 5, axis=0)), kb.Samples(np.repeat(Y[:5], 8, axis=0))
    plain = kb.wasserstein(kb.Samples(X), kb.Samples(Y[:5]), order=order)
    assert kb.wasserstein(*repeated, order=order) == pytest.approx(plain, rel=1e-9)


def test_without_pot(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ot", None)
    with pytest.raises(kb.MissingExtraError, match=r"kullback\[samples\]"):
        w(X, Y[:5])
    assert w(X, Y) > 1


def test_gaussian_clouds_near_bures():
    rng = np.random.default_rng(1)
    n, spread = 500, np.array([2.0, 0.5])
    x, y = rng.normal(size=(n, 2)), rng.normal(0.0, spread, (n, 2))
    x, y = x - x.mean(axis=0), y - y.mean(axis=0) + [3.0, 0.0]
    normal = kb.families.MultivariateNormal
    truth = kb.wasserstein(
        normal([0.0, 0.0], variances=[1.0, 1.0]), normal([3.0, 0.0], variances=spread**2), order=2
    )
    assert truth == pytest.approx((9 + 1 + 0.25) ** 0.5)
    assert w(x, y, 2) == pytest.approx(truth, rel=0.05)


@pytest.mark.parametrize("by", [None, kb.SlicedTransport(), kb.Sinkhorn()])
def test_shifts(by):
    """All of them by their length; the sliced W₂ by |c|/√d, over directions."""
    shift = np.array([3.0, 4.0])
    found = w(X, X + shift, 2, by=by, rng=0)
    if isinstance(by, kb.SlicedTransport):
        assert found == pytest.approx(5 / 2**0.5, rel=0.08)
    else:
        assert found == pytest.approx(5, rel=1e-6)


def test_potentials_prove_the_optimum():
    cost = distances(X, Y) ** 2
    found = cheapest(cost, None, None)
    assert (cost - found.f[:, None] - found.g >= -1e-12).all()
    assert found.f.mean() + found.g.mean() == pytest.approx(found.mass @ cost[found.i, found.j])


@pytest.mark.parametrize("order", [1, 1.5, 2])
@pytest.mark.parametrize("by", [None, kb.SlicedTransport(projections=20)])
def test_slopes_in_torch(order, by):
    torch = pytest.importorskip("torch")
    leaves = [torch.tensor(z, requires_grad=True) for z in (X, Y)]
    w(*leaves, order, by=by, rng=0).backward()
    step = np.zeros_like(X)
    step[3, 1] = 1e-6
    for k, (a, b) in enumerate(((step, 0), (0, step))):
        up, down = (w(X + s * a, Y + s * b, order, by=by, rng=0) for s in (1, -1))
        assert float(leaves[k].grad[3, 1]) == pytest.approx((up - down) / 2e-6, rel=1e-6)


def test_sliced_on_the_line_and_its_bound():
    x, y = X[:, :1], Y[:, :1]
    assert w(x, y, 2, by=kb.SlicedTransport(), rng=0) == pytest.approx(w(x, y, 2), rel=1e-12)
    assert w(X, Y, 2, by=kb.SlicedTransport(), rng=0) < w(X, Y, 2)
    assert w(X, X, 2, by=kb.SlicedTransport(), rng=0) == 0


def test_entropic_coupling_of_two_points():
    """Of {0, 1} with itself, by hand: the odds of staying are e^(1/ε)."""
    cost, even, epsilon = np.array([[0.0, 1.0], [1.0, 0.0]]), np.full(2, 0.5), 0.4
    found = coupled(cost, even, even, epsilon, 1e-12, 1000)
    stay = 0.5 / (1 + np.exp(-1 / epsilon))
    assert found.mass[0, 0] == pytest.approx(stay, rel=1e-10)
    kl = np.sum(found.mass * np.log(found.mass / 0.25))
    value = np.sum(found.mass * cost) + epsilon * kl
    assert found.value(even, even) == pytest.approx(value, rel=1e-10)
    alone = coupled(cost, even, even, epsilon, 1e-12, 1000, alike=True)
    assert alone.mass == pytest.approx(found.mass, rel=1e-9)


def test_far_clouds_do_not_vanish():
    """POT's sinkhorn2 says 0 here: two clouds 5√2 apart, ε = 0.001."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(50, 2)) * 0.01
    y = rng.normal(size=(40, 2)) * 0.01 + 5
    for epsilon in (1e-3, 0.05, 1):
        found = w(x, y, 2, by=kb.Sinkhorn(epsilon=epsilon))
        assert found == pytest.approx(50**0.5, rel=1e-3)


def test_sinkhorn_nears_the_distance_as_epsilon_falls():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(60, 2)), rng.normal(size=(60, 2)) * [2.0, 1.0]
    for order in (1, 2):
        truth = w(x, y, order)
        gaps = [abs(w(x, y, order, by=kb.Sinkhorn(epsilon=e)) - truth) for e in (0.1, 0.01)]
        assert gaps[1] < 0.4 * gaps[0] < 0.15 * truth
    assert w(x, x, 2, by=kb.Sinkhorn()) == pytest.approx(0, abs=1e-3)


def test_sinkhorn_with_weights_is_sinkhorn_of_repeats():
    times = np.array([1, 2, 3, 1, 0, 1, 1, 2])
    p, again = kb.Samples(X, weights=times), kb.Samples(np.repeat(X, times, axis=0))
    by = kb.Sinkhorn(tolerance=1e-10)
    repeated = kb.wasserstein(again, kb.Samples(Y), order=2, by=by)
    # The median cost, and so ε, counts repeats; at this ε both are near W₂.
    assert kb.wasserstein(p, kb.Samples(Y), order=2, by=by) == pytest.approx(repeated, rel=0.01)


@pytest.mark.parametrize("order", [1, 1.5, 2])
def test_sinkhorn_slopes_at_one_epsilon(order):
    x, y, a, b = X, Y[:5], np.full(8, 1 / 8), np.full(5, 1 / 5)
    options = (1e-12, 500)
    found = divergence(order, x, y, a, b, 0.05, *options)
    of_x, of_y = slopes(order, x, y, found)
    assert of_x.sum(axis=0) == pytest.approx(-of_y.sum(axis=0), rel=1e-9)

    def at(s):
        moved = x.copy()
        moved[3, 1] += s
        from kullback.methods.samples.transport.divergence import costs, median

        share = found.epsilon / median(costs(order, moved, y))
        return divergence(order, moved, y, a, b, share, *options).value

    assert of_x[3, 1] == pytest.approx((at(1e-5) - at(-1e-5)) / 2e-5, rel=1e-5)


def test_sinkhorn_in_torch():
    torch = pytest.importorskip("torch")
    x, y = torch.tensor(X, requires_grad=True), torch.tensor(Y)
    value = w(x, y, 2, by=kb.Sinkhorn())
    assert float(value.detach()) == pytest.approx(w(X, Y, 2, by=kb.Sinkhorn()), rel=1e-9)
    value.backward()
    even = np.full(8, 1 / 8)
    found = divergence(2, X, Y, even, even, 0.05, 1e-6, 500)
    truth = slopes(2, X, Y, found)[0] / (2 * float(value.detach()))
    assert x.grad.numpy() == pytest.approx(truth, rel=1e-6)
    single = w(torch.tensor(X, dtype=torch.float32), y.float(), 2, by=kb.Sinkhorn())
    assert single.dtype == torch.float32


def test_refusals():
    with pytest.raises(kb.NoMethodError, match="up to order 2"):
        w(X, Y, 3, by=kb.Sinkhorn())
    with pytest.raises(kb.AccuracyError, match="misses tolerance"):
        w(X, Y, 2, by=kb.Sinkhorn(epsilon=1e-2, rounds=1, tolerance=1e-14))
    with pytest.raises(kb.NoMethodError, match="needs rng"):
        w(X, Y, 2, by=kb.SlicedTransport())
    with pytest.raises(kb.NoMethodError, match=r"more than|up to 2\.5e"):
        w(np.zeros((6000, 2)), np.zeros((6000, 2)))
    with pytest.raises(kb.InputTypeError, match=r"kb\.measure takes"):
        w(X, Y, by=kb.PlugIn())
    with pytest.raises(kb.InvalidInputError, match="a positive number"):
        kb.Sinkhorn(epsilon=0)
    with pytest.raises(kb.InvalidInputError, match="at least 2 directions"):
        kb.SlicedTransport(projections=1)
