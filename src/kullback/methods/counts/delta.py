"""Bias and variance of plug-in values, from the first two slopes of the question.

With δp ~ (diag p − p pᵀ)/n and δq alike, Σ q f(p/q) moves by Σ f′ δp + Σ (f − t f′) δq in the first
order, and by ½ Σ g (δp − t δq)², t = p/q, g = t f″(t)/p, in the second. The mean of the second
order is the bias; its variance is all there is where p = q.
"""

import numpy as np
import numpy.typing as npt

from kullback.methods.counts.generators import curvature, is_plain, slope
from kullback.methods.counts.tables import Numbers, Side, Tables, independent
from kullback.methods.exact.held import Held
from kullback.questions import CrossEntropy, Divergence, Entropy, JointQuestion, Question, Renyi


def has_slopes(of: Question) -> bool:
    """Tell whether bias and variance follow from slopes."""
    if isinstance(of, Renyi) and of.alpha in (0.0, np.inf):
        return False
    return isinstance(of, (Divergence, Entropy, CrossEntropy, JointQuestion))


def bias(of: Question, t: Tables) -> Numbers:
    """E of the plug-in value − the truth, in the second order: (K − 1)/(2n) and its kin."""
    if isinstance(of, Entropy):
        return np.asarray(-(t.p.distinct - 1) / (2 * t.p.n))
    if isinstance(of, JointQuestion):
        return np.asarray(_freedom(t) / (2 * t.p.n))
    assert t.q is not None
    p, _, ratio, both = _ratios(t)
    if isinstance(of, CrossEntropy):
        return np.asarray((np.sum(ratio, axis=-1, where=both) - 1) / (2 * t.q.n))
    assert isinstance(of, Divergence)
    bend = curvature(of, ratio)
    each = bend * (_per(t.p) + ratio * _per(t.q) - p * (_per(t.p) + _per(t.q)))
    return np.asarray(0.5 * np.sum(each, axis=-1, where=both))


def standard_error(of: Question, t: Tables) -> Numbers:
    """√ of the variance in the first and second order; ∞ where the value is."""
    with np.errstate(all="ignore"):
        variance = _first(of, t) + _second(of, t)
        if isinstance(of, Divergence):
            return _through(of, t, np.sqrt(variance))
        return np.where(np.isfinite(variance), np.sqrt(variance), np.inf)


def _first(of: Question, t: Tables) -> Numbers:
    p = t.p.frequencies
    if isinstance(of, Entropy):
        return _spread(p, np.log(np.where(p > 0, p, 1.0)), t.p)
    if isinstance(of, JointQuestion):
        product = independent(p, t)
        return _spread(p, np.log(np.where(p > 0, p / np.where(p > 0, product, 1.0), 1.0)), t.p)
    assert t.q is not None
    p, q, ratio, _ = _ratios(t)
    if isinstance(of, CrossEntropy):
        of_p, of_q = -np.log(np.where(q > 0, q, 1.0)), -ratio
    else:
        assert isinstance(of, Divergence)
        turn = slope(of, ratio)
        of_p, of_q = turn, of.generator(ratio) - ratio * turn
        of_p = np.where((q == 0) & (p > 0), of.slope_at_infinity, of_p)
        of_q = np.where((p == 0) & (q > 0), of.at_zero, of_q)
    return _spread(p, of_p, t.p) + _spread(q, of_q, t.q)


def _second(of: Question, t: Tables) -> Numbers:
    """½ tr((G Σ)²)."""
    if isinstance(of, Entropy):
        return np.asarray((t.p.distinct - 1) / (2 * t.p.n**2))
    if isinstance(of, JointQuestion):
        return np.asarray(np.maximum(_freedom(t), 0) / (2 * t.p.n**2))
    assert t.q is not None
    p, _, ratio, both = _ratios(t)
    a, b = _per(t.p), _per(t.q)
    if isinstance(of, CrossEntropy):
        own = np.sum(ratio * (ratio - 2 * p), axis=-1, where=both) + 1
        cross = np.sum(ratio, axis=-1, where=both) - 1
        return np.asarray(0.5 * own * b[..., 0] ** 2 + cross * a[..., 0] * b[..., 0])
    assert isinstance(of, Divergence)
    bend = curvature(of, ratio)
    moved, c = bend * (a + b * ratio), a + b
    squares = np.sum(moved * (moved - 2 * c * bend * p), axis=-1, where=both)
    return np.asarray(0.5 * (squares + (c[..., 0] * np.sum(bend * p, axis=-1, where=both)) ** 2))


def _through(of: Divergence, t: Tables, reach: Numbers) -> Numbers:
    """Carry the error of Σ q f(p/q) to the answer, which may be a function of it."""
    if is_plain(of):
        return np.where(np.isfinite(reach), reach, np.inf)
    assert t.q is not None
    pair = Held("probabilities", t.p.frequencies, t.q.frequencies, 1e-1).pair()
    total = np.sum(of.terms(pair), axis=-1)
    lost = ~np.isfinite(total) | ~np.isfinite(reach)
    total, reach = np.where(lost, 1.0, total), np.where(lost, 0.0, reach)
    up, down = of.close(total + reach), of.close(np.maximum(total - reach, 0.0))
    wide = np.where(np.isfinite(up), 0.5 * np.abs(up - down), np.abs(of.close(total) - down))
    return np.where(lost, np.inf, wide)


def _ratios(t: Tables) -> tuple[Numbers, Numbers, Numbers, npt.NDArray[np.bool_]]:
    """Return p, q, p/q (1 where either is 0), and where both are positive."""
    assert t.q is not None
    p, q = t.p.frequencies, t.q.frequencies
    both = (p > 0) & (q > 0)
    return p, q, np.where(both, p, 1.0) / np.where(both, q, 1.0), both


def _per(side: Side) -> Numbers:
    """1/n, shape (*batch, 1)."""
    return np.asarray(1 / side.n)[..., None]


def _spread(p: Numbers, g: Numbers, side: Side) -> Numbers:
    """Var g(x)/n for draws x from p."""
    if not side.counted:
        return np.zeros(p.shape[:-1])
    some = p > 0
    g = np.where(some, g, 0.0)
    mean = np.sum(p * g, axis=-1, keepdims=True)
    return np.asarray(np.sum(p * (g - mean) ** 2, axis=-1, where=some) / side.n)


def _freedom(t: Tables) -> Numbers:
    """K(x, y) − K(x) − K(y) + 1 over the outcomes seen; its sum over the z seen."""
    square = t.square(t.p.frequencies) > 0
    x, y = square.any(axis=-1).sum(axis=-1), square.any(axis=-2).sum(axis=-1)
    live = square.any(axis=(-2, -1))
    return t.over_z(np.asarray(square.sum(axis=(-2, -1)) - x - y + live))
