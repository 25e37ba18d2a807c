"""Derivatives by hand: of each question's terms in p and in q, and through a softmax."""

import math

import numpy as np

import kullback as kb


def _alpha(a):
    def by_p(p, q):
        return ((p / q) ** (a - 1) - 1) / (a - 1)

    def by_q(p, q):
        return (1 - (p / q) ** a) / a

    return by_p, by_q


def _js(w):
    def to_mixture(x, p, q):
        return np.log(x / (w * p + (1 - w) * q))

    return (
        lambda p, q: w * to_mixture(p, p, q),
        lambda p, q: (1 - w) * to_mixture(q, p, q),
    )


def _times(factor, slopes):
    return tuple(lambda p, q, s=s: factor * s(p, q) for s in slopes)


def _root(slopes):
    """Return the slopes of √Σ."""

    def over(s):
        return lambda p, q: s(p, q) / (2 * kb.hellinger(p, q)[..., None])

    return tuple(map(over, slopes))


def _renyi(a):
    """Return the slopes of log(1 + α (α − 1) Σ)/(α − 1), Σ the alpha divergence."""

    def over(s):
        def slope(p, q):
            total = kb.alpha_divergence(p, q, alpha=a)[..., None]
            return a * s(p, q) / (1 + a * (a - 1) * total)

        return slope

    return tuple(map(over, _alpha(a)))


SLOPES = {
    kb.KL(): (lambda p, q: np.log(p / q), lambda p, q: 1 - p / q),
    kb.Jeffreys(): (lambda p, q: np.log(p / q) + 1 - q / p, lambda p, q: np.log(q / p) + 1 - p / q),
    kb.JensenShannon(): _js(0.5),
    kb.JensenShannon((0.3, 0.7)): _js(0.3),
    kb.TotalVariation(): (lambda p, q: np.sign(p - q) / 2, lambda p, q: np.sign(q - p) / 2),
    kb.Hellinger(): _root(_times(0.25, _alpha(0.5))),
    kb.ChiSquare(): (lambda p, q: 2 * (p - q) / q, lambda p, q: 1 - (p / q) ** 2),
    kb.HockeyStick(1.5): (
        lambda p, q: np.where(p > 1.5 * q, 1.0, 0.0),
        lambda p, q: np.where(p > 1.5 * q, -1.5, 0.0),
    ),
    kb.Alpha(-1.0): _alpha(-1.0),
    kb.Alpha(0.3): _alpha(0.3),
    kb.Tsallis(0.4): _times(0.4, _alpha(0.4)),
    kb.Tsallis(2.0): _times(2.0, _alpha(2.0)),
    kb.Renyi(0.5): _renyi(0.5),
    kb.Renyi(2.0): _renyi(2.0),
    kb.CrossEntropy(): (lambda p, q: -np.log(q), lambda p, q: -p / q),
}


def through_softmax(slope, p):
    """Return the slope in logits of what has this slope in p = softmax(logits)."""
    with np.errstate(invalid="ignore"):
        weighted = np.where(p > 0, p * slope, 0.0)
    return weighted - p * weighted.sum(-1, keepdims=True)


def softmax(logits):
    """Return the probabilities of logits, masked ones too."""
    power = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return power / power.sum(-1, keepdims=True)


TINY = np.finfo(np.float64).tiny
LOG_2 = math.log(2)
