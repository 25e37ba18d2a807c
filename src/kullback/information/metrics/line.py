"""Fisher information of laws on the whole real line."""

import math
from typing import Any

from kullback.arrays.namespace import bits_of, namespace
from kullback.arrays.special import digamma, lgamma, trigamma
from kullback.arrays.special.gamma import EULER
from kullback.forms.families import (
    Cauchy,
    GeneralizedNormal,
    Gumbel,
    HyperbolicSecant,
    Laplace,
    Logistic,
    LogitNormal,
    LogNormal,
    Moyal,
    Normal,
    StudentT,
)
from kullback.information.metrics.registry import metric, scaled, symmetric

_JKB = "Johnson, Kotz and Balakrishnan 1995"

LOCATION_SCALE: dict[type, tuple[tuple[float, float], tuple[float]]] = {
    Normal: ((1.0, 0.0), (2.0,)),
    Laplace: ((1.0, 0.0), (1.0,)),
    Logistic: ((1 / 3, 0.0), ((3 + math.pi**2) / 9,)),
    Cauchy: ((0.5, 0.0), (0.5,)),
    Gumbel: ((1.0, EULER - 1), (math.pi**2 / 6 + (1 - EULER) ** 2,)),
    Moyal: (
        (0.5, (EULER + math.log(2)) / 2 - 1),
        (math.pi**2 / 4 + (EULER + math.log(2)) * ((EULER + math.log(2)) / 2 - 2) + 1,),
    ),
    HyperbolicSecant: ((math.pi**2 / 8, 0.0), (math.pi**2 / 8,)),
}
"""scale² times the information about (loc, scale), rows from the diagonal on."""


@metric(Normal, source="Fisher 1922")
@metric(LogNormal, source="Fisher 1922, for log x")
@metric(LogitNormal, source="Fisher 1922, for log x/(1 − x)")
def normal(p: Any) -> Any:
    """diag(1, 2)/σ²."""
    return scaled(p.scale + 0 * p.loc, *LOCATION_SCALE[Normal])


@metric(Laplace, source=_JKB + ", ch. 24")
@metric(Logistic, source=_JKB + ", ch. 23")
@metric(Cauchy, source=_JKB + " 1994, ch. 16")
@metric(Gumbel, source=_JKB + ", ch. 22")
@metric(Moyal, source="E[z² (1 − w)²]/4 − 1, w = e^−z from χ² of one degree")
@metric(HyperbolicSecant, source="E[y² tanh² y] − 1 = π²/8, y = π z/2")
def location_scale(p: Any) -> Any:
    """A constant matrix over scale²."""
    return scaled(p.scale + 0 * p.loc, *LOCATION_SCALE[type(p)])


@metric(StudentT, source="Lange, Little and Taylor 1989, appendix B")
def student(p: Any) -> Any:
    """(ν + 1)/(ν + 3)/s² of loc; 2ν/(ν + 3)/s² of s; −2/((ν + 1)(ν + 3) s) of ν and s."""
    nu, s = p.df + 0 * p.loc, p.scale
    zero = 0 * nu * s
    loc = (nu + 1) / ((nu + 3) * s * s)
    scale = 2 * nu / ((nu + 3) * s * s)
    both = -2 / ((nu + 1) * (nu + 3) * s)
    return symmetric([_degrees(nu) + zero, zero, both], [loc, zero], [scale])


_TAIL = (-0.5, 1.5, -8.5, 77.5, -1036.5, 19113.5, -464784.5, 14410309.5)
"""¼ (ψ′(ν/2) − ψ′((ν + 1)/2)) − 1/(2ν²) − 1/(2ν³), its coefficients of ν⁻⁵, ν⁻⁷ …"""


def _degrees(nu: Any) -> Any:
    """¼ (ψ′(ν/2) − ψ′((ν + 1)/2)) − (ν + 5)/(2 ν (ν + 1)(ν + 3)), ≈ 7/(2ν⁴)."""
    xp = namespace(nu)
    least = 30.0 if bits_of(nu) == 64 else 10.0  # where the series has all digits of the dtype
    large = nu > least
    small = xp.where(large, xp.ones_like(nu), nu)
    x = 1 / xp.where(large, nu, xp.full_like(nu, least))
    tail = x * 0 + _TAIL[-1]
    for c in _TAIL[-2::-1]:
        tail = tail * x * x + c
    far = x**4 * (0.5 * (7 + 3 * x) / ((1 + x) * (1 + 3 * x)) + x * tail)
    rational = (small + 5) / (2 * small * (small + 1) * (small + 3))
    near = 0.25 * (trigamma(small / 2) - trigamma((small + 1) / 2)) - rational
    return xp.where(large, far, near)


@metric(GeneralizedNormal, source="moments of w = |z|^power, which is Gamma(1/power, 1)")
def generalized_normal(p: Any) -> Any:
    """Of loc: power² Γ(2 − 1/power)/Γ(1/power)/scale², infinite for power ≤ ½."""
    s, b = p.scale + 0 * p.loc, p.power
    xp = namespace(s)
    a = 1 / b
    regular = b > 0.5
    tame = xp.where(regular, a, xp.ones_like(a))
    loc = b * b * xp.exp(lgamma(2 - tame) - lgamma(tame)) / (s * s)
    loc = xp.where(regular, loc, xp.full_like(loc, float("inf")))
    psi, psi1 = digamma(a + 2), trigamma(a + 2)
    # Var(w log w), with E w² log² w = a (a + 1)(ψ′ + ψ²)(a + 2)
    power = a**3 * ((a + 1) * (psi1 + psi * psi) - a * digamma(a + 1) ** 2)
    both = -a * (digamma(a + 1) + 1) / s
    zero = xp.zeros_like(s * a)
    return symmetric([loc, zero, zero], [b / (s * s), both], [power])
