"""The textbook's sums in extended precision: a truth that owes kullback nothing but its names."""

import math

import numpy as np

import kullback as kb


def textbook(of, p, q=None):
    """Return the answer of a question for each row, outcomes last, in nats."""
    p = np.asarray(p, np.longdouble)
    p, q = rows(p, p if q is None else np.asarray(q, np.longdouble))
    with np.errstate(all="ignore"):
        return answer(of, p, q)


def rows(p, q):
    """Return both with the batch shape they share."""
    batch = np.broadcast_shapes(p.shape[:-1], q.shape[:-1])
    return tuple(np.broadcast_to(x, (*batch, x.shape[-1])) for x in (p, q))


def answer(of, p, q):
    """Return Σ of what each question adds up, and what it makes of the sum."""
    match of:
        case kb.KL():
            return kl(p, q)
        case kb.Jeffreys():
            return kl(p, q) + kl(q, p)
        case kb.JensenShannon(weights=(w, v)):
            return w * kl(p, w * p + v * q) + v * kl(q, w * p + v * q)
        case kb.TotalVariation():
            return np.sum(abs(p - q), -1) / 2
        case kb.Hellinger():
            return np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2, -1) / 2)
        case kb.ChiSquare():
            return np.sum(np.where(p == q, 0, (p - q) ** 2 / q), -1)
        case kb.HockeyStick(gamma=gamma):
            return np.sum(np.maximum(p - gamma * q, 0), -1)
        case kb.Renyi(alpha=alpha):
            return renyi(p, q, alpha)
        case kb.Tsallis(alpha=alpha):
            return alpha * amari(p, q, alpha)
        case kb.Alpha(alpha=alpha):
            return amari(p, q, alpha)
        case kb.CrossEntropy():
            return np.sum(np.where(p == 0, 0, -p * np.log(q)), -1)
        case kb.Entropy():
            return np.sum(np.where(p == 0, 0, -p * np.log(p)), -1)
        case kb.FDivergence(f=f, at_zero=at_zero, slope_at_infinity=slope):
            inside = np.where(p == 0, q * at_zero, q * f(p / q))
            return np.sum(np.where(q == 0, np.where(p == 0, 0, p * slope), inside), -1)
    raise AssertionError(f"no textbook on {of}")


def kl(p, q):
    return np.sum(np.where(p == 0, q, p * np.log(p / q) - p + q), -1)


def powers(p, q, alpha):
    some = (p > 0) & (q > 0)
    lost = np.where((p > 0) & (alpha > 1) | (q > 0) & (alpha < 0), np.inf, 0)
    return np.sum(np.where(some, p**alpha * q ** (1 - alpha), np.where(p == q, 0, lost)), -1)


def amari(p, q, alpha):
    if alpha in (0, 1):
        return kl(p, q) if alpha == 1 else kl(q, p)
    total = powers(p, q, alpha) - alpha * p.sum(-1) - (1 - alpha) * q.sum(-1)
    return total / (alpha * (alpha - 1))


def renyi(p, q, alpha):
    if alpha == 1:
        return kl(p, q)
    if alpha == 0:
        return -np.log(np.sum(np.where(p > 0, q, 0), -1))
    if alpha == math.inf:
        return np.log(np.max(np.where(p > 0, p / q, 0), -1))
    return np.log(powers(p, q, alpha)) / (alpha - 1)


def softmax(logits):
    """Return the probabilities of logits, −∞ where one is masked."""
    x = np.asarray(logits, np.longdouble)
    power = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return power / power.sum(-1, keepdims=True)


SHORT = {
    kb.KL(): kb.kl,
    kb.Jeffreys(): kb.jeffreys,
    kb.JensenShannon(): kb.js,
    kb.JensenShannon((0.3, 0.7)): lambda p, q, **o: kb.js(p, q, weights=(0.3, 0.7), **o),
    kb.TotalVariation(): kb.tv,
    kb.Hellinger(): kb.hellinger,
    kb.ChiSquare(): kb.chi2,
    kb.HockeyStick(1.5): lambda p, q, **o: kb.hockey_stick(p, q, gamma=1.5, **o),
    kb.Renyi(0.0): lambda p, q, **o: kb.renyi(p, q, alpha=0, **o),
    kb.Renyi(0.5): lambda p, q, **o: kb.renyi(p, q, alpha=0.5, **o),
    kb.Renyi(1.0): lambda p, q, **o: kb.renyi(p, q, alpha=1, **o),
    kb.Renyi(3.0): lambda p, q, **o: kb.renyi(p, q, alpha=3, **o),
    kb.Renyi(math.inf): lambda p, q, **o: kb.renyi(p, q, alpha=math.inf, **o),
    kb.Tsallis(0.3): lambda p, q, **o: kb.tsallis(p, q, alpha=0.3, **o),
    kb.Alpha(-1.0): lambda p, q, **o: kb.alpha_divergence(p, q, alpha=-1, **o),
    kb.CrossEntropy(): kb.cross_entropy,
}
"""The short name of each question of two distributions, as a user would type it."""
