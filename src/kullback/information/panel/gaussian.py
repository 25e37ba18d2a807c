"""What the answer would be if both laws were Gaussian: a comparator, exactly unbiased if they are.

With means x̄, ȳ and covariances S, R of n and m rows (R⁻¹ and log|S| are biased by known amounts),

    2 KL = (m−d−2)/(m−1) · ((1 − 1/n) tr R⁻¹S + (x̄−ȳ)ᵀR⁻¹(x̄−ȳ)) − d/m − d + l(R, m) − l(S, n),
    l(S, n) = log|S| − Σᵢ ψ((n−i)/2) + d log((n−1)/2),   i = 1 … d.

References
----------
Anderson, An Introduction to Multivariate Statistical Analysis (2003), chapter 7: moments of
Wishart's law.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.samples.method import Draws, SamplesMethod
from kullback.questions import KL, Question


@dataclass(frozen=True, repr=False)
class GaussianFit(SamplesMethod):
    """KL between the Gaussians that have the means and covariances of the draws."""

    spread_by: ClassVar[Literal["subsampling", "bootstrap", "own"]] = "bootstrap"

    def __repr__(self) -> str:
        """Name the comparator."""
        return "if both were Gaussian"

    def refuse_question(self, of: Question, _p: Samples, q: Form | None, /) -> str | None:
        """Refuse all but KL of two samples."""
        if not isinstance(of, KL):
            return f"fits Gaussians for KL, not {of!r}"
        return None if isinstance(q, Samples) else "needs samples on both sides"

    def minimum(self, draws: Draws, /) -> int:
        """Covariances of d columns, and their inverse's mean, need d + 3 rows."""
        return draws.dimensions + 3

    def estimate(self, of: Question, draws: Draws) -> float:
        """Return KL(N(x̄, S) ‖ N(ȳ, R)) less its bias."""
        assert isinstance(of, KL)
        assert draws.y is not None
        x, y, d, n, m = draws.x, draws.y, draws.dimensions, draws.n, draws.m
        s, r = (np.atleast_2d(np.cov(z, rowvar=False)) for z in (x, y))
        gap = x.mean(axis=0) - y.mean(axis=0)
        inverse = np.linalg.inv(r)
        quadratic = (1 - 1 / n) * np.trace(inverse @ s) + gap @ inverse @ gap
        logs = _log_determinant(r, m) - _log_determinant(s, n)
        return float(0.5 * ((m - d - 2) / (m - 1) * quadratic - d / m - d + logs))


def _log_determinant(s: np.ndarray, n: int) -> float:
    """Return log|S| less what n rows add to it on average."""
    from scipy.special import digamma

    d = len(s)
    expected = digamma((n - np.arange(1, d + 1)) / 2).sum() - d * np.log((n - 1) / 2)
    return float(np.linalg.slogdet(s)[1] - expected)
