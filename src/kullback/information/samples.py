"""How many samples it takes to tell two laws apart."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import AccuracyError, InvalidInputError, NoMethodError, ShapeError
from kullback.estimate import Asked
from kullback.forms.coerce import coerce
from kullback.forms.discrete import Discrete
from kullback.forms.families import Family
from kullback.forms.form import Form
from kullback.information.axes import AXES, renyi_axis
from kullback.information.errors_of_tests import error_after, first_below
from kullback.information.inequalities import exact_curve
from kullback.information.joint_range import extreme
from kullback.methods.choose import certain_value
from kullback.questions import KL, Renyi


@dataclass(frozen=True, repr=False)
class SamplesToTell:
    """The number of samples at which the optimal test errs as rarely as asked for.

    Attributes
    ----------
    low, high : int or inf
        It lies within: no test does with fewer than `low`, one does with `high`.
    exact : int, or None
        The number itself, where it could be counted.
    error : float
        The average of the two errors asked for.
    chernoff : float
        Chernoff's information: the optimal error falls as e^(−n chernoff), in nats.
    order : float
        The α at which −log ∫ p^α q^(1−α) is as large as that.
    low_source, high_source : str
        Which bounds gave the two ends.
    """

    low: float
    high: float
    exact: int | None
    error: float
    chernoff: float
    order: float
    low_source: str
    high_source: str

    def __repr__(self) -> str:
        """Say the number in one sentence."""
        if self.low == math.inf:
            return "No number of samples tells them apart: they are the same law."
        error = f"an average error of {self.error:g}"
        if self.exact is not None:
            return (
                f"{_samples(self.exact)} to tell them apart with {error}, exactly; the bounds say "
                f"{self.low} to {self.high}."
            )
        return (
            f"{self.low} to {_samples(self.high)} to tell them apart with {error} "
            f"(at least: {self.low_source}; at most: {self.high_source})."
        )


def _samples(n: float) -> str:
    return f"{n} sample{'' if n == 1 else 's'}"


def samples_to_tell(P: Any, Q: Any, /, *, error: float = 0.05) -> SamplesToTell:
    """Return how many independent samples tell P from Q with a given average error.

    The least n for which ½ (1 − TV(Pⁿ, Qⁿ)) ≤ error: the average of the two errors of the
    likelihood-ratio test, the best there is for two laws held equally likely.

    Parameters
    ----------
    P, Q : law, or array of probabilities, shape (k,)
        One law each, no batch.
    error : float
        Within (0, ½).

    Returns
    -------
    SamplesToTell
        The bracket: at most by Chernoff, ½ e^(−n C); at least by the best of Rényi divergences of
        several orders, which add over samples and are bounded from below by total variation
        (Bretagnolle–Huber and Hellinger's bounds among them), and of Shannon, Gallager and
        Berlekamp's. `.exact` where it can be counted: tables of few outcomes, and families of
        which a sum is enough: Bernoulli, Binomial, Poisson, Geometric; Normal and
        MultivariateNormal of one spread; Gamma of one shape and what is one under a map
        (Exponential, Rayleigh, Weibull of one shape, Pareto of one minimum, …).

    References
    ----------
    Chernoff, A measure of asymptotic efficiency for tests, Ann. Math. Statist. 23 (1952); Shannon,
    Gallager and Berlekamp, Lower bounds to error probability for coding, Inf. Control 10 (1967),
    theorem 5.

    >>> from kullback.information import samples_to_tell
    >>> samples_to_tell([0.5, 0.5], [0.6, 0.4])
    267 samples to tell them apart with an average error of 0.05, exactly; the bounds say ...
    """
    if not 0 < error < 0.5:
        raise InvalidInputError(
            f"error={error!r}: an average error lies between 0 and ½, which guessing has."
        )
    pair = _read(P, Q)
    order, chernoff, curvature = pair.chernoff()
    if chernoff == 0:
        return SamplesToTell(math.inf, math.inf, None, error, 0.0, order, "", "")
    high = 1 if chernoff == math.inf else max(1, math.ceil(-math.log(2 * error) / chernoff))
    low, low_source = _at_least(pair, error, order, chernoff, curvature)
    low = min(low, high)
    exact = _count(pair, error, low, high)
    return SamplesToTell(low, high, exact, error, chernoff, order, low_source, "Chernoff 1952")


@dataclass(frozen=True, eq=False)
class _Two:
    """The two laws, and what they hold as tables, if they are."""

    p: Form
    q: Form
    tables: tuple[Any, Any] | None

    def renyi(self, alpha: float) -> float:
        """R_α(p ‖ q)."""
        if self.tables is None:
            of = KL() if alpha == 1 else Renyi(alpha)
            return float(certain_value(of, self.p, self.q, Asked()))
        p, q = self.tables
        both = (p > 0) & (q > 0)
        if alpha == 1:
            return math.inf if np.any((p > 0) & (q == 0)) else float(np.sum(_kl_terms(p, q)))
        return _log_power(p[both], q[both], alpha) / (alpha - 1)

    def swapped(self) -> "_Two":
        """The two laws in the other order."""
        return _Two(self.q, self.p, None if self.tables is None else self.tables[::-1])

    def chernoff(self) -> tuple[float, float, float]:
        """Return α, max over α of −log ∫ p^α q^(1−α), and the curvature of the log there."""
        if self.tables is None:
            return _chernoff_of_laws(self)
        return _chernoff_of_tables(*self.tables)


def _kl_terms(p: Any, q: Any) -> Any:
    some = p > 0
    return p[some] * np.log(p[some] / q[some]) - p[some] + q[some]


def _log_power(p: Any, q: Any, alpha: float) -> float:
    if not len(p):
        return -math.inf
    return float(np.log(np.sum(np.exp(alpha * np.log(p) + (1 - alpha) * np.log(q)))))


def _read(P: Any, Q: Any) -> _Two:
    p, q = coerce(P, "P"), coerce(Q, "Q")
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        from kullback.methods.exact.held import check_form, probabilities_of

        for form, name in ((p, "P"), (q, "Q")):
            check_form(form, -1, name)
        a, b = (
            np.asarray(probabilities_of(form, -1, name), float)
            for form, name in ((p, "P"), (q, "Q"))
        )
        if a.ndim != 1 or a.shape != b.shape:
            raise ShapeError(
                f"P has shape {a.shape} and Q {b.shape}: two laws over the same outcomes are "
                "needed, without a batch."
            )
        return _Two(p, q, (a, b))
    for law, name in ((p, "P"), (q, "Q")):
        if isinstance(law, Family) and law.batch:
            raise ShapeError(f"{name} is a batch of shape {law.batch}; one law is needed.")
    return _Two(p, q, None)


def _chernoff_of_tables(p: Any, q: Any) -> tuple[float, float, float]:
    both = (p > 0) & (q > 0)
    if not both.any():
        return 0.5, math.inf, 0.0
    p, q = p[both], q[both]
    ratio = np.log(p) - np.log(q)
    low, high = 0.0, 1.0
    for _ in range(60):  # the slope of the log in α is the tilted mean of log p/q
        alpha = (low + high) / 2
        tilted = np.exp(alpha * np.log(p) + (1 - alpha) * np.log(q))
        low, high = (low, alpha) if float(tilted @ ratio) > 0 else (alpha, high)
    alpha = (low + high) / 2
    tilted = np.exp(alpha * np.log(p) + (1 - alpha) * np.log(q))
    total = float(tilted.sum())
    mean = float(tilted @ ratio) / total
    spread = float(tilted @ (ratio - mean) ** 2) / total
    # 1 − Σ p^α q^(1−α) = Σ (α p + (1 − α) q − p^α q^(1−α)) + mass that only one has
    short = float(
        np.sum(
            alpha * p * -np.expm1((alpha - 1) * ratio) + (1 - alpha) * q * -np.expm1(alpha * ratio)
        )
    )
    missing = alpha * (1 - float(p.sum())) + (1 - alpha) * (1 - float(q.sum()))
    gap = short + (missing if abs(missing) > 1e-12 else 0.0)
    return alpha, max(0.0, -math.log1p(-gap)) if gap < 0.5 else -math.log(total), spread


def _chernoff_of_laws(pair: _Two) -> tuple[float, float, float]:
    from scipy.optimize import minimize_scalar

    def gained(alpha: float) -> float:
        return (1 - alpha) * pair.renyi(alpha)

    middle = gained(0.5)
    if middle in {0.0, math.inf}:
        return 0.5, middle, 0.0
    found = minimize_scalar(lambda a: -gained(a), bounds=(0.0, 1.0), options={"xatol": 1e-5})
    alpha = float(found.x) if -found.fun > middle else 0.5
    best = max(middle, -float(found.fun))
    h = min(0.05, alpha / 2, (1 - alpha) / 2)
    curvature = (2 * best - gained(alpha + h) - gained(alpha - h)) / h**2
    return alpha, best, 1.02 * max(curvature, 0.0)


def _at_least(
    pair: _Two, error: float, order: float, chernoff: float, curvature: float
) -> tuple[int, str]:
    """Return the largest of the lower bounds, and its name."""
    if chernoff == math.inf:
        return 1, "one sample"
    apart, overlap = 1 - 2 * error, -math.log(4 * error * (1 - error))
    found = [(overlap / pair.renyi(0.5), "Hellinger, Le Cam 1986")]
    for two in (pair, pair.swapped()):
        try:
            divergence = two.renyi(1.0)
        except (NoMethodError, AccuracyError):
            continue  # one bound less
        if math.isfinite(divergence):
            found.append((overlap / divergence, "KL, Bretagnolle and Huber 1979"))
            if error > 1e-9:
                found.append((exact_curve(apart) / divergence, "KL, Fedotov et al. 2003"))
    if 0.01 < order < 0.99 and error > 1e-9:
        axis = renyi_axis(order)
        least = axis.value(extreme(AXES["tv"], apart, axis, largest=False).bound)
        found.append((least / pair.renyi(order), "Rényi at Chernoff's order, joint range"))
    found.append(
        (_shannon_gallager_berlekamp(error, order, chernoff, curvature),
         "Shannon, Gallager and Berlekamp 1967")
    )  # fmt: skip
    best, source = max(found)
    return max(1, math.ceil(best * (1 - 1e-12))), source


def _shannon_gallager_berlekamp(
    error: float, order: float, chernoff: float, curvature: float
) -> float:
    """Return where ⅛ e^(−n C − m √(2 n V)) has come down to the error, m = max(α, 1 − α)."""
    needed = -math.log(8 * error)
    if needed <= 0:
        return 0.0
    b = max(order, 1 - order) * math.sqrt(2 * curvature)
    root = 2 * needed / (b + math.sqrt(b * b + 4 * chernoff * needed))
    return root * root


def _count(pair: _Two, error: float, low: int, high: int) -> int | None:
    """Return the exact number, where the error after n samples can be summed."""
    if low == high:
        return high
    after = error_after(pair.p, pair.q, pair.tables, high)
    return None if after is None else first_below(after, error, low, high)
