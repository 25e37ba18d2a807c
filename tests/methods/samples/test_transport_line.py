"""Transport between samples on the line: closed forms, SciPy, and the laws of a metric."""

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

import kullback as kb
from kullback.methods.samples.transport.line import line_potentials

ORDERS = (1, 1.5, 2, 3, 50)


def w(x, y, order=1, v=None, u=None):
    return kb.wasserstein(kb.Samples(x, weights=v), kb.Samples(y, weights=u), order=order)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 7), (6, 6), (7, 5), (12, 18), (1000, 999)])
def test_first_order_is_scipys(n, m):
    rng = np.random.default_rng(n + m)
    x, y = rng.normal(size=n), rng.normal(1, 2, m)
    assert w(x, y) == pytest.approx(wasserstein_distance(x, y), rel=1e-12)
    v, u = rng.random(n), rng.random(m)
    assert w(x, y, v=v, u=u) == pytest.approx(wasserstein_distance(x, y, v, u), rel=1e-12)
    assert w(x, y, u=u) == pytest.approx(wasserstein_distance(x, y, None, u), rel=1e-12)


@pytest.mark.parametrize("order", ORDERS)
def test_equal_sizes_couple_in_order(order):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=40), rng.exponential(size=40)
    truth = np.mean(np.abs(np.sort(x) - np.sort(y)) ** order) ** (1 / order)
    assert w(x, y, order) == pytest.approx(truth, rel=1e-13)


@pytest.mark.parametrize("order", ORDERS)
def test_repeats_are_weights(order):
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=5), rng.normal(2, 1, 4)
    times_x, times_y = rng.integers(1, 5, 5), rng.integers(1, 5, 4)
    repeated = w(np.repeat(x, times_x), np.repeat(y, times_y), order)
    assert w(x, y, order, times_x, times_y) == pytest.approx(repeated, rel=1e-12)
    assert w(np.tile(x, 6), np.tile(y, 9), order) == pytest.approx(w(x, y, order), rel=1e-12)


@pytest.mark.parametrize("order", ORDERS)
def test_a_shift_costs_its_length(order):
    x = np.random.default_rng(3).integers(-1000, 1000, 300) / 64
    assert w(x, x + 2.5, order) == pytest.approx(2.5, rel=2e-15)
    assert w(x - 1e6, x, order) == pytest.approx(1e6, rel=2e-15)
    assert w(x, x, order) == 0


@pytest.mark.parametrize("order", ORDERS)
def test_metric(order):
    rng = np.random.default_rng(4)
    x, y, z = rng.normal(size=30), rng.normal(1, 1, 20), rng.exponential(size=25)
    assert w(x, y, order) == pytest.approx(w(y, x, order), rel=1e-13)
    assert w(x, z, order) <= w(x, y, order) + w(y, z, order)
    assert w(x, y, order) <= w(x, y, order + 1) * (1 + 1e-12)
    assert w(3 * x, 3 * y, order) == pytest.approx(3 * w(x, y, order), rel=1e-13)
    assert w(x * 1e200, y * 1e200, order) == pytest.approx(1e200 * w(x, y, order), rel=1e-12)


def test_near_the_laws():
    """W₂ of samples nears Bures' formula, here √((1 − 0)² + (2 − 1)²)."""
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=400_000), rng.normal(1, 2, 300_000)
    truth = kb.wasserstein(kb.families.Normal(0, 1), kb.families.Normal(1, 2), order=2)
    assert truth == pytest.approx(2**0.5)
    assert w(x, y, 2) == pytest.approx(truth, abs=0.01)


def test_batches_of_draws():
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(3, 2, 7)), rng.normal(size=(2, 5))
    rows = kb.wasserstein(x, y, order=2, samples=True)
    assert rows.shape == (3, 2)
    assert rows[2, 1] == pytest.approx(w(x[2, 1], y[1], 2), rel=1e-14)
    turned = kb.wasserstein(np.moveaxis(x, -1, 0), y.T, order=2, samples=True, axis=0)
    assert np.array_equal(turned, rows)
    assert kb.wasserstein([0, 1], [2, 4], samples=True) == 2.5
    assert type(kb.wasserstein([0, 1], [2, 4], samples=True)) is float


def test_precision_and_library_of_the_draws():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=9).astype(np.float32), rng.normal(size=4).astype(np.float32)
    truth = w(x.astype(float), y.astype(float), 2)
    for v in (None, rng.random(9)):
        truth = w(x.astype(float), y.astype(float), 2, v)
        found = w(x, y, 2, v), w(torch.from_numpy(x), torch.from_numpy(y), 2, v)
        assert found[0].dtype == np.float32
        assert found[1].dtype == torch.float32
        assert all(float(z) == pytest.approx(truth, rel=1e-6) for z in found)
    assert w(x.tolist(), torch.from_numpy(y), 2).dtype == torch.float32
    assert w([0, 1, 3], [5, 6, 8]) == 5
    with pytest.raises(kb.MixedArraysError):
        w(x, torch.from_numpy(y))


@pytest.mark.parametrize("order", [1, 1.5, 2, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_slopes_in_torch(order, weighted):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=7), rng.normal(1, 2, 5)
    v = rng.random(7) if weighted else None
    leaves = [torch.tensor(z, requires_grad=True) for z in (x, y)]
    w(*leaves, order, v).backward()
    for side in (0, 1):
        for k in (0, 3):
            step = [np.zeros(7), np.zeros(5)]
            step[side][k] = 1e-6
            up, down = (w(x + s * step[0], y + s * step[1], order, v) for s in (1, -1))
            assert float(leaves[side].grad[k]) == pytest.approx((up - down) / 2e-6, rel=1e-6)
    assert float(leaves[0].grad.sum() + leaves[1].grad.sum()) == pytest.approx(0, abs=1e-12)


def test_slope_where_nothing_is_to_be_moved():
    torch = pytest.importorskip("torch")
    for order in (1, 1.5, 2):
        x = torch.tensor([0.0, 1.0, 5.0], requires_grad=True)
        w(x, torch.tensor([0.0, 1.0, 5.0]), order).backward()
        assert x.grad.tolist() == [0, 0, 0]


def test_slopes_in_jax():
    jax = pytest.importorskip("jax")
    x, y = np.array([0.3, 2.0, -1.0]), np.array([4.0, 1.0])

    def distance(x):
        return kb.wasserstein(x, jax.numpy.asarray(y, dtype=x.dtype), samples=True)

    value, slope = jax.jit(jax.value_and_grad(distance))(jax.numpy.asarray(x))
    assert float(value) == pytest.approx(w(x, y), rel=1e-6)
    up, down = (w(x + np.array([0, 0, s]), y) for s in (1e-6, -1e-6))
    assert float(slope[2]) == pytest.approx((up - down) / 2e-6, rel=1e-5)


@pytest.mark.parametrize("order", [1, 1.5, 2])
@pytest.mark.parametrize("weighted", [False, True])
def test_potentials_prove_the_optimum(order, weighted):
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=30), rng.normal(1, 1, 17)
    v, u = (rng.dirichlet(np.ones(k)) if weighted else np.full(k, 1 / k) for k in (30, 17))
    f, g = line_potentials(order, x, y, *((v, u) if weighted else (None, None)))
    cost = np.abs(x[:, None] - y) ** order
    slack = (cost - f[:, None] - g).min()
    assert v @ f + u @ g + slack == pytest.approx(w(x, y, order, v, u) ** order, rel=1e-10)


def test_refusals():
    with pytest.raises(kb.InvalidInputError, match="1 hold NaN"):
        w([0.0, np.nan], [1.0])
    with pytest.raises(kb.InvalidInputError, match="no rows"):
        w([], [1.0])
    with pytest.raises(kb.ShapeError, match="2 coordinates and those of q 1"):
        w([[0.0, 1.0]], [1.0])
    with pytest.raises(kb.InvalidInputError, match="at least 1"):
        w([0.0], [1.0], 0.5)
    with pytest.raises(kb.InvalidInputError, match="1 draws of p are not finite"):
        kb.wasserstein([0.0, np.inf], [1.0], samples=True)
    with pytest.raises(kb.ShapeError, match="do not broadcast"):
        kb.wasserstein(np.zeros((2, 3)), np.zeros((3, 3)), samples=True)
    with pytest.raises(kb.ShapeError, match="no draws along axis"):
        kb.wasserstein(np.zeros((2, 0)), np.zeros((2, 3)), samples=True)
    with pytest.raises(kb.InputTypeError, match="neither positions"):
        kb.wasserstein([0.0], [1.0], samples=True, positions=[1.0])
