"""Relative error of KL against 50 digits, ours and the peers', on what arrays are like."""

from collections.abc import Callable, Iterator

import mpmath
import numkong
import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import rel_entr
from scipy.stats import entropy

import kullback as kb

Array = np.ndarray
PEERS: dict[str, Callable[[Array, Array], float]] = {
    "kullback": lambda p, q: float(kb.kl(p, q)),
    "`scipy.stats.entropy`": lambda p, q: float(entropy(p, q)),
    "`rel_entr().sum()`": lambda p, q: float(rel_entr(p, q).sum()),
    "torch `F.kl_div`": lambda p, q: float(
        F.kl_div(torch.tensor(q).log(), torch.tensor(p), reduction="sum")
    ),
    "numkong": lambda p, q: float(numkong.kullbackleibler(p, q)),
}


def cases() -> Iterator[tuple[str, Array, Array]]:
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.ones(1000)), rng.dirichlet(np.ones(1000))
    half = rng.random(1000) < 0.5
    yield "random", p, q
    yield "q = p up to 1e-8", p, _scaled(p * (1 + 1e-8 * rng.standard_normal(1000)))
    yield "half of p is 0", _scaled(np.where(half, 0, p)), q
    yield "half of both is 0", _scaled(np.where(half, 0, p)), _scaled(np.where(half, 0, q))
    yield "half of q is 1e-30", p, _scaled(np.where(half, 1e-30, q))


def _scaled(x: Array) -> Array:
    return x / x.sum()


def truth(p: Array, q: Array) -> mpmath.mpf:
    mpmath.mp.dps = 50
    pairs = [(mpmath.mpf(a), mpmath.mpf(b)) for a, b in zip(p.tolist(), q.tolist(), strict=True)]
    return mpmath.fsum((a * mpmath.log(a / b) if a else 0) - a + b for a, b in pairs)


def table() -> str:
    lines = [
        "| p and q, 1000 outcomes | KL | " + " | ".join(PEERS) + " |",
        "|" + "---|" * (len(PEERS) + 2),
    ]
    for name, p, q in cases():
        exact = truth(p, q)
        errors = (float(abs(mpmath.mpf(f(p, q)) - exact) / exact) for f in PEERS.values())
        shown = " | ".join(f"{error:.0e}" for error in errors)
        lines.append(f"| {name} | {mpmath.nstr(exact, 4)} | {shown} |")
    return "\n".join(lines)
