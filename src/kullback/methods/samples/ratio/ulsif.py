"""The ratio as a sum of Gaussian bumps, by least squares in closed form.

r(z) = Σ αₗ e^(−‖z − cₗ‖²/2σ²) with centres cₗ among the draws of p; α = (H + λ I)⁻¹ h minimises
½ E_q r² − E_p r + ½ λ ‖α‖², H = E_q φ φᵀ, h = E_p φ; negative αₗ are then 0. Width and ridge are
those of the least loss when one row of each sample is left out, which is in closed form too.

Kanamori, Hido and Sugiyama, A least-squares approach to direct importance estimation, J. Mach.
Learn. Res. 10 (2009).
"""

from dataclasses import dataclass

import numpy as np

from kullback.errors import InvalidInputError
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.ratio.bound import LogRatio, Numbers
from kullback.methods.samples.ratio.features import whitened
from kullback.methods.samples.ratio.method import RatioMethod
from kullback.questions import Divergence

WIDTHS = (0.25, 0.4, 0.6, 1.0, 1.5, 2.5, 4.0)
"""Of bumps, in medians of the distance between centres and rows."""
RIDGES = (1e-3, 1e-2, 1e-1, 1.0, 10.0)


@dataclass(frozen=True, repr=False)
class ULSIF(RatioMethod):
    """Unconstrained least-squares importance fitting (uLSIF), held out: a lower bound.

    Made for the Pearson χ², whose bound it fits; KL and the other f-divergences are bounded by
    their own conjugates at the same ratio. Best where p lies within q and the ratio is bounded: it
    is a sum of bumps, so it is low in the tails and in many dimensions.

    Parameters
    ----------
    kernels : int
        How many bumps, centred on draws of p (by chance with `rng`, evenly spaced without).
    widths, ridges : tuple of float
        Those tried: widths in medians of the distance between centres and rows.
    folds, reach, permutations
        As for `QuadraticLogistic`.

    >>> import kullback as kb, numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.normal(0.5, 1, 1000), rng.normal(0, 1, 1000)  # χ² = e^¼ − 1 = 0.284
    >>> found = kb.measure(kb.Samples(x), kb.Samples(y), of=kb.ChiSquare(), by=kb.ULSIF())
    >>> round(float(found.value), 2), round(float(found.interval()[0]), 2)
    (0.16, 0.09)
    """

    kernels: int = 100
    widths: tuple[float, ...] = WIDTHS
    ridges: tuple[float, ...] = RIDGES

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.kernels, int) or self.kernels < 1:
            raise InvalidInputError(f"kernels={self.kernels!r}: at least one bump is needed.")
        if not self.widths or not self.ridges or min(*self.widths, *self.ridges) <= 0:
            raise InvalidInputError(
                f"widths={self.widths!r}, ridges={self.ridges!r}: positive numbers are needed."
            )

    def fit(self, _of: Divergence, draws: Draws, rng: np.random.Generator | None, /) -> LogRatio:
        """Return log p/q: that of a sum of bumps."""
        assert draws.y is not None
        rows = np.vstack([draws.x, draws.y])
        home = whitened(rows, np.ones(len(rows)), products=False)
        x, y = home.coordinates(draws.x), home.coordinates(draws.y)
        centres = x[_some(draws.n, self.kernels, rng)]
        far_x, far_y = _squares(x, centres), _squares(y, centres)
        median = float(np.sqrt(np.median(np.vstack([far_x, far_y]))))
        best, least, sigma = np.zeros(len(centres)), np.inf, 1.0
        for width in self.widths:
            scale = 2 * (width * median) ** 2 if median > 0 else 1.0
            psi, phi = np.exp(-far_x / scale), np.exp(-far_y / scale)
            for ridge in self.ridges:
                loss = _left_out(psi, phi, ridge)
                if loss < least:
                    best, least, sigma = _solved(psi, phi, ridge), loss, scale
        with np.errstate(divide="ignore"):
            log_alpha = np.log(best)
        return lambda z: _log_sum(log_alpha - _squares(home.coordinates(z), centres) / sigma)


def _solved(psi: Numbers, phi: Numbers, ridge: float) -> Numbers:
    """α, with φ of the rows of p (psi) and of q (phi)."""
    k = phi.shape[1]
    h = phi.T @ phi / len(phi) + ridge * np.eye(k)
    return np.maximum(np.linalg.solve(h, psi.mean(axis=0)), 0.0)


def _left_out(psi: Numbers, phi: Numbers, ridge: float) -> float:
    """The mean of ½ r(y)² − r(x), the rows x and y left out in turn, two at a time.

    With A = (Σ φ φᵀ + (m − 1) λ I)⁻¹ the matrix without φᵢ has the inverse
    A + A φᵢ φᵢᵀ A/(1 − φᵢᵀ A φᵢ).
    """
    n, m, k = len(psi), len(phi), phi.shape[1]
    some = min(n, m)
    inverse = np.linalg.inv(phi.T @ phi + (m - 1) * ridge * np.eye(k))
    out_y, out_x = phi[:some], psi[:some]
    mean = (psi.sum(axis=0) - out_x) / (n - 1)
    across = out_y @ inverse
    lost = np.sum(across * mean, axis=1) / (1 - np.sum(across * out_y, axis=1))
    alpha = np.maximum((m - 1) * (mean @ inverse + across * lost[:, None]), 0.0)
    r_y, r_x = np.sum(alpha * out_y, axis=1), np.sum(alpha * out_x, axis=1)
    return float(np.mean(0.5 * r_y**2 - r_x))


def _some(n: int, k: int, rng: np.random.Generator | None) -> np.ndarray:
    if n <= k:
        return np.arange(n)
    return np.linspace(0, n - 1, k).astype(int) if rng is None else rng.choice(n, k, replace=False)


def _squares(rows: Numbers, centres: Numbers) -> Numbers:
    """‖z − c‖² of each row and centre."""
    inner = rows @ centres.T
    away = np.sum(rows**2, axis=1)[:, None] + np.sum(centres**2, axis=1) - 2 * inner
    return np.asarray(np.maximum(away, 0.0))


def _log_sum(terms: Numbers) -> Numbers:
    top = terms.max(axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(terms - top).sum(axis=1)) + top[:, 0])
