"""Divergences that take a parameter: orders, and privacy's γ."""

from typing import Any

from kullback._measure.values import value_of
from kullback.questions import Alpha, HockeyStick, Renyi, Tsallis


def renyi(
    p: Any,
    q: Any,
    /,
    *,
    alpha: float,
    base: float | None = None,
    axis: int = -1,
    threads: int | None = None,
) -> Any:
    """R(p ‖ q) = log Σ p^α q^(1−α) / (α − 1): KL at α = 1, log max p/q at ∞. Arguments as for `kl`.

    Parameters
    ----------
    alpha : float
        The order, from 0 to ∞.

    References
    ----------
    van Erven and Harremoës, Rényi divergence and Kullback–Leibler divergence, IEEE Trans. Inf.
    Theory 60 (2014).

    >>> import kullback as kb
    >>> kb.renyi([0.5, 0.5], [0.9, 0.1], alpha=2)
    1.0216512...
    """
    return value_of(Renyi(alpha), p, q, base, axis, threads)


def tsallis(p: Any, q: Any, /, *, alpha: float, axis: int = -1, threads: int | None = None) -> Any:
    """T(p ‖ q) = (Σ p^α q^(1−α) − 1)/(α − 1), α > 0: KL at α = 1. Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.tsallis([0.5, 0.5], [0.9, 0.1], alpha=0.5)
    0.2111456...
    """
    return value_of(Tsallis(alpha), p, q, None, axis, threads)


def alpha_divergence(
    p: Any, q: Any, /, *, alpha: float, axis: int = -1, threads: int | None = None
) -> Any:
    """A(p ‖ q) = (Σ p^α q^(1−α) − 1)/(α (α − 1)): KL(p ‖ q) at α = 1, KL(q ‖ p) at 0.

    Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.alpha_divergence([0.5, 0.5], [0.9, 0.1], alpha=2)
    0.8888888...
    """
    return value_of(Alpha(alpha), p, q, None, axis, threads)


def hockey_stick(
    p: Any, q: Any, /, *, gamma: float, axis: int = -1, threads: int | None = None
) -> Any:
    """E(p ‖ q) = Σ max(p − γ q, 0): differential privacy's δ at ε = log γ. Arguments as for `kl`.

    Parameters
    ----------
    gamma : float
        At least 1.

    >>> import kullback as kb
    >>> kb.hockey_stick([0.5, 0.5], [0.9, 0.1], gamma=2)
    0.3
    """
    return value_of(HockeyStick(gamma), p, q, None, axis, threads)
