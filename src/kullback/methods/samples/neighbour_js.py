"""Jensen–Shannon divergence from draws: what a draw tells about the sample it is from.

With a = (n − 1) p and b = m q, the densities of the draws around one of p, and r = v (n − 1)/(w m)
for the weights w and v = 1 − w,

    log p/(w p + v q) = −log w − log(1 + r b/a).

For r ≤ 1 the ball reaches to the k-th neighbour among the draws of p, and holds κ of q. If each of
those is kept with the chance r, ψ(k + kept) − ψ(k) has the mean log(1 + r b/a) where densities are
even; its mean over what is kept is known, and nothing need be drawn. For w = n/(n + m) nothing is
thinned, and this is Ross's estimator of mutual information with a label.

For r > 1 the draws of p are so many that the ball may reach to neighbour K = (k + 1) r among them,
and t = κ/K, of mean b/a and variance (b/a)(1 + b/a)/K, stands for b/a, with the bend of the
logarithm allowed for.

References
----------
Ross, Mutual information between discrete and continuous data sets, PLoS ONE 9 (2014).
"""

import math

import numpy as np

from kullback.methods.samples.neighbours import Neighbours


def between_mixture(x: Neighbours, y: Neighbours, k: int, w: float) -> float:
    """Return w KL(p ‖ w p + v q) + v KL(q ‖ w p + v q)."""
    return w * _to_mixture(x, y, k, w) + (1 - w) * _to_mixture(y, x, k, 1 - w)


def _to_mixture(x: Neighbours, y: Neighbours, k: int, w: float) -> float:
    others = len(x.y) - 1
    r = (1 - w) * others / (w * len(y.y))
    reach = k if r <= 1 else min(math.ceil((k + 1) * r), others)
    radius = x.kth_distance(x.rows, reach, own=True)
    count = y.count_within(x.rows, radius)
    one_plus = thinned(count, k, r) if r <= 1 else _straightened(count / reach, reach, r)
    return -math.log(w) - float(one_plus.mean())


def _straightened(t: np.ndarray, k: int, r: float) -> np.ndarray:
    """log(1 + r t), and what its bend takes from its mean."""
    return np.asarray(np.log1p(r * t) + 0.5 * (r / (1 + r * t)) ** 2 * t * (1 + t) / (k + 1))


def thinned(count: np.ndarray, k: int, r: float) -> np.ndarray:
    """E ψ(k + B) − ψ(k), B binomial with `count` trials of chance r; shape of count.

    It is r Σ h(j) over j < count, with h(j) = E 1/(k + B) for j trials, and integration by parts of
    h(j) = ∫ s^(k−1) (1 − r + r s)^j ds gives (k + j) h(j) = 1 + j (1 − r) h(j − 1).

    >>> float(thinned(np.asarray([2]), k=1, r=0.5)[0])    # ¼ · 0 + ½ · 1 + ¼ · (1 + ½)
    0.875
    """
    sums, h = [0.0], 0.0
    for j in range(int(count.max(initial=0))):
        h = (1 + j * (1 - r) * h) / (k + j)
        sums.append(sums[-1] + r * h)
    return np.asarray(np.asarray(sums)[count])
