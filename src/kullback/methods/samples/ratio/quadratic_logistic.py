"""The ratio as the exponential of a quadratic: exact between any two Gaussians.

log p/q = b + aᵀz + zᵀAz is fitted by logistic regression with a ridge on a and on A. The ridges go
down a ladder for as long as the log-loss of rows left out does, so that a ratio that is linear in
many dimensions is not lost among products.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from kullback.errors import InvalidInputError
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.ratio.bound import LogRatio, Numbers
from kullback.methods.samples.ratio.features import whitened
from kullback.methods.samples.ratio.logistic import Fit, fitted
from kullback.methods.samples.ratio.method import RatioMethod
from kullback.questions import Divergence

LADDER = (100.0, 10.0, 1.0)
"""Ridges, in coordinates of variance 1; above them the features are left out."""


@dataclass(frozen=True, repr=False)
class QuadraticLogistic(RatioMethod):
    """Logistic regression on coordinates, squares and products: a lower bound with its margin.

    KL(p ‖ q) ≥ E_p log r − E_q (r − 1) for every r; r is fitted on all folds but one and averaged
    over that one. Right where log p/q is nearly quadratic, as between Gaussians in any dimension;
    far below the truth where it is not, as between a mixture and a Gaussian of its moments.
    Any f-divergence is bounded alike, by its own convex conjugate; samples may be weighted. The
    answer does not change when both samples are mapped by an affine map.

    Parameters
    ----------
    l2 : float, optional
        The ridge on all features; from a ladder (100, 10, 1) by the log-loss of rows left out, on
        linear and on quadratic features in turn, if left out.
    products : int
        The most coordinates of which products are features too, beside squares.
    folds : int
        Into how many parts the rows are dealt: by chance with `rng`, in turn without.
    reach : float
        The fitted ratio is held between 1/(reach √n) and reach √m, so that no row of q moves a
        bound of KL by more than reach/√m; ∞ trusts the quadratic where no row of q was seen.
    permutations : int, optional
        How many permutations give the p-value; None for that of the bound's margin.

    References
    ----------
    Nguyen, Wainwright and Jordan, Estimating divergence functionals and the likelihood ratio by
    convex risk minimization, IEEE Trans. Inf. Theory 56 (2010).

    >>> import kullback as kb, numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.normal(0.5, 1, (1000, 2)), rng.normal(0, 1, (1000, 2))  # KL = 0.25
    >>> found = kb.measure(kb.Samples(x), kb.Samples(y), by=kb.QuadraticLogistic())
    >>> round(float(found.value), 2), round(float(found.interval()[0]), 2)
    (0.23, 0.18)
    """

    l2: float | None = None
    products: int = 30

    takes_weights: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.l2 is not None and not 0 < self.l2 < np.inf:
            raise InvalidInputError(f"l2={self.l2!r}: a ridge is positive and finite.")

    def fit(self, _of: Divergence, draws: Draws, _rng: np.random.Generator | None, /) -> LogRatio:
        """Return log p/q, quadratic in the coordinates."""
        assert draws.y is not None
        rows = np.vstack([draws.x, draws.y])
        counts = np.concatenate([_counts(draws.v, draws.n), _counts(draws.w, draws.m)])
        positive = np.arange(len(rows)) < draws.n
        features = whitened(rows, counts, products=draws.dimensions <= self.products)
        phi, linear = features(rows), draws.dimensions
        if self.l2 is None:
            chosen = _down(phi, linear, positive, counts)
        else:
            chosen = fitted(phi, positive, counts, np.full(phi.shape[1], self.l2))
        offset = np.log(counts[positive].sum() / counts[~positive].sum())
        return lambda z: chosen(features(z)) - offset


def _down(phi: Numbers, linear: int, positive: npt.NDArray[np.bool_], counts: Numbers) -> Fit:
    """Lower the ridge on linear features, then on the others, while it helps rows left out."""
    best: Fit | None = None
    first = LADDER[0]
    for ridge in LADDER:
        fit = fitted(phi[:, :linear], positive, counts, np.full(linear, ridge), best)
        if best is not None and fit.loss_left_out >= best.loss_left_out:
            break
        best, first = fit, ridge
    assert best is not None
    fit = best = best.widened(phi.shape[1])
    for ridge in LADDER:
        both = np.where(np.arange(phi.shape[1]) < linear, first, ridge)
        fit = fitted(phi, positive, counts, both, fit)
        if fit.loss_left_out >= best.loss_left_out:
            break
        best = fit
    return best


def _counts(weights: Numbers | None, n: int) -> Numbers:
    """How often each row counts: n in all."""
    return np.ones(n) if weights is None else n * weights
