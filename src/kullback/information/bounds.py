"""What one divergence says of the others."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from kullback.arrays.checks import check_base
from kullback.errors import InputTypeError, InvalidInputError
from kullback.information.axes import AXES, Axis, renyi_axis
from kullback.information.inequalities import INEQUALITIES, Side
from kullback.information.joint_range import Extreme, Laws, extreme
from kullback.information.worst_ratio import ends_of_worst_ratio

JOINT_RANGE = "joint range, Harremoës and Vajda 2011"
_MOST_NATS = 300.0


class Interval(NamedTuple):
    """What a divergence can be: from low to high, and where the two ends come from."""

    low: float
    high: float
    source: str


class Formula(NamedTuple):
    """A bound by a formula, with a name: ``high``, 0.2236…, "√(KL/2)", "Pinsker"."""

    side: Side
    value: float
    states: str
    source: str


@dataclass(frozen=True, eq=False, repr=False)
class Bounds:
    """The best possible interval of every divergence, given the value of one.

    Attributes
    ----------
    given : str
        The divergence that was given: "kl", "renyi(2)" …
    value : float
        Its value.
    unit : str
        In what divergences that measure information are counted.
    intervals : dict of str to Interval
        (low, high, source) of each of the others.
    formulas : dict of str to tuple of Formula
        The inequalities with a name that bound it, the tightest of each side first.
    laws : dict of str to (low, high)
        A pair (p, q) of discrete laws that attains each end; None where an end is only approached,
        or infinite.
    """

    given: str
    value: float
    unit: str
    intervals: dict[str, Interval]
    formulas: dict[str, tuple[Formula, ...]]
    laws: dict[str, tuple[Laws | None, Laws | None]]
    _symbols: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Interval:
        """Return the interval of one divergence by its name."""
        return self.intervals[name]

    def __repr__(self) -> str:
        """Write the intervals as a table, the named formula that comes closest beside each."""
        rows = [
            (self._symbols[name], f"{_short(found.low)} … {_short(found.high)}", self._said(name))
            for name, found in self.intervals.items()
        ]
        wide = [max(len(row[i]) for row in rows) for i in (0, 1)]
        unit = f" {self.unit}" if AXES.get(self.given, _RENYI).nats else ""
        head = f"{self._symbols[self.given]} = {self.value:g}{unit} leaves"
        lines = [f"  {a:<{wide[0]}}  {b:<{wide[1]}}  {c}".rstrip() for a, b, c in rows]
        return "\n".join([head, *lines])

    def _said(self, name: str) -> str:
        found = self.intervals[name]
        looser = [
            f"{f.source}: {'≥' if f.side == 'low' else '≤'} {_short(f.value)}"
            for f in self.formulas[name]
            if f.source not in found.source
        ]
        return "; ".join([found.source, *looser[:2]])


_RENYI = renyi_axis(2.0)


def bounds(
    *,
    kl: float | None = None,
    kl_reverse: float | None = None,
    jeffreys: float | None = None,
    js: float | None = None,
    tv: float | None = None,
    hellinger: float | None = None,
    chi2: float | None = None,
    renyi: tuple[float, float] | None = None,
    orders: tuple[float, ...] = (0.5, 2.0, math.inf),
    base: float | None = None,
) -> Bounds:
    """Return the best possible interval of each divergence of p from q, given one of them.

    Intervals are those of the joint range: no pair of laws, on any space, lies outside, and each
    end is attained or approached by laws on at most three outcomes (`.laws` holds them). They are
    widened by what the dual of the programme leaves open: about 1e-10 of the value, up to 1e-6
    of it within 1e-6 of a limit.

    Parameters
    ----------
    kl, kl_reverse, jeffreys, js, tv, hellinger, chi2 : float
        Exactly one: KL(p ‖ q), KL(q ‖ p), their sum, JS, TV, Hellinger's distance, χ²(p ‖ q).
    renyi : (float, float)
        Or this: the order α > 0 (∞ is allowed) and the value of the Rényi divergence.
    orders : tuple of float
        Of which orders the Rényi divergence is wanted.
    base : float, optional
        Unit of what measures information, given and returned: None for nats, 2 for bits.

    Raises
    ------
    InvalidInputError
        For a value that is negative, not finite, above the largest the divergence takes, or above
        300 nats, where every bound is at its limit; for none or several of them.

    References
    ----------
    Harremoës and Vajda, On pairs of f-divergences and their joint range, IEEE Trans. Inf. Theory
    57 (2011); Sason and Verdú, f-divergence inequalities, IEEE Trans. Inf. Theory 62 (2016).

    >>> from kullback.information import bounds
    >>> bounds(tv=0.3)["kl"].low
    0.1837845...
    >>> bounds(kl=0.1, orders=(2,))
    KL(p ‖ q) = 0.1 nats leaves
      KL(q ‖ p)   0 … ∞        every value occurs
      J(p, q)     0.1 … ∞      KL(q ‖ p) ≥ 0
      JS(p, q)    0 … 0.03417  joint range, Harremoës and Vajda 2011
      TV(p, q)    0 … 0.2224   Fedotov, Harremoës and Topsøe 2003; ... (Pinsker): ≤ 0.2236; ...
      H(p, q)     0 … 0.2208   van Erven and Harremoës 2014
      χ²(p ‖ q)   0.1052 … ∞   Gibbs and Su 2002
      R_2(p ‖ q)  0.1 … ∞      van Erven and Harremoës 2014
    """
    unit = check_base(base, applies=True, question="a bound")
    values = {
        "kl": kl, "kl_reverse": kl_reverse, "jeffreys": jeffreys, "js": js, "tv": tv,
        "hellinger": hellinger, "chi2": chi2, "renyi": renyi,
    }  # fmt: skip
    named = {name: value for name, value in values.items() if value is not None}
    if len(named) != 1:
        raise InvalidInputError(
            f"Exactly one divergence is to be given, not {len(named)}: bounds(kl=0.1), or one of "
            f"{', '.join(values)}."
        )
    ((name, said),) = named.items()
    wanted = [*AXES.values(), *(renyi_axis(_order(a)) for a in orders)]
    if name == "renyi":
        order, value = _order_and_value(said)
        given = renyi_axis(order)
    else:
        given, value = AXES[name], _number(said, name)
    size = unit if given.nats else 1.0
    _check_value(given, value * size, value)
    return _answer(given, value, value * size, wanted, unit, "bits" if base == 2 else _unit(base))


def _unit(base: float | None) -> str:
    return "nats" if base is None else f"log-{base:g} units"


def _number(x: object, name: str) -> float:
    if isinstance(x, bool) or not hasattr(x, "__float__"):
        raise InputTypeError(f"{name}={x!r}: one number is needed.")
    return float(x)


def _order(alpha: object) -> float:
    order = _number(alpha, "order")
    if not order > 0:
        raise InvalidInputError(
            f"The order {order!r}: Rényi divergences of an order > 0 are bounded."
        )
    return order


def _order_and_value(said: object) -> tuple[float, float]:
    if not isinstance(said, (tuple, list)) or len(said) != 2:
        raise InputTypeError(f"renyi={said!r}: a pair (order, value) is needed, as in (2, 0.1).")
    return _order(said[0]), _number(said[1], "renyi")


def _check_value(given: Axis, nats: float, said: float) -> None:
    largest = given.value(given.largest) if given.order != math.inf else math.inf
    if not 0 <= nats <= largest * (1 + 1e-12):
        raise InvalidInputError(
            f"{given.name}={said!r}: {given.symbol} lies between 0 and {largest:g}."
        )
    total = given.total(nats)
    if (given.nats and nats > _MOST_NATS) or not math.isfinite(total) or total > 1e130:
        raise InvalidInputError(
            f"{given.name}={said!r} is too large for bounds: beyond {_MOST_NATS:g} nats "
            "(or 1e130) every other divergence is at a limit, 0, 1 or ∞."
        )


def _answer(
    given: Axis, said: float, value: float, wanted: list[Axis], unit: float, words: str
) -> Bounds:
    intervals, formulas, laws = {}, {}, {}
    symbols = {given.name: given.symbol}
    for axis in wanted:
        if axis.name == given.name:
            continue
        ends = _ends(given, value, axis)
        found = _formulas(given, value, axis)
        low, high, source = _tightest(axis, ends, found)
        size = unit if axis.nats else 1.0
        intervals[axis.name] = Interval(low / size, high / size, source)
        formulas[axis.name] = tuple(f._replace(value=f.value / size) for f in found)
        laws[axis.name] = (ends[0].laws, ends[1].laws)
        symbols[axis.name] = axis.symbol
    return Bounds(given.name, said, words, intervals, formulas, laws, symbols)


def _ends(given: Axis, value: float, wanted: Axis) -> tuple[Extreme, Extreme]:
    """Return the joint range's ends, as values of the wanted divergence."""
    if math.inf in {given.order, wanted.order}:
        return ends_of_worst_ratio(given, value, wanted)
    low, high = (extreme(given, given.total(value), wanted, largest=x) for x in (False, True))
    return _valued(low, wanted), _valued(high, wanted)


def _valued(end: Extreme, axis: Axis) -> Extreme:
    return Extreme(axis.value(end.bound), axis.value(end.attained), end.laws)


def _formulas(given: Axis, value: float, wanted: Axis) -> list[Formula]:
    """Return the named bounds, the tightest of each side first."""
    found = []
    kinds = [axis.name.partition("(")[0] for axis in (given, wanted)]
    for rule in INEQUALITIES:
        if [rule.given, rule.wanted] != kinds:
            continue
        orders = [
            axis.alpha for axis, kind in zip((given, wanted), kinds, strict=True) if kind == "renyi"
        ]
        number = rule.formula(value, *orders)
        if number is not None:
            found.append(Formula(rule.side, number, rule.states, rule.source))
    lows = sorted((f for f in found if f.side == "low"), key=lambda f: -f.value)
    return lows + sorted((f for f in found if f.side == "high"), key=lambda f: f.value)


def _tightest(
    axis: Axis, ends: tuple[Extreme, Extreme], found: list[Formula]
) -> tuple[float, float, str]:
    """Return the ends, by a formula where one attains the joint range, and whose they are."""
    values, sources = [], []
    for side, end, sign in (("low", ends[0], 1), ("high", ends[1], -1)):
        best = next((f for f in found if f.side == side), None)
        value, limit = end.bound, (0.0 if side == "low" else axis.value(axis.largest))
        near = 1e-6 * (abs(end.attained) if math.isfinite(end.attained) else 0.0)
        if best is not None and sign * best.value >= sign * value - near:
            value = best.value
            sources.append(best.source)
        elif value != limit:
            sources.append(JOINT_RANGE)
        values.append(value)
    return values[0], values[1], "; ".join(dict.fromkeys(sources)) or "every value occurs"


def _short(x: float) -> str:
    return "∞" if x == math.inf else f"{x:.4g}"
