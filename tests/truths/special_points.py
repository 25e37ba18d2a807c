"""Pairs of points that share a parameter: many formulas hold only there."""

from itertools import permutations

from .points import BETWEEN_KIN, CONTINUOUS_POINTS, Params, rows

Name = tuple[str, Params]
E = 2.0**-20
"""About one part in a million, exactly."""

ALIKE: dict[str, list[list[Params]]] = {
    "GeneralizedNormal": [
        rows("loc scale power", (0.3, 1.3, 1.5), (0.3, 0.8, 3.0)),
        rows("loc scale power", (0.25, 1.5, 1.5), (0.25, 0.75, 1.5), (0.25, 1.5 * (1 + E), 1.5)),
        rows("loc scale power", (0.25, 1.5, 0.75), (0.25, 1.5 * (1 + E), 0.75 * (1 - E))),
    ],
    "GeneralizedPareto": [
        rows(
            "loc scale concentration",
            (0.0, 0.5, 0.25),
            (0.0, 2.0, 1.0),
            (0.0, 0.5 * (1 + E), 0.25 * (1 + E)),
        ),
        rows("loc scale concentration", (-1.0, 0.5, -0.125), (-1.0, 1.0, -0.25)),
    ],
    "NegativeBinomial": [
        rows("successes probs", (2.5, 0.4), (2.5, 0.7), (2.5, 0.4 * (1 + E))),
        rows("successes probs", (60.0, 0.9), (60.0, 0.5)),
    ],
    "Kumaraswamy": [
        rows("a b", (2.0, 3.0), (2.0, 0.7), (2.0, 3.0 * (1 + E))),
        rows("a b", (0.6, 0.4), (0.6, 25.0)),
    ],
    "Levy": [rows("loc scale", (0.5, 2.0), (0.5, 0.7), (0.5, 2.0 * (1 + E)), (0.5, 900.0))],
    "LogLogistic": [
        rows("shape scale", (3.5, 0.8), (3.5, 2.0), (3.5, 0.8 * (1 + E))),
        rows("shape scale", (0.7, 40.0), (0.7, 0.01)),
    ],
    "Logistic": [
        rows("loc scale", (0.4, 0.6), (-1.3, 0.6), (0.4 + E, 0.6)),
        rows("loc scale", (2.0, 0.125), (2.5, 0.125)),
    ],
    "Lomax": [
        rows("shape scale", (3.5, 0.8), (1.5, 0.8), (3.5 * (1 + E), 0.8)),
        rows("shape scale", (40.0, 10.0), (0.7, 10.0)),
    ],
    "Frechet": [
        rows("shape scale", (3.5, 0.8), (3.5, 2.0), (3.5, 0.8 * (1 + E))),
        rows("shape scale", (0.6, 0.5), (0.6, 4.0)),
    ],
    "Weibull": [
        rows("shape scale", (1.7, 0.9), (1.7, 2.0), (1.7, 0.9 * (1 + E))),
        rows("shape scale", (0.6, 0.5), (0.6, 4.0)),
    ],
    "GeneralizedGamma": [
        rows(
            "shape scale power",
            (1.5, 0.8, 1.75),
            (0.7, 2.0, 1.75),
            (1.5 * (1 - E), 0.8 * (1 + E), 1.75),
        ),
    ],
    "Gumbel": [
        rows("loc scale", (0.2, 0.9), (-0.7, 0.9), (0.2 + E, 0.9)),
        rows("loc scale", (5.0, 7.0), (9.0, 7.0)),
    ],
    "Moyal": [
        rows("loc scale", (0.2, 0.9), (-0.7, 0.9), (0.2 + E, 0.9)),
        rows("loc scale", (5.0, 7.0), (9.0, 7.0)),
    ],
}
"""Points of one family, each with each of its group."""

BETWEEN: list[tuple[str, list[Params], str, list[Params]]] = [
    (p, CONTINUOUS_POINTS[p], "Levy", rows("loc scale", (0.0, 2.25)))
    for p in (
        *("Beta", "BetaPrime", "Chi", "ChiSquared", "Erlang", "Frechet", "Gamma"),
        *("GeneralizedGamma", "InverseGamma", "InverseGaussian", "Kumaraswamy", "LogLogistic"),
        *("LogNormal", "LogUniform", "Maxwell", "Nakagami", "Pareto", "Rayleigh", "Weibull"),
    )
]
BETWEEN += [
    ("Levy", rows("loc scale", (0.0, 2.25)), q, CONTINUOUS_POINTS[q])
    for q in ("Frechet", "InverseGamma", "LogNormal")
]
BETWEEN += [
    ("Uniform", rows("low high", (0.0, 1.0)), q, CONTINUOUS_POINTS[q])
    for q in ("Kumaraswamy", "LogitNormal")
]
BETWEEN += [
    ("BetaPrime", CONTINUOUS_POINTS["BetaPrime"], "Lomax", rows("shape scale", (2.25, 1.0))),
    ("Lomax", rows("shape scale", (2.25, 1.0)), "BetaPrime", CONTINUOUS_POINTS["BetaPrime"]),
    ("HalfCauchy", CONTINUOUS_POINTS["HalfCauchy"], "Cauchy", rows("loc scale", (0.0, 1.75))),
    (
        "HalfCauchy",
        CONTINUOUS_POINTS["HalfCauchy"],
        "StudentT",
        rows("df loc scale", (3.5, 0.0, 1.75)),
    ),
    (
        "Kumaraswamy",
        rows("a b", (2.0, 3.0), (0.6, 2.0), (12.0, 5.0)),
        "Beta",
        CONTINUOUS_POINTS["Beta"][:2],
    ),
    *(
        (
            p,
            [CONTINUOUS_POINTS[p][0] | {"loc": 0.25}],
            "GeneralizedNormal",
            rows("loc scale power", (0.25, 1.3, 1.5), (0.25, 0.8, 3.0), (0.25, 6.0, 0.6)),
        )
        for p in ("Laplace", "Normal", "StudentT")
    ),
    (
        "Cauchy",
        rows("loc scale", (0.25, 0.8)),
        "GeneralizedNormal",
        rows("loc scale power", (0.25, 1.0, 0.75), (0.25, 3.0, 0.5), (0.25, 0.1, 0.25)),
    ),
    (
        "Gumbel",
        CONTINUOUS_POINTS["Gumbel"],
        "Logistic",
        rows("loc scale", (0.4, 0.9), (-1.0, 2.5), (2.0, 7.0)),
    ),
    *(
        (
            p,
            rows("shape scale", (3.5, 0.8), (1.5, 2.0), (0.75, 0.5)),
            "LogLogistic",
            rows("shape scale", (3.5, 1.2), (1.5, 0.3), (0.75, 0.7)),
        )
        for p in ("Frechet", "Weibull")
    ),
    (
        "Rayleigh",
        CONTINUOUS_POINTS["Rayleigh"],
        "LogLogistic",
        rows("shape scale", (2.0, 1.2)),
    ),
    (
        "Exponential",
        CONTINUOUS_POINTS["Exponential"],
        "GeneralizedPareto",
        rows("loc scale concentration", (0.0, 1.3, 0.4)),
    ),
    *BETWEEN_KIN,
]
"""Points of two families: each with each, or one with one where there are as many of both."""


def special_pairs() -> list[tuple[Name, Name]]:
    found = [
        ((family, p), (family, q))
        for family, groups in ALIKE.items()
        for group in groups
        for p, q in permutations(group, 2)
    ]
    for p, ps, q, qs in BETWEEN:
        matched = zip(ps, qs, strict=True) if len(ps) == len(qs) > 1 else None
        found += [((p, a), (q, b)) for a, b in matched or ((a, b) for a in ps for b in qs)]
    return found
