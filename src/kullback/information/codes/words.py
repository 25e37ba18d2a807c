"""The code words of a bottleneck: distributions q of Y, and where a better one would lie.

For given weights, c(q) = Σ p(x)/Z(x) e^(−β KL(p(y|x) ‖ q)) is at most 1 for every q if and only if
no code is better. Its peaks are climbed by q ← the mean of p(y|x) under the terms of c(q), which is
the step of Tishby, Pereira and Bialek.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
CLIMB = 60
STILL = 1e-12
GRID = 401
PAIRS = 500


def divergences(posts: Numbers, q: Numbers) -> Numbers:
    """Return KL(posts[x] ‖ q[t]), shape (k, m)."""
    with np.errstate(divide="ignore"):
        log_q, log_p = np.log(q), np.log(posts)
    some = posts > 0
    own = np.where(some, posts * np.where(some, log_p, 0.0), 0.0).sum(axis=1)
    finite = np.where(np.isfinite(log_q), log_q, 0.0)
    lost = some.astype(np.float64) @ (~np.isfinite(log_q)).astype(np.float64).T > 0
    return np.where(lost, np.inf, own[:, None] - posts @ finite.T)


def starts(posts: Numbers) -> Numbers:
    """Return where to climb from: p(y|x), the middles of pairs; for two outcomes, a fine grid."""
    if posts.shape[1] == 2:
        share = np.linspace(posts[:, 0].min(), posts[:, 0].max(), GRID)
        return np.stack([share, 1 - share], axis=1)
    i, j = np.triu_indices(len(posts), 1)
    some = np.linspace(0, max(len(i) - 1, 0), min(len(i), PAIRS)).astype(int)
    return np.vstack([posts, 0.5 * (posts[i[some]] + posts[j[some]])])


def climb(
    q: Numbers, posts: Numbers, log_weights: Numbers, beta: float, steps: int = CLIMB
) -> tuple[Numbers, Numbers]:
    """Return the peaks of c that are reached from each q, and log c there.

    Two steps and a third as far as they point (Varadhan and Roland 2008), where that is higher.

    Parameters
    ----------
    q : array, shape (m, l)
        Where to start.
    posts : array, shape (k, l)
        p(y|x).
    log_weights : array, shape (k,)
        log p(x) − log Z(x).
    """
    for _ in range(steps):
        once, _ = _step(q, posts, log_weights, beta)
        twice, height = _step(once, posts, log_weights, beta)
        first, turn = once - q, twice - 2 * once + q
        bend = np.sqrt((turn * turn).sum(axis=1))
        reach = np.sqrt((first * first).sum(axis=1)) / np.where(bend > 0, bend, 1.0)
        reach = np.asarray(np.where((bend > 0) & (reach > 1), reach, 1.0))[:, None]
        far = q + 2 * reach * first + reach * reach * turn
        inside = (far >= 0).all(axis=1)
        far = np.where(inside[:, None], far, twice)
        lands, above = _step(far, posts, log_weights, beta)
        better = above >= height
        moved = np.where(better[:, None], lands, twice)
        done = float(np.abs(moved - q).max()) < STILL
        q = moved
        if done:
            break
    return q, _step(q, posts, log_weights, beta)[1]


def _step(q: Numbers, posts: Numbers, log_weights: Numbers, beta: float) -> tuple[Numbers, Numbers]:
    """Return the mean of p(y|x) under the terms of c(q), and log c(q)."""
    logs = log_weights[:, None] - beta * divergences(posts, q)
    most = logs.max(axis=0)
    terms = np.exp(logs - most)
    total = terms.sum(axis=0)
    return (terms / total).T @ posts, most + np.log(total)


def distinct(q: Numbers, apart: float) -> Numbers:
    """Return the rows of q without those that lie within a distance of an earlier one."""
    kept: list[Numbers] = []
    for row in q:
        if all(np.abs(row - other).max() > apart for other in kept):
            kept.append(row)
    return np.asarray(kept)
