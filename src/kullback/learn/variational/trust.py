"""What Pareto's k̂ says of a fit, in words."""

import math

from kullback.learn.variational.family import Family, FullRank, Laplace
from kullback.learn.variational.flow import Flow

GOOD, USABLE = 0.5, 0.7
"""k̂ up to which weights have a variance, and up to which importance sampling still works."""


def unclear(khat: float) -> bool:
    """Tell whether k̂, known to a tenth or so from some thousand draws, leaves the verdict open."""
    return GOOD < khat <= 1


def advice(khat: float, family: Family) -> str:
    """Return what k̂ means for the use of a fit.

    References
    ----------
    Yao et al., Yes, but did it work?, ICML 2018; Vehtari et al., Pareto smoothed importance
    sampling, JMLR 25 (2024).

    >>> from kullback import learn
    >>> advice(0.3, learn.FullRank())
    'q is close to the posterior: its moments and the evidence can be trusted.'
    >>> advice(0.9, learn.MeanField())[-37:]
    'Fit learn.FullRank() or learn.Flow().'
    """
    if math.isnan(khat):
        return "k̂ could not be computed."
    if khat <= GOOD:
        return "q is close to the posterior: its moments and the evidence can be trusted."
    if khat <= USABLE:
        return (
            "q misses a little of the tails: draws weighted by exp(log p̃ − .log_density) correct "
            "it, and the evidence holds."
        )
    if khat <= 1:
        return (
            "q misses part of the posterior: its spreads may be too small, its tails too light, "
            f"and the evidence is not to be trusted. {_richer(family)}"
        )
    return (
        "q misses so much that the weights have no mean at this size: the posterior has another "
        f"shape, or much heavier tails (perhaps no variance, or no mean). {_richer(family)}"
    )


def _richer(family: Family) -> str:
    if isinstance(family, Flow):
        return "Reparametrise (non-centred, logarithms), add layers=, or sample by MCMC."
    if isinstance(family, (FullRank, Laplace)):
        return "Fit learn.Flow(), reparametrise (non-centred, logarithms), or sample by MCMC."
    return "Fit learn.FullRank() or learn.Flow()."
