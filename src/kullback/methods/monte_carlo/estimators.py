"""Estimators of KL(p ‖ q) from draws of p, as values; u = log q/p at each draw."""

from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Numbers
from kullback.methods.monte_carlo.tail import pareto_shape


@dataclass(frozen=True)
class K1:
    """−u. Unbiased; its terms have both signs.

    References
    ----------
    Schulman, Approximating KL divergence, 2020, http://joschu.net/blog/kl-approx.html.

    >>> import kullback as kb
    >>> float(kb.K1().terms(np.log(0.5)))
    0.6931471...
    """

    unbiased = True

    def terms(self, u: Numbers) -> Numbers:
        """−u."""
        return -u


@dataclass(frozen=True)
class K2:
    """u²/2: never negative and of low variance, but biased: the mean of u²/2 is not KL.

    >>> import kullback as kb
    >>> float(kb.K2().terms(np.log(0.5)))
    0.2402265...
    """

    unbiased = False

    def terms(self, u: Numbers) -> Numbers:
        """u²/2."""
        return 0.5 * u * u


@dataclass(frozen=True)
class K3:
    """eᵘ − 1 − u: never negative; unbiased only if p covers q, wild where q ≫ p.

    Where eᵘ is skewed its intervals read short: a few rare draws hold much of the mean.

    >>> import kullback as kb
    >>> float(kb.K3().terms(np.log(0.5)))
    0.1931471...
    """

    unbiased = True

    def terms(self, u: Numbers) -> Numbers:
        """eᵘ − 1 − u."""
        with np.errstate(over="ignore"):
            return np.expm1(u) - u


@dataclass(frozen=True)
class Balanced:
    """−u + c (eᵘ − 1): K1 with the control variate eᵘ − 1, of mean 0 if p covers q.

    c = cov(u, eᵘ)/var(eᵘ) from the draws makes the variance least; K1 is c = 0 and K3 is c = 1.
    Where the tail of eᵘ says that it has no variance (k̂ > ½), c is 0.

    >>> from kullback.methods.monte_carlo import Balanced
    >>> float(Balanced().terms(np.log(np.linspace(0.5, 1.5, 11))).mean())
    0.0552...
    """

    unbiased = True

    def terms(self, u: Numbers) -> Numbers:
        """−u + c (eᵘ − 1), draws on the first axis."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            control = np.expm1(u)
            centred = control - control.mean(axis=0)
            spread = (centred * centred).mean(axis=0)
            c = ((u - u.mean(axis=0)) * centred).mean(axis=0) / spread
            tame = pareto_shape(control + 1) < 0.5
            c = np.where(np.isfinite(c) & tame, c, 0.0)
            return np.asarray(-u + c * np.where(np.isfinite(control), control, 0.0))


Estimator = K1 | K2 | K3 | Balanced
