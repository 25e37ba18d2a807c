"""The grid of vectors, matrices and processes: generic, nearly equal and extreme points.

Parameters are binary fractions, so that probabilities sum to 1 exactly.
"""

from itertools import pairwise

from .points import Params

E = 2.0**-20
"""About one part in a million, exactly."""

A2, B2 = [[1.5, 0.25], [0.25, 0.75]], [[0.5, -0.125], [-0.125, 2.0]]
A3 = [[2.0, 0.5, -0.25], [0.5, 1.0, 0.125], [-0.25, 0.125, 0.75]]
B3 = [[1.0, 0.25, 0.5], [0.25, 3.0, -0.75], [0.5, -0.75, 1.5]]
X3 = [[1000.0, 1.0, 0.5], [1.0, 0.01, 0.001], [0.5, 0.001, 0.5]]
L3 = [[1.5, 0.0, 0.0], [-0.5, 0.75, 0.0], [0.25, 2.0, 0.5]]
NEAR3 = [[x * (1 + E) for x in row] for row in A3]
NEAR2 = [[1.5 * (1 + E), 0.25], [0.25, 0.75 * (1 - E)]]

EXPONENTIAL_POINTS: dict[str, list[Params]] = {
    "MultivariateNormal": [
        {"mean": [0.5, -1.0, 0.25], "covariance": A3},
        {"mean": [0.0, 0.75, 1.5], "covariance": B3},
        {"mean": [0.5 + E, -1.0, 0.25 - E], "covariance": NEAR3},
        {"mean": [2.0, -8.0, 0.0], "covariance": X3},
        {"mean": [1.0, 0.5, 0.0], "precision": A3},
        {"mean": [0.0, 0.0, -1.0], "scale_tril": L3},
        {"mean": [0.5, 0.5, 0.5], "variances": [0.5, 2.0, 0.125]},
    ],
    "LowRankNormal": [
        {
            "mean": [0.5, 0.0, -0.5],
            "factor": [[1.0], [0.5], [-2.0]],
            "diagonal": [0.5, 1.0, 0.25],
        },
        {
            "mean": [0.0, 1.0, -0.5],
            "factor": [[0.25, 1.0], [1.5, 0.0], [0.0, -0.75]],
            "diagonal": [1.0, 0.75, 2.0],
        },
        {
            "mean": [0.5, E, -0.5],
            "factor": [[1.0 + E], [0.5], [-2.0 - E]],
            "diagonal": [0.5 + E, 1.0, 0.25],
        },
        {
            "mean": [9.0, 0.0, 1.0],
            "factor": [[50.0], [30.0], [-20.0]],
            "diagonal": [0.001, 0.01, 10.0],
        },
    ],
    "MatrixNormal": [
        {"mean": [[0.5, 0.0, 1.0], [-1.0, 0.25, 0.0]], "rows": A2, "columns": A3},
        {"mean": [[0.0, 0.75, 0.5], [1.0, -0.5, 2.0]], "rows": B2, "columns": B3},
        {"mean": [[0.5, E, 1.0], [-1.0, 0.25, -E]], "rows": NEAR2, "columns": A3},
        {"mean": [[9.0, 0.0, 1.0], [-1.0, 0.25, -7.0]], "rows": B2, "columns": X3},
    ],
    "Dirichlet": [
        {"concentration": [1.5, 0.75, 3.0]},
        {"concentration": [2.0, 2.5, 0.5]},
        {"concentration": [1.5 * (1 + E), 0.75 * (1 - E), 3.0 * (1 + E)]},
        {"concentration": [300.0, 0.01, 45.0]},
        {"concentration": [3000.0, 2000.0, 4500.0]},
        {"concentration": [3000.0 * (1 + E), 2000.0, 4500.0 * (1 - E)]},
    ],
    "Wishart": [
        {"df": 4.5, "scale": A3},
        {"df": 3.0, "scale": B3},
        {"df": 4.5 * (1 + E), "scale": NEAR3},
        {"df": 200.0, "scale": X3},
        {"df": 2.125, "scale": A3},
    ],
    "InverseWishart": [
        {"df": 4.5, "scale": A3},
        {"df": 3.0, "scale": B3},
        {"df": 4.5 * (1 + E), "scale": NEAR3},
        {"df": 200.0, "scale": X3},
        {"df": 2.125, "scale": A3},
    ],
    "NormalGamma": [
        {"mean": 0.5, "factor": 1.5, "shape": 2.5, "rate": 0.75},
        {"mean": -1.0, "factor": 0.5, "shape": 1.25, "rate": 3.0},
        {"mean": 0.5 + E, "factor": 1.5 * (1 - E), "shape": 2.5 * (1 + E), "rate": 0.75 * (1 + E)},
        {"mean": 20.0, "factor": 0.01, "shape": 150.0, "rate": 40.0},
    ],
    "NormalInverseGamma": [
        {"mean": 0.5, "factor": 1.5, "shape": 2.5, "scale": 0.75},
        {"mean": -1.0, "factor": 0.5, "shape": 1.25, "scale": 3.0},
        {"mean": 0.5 + E, "factor": 1.5 * (1 - E), "shape": 2.5 * (1 + E), "scale": 0.75 * (1 + E)},
        {"mean": 20.0, "factor": 0.01, "shape": 150.0, "scale": 40.0},
    ],
    "NormalInverseWishart": [
        {"mean": [0.5, -1.0], "factor": 1.5, "df": 4.5, "scale": A2},
        {"mean": [0.0, 0.25], "factor": 0.5, "df": 3.0, "scale": B2},
        {"mean": [0.5 + E, -1.0], "factor": 1.5 * (1 + E), "df": 4.5 * (1 - E), "scale": NEAR2},
        {"mean": [9.0, 2.0], "factor": 0.01, "df": 150.0, "scale": [[40.0, 3.0], [3.0, 0.5]]},
    ],
}


MULTINOMIALS = [
    {"n": 5.0, "probs": [0.25, 0.125, 0.625]},
    {"n": 5.0, "probs": [0.5, 0.375, 0.125]},
    {"n": 5.0, "probs": [0.25 + E, 0.125 - E, 0.625]},
    {"n": 5.0, "probs": [E, 0.5 - E, 0.5]},
]


U3, V3, W3 = [0.0, 1.0, 0.0], [0.0, -0.6, 0.8], [0.0, 0.8, 0.6]
SPHERES: list[tuple[str, Params]] = [
    ("VonMisesFisher", {"direction": U3, "concentration": 1.5}),
    ("VonMisesFisher", {"direction": V3, "concentration": 4.0}),
    ("VonMisesFisher", {"direction": W3, "concentration": 250.0}),
    ("VonMisesFisher", {"direction": U3, "concentration": 1.5 * (1 + E)}),
    ("VonMisesFisher", {"direction": [1.0, 0.0], "concentration": 2.5}),
    ("VonMisesFisher", {"direction": [0.6, -0.8], "concentration": 0.25}),
    ("VonMisesFisher", {"direction": [0.5, 0.5, 0.5, 0.5], "concentration": 3.0}),
    ("VonMisesFisher", {"direction": [0.5, -0.5, 0.5, 0.5], "concentration": 0.5}),
    ("VonMisesFisher", {"direction": [0.0, 0.0, 0.0, 0.0, 1.0], "concentration": 20.0}),
    ("VonMisesFisher", {"direction": [0.5, 0.0, 0.5, 0.5, 0.5], "concentration": 7.0}),
    ("PowerSpherical", {"direction": U3, "concentration": 2.5}),
    ("PowerSpherical", {"direction": V3, "concentration": 0.75}),
    ("PowerSpherical", {"direction": U3, "concentration": 2.5 * (1 - E)}),
    ("PowerSpherical", {"direction": U3, "concentration": 120.0}),
    ("PowerSpherical", {"direction": [1.0, 0.0], "concentration": 1.5}),
    ("PowerSpherical", {"direction": [0.5, 0.5, 0.5, 0.5], "concentration": 6.0}),
    ("SphereUniform", {"dimension": 2}),
    ("SphereUniform", {"dimension": 3}),
    ("SphereUniform", {"dimension": 4}),
    ("SphereUniform", {"dimension": 5}),
]


CHAINS = [
    {"transition": [[0.75, 0.25, 0.0], [0.125, 0.5, 0.375], [0.5, 0.25, 0.25]]},
    {"transition": [[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.125, 0.75, 0.125]]},
    {"transition": [[0.75 + E, 0.25 - E, 0.0], [0.125, 0.5, 0.375], [0.5 - E, 0.25, 0.25 + E]]},
    {"transition": [[1 - E, E, 0.0], [0.0, 0.5, 0.5], [0.5, 0.0, 0.5]]},
]
REGRESSIONS = [
    {"coefficients": [0.5, -0.25], "scale": 1.25},
    {"coefficients": [-0.75, 0.125], "scale": 0.75},
    {"coefficients": [0.5 + E, -0.25], "scale": 1.25 * (1 - E)},
    {"coefficients": [1.5, -0.625], "scale": 4.0},
]


def around(points: list[Params]) -> list[tuple[Params, Params]]:
    """Each point with the next, both ways round, and the first with the third: nearly the same."""
    steps = [*pairwise(points), (points[-1], points[0])]
    return [*steps, *((b, a) for a, b in steps), (points[0], points[2]), (points[2], points[0])]
