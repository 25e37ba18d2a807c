"""Random distributions, channels and orders for the laws."""

import numpy as np
from hypothesis import strategies as st

import kullback as kb

F_DIVERGENCES = (
    kb.KL(),
    kb.Jeffreys(),
    kb.JensenShannon(),
    kb.JensenShannon((0.3, 0.7)),
    kb.TotalVariation(),
    kb.Hellinger(),
    kb.ChiSquare(),
    kb.HockeyStick(1.0),
    kb.HockeyStick(1.7),
    kb.Alpha(-1.0),
    kb.Alpha(0.0),
    kb.Alpha(0.3),
    kb.Alpha(0.5),
    kb.Alpha(1.0),
    kb.Alpha(2.5),
    kb.Tsallis(0.4),
    kb.Tsallis(1.0),
    kb.Tsallis(2.0),
)
RENYI = tuple(map(kb.Renyi, (0.0, 0.25, 0.5, 0.9, 1.0, 2.0, 7.0, float("inf"))))


def value(of, p, q):
    """Return what `measure` says, as a number of numpy."""
    return kb.measure(p, q, of=of).value


def rows_of(weights):
    """Return each row over its sum."""
    weights = np.asarray(weights, np.float64)
    return weights / weights.sum(-1, keepdims=True)


def simplex(k, least=0):
    """Return distributions over k outcomes; about a third of them are empty, unless least > 0.

    A byte an outcome is quick to draw and to shrink; its cube spreads the weights over six orders
    of magnitude.
    """
    hidden = 0 if least else 80
    return (
        st.binary(min_size=k, max_size=k)
        .map(lambda drawn: [(max(b - hidden, 0) + least) ** 3 for b in drawn])
        .filter(any)
        .map(rows_of)
    )


def channel(k, m):
    """Return stochastic matrices (k, m): what each outcome becomes."""
    return st.lists(simplex(m), min_size=k, max_size=k).map(np.stack)


def joint(x, y, least=0):
    """Return joint tables (x, y)."""
    return simplex(x * y, least).map(lambda p: p.reshape(x, y))


def no_more(a, b):
    """Tell whether a ≤ b, but for rounding."""
    return a <= b * (1 + 1e-11) + 1e-13


def same(a, b):
    """Tell whether a and b agree, but for rounding."""
    return a == b or abs(a - b) <= 1e-11 * max(abs(a), abs(b)) + 1e-13
