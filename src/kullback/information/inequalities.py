"""The inequalities between divergences that have names, as formulas of one in the other."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Side = Literal["low", "high"]


@dataclass(frozen=True)
class Inequality:
    """One divergence is at least, or at most, a function of another.

    Attributes
    ----------
    given, wanted : str
        The names of the two: "kl", "tv", …; "renyi" for any order.
    side : str
        "low" where the formula bounds the wanted one from below, "high" from above.
    formula : callable
        From the value given (and the orders of a Rényi divergence on either side) to the bound.
    states, source : str
        The formula as it is read, and whose it is.
    """

    given: str
    wanted: str
    side: Side
    formula: Callable[..., float | None]
    states: str
    source: str


def _vajda(v: float) -> float:
    return math.log1p(v) - math.log1p(-v) - 2 * v / (1 + v) if v < 1 else math.inf


def _topsoe(v: float) -> float:
    """½ ((1 + v) log(1 + v) + (1 − v) log(1 − v))."""
    rest = (1 - v) * math.log1p(-v) if v < 1 else 0.0
    return 0.5 * ((1 + v) * math.log1p(v) + rest)


def _gilardoni_jeffreys(v: float) -> float:
    return 2 * v * (math.log1p(v) - math.log1p(-v)) if v < 1 else math.inf


def exact_curve(v: float) -> float:
    """Return the least KL at total variation v, on the curve of Fedotov, Harremoës and Topsøe.

    2v = t (1 − (coth t − 1/t)²), KL = log(t/sinh t) + t coth t − t²/sinh² t.

    >>> exact_curve(0.3)
    0.1837845...
    """
    if v >= 1:
        return math.inf
    if v < 0.02:  # the parameter cancels where the series does not
        w = 2 * v
        return w**2 / 2 + w**4 / 36 + w**6 / 270 + 221 * w**8 / 340200
    low, high = 0.0, 4 / (1 - v)
    for _ in range(200):
        t = (low + high) / 2
        if t in {low, high}:
            break
        low, high = (t, high) if 1 - _curve_gap(t) < v else (low, t)
    t = (low + high) / 2
    fall = t / math.sinh(t) if t < 700 else 0.0
    log_fall = math.log(2 * t) - t - math.log1p(-math.exp(-2 * t))
    return log_fall + t / math.tanh(t) - fall * fall


def _curve_gap(t: float) -> float:
    """Return 1 − v on the curve."""
    cotangent = 1 / math.tanh(t)
    return 1 - 0.5 * t * (1 - (cotangent - 1 / t) ** 2)


def _inverse(rising: Callable[[float], float], value: float) -> float:
    """Return the least v in [0, 1] beyond which rising(v) exceeds the value; rounded up."""
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < value else (low, middle)
    return high


def _between_orders(value: float, a: float, b: float) -> float | None:
    """Return the bound on R_b above from R_a = value, None where there is none."""
    if b <= a:
        return value
    return value * (b / a) * ((1 - a) / (1 - b)) if a < 1 and b < 1 else None


def _between_orders_below(value: float, a: float, b: float) -> float | None:
    if b >= a:
        return value
    return value * (b / a) * ((1 - a) / (1 - b)) if a < 1 else None


def _when(condition: bool, value: float) -> float | None:
    return value if condition else None


def _bhattacharyya(h: float) -> float:
    """−2 log(1 − H²)."""
    return -2 * math.log1p(-h * h) if h < 1 else math.inf


def _from_bhattacharyya(r: float) -> float:
    """√(1 − e^(−R/2))."""
    return math.sqrt(-math.expm1(-r / 2))


def _expm1(x: float) -> float:
    return math.expm1(x) if x < 709 else math.inf


_CK = "Csiszár 1967, Kullback 1967 (Pinsker)"
_BH = "Bretagnolle and Huber 1979"
_FHT = "Fedotov, Harremoës and Topsøe 2003"
_VEH = "van Erven and Harremoës 2014"
_LE_CAM = "Le Cam 1986"
_RW = "Reid and Williamson 2011"
_GS = "Gibbs and Su 2002"

INEQUALITIES: tuple[Inequality, ...] = (
    Inequality("kl", "tv", "high", lambda d: _inverse(exact_curve, d), "the exact curve", _FHT),
    Inequality("kl", "tv", "high", lambda d: math.sqrt(d / 2), "√(KL/2)", _CK),
    Inequality("kl", "tv", "high", lambda d: math.sqrt(-math.expm1(-d)), "√(1 − e^−KL)", _BH),
    Inequality(
        "kl", "hellinger", "high", _from_bhattacharyya, "√(1 − e^(−KL/2))", _VEH
    ),
    Inequality("kl", "chi2", "low", math.expm1, "e^KL − 1", _GS),
    Inequality("kl", "jeffreys", "low", lambda d: d, "KL(p ‖ q)", "KL(q ‖ p) ≥ 0"),
    Inequality("kl", "renyi", "low", lambda d, b: _when(b >= 1, d), "KL", _VEH),
    Inequality("kl", "renyi", "high", lambda d, b: _when(b <= 1, d), "KL", _VEH),
    Inequality(
        "kl_reverse", "tv", "high", lambda d: _inverse(exact_curve, d), "the exact curve", _FHT
    ),
    Inequality("kl_reverse", "tv", "high", lambda d: math.sqrt(d / 2), "√(KL/2)", _CK),
    Inequality("kl_reverse", "hellinger", "high", _from_bhattacharyya, "√(1 − e^(−KL/2))", _VEH),
    Inequality("kl_reverse", "jeffreys", "low", lambda d: d, "KL(q ‖ p)", "KL(p ‖ q) ≥ 0"),
    Inequality(
        "kl_reverse", "renyi", "high", lambda d, b: b / (1 - b) * d if b < 1 else None,
        "α/(1 − α) KL(q ‖ p)", _VEH,
    ),
    Inequality("tv", "kl", "low", exact_curve, "the exact curve", _FHT),
    Inequality("tv", "kl", "low", lambda v: 2 * v * v, "2 TV²", _CK),
    Inequality(
        "tv", "kl", "low", _vajda, "log((1 + TV)/(1 − TV)) − 2 TV/(1 + TV)", "Vajda 1970"
    ),
    Inequality("tv", "kl_reverse", "low", exact_curve, "the exact curve", _FHT),
    Inequality(
        "tv", "jeffreys", "low", _gilardoni_jeffreys, "2 TV log((1 + TV)/(1 − TV))",
        "Gilardoni 2006",
    ),
    Inequality("tv", "js", "low", _topsoe, "log 2 − h((1 − TV)/2)", "Sason 2015"),
    Inequality("tv", "js", "high", lambda v: v * math.log(2), "TV log 2", "Lin 1991"),
    Inequality(
        "tv", "hellinger", "low",
        lambda v: v / math.sqrt(1 + math.sqrt((1 - v) * (1 + v))), "√(1 − √(1 − TV²))", _LE_CAM,
    ),
    Inequality("tv", "hellinger", "high", math.sqrt, "√TV", _LE_CAM),
    Inequality(
        "tv", "chi2", "low",
        lambda v: 4 * v * v if v <= 0.5 else v / (1 - v) if v < 1 else math.inf,
        "4 TV², from TV = ½ on TV/(1 − TV)", _RW,
    ),
    Inequality(
        "tv", "renyi", "low", lambda v, b: _when(b <= 1, 2 * b * v * v), "2 α TV²", "Gilardoni 2010"
    ),
    Inequality(
        "tv", "renyi", "low", lambda v, b: _when(b >= 1, exact_curve(v)), "the exact curve of KL",
        _FHT,
    ),
    Inequality("hellinger", "tv", "low", lambda h: h * h, "H²", _LE_CAM),
    Inequality(
        "hellinger", "tv", "high", lambda h: h * math.sqrt(2 - h * h), "H √(2 − H²)", _LE_CAM
    ),
    Inequality(
        "hellinger", "kl", "low", _bhattacharyya, "−2 log(1 − H²)", _VEH
    ),
    Inequality(
        "hellinger", "kl_reverse", "low", _bhattacharyya, "−2 log(1 − H²)", _VEH
    ),
    Inequality(
        "hellinger", "chi2", "low", lambda h: _expm1(_bhattacharyya(h)), "(1 − H²)^−2 − 1", _VEH
    ),
    Inequality(
        "hellinger", "renyi", "low", lambda h, b: _between_orders_below(_bhattacharyya(h), 0.5, b),
        "from R_½ = −2 log(1 − H²) to the other order", _VEH,
    ),
    Inequality(
        "hellinger", "renyi", "high", lambda h, b: _between_orders(_bhattacharyya(h), 0.5, b),
        "from R_½ = −2 log(1 − H²) to the other order", _VEH,
    ),
    Inequality("chi2", "kl", "high", math.log1p, "log(1 + χ²)", _GS),
    Inequality(
        "chi2", "tv", "high", lambda c: math.sqrt(c) / 2 if c <= 1 else c / (1 + c),
        "½ √χ², from χ² = 1 on χ²/(1 + χ²)", _RW,
    ),
    Inequality(
        "chi2", "hellinger", "high", lambda c: math.sqrt(-math.expm1(-math.log1p(c) / 2)),
        "√(1 − 1/√(1 + χ²))", _VEH,
    ),
    Inequality(
        "chi2", "renyi", "low", lambda c, b: _between_orders_below(math.log1p(c), 2, b),
        "from R_2 = log(1 + χ²) to the other order", _VEH,
    ),
    Inequality(
        "chi2", "renyi", "high", lambda c, b: _between_orders(math.log1p(c), 2, b),
        "from R_2 = log(1 + χ²) to the other order", _VEH,
    ),
    Inequality("js", "tv", "low", lambda j: j / math.log(2), "JS/log 2", "Lin 1991"),
    Inequality(
        "js", "tv", "high", lambda j: _inverse(_topsoe, j), "JS = log 2 − h((1 − TV)/2) for TV",
        "Sason 2015",
    ),
    Inequality("jeffreys", "kl", "high", lambda j: j, "J", "KL(q ‖ p) ≥ 0"),
    Inequality("jeffreys", "kl_reverse", "high", lambda j: j, "J", "KL(p ‖ q) ≥ 0"),
    Inequality("jeffreys", "js", "high", lambda j: j / 4, "J/4", "Lin 1991"),
    Inequality(
        "jeffreys", "js", "high", lambda j: math.log(2) - math.log1p(math.exp(-j / 2)),
        "log(2/(1 + e^(−J/2)))", "Crooks 2008",
    ),
    Inequality(
        "jeffreys", "tv", "high", lambda j: _inverse(_gilardoni_jeffreys, j),
        "J = 2 TV log((1 + TV)/(1 − TV)) for TV", "Gilardoni 2006",
    ),
    Inequality("renyi", "kl", "low", lambda r, a: _when(a <= 1, r), "R", _VEH),
    Inequality("renyi", "kl", "high", lambda r, a: _when(a >= 1, r), "R", _VEH),
    Inequality(
        "renyi", "tv", "high", lambda r, a: _when(a <= 1, math.sqrt(r / (2 * a))), "√(R/(2α))",
        "Gilardoni 2010",
    ),
    Inequality(
        "renyi", "tv", "high", lambda r, a: _when(a >= 1, _inverse(exact_curve, r)),
        "the exact curve of KL", _FHT,
    ),
    Inequality(
        "renyi", "hellinger", "high",
        lambda r, a: _when(a >= 0.5, math.sqrt(-math.expm1(-r / 2))), "√(1 − e^(−R/2))", _VEH,
    ),
    Inequality(
        "renyi", "chi2", "low", lambda r, a: _when(a <= 2, _expm1(r)), "e^R − 1", _VEH
    ),
    Inequality(
        "renyi", "chi2", "high", lambda r, a: _when(a >= 2, _expm1(r)), "e^R − 1", _VEH
    ),
    Inequality("renyi", "renyi", "low", _between_orders_below, "monotone in the order", _VEH),
    Inequality("renyi", "renyi", "high", _between_orders, "monotone in the order", _VEH),
)  # fmt: skip
"""Every formula; values are in nats where information is measured."""
