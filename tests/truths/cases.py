"""The inputs that truths are kept for: the same everywhere.

They are drawn by +, −, ×, ÷ and the Mersenne twister alone: Python promises the stream of
`Random.random`, and IEEE 754 the rest. truths.json holds a fingerprint of each input.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from random import Random

import numpy as np

ZERO_LOGIT = -math.inf
TAIL = (
    [-11.178302764892578, 8.359309196472168, -7.752376556396484],
    [-11.178314208984375, 8.875616073608398, -7.752459526062012],
)
"""What differs lies twenty below the top, where float32 keeps a logit to 1e-6."""


@dataclass(frozen=True)
class Case:
    """Two distributions as binary numbers: probabilities, or logits."""

    held: str
    p: np.ndarray
    q: np.ndarray

    def fingerprint(self) -> str:
        """Name exactly these numbers."""
        little = [x.astype(x.dtype.newbyteorder("<")).tobytes() for x in (self.p, self.q)]
        return sha256(b"".join(little)).hexdigest()[:16]


def shares(weights: list[float]) -> list[float]:
    """Return the weights over their sum."""
    total = math.fsum(weights)
    return [w / total for w in weights]


def uniform(rng: Random, k: int) -> list[float]:
    """Return k numbers between 0 and 1."""
    return [rng.random() for _ in range(k)]


def heavy(rng: Random, k: int) -> list[float]:
    """Return probabilities with a heavy tail: the odds of uniform numbers."""
    return shares([u / (1 - u) for u in uniform(rng, k)])


def peaked(rng: Random, k: int) -> list[float]:
    """Return probabilities of which one holds nearly all: uniform numbers to the power 64."""
    weights = uniform(rng, k)
    for _ in range(6):
        weights = [w * w for w in weights]
    return shares(weights)


def with_zeros(rng: Random, row: list[float], share: float) -> list[float]:
    """Return the row with this share of its outcomes emptied."""
    return shares([0.0 if rng.random() < share else x for x in row])


def nudged(rng: Random, row: list[float], by: float) -> list[float]:
    """Return the row, each probability off by up to this relative amount."""
    return shares([x * (1 + by * (2 * rng.random() - 1)) for x in row])


def _probabilities() -> dict[str, tuple[list[float], list[float]]]:
    found = {}
    for k in (2, 3, 17, 1000):
        rng = Random(k)
        found[f"random-{k}"] = heavy(rng, k), heavy(rng, k)
    rng = Random("peaked")
    found["peaked-17"] = peaked(rng, 17), peaked(rng, 17)
    found["peaked-200"] = peaked(rng, 200), peaked(rng, 200)
    found["sure"] = [1 - 3e-12, 1e-12, 2e-12], [1 - 3e-5, 1e-5, 2e-5]
    rng = Random("sparse")
    full, other = heavy(rng, 200), heavy(rng, 200)
    keep_p, keep_q = with_zeros(rng, full, 0.6), with_zeros(rng, other, 0.6)
    found["sparse"] = keep_p, keep_q
    found["zeros in p"] = keep_p, other
    found["zeros in both"] = (
        keep_p,
        shares([b if a > 0 else 0.0 for a, b in zip(keep_p, other, strict=True)]),
    )
    found["zeros in q"] = full, keep_q
    found["disjoint"] = [0.25, 0.75, 0.0, 0.0], [0.0, 0.0, 0.625, 0.375]
    for power in (1, 2, 3, 4, 5, 6, 7, 8):
        rng = Random(f"near-{power}")
        for k in (3, 1000) if power in (3, 8) else (17,):
            row = heavy(rng, k)
            found[f"near-1e-{power}-{k}"] = row, nudged(rng, row, 10.0**-power)
    row = heavy(Random("ulp"), 17)
    found["near-ulp"] = row, [math.nextafter(x, 1 if i % 2 else 0) for i, x in enumerate(row)]
    return found


def _subnormal() -> dict[str, tuple[list[float], list[float]]]:
    return {
        "subnormal in p": ([5e-324, 1e-310, 0.25, 0.75], [0.125, 0.25, 0.375, 0.25]),
        "subnormal in q": ([0.125, 0.25, 0.375, 0.25], [5e-324, 1e-310, 0.25, 0.75]),
        "subnormal in both": ([5e-324, 3e-310, 0.25, 0.75], [1e-322, 1e-310, 0.5, 0.5]),
        "tiny": ([1e-300, 1e-30, 0.25, 0.75], [1e-200, 1e-290, 0.5, 0.5]),
    }


def _logits() -> dict[str, tuple[list[float], list[float]]]:
    found = {}

    def scores(rng: Random, k: int, width: float) -> list[float]:
        return [width * (rng.random() + rng.random() - 1) for _ in range(k)]

    for k in (3, 17, 1000):
        rng = Random(f"logits-{k}")
        found[f"logits-{k}"] = scores(rng, k, 4.0), scores(rng, k, 4.0)
    rng = Random("wide")
    found["wide"] = scores(rng, 50, 30.0), scores(rng, 50, 30.0)
    for power in (1, 2, 3, 5, 7, 8):
        rng = Random(f"near-logits-{power}")
        a = scores(rng, 1000 if power in (3, 8) else 17, 4.0)
        found[f"near-logits-1e-{power}"] = a, [x + 10.0**-power * (2 * rng.random() - 1) for x in a]
    rng = Random("offset")
    a, b = scores(rng, 50, 4.0), scores(rng, 50, 4.0)
    found["offset"] = a, [x + 1e4 for x in b]
    found["both offset"] = [x + 1e4 for x in a], [x - 3e4 for x in b]
    found["near offset"] = a, [x + 1e4 + 1e-8 * rng.random() for x in a]
    found["near offset 1e-3"] = a, [x + 1e4 + 1e-3 * rng.random() for x in a]
    found["near, both offset"] = (up := [x + 1e4 for x in a]), [x + 1e-3 * rng.random() for x in up]
    found["near, both at 200"] = (up := [x + 200 for x in a]), [x + 1e-2 * rng.random() for x in up]
    hidden = [i % 3 == 0 for i in range(50)]
    masked = [[ZERO_LOGIT if h else x for x, h in zip(row, hidden, strict=True)] for row in (a, b)]
    found["masked in both"] = masked[0], masked[1]
    found["masked in p"] = masked[0], b
    found["masked in q"] = a, masked[1]
    found["near, masked in both"] = masked[0], [x + 1e-8 * rng.random() for x in masked[0]]
    for gap in (5, 10, 20):
        full = [*a, -float(gap)]
        found[f"near, one masked in p, {gap} down"] = [*a, ZERO_LOGIT], full
        found[f"near, one masked in q, {gap} down"] = full, [*a, ZERO_LOGIT]
    found["near, in the tail"] = TAIL
    return found


def _far_logits() -> dict[str, tuple[list[float], list[float]]]:
    rng = Random("far logits")
    a, b = ([600 * (rng.random() - 0.5) for _ in range(50)] for _ in range(2))
    return {"far logits": (a, b), "certain": ([0.0, -40.0, -41.0], [-1.0, -39.0, 2.0])}


def _single(row: list[float]) -> np.ndarray:
    return np.asarray(row, np.float32)


def double_cases() -> dict[str, Case]:
    """Return the cases in float64."""
    held: dict[str, Callable[[], dict[str, tuple[list[float], list[float]]]]] = {
        "probabilities": lambda: _probabilities() | _subnormal(),
        "logits": lambda: _logits() | _far_logits(),
    }
    return {
        name: Case(what, np.asarray(p), np.asarray(q))
        for what, rows in held.items()
        for name, (p, q) in rows().items()
    }


def single_cases() -> dict[str, Case]:
    """Return the cases in float32, without those that fall together or under its range."""
    rows = {
        name: (p, q)
        for name, (p, q) in _probabilities().items()
        if not name.startswith(("near-1e-7", "near-1e-8", "near-ulp", "peaked", "sure"))
    }
    rows["subnormal in p"] = [1e-45, 1e-40, 0.25, 0.75], [0.125, 0.25, 0.375, 0.25]
    rows["subnormal in q"] = [0.125, 0.25, 0.375, 0.25], [1e-45, 1e-40, 0.25, 0.75]
    rows["peaked"] = [0.999, 1e-3, 1e-12, 1e-20], [0.5, 0.25, 0.2, 0.05]
    cases = {
        f"single {name}": Case("probabilities", _single(p), _single(q))
        for name, (p, q) in rows.items()
    }
    for name, (a, b) in _logits().items():
        cases[f"single {name}"] = Case("logits", _single(a), _single(b))
    return cases
