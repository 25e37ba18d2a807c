"""Whether a mean has a variance: the shape of its terms' upper tail."""

import numpy as np

from kullback.methods.laws import Numbers


def pareto_shape(terms: Numbers) -> Numbers:
    """Return k̂ of a generalised Pareto law fitted to the largest |terms|, draws on axis 0.

    Above ½ the variance is infinite; above 0.7 a standard error cannot be trusted.

    References
    ----------
    Zhang and Stephens, A new and efficient estimation method for the generalized Pareto
    distribution, Technometrics 51 (2009); Vehtari et al., Pareto smoothed importance sampling,
    JMLR 25 (2024).
    """
    n = terms.shape[0]
    size = np.sort(np.abs(terms.reshape(n, -1)), axis=0)
    m = int(min(0.2 * n, 3 * np.sqrt(n)))
    if m < 5:
        return np.full(terms.shape[1:], np.nan)
    cutoff = size[-m - 1]
    return np.asarray([_shape(x - c) for x, c in zip(size[-m:].T, cutoff, strict=True)]).reshape(
        terms.shape[1:]
    )


def _shape(x: Numbers) -> float:
    """The posterior mean of k over a grid of θ = k/σ; x increasing and not negative."""
    n = len(x)
    if not np.isfinite(x[-1]):
        return float("inf")
    if x[-1] <= 0 or x[(n - 1) // 4] <= 0:
        return 0.0
    grid = 20 + int(np.sqrt(n))
    steps = np.arange(1, grid + 1)
    theta = 1 / x[-1] + (1 - np.sqrt(grid / (steps - 0.5))) / (3 * x[(n - 1) // 4])
    k = np.mean(np.log1p(-theta[:, None] * x), axis=1)
    with np.errstate(all="ignore"):
        fit = n * (np.log(-theta / k) - k - 1)
        fit = np.where(np.isfinite(fit), fit, -np.inf)
        weight = np.exp(fit - fit.max())
    best = np.sum(theta * weight) / np.sum(weight)
    shape = float(np.mean(np.log1p(-best * x)))
    return (n * shape + 5) / (n + 10)
