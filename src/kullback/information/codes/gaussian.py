"""The information bottleneck of Gaussian vectors, in closed form.

Of vectors X and Y that are Gaussian together only the canonical correlations ρᵢ matter. The best
code is T = A X + ξ, ξ ~ N(0, I), with a row αᵢ uᵢᵀ L_x⁻¹ of A for each canonical direction that is
told. With λᵢ = 1 − ρᵢ²

    αᵢ² = (β − 1) ρᵢ²/λᵢ − 1
    I(X; T) = ½ Σ log (1 + αᵢ²),   I(T; Y) = ½ Σ log (1 + ρᵢ² αᵢ²/(1 + λᵢ αᵢ²))

over the directions with β above the critical 1/ρᵢ² = 1/(1 − λᵢ). The others are not told at all.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kullback.arrays.checks import check_base
from kullback.errors import InvalidInputError
from kullback.information.codes.blahut_arimoto import Numbers
from kullback.information.codes.canonical import canonical
from kullback.information.codes.reading import read_slopes


@dataclass(frozen=True, eq=False)
class GaussianBottleneck:
    """Codes T = A X + ξ, ξ ~ N(0, I), on the information curve of two Gaussian vectors.

    Attributes
    ----------
    beta : array, shape (*batch,)
        What a unit of I(T; Y) is worth, in units of I(X; T).
    rate, relevance : array, shape (*batch,)
        I(X; T) and I(T; Y). No code of that rate has more relevance, Gaussian or not.
    encoder : list of array, shape (m, d)
        A, a row for each direction that is told; for a single β the array itself.
    critical : array, shape (min(d, l),)
        The β beyond which each direction is told, rising.
    information : float
        I(X; Y), to which relevance rises with β.
    """

    beta: Any
    rate: Any
    relevance: Any
    encoder: Any = field(repr=False)
    critical: Any
    information: float

    def __repr__(self) -> str:
        """β, rate, relevance and directions."""
        if np.ndim(self.beta):
            return f"GaussianBottleneck of {np.size(self.beta)} values of β"
        told = len(self.encoder)
        return (
            f"β = {self.beta:g}: I(X; T) = {self.rate:.6g}, I(T; Y) = {self.relevance:.6g} of "
            f"{self.information:.6g}, by {told} direction{'s' * (told != 1)}"
        )


def gaussian_bottleneck(
    cov_x: Any,
    cov_y: Any,
    cov_xy: Any,
    /,
    beta: Any = None,
    *,
    rate: Any = None,
    base: float | None = None,
) -> GaussianBottleneck:
    """Return the codes T of X with the least I(X; T) − β I(T; Y), for X and Y Gaussian together.

    Parameters
    ----------
    cov_x, cov_y, cov_xy : array, shape (d, d), (l, l) and (d, l)
        Covariances of X, of Y, and between them; plain numbers for d = l = 1.
    beta : float or array, shape (*batch,)
        Positive. Up to the first critical value nothing is worth keeping.
    rate : float or array, shape (*batch,)
        Instead of β: the I(X; T) to be spent, 0 or more, in the unit of `base`.
    base : float, optional
        The unit of rate and relevance: 2 for bits, nats if left out.

    Raises
    ------
    InvalidInputError
        Both or neither of β and rate; what is no covariance; a singular one, where a coordinate is
        a sum of others; a sum of Y that X tells without noise, of which a code of enough rate would
        hold infinitely much; a rate to be spent where X and Y are independent.
    ShapeError
        Covariances that do not fit each other.

    References
    ----------
    Chechik, Globerson, Tishby and Weiss, Information bottleneck for Gaussian variables, JMLR 6
    (2005).

    >>> import kullback as kb
    >>> kb.gaussian_bottleneck(1.0, 1.0, 0.9, beta=3.0, base=2)
    β = 3: I(X; T) = 1.54596, I(T; Y) = 0.905483 of 1.19796, by 1 direction
    >>> kb.gaussian_bottleneck(1.0, 1.0, 0.9, rate=1.0, base=2)
    β = 1.93827: I(X; T) = 1, I(T; Y) = 0.674618 of 1.19796, by 1 direction
    """
    unit = check_base(base, applies=True, question="I(T; Y)")
    if (beta is None) == (rate is None):
        raise InvalidInputError(
            f"beta={beta!r}, rate={rate!r}: exactly one is needed, what relevance is worth or what "
            "is to be spent."
        )
    pairs = canonical(cov_x, cov_y, cov_xy)
    odds = pairs.rho**2 / pairs.lost
    if rate is None:
        prices = read_slopes(beta, "beta")
        above = prices - 1
    else:
        above = _spending(rate, odds, unit)
        prices = 1 + above
    worth = np.zeros((*prices.shape, len(odds)))  # β is ∞ where nothing can be told
    np.multiply(above[..., None], odds, out=worth, where=odds > 0)
    gain = np.maximum(worth - 1, 0.0)
    spent = 0.5 * np.log1p(gain).sum(-1) / unit
    kept = 0.5 * np.log1p(pairs.rho**2 * gain / (1 + pairs.lost * gain)).sum(-1) / unit
    each = gain.reshape(-1, len(odds))
    codes = [np.sqrt(g[g > 0])[:, None] * pairs.rows[g > 0] for g in each]
    with np.errstate(divide="ignore"):
        critical = 1 / pairs.rho**2
    whole = 0.5 * float(np.log1p(odds).sum()) / unit
    if prices.shape:
        return GaussianBottleneck(prices, spent, kept, codes, critical, whole)
    price, spent, kept = float(prices), float(spent), float(kept)
    return GaussianBottleneck(price, spent, kept, codes[0], critical, whole)


def _spending(rate: Any, odds: Numbers, unit: float) -> Numbers:
    """Return the β − 1 at which each rate is spent; `found` is its logarithm.

    With n directions told, 2 I(X; T) = n log (β − 1) + Σ log ρᵢ²/λᵢ; the n-th is told beyond
    β − 1 = λₙ/ρₙ².
    """
    given = np.asarray(rate, dtype=np.float64)
    if not bool(np.all((given >= 0) & np.isfinite(given))):
        raise InvalidInputError(f"rate={rate!r}: finite numbers from 0 on are needed.")
    if odds[0] == 0 and bool((given > 0).any()):
        raise InvalidInputError(
            f"rate={rate!r}, but X and Y are independent: at no β is anything worth telling."
        )
    with np.errstate(divide="ignore"):
        logs = np.log(odds)
    found = np.full(given.shape, -logs[0])
    for n in range(1, 1 + int((odds > 0).sum())):
        total = logs[:n].sum()
        spends = 2 * given * unit > total - n * logs[n - 1]
        found = np.where(spends, (2 * given * unit - total) / n, found)
    most = float(np.log(np.finfo(np.float64).max))
    if bool((found > most).any()) and odds[0] > 0:
        raise InvalidInputError(
            f"rate={rate!r} would be spent at β = e^{float(found.max()):.1f}, beyond float64: "
            "there I(T; Y) is I(X; Y) to the last digit."
        )
    return np.asarray(np.exp(found))
