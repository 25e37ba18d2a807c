"""Log-densities as sums of statistics: log q(x) = c + Σ cᵢ Tᵢ(x) on the support of q.

With the means of the statistics under p, each in `moments`, they give every cross-family formula:
KL(p ‖ q) = −H(p) − c − Σ cᵢ E_p Tᵢ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from kullback.arrays.namespace import is_traced, namespace
from kullback.forms.families.family import Family


@dataclass(frozen=True, eq=False)
class Statistic:
    """A function of x, its constants in arrays of shape (*batch,)."""

    @classmethod
    def written(cls) -> str:
        """The function in the atlas's notation: the first line of the docstring."""
        return (cls.__doc__ or "").splitlines()[0].rstrip(".")


@dataclass(frozen=True, eq=False)
class Mean(Statistic):
    """x."""


@dataclass(frozen=True, eq=False)
class Log(Statistic):
    """log x."""


@dataclass(frozen=True, eq=False)
class Power(Statistic):
    """(x/s)^k."""

    exponent: Any
    scale: Any


@dataclass(frozen=True, eq=False)
class Reciprocal(Statistic):
    """1/x."""


@dataclass(frozen=True, eq=False)
class SquaredDeviation(Statistic):
    """(x − m)²."""

    center: Any


@dataclass(frozen=True, eq=False)
class SquaredLogDeviation(Statistic):
    """(log x − m)²."""

    center: Any


@dataclass(frozen=True, eq=False)
class SquaredLogitDeviation(Statistic):
    """(log x/(1 − x) − m)²."""

    center: Any


@dataclass(frozen=True, eq=False)
class AbsoluteDeviation(Statistic):
    """|x − m|."""

    center: Any


@dataclass(frozen=True, eq=False)
class DeviationPower(Statistic):
    """|(x − m)/s|^k."""

    center: Any
    scale: Any
    exponent: Any


@dataclass(frozen=True, eq=False)
class Decay(Statistic):
    """e^(−(x − m)/s)."""

    center: Any
    scale: Any


@dataclass(frozen=True, eq=False)
class LogComplement(Statistic):
    """log(1 − x)."""


@dataclass(frozen=True, eq=False)
class LogComplementPower(Statistic):
    """log(1 − x^k)."""

    exponent: Any


@dataclass(frozen=True, eq=False)
class LogPlus(Statistic):
    """log(1 + x/s)."""

    scale: Any


@dataclass(frozen=True, eq=False)
class LogPlusPower(Statistic):
    """log(1 + (x/s)^k)."""

    exponent: Any
    scale: Any


@dataclass(frozen=True, eq=False)
class LogPlusDecay(Statistic):
    """log(1 + e^(−(x − m)/s))."""

    center: Any
    scale: Any


@dataclass(frozen=True, eq=False)
class LogPlusSquare(Statistic):
    """log(1 + ((x − m)/s)²)."""

    center: Any
    scale: Any


@dataclass(frozen=True, eq=False)
class Excess(Statistic):
    """log(1 + c (x − m)/s)/c."""

    center: Any
    scale: Any
    concentration: Any


@dataclass(frozen=True, eq=False)
class LogAbove(Statistic):
    """log(x − m)."""

    low: Any


@dataclass(frozen=True, eq=False)
class ReciprocalAbove(Statistic):
    """1/(x − m)."""

    low: Any


class Term(NamedTuple):
    """coefficient · (T(x) − offset): the offset keeps large terms from cancelling in the sum."""

    coefficient: Any
    statistic: Statistic
    offset: Any = 0.0


Terms = tuple[Any, list[Term]]
"""The constant, and the terms."""


@dataclass(frozen=True)
class Expansion:
    """A family's log-density as a sum of statistics.

    Attributes
    ----------
    function : callable
        From q to `Terms`.
    kinds : tuple of type
        The classes of the statistics.
    states : str
        log q(x), as the atlas prints it.
    """

    function: Callable[[Any], Terms]
    kinds: tuple[type[Statistic], ...]
    states: str


@dataclass(frozen=True)
class Moment:
    """The mean of a statistic.

    Attributes
    ----------
    function : callable
        From p and the statistic to its mean, ∞ where there is none.
    states, source : str
        The formula, and where it comes from.
    domain : str
        Where it is finite.
    refuse : callable, optional
        From p and the statistic to why the formula does not hold, or None.
    """

    function: Callable[[Any, Any], Any]
    states: str
    source: str
    domain: str = ""
    refuse: Callable[[Any, Any], str | None] | None = None


EXPANSIONS: dict[type[Family], Expansion] = {}
MOMENTS: dict[tuple[type[Statistic], type[Family]], Moment] = {}


def expansion(
    family: type[Family], *kinds: type[Statistic], states: str
) -> Callable[[Callable[[Any], Terms]], Callable[[Any], Terms]]:
    """Enter the decorated function as the expansion of a family's log-density."""

    def enter(function: Callable[[Any], Terms]) -> Callable[[Any], Terms]:
        assert family not in EXPANSIONS, f"two expansions of {family}"
        EXPANSIONS[family] = Expansion(function, kinds, states)
        return function

    return enter


def moment(
    kind: type[Statistic],
    *families: type[Family],
    states: str,
    source: str,
    domain: str = "",
    refuse: Callable[[Any, Any], str | None] | None = None,
) -> Callable[[Callable[[Any, Any], Any]], Callable[[Any, Any], Any]]:
    """Enter the decorated function as the mean of a statistic under some families."""

    def enter(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        for family in families:
            assert (kind, family) not in MOMENTS, f"two moments for {kind} of {family}"
            MOMENTS[kind, family] = Moment(function, states, source, domain, refuse)
        return function

    return enter


def unequal(a: Any, b: Any) -> bool:
    """Tell whether two arrays are anywhere known to differ, or cannot be looked at."""
    return is_traced(a) or is_traced(b) or not bool(namespace(a, b).all(a == b))


def equal(*names: str) -> Callable[[Any, Any], str | None]:
    """Return what refuses laws unless they share these parameters."""

    def refuse(p: Any, q: Any) -> str | None:
        if any(unequal(getattr(p, name), getattr(q, name)) for name in names):
            return f"there is a formula for equal {' and '.join(names)} only"
        return None

    return refuse


def refuse_scales(p: Any, q: Any) -> str | None:
    """Refuse laws, or a law and a statistic, unless of one scale."""
    return "there is a formula for equal scales only" if unequal(p.scale, q.scale) else None
