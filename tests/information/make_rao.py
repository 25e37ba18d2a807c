"""Digits of Fisher–Rao distances by other means than the library's: python make_rao.py.

Gamma: with the mean m in place of the rate, the metric is (ψ′(a) − 1/a) da² + a (d log m)², which
does not depend on m. So a d(log m)/ds = c along a geodesic (Clairaut), and both the distance and
the change of log m are integrals in a; c is found by bisection, 30 digits, mpmath.

Beta: the geodesic equation is integrated (DOP853, 1e-12) in log a, log b, Christoffel's symbols
from polygamma functions, and the first velocity found by Newton's method.
"""

import numpy as np
from mpmath import log, mp, mpf, nstr, psi, quad, sqrt
from scipy.integrate import solve_ivp
from scipy.optimize import root
from scipy.special import polygamma

mp.dps = 25


def gamma(a0, r0, a1, r1):
    """The distance of Gamma(a0, r0) from Gamma(a1, r1), a0 ≤ a1."""
    a0, r0, a1, r1 = map(mpf, (a0, r0, a1, r1))
    change = abs(log(a1 / r1) - log(a0 / r0))

    def height(a):
        return psi(1, a) - 1 / a

    def both(turn, direct):
        """Distance and change of log m, on the geodesic that would turn at a = turn = c²."""

        def part(top):  # a = turn + u²: the root at the turning point goes away
            def speed(u):
                a = turn + u * u
                return 2 * sqrt(height(a) * a)

            low = mpf(0) if not direct else sqrt(a0 - turn)
            points = [low, sqrt(top - turn)]
            return quad(speed, points), quad(
                lambda u: sqrt(turn) * speed(u) / (turn + u * u), points
            )

        d, v = part(a1)
        if not direct:
            d2, v2 = part(a0)
            d, v = d + d2, v + v2
        return d, v

    straight = both(a0, True)[1]
    direct = change <= straight
    low, high = mpf(10) ** -12 * a0, a0
    for _ in range(75):
        middle = sqrt(low * high)
        more = both(middle, direct)[1] > change
        low, high = (middle, high) if more != direct else (low, middle)
    return both(low, direct)[0]


def beta(a0, b0, a1, b1):
    """The distance of Beta(a0, b0) from Beta(a1, b1)."""

    def equation(_, y):
        x, v = y[:2], y[2:]
        a, b = np.exp(x)
        s1, s2 = polygamma(1, a + b), polygamma(2, a + b)
        first = np.array([[polygamma(1, a) - s1, -s1], [-s1, polygamma(1, b) - s1]])
        g = first * np.outer([a, b], [a, b])
        slopes = np.zeros((2, 2, 2))  # [k, i, j]: in coordinate k
        for k, t in enumerate((a, b)):
            cube = np.full((2, 2), -s2)
            cube[k, k] += polygamma(2, t)
            scale = np.outer([a, b], [a, b])
            turn = np.zeros((2, 2))
            turn[k] += 1
            turn[:, k] += 1
            slopes[k] = cube * t * scale + first * scale * turn
        lower = np.einsum("kij,k,j->i", slopes, v, v) - 0.5 * np.einsum("kij,i,j->k", slopes, v, v)
        return np.concatenate([v, -np.linalg.solve(g, lower)]), g

    start, end = np.log([a0, b0]), np.log([a1, b1])

    def run(v):
        path = solve_ivp(
            lambda t, y: equation(t, y)[0], (0, 1), np.concatenate([start, v]),
            method="DOP853", rtol=1e-12, atol=1e-13,
        )  # fmt: skip
        return path.y[:2, -1]

    v = end - start
    for share in np.linspace(0.2, 1, 9):
        v = root(lambda u, s=share: run(u) - (start + s * (end - start)), v * 1.1, tol=1e-11).x
    g = equation(0, np.concatenate([start, v]))[1]
    return np.sqrt(v @ g @ v)


if __name__ == "__main__":
    for case in ((1, 1, 2, 3), (2, 3, 2, 9), ("0.3", 1, 30, "0.01"), (5, 1, 6, 50)):
        print("gamma", case, nstr(gamma(*case), 16))
    for case in ((1, 1, 2, 3), (0.5, 4.0, 6.0, 0.7)):
        print("beta", case, repr(beta(*case)))
