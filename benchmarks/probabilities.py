"""Arrays of probabilities, against numpy, scipy and numkong."""

import numkong
import numpy as np
from scipy.spatial.distance import cdist, jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy
from timing import Line, faster, within

import kullback as kb


def long_rows(n: int = 20_000_000) -> list[Line]:
    rng = np.random.default_rng(0)
    p, q = (x / x.sum() for x in (rng.random(n), rng.random(n)))
    size = f"{n // 1_000_000} M float64"
    kl, js = (f"`kb.kl`, {size}", lambda: kb.kl(p, q)), (f"`kb.js`, {size}", lambda: kb.js(p, q))
    dot = "`np.dot(p, q)`", lambda: np.dot(p, q)
    scipy_kl = "`rel_entr(p, q).sum()`", lambda: rel_entr(p, q).sum()
    scipy_js = "`scipy…jensenshannon`", lambda: jensenshannon(p, q)
    numkong_kl = "`numkong.kullbackleibler`", lambda: numkong.kullbackleibler(p, q)
    numkong_js = "`numkong.jensenshannon`", lambda: numkong.jensenshannon(p, q)
    return [
        within(*kl, *dot, at_most=1.3),
        faster(*kl, *scipy_kl, at_least=25),
        faster(*kl, *numkong_kl),
        within(*js, *dot, at_most=2.2),
        faster(*js, *scipy_js, at_least=30, runs=3),
        faster(*js, *numkong_js),
    ]


def single_precision(n: int = 20_000_000) -> list[Line]:
    rng = np.random.default_rng(0)
    p, q = ((x / x.sum()).astype(np.float32) for x in (rng.random(n), rng.random(n)))
    work = f"`kb.kl`, {n // 1_000_000} M float32"
    dot = "float32 `np.dot`", lambda: np.dot(p, q)
    return [within(work, lambda: kb.kl(p, q), *dot, at_most=2)]


def short_rows() -> list[Line]:
    rng = np.random.default_rng(0)
    P, Q = rng.dirichlet(np.ones(10), 1_000_000), rng.dirichlet(np.ones(10), 1_000_000)
    p, q = P[0].copy(), Q[0].copy()
    return [
        faster("`kb.kl`, (1 000 000, 10) float64 rows", lambda: kb.kl(P, Q),
               "`scipy.stats.entropy(p, q, axis=-1)`", lambda: entropy(P, Q, axis=-1), at_least=15),
        faster("`kb.kl`, 10 elements", lambda: kb.kl(p, q), "`scipy.stats.entropy(p, q)`",
               lambda: entropy(p, q), at_least=10, times=500),
    ]  # fmt: skip


def all_pairs() -> list[Line]:
    rng = np.random.default_rng(0)
    P, Q = rng.dirichlet(np.ones(200), 1000), rng.dirichlet(np.ones(200), 1000)
    ours = "`kb.pairwise`, JS, 1000 × 1000 rows of 200", lambda: kb.pairwise(P, Q, of=of)
    of, scipy_js = kb.JensenShannon(), lambda: cdist(P, Q, "jensenshannon")
    return [faster(*ours, "`cdist(…, 'jensenshannon')`", scipy_js, at_least=20, runs=3)]
