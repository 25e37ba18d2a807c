"""W₂ on the line: by quantile functions where they are elementary, else by the increasing map T.

W₂² = ∫ (F_p⁻¹ − F_q⁻¹)² du = E_p (x − T(x))². That T carries p to q is checked by densities,
log p(x) = log q(T(x)) + log T′(x), at points over the range of p.
"""

from collections.abc import Callable

from mpmath import mp, mpf

from .integrate import Integrator
from .laws import CONTINUOUS, INF, Place
from .points import Params

Name = tuple[str, Params]
Map = Callable[[mpf], mpf]


def w2(p: Name, q: Name) -> mpf:
    if p[0] in QUANTILE and q[0] in QUANTILE:
        return _by_quantiles(p, q)
    law, other, carry = CONTINUOUS[p[0]](**p[1]), CONTINUOUS[q[0]](**q[1]), increasing_map(p, q)
    for share in range(1, 8):
        x = law.near + law.scale * mpf(share - 4) / 3 if law.low == -INF else None
        x = law.low + (law.near - law.low) * mpf(share) / 3 if x is None else x
        slope = mp.diff(carry, x)
        gap = law.log_density(Place(x)) - other.log_density(Place(carry(x))) - mp.log(slope)
        if abs(gap) > mpf(10) ** -35:
            raise ArithmeticError(f"no map of {p} to {q}")
    over = Integrator(law)
    return mp.sqrt(over.mean(lambda _, t: (t.x - carry(t.x)) ** 2))


def _by_quantiles(p: Name, q: Name) -> mpf:
    x, y = (QUANTILE[name[0]](**{k: mpf(v) for k, v in name[1].items()}) for name in (p, q))
    unit = Integrator(CONTINUOUS["Uniform"](low=0.0, high=1.0), kinks=(mpf(0.5),))
    return mp.sqrt(unit.mean(lambda _, u: (x(u) - y(u)) ** 2))


def _normal_quantile(u: Place) -> mpf:
    """The z with Φ(z) = u, by Newton in the nearer tail, on the logarithm of its mass."""
    tail = min(u.x, u.rest)
    z = -mp.sqrt(-2 * mp.log(tail)) if tail < 0.01 else mpf(0)
    while True:
        below = mp.erfc(-z / mp.sqrt(2)) / 2
        step = below * mp.log(below / tail) / mp.npdf(z)
        z -= step
        if abs(step) < mpf(10) ** -50 * max(1, abs(z)):
            return z if u.x < u.rest else -z


QUANTILE: dict[str, Callable[..., Callable[[Place], mpf]]] = {
    "Normal": lambda loc, scale: lambda u: loc + scale * _normal_quantile(u),
    "Laplace": lambda loc, scale: (
        lambda u: loc + scale * (mp.log(2) + u.log if u.x < u.rest else -mp.log(2) - u.log_rest)
    ),
    "Logistic": lambda loc, scale: lambda u: loc + scale * (u.log - u.log_rest),
    "Uniform": lambda low, high: lambda u: low + (high - low) * u.x,
    "Exponential": lambda rate: lambda u: -u.log_rest / rate,
    "Gumbel": lambda loc, scale: lambda u: loc - scale * mp.log(-u.log),
    "HyperbolicSecant": lambda loc, scale: (
        lambda u: (
            loc
            + scale
            * 2
            / mp.pi
            * mp.log(mp.tan(mp.pi * min(u.x, u.rest) / 2))
            * (1 if u.x < u.rest else -1)
        )
    ),
    "LogNormal": lambda loc, scale: lambda u: mp.exp(loc + scale * _normal_quantile(u)),
    "Weibull": lambda shape, scale: lambda u: scale * (-u.log_rest) ** (1 / shape),
    "Rayleigh": lambda scale: lambda u: scale * mp.sqrt(-2 * u.log_rest),
}

SCALES: dict[str, Callable[..., mpf]] = {
    "Exponential": lambda rate: 1 / rate,
    "Gamma": lambda shape, rate: 1 / rate,
    "Erlang": lambda shape, rate: 1 / rate,
    "ChiSquared": lambda df: mpf(2),
    "Chi": lambda df: mp.sqrt(2),
    "Nakagami": lambda shape, spread: mp.sqrt(spread / shape),
    "HalfNormal": lambda scale: mp.sqrt(2) * scale,
    "Maxwell": lambda scale: mp.sqrt(2) * scale,
    "InverseGamma": lambda shape, scale: scale,
    "StudentT": lambda df, loc, scale: scale,
    "GeneralizedNormal": lambda loc, scale, power: scale,
    "Moyal": lambda loc, scale: scale,
}
"""Scales against one standard law, so that laws of one shape differ by an affine map."""


def increasing_map(p: Name, q: Name) -> Map:
    """x ↦ loc′ + (scale′/scale)(x − loc)."""
    (a, s), (b, r) = (
        (mpf(name[1].get("loc", 0)), SCALES[name[0]](**{k: mpf(v) for k, v in name[1].items()}))
        for name in (p, q)
    )
    return lambda x: b + r / s * (x - a)


def _both_ways(*pairs: tuple[Name, Name]) -> list[tuple[Name, Name]]:
    return [*pairs, *((q, p) for p, q in pairs)]


def _of_one_shape() -> list[tuple[Name, Name]]:
    moves = [
        {"loc": 0.3, "scale": 1.2},
        {"loc": -1.0, "scale": 0.5},
        {"loc": 0.300001, "scale": 9.0},
    ]
    shapes = {
        "StudentT": [{"df": 3.5}, {"df": 12.0}],
        "GeneralizedNormal": [{"power": 1.5}, {"power": 3.0}],
        "Moyal": [{}],
        "Gumbel": [{}],
        "HyperbolicSecant": [{}],
        "LogNormal": [{}],
    }
    return [
        ((family, shape | p), (family, shape | q))
        for family, each in shapes.items()
        for shape in each
        for p, q in zip(moves, moves[1:] + moves[:1], strict=True)
    ]


W2_PAIRS: list[tuple[Name, Name]] = [
    *_of_one_shape(),
    *_both_ways(
        (("Gamma", {"shape": 2.5, "rate": 1.2}), ("Gamma", {"shape": 2.5, "rate": 0.4})),
        (("Gamma", {"shape": 2.5, "rate": 1.2}), ("ChiSquared", {"df": 5.0})),
        (("Erlang", {"shape": 2.0, "rate": 0.9}), ("Erlang", {"shape": 2.0, "rate": 0.90000125})),
        (("Erlang", {"shape": 2.0, "rate": 0.9}), ("Gamma", {"shape": 2.0, "rate": 3.0})),
        (("Erlang", {"shape": 2.0, "rate": 0.9}), ("ChiSquared", {"df": 4.0})),
        (("Exponential", {"rate": 0.8}), ("Gamma", {"shape": 1.0, "rate": 0.3})),
        (("Exponential", {"rate": 0.8}), ("Erlang", {"shape": 1.0, "rate": 2.5})),
        (("Exponential", {"rate": 0.8}), ("ChiSquared", {"df": 2.0})),
        (("HalfNormal", {"scale": 0.7}), ("HalfNormal", {"scale": 2.2})),
        (("HalfNormal", {"scale": 0.7}), ("Chi", {"df": 1.0})),
        (("HalfNormal", {"scale": 0.7}), ("Nakagami", {"shape": 0.5, "spread": 3.0})),
        (("Maxwell", {"scale": 0.7}), ("Maxwell", {"scale": 2.2})),
        (("Maxwell", {"scale": 0.7}), ("Chi", {"df": 3.0})),
        (("Maxwell", {"scale": 0.7}), ("Nakagami", {"shape": 1.5, "spread": 3.0})),
        (("Chi", {"df": 5.0}), ("Nakagami", {"shape": 2.5, "spread": 3.0})),
        (
            ("Nakagami", {"shape": 2.5, "spread": 0.8}),
            ("Nakagami", {"shape": 2.5, "spread": 3.0}),
        ),
        (
            ("InverseGamma", {"shape": 3.5, "scale": 1.4}),
            ("InverseGamma", {"shape": 3.5, "scale": 0.5}),
        ),
        (("Rayleigh", {"scale": 0.7}), ("Rayleigh", {"scale": 2.2})),
        (("Rayleigh", {"scale": 0.7}), ("Weibull", {"shape": 2.0, "scale": 3.0})),
        (("Weibull", {"shape": 1.7, "scale": 0.9}), ("Weibull", {"shape": 0.6, "scale": 2.0})),
        (("Weibull", {"shape": 3.0, "scale": 0.9}), ("Weibull", {"shape": 3.0, "scale": 2.0})),
    ),
]
