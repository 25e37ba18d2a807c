"""Write truths.json: every question of every case, to 30 digits, of the binary numbers given.

    python -m tests.truths.make_truths

The formulas are those of the textbooks, in the form in which a sum that misses 1 in the last digit
changes nothing: Σ q f(p/q) with f ≥ 0, f(1) = 0. Nothing of kullback is used.
"""

import json
import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import mpmath
from mpmath import mp, mpf

from .cases import Case, double_cases, single_cases

mp.dps = 60
INF = mpf("inf")
Row = list[mpf]


def softmax(logits: list[float]) -> Row:
    peak = max(logits)
    weights = [mp.exp(mpf(x) - mpf(peak)) if x > -math.inf else mpf(0) for x in logits]
    total = mp.fsum(weights)
    return [w / total for w in weights]


def pairs(p: Row, q: Row) -> Iterator[tuple[mpf, mpf]]:
    return zip(p, q, strict=True)


def kl(p: Row, q: Row) -> mpf:
    return mp.fsum(
        b if a == 0 else INF if b == 0 else a * mp.log(a / b) - a + b for a, b in pairs(p, q)
    )


def js(p: Row, q: Row, w: mpf) -> mpf:
    m = [w * a + (1 - w) * b for a, b in pairs(p, q)]
    return w * kl(p, m) + (1 - w) * kl(q, m)


def hellinger(p: Row, q: Row) -> mpf:
    return mp.sqrt(mp.fsum((mp.sqrt(a) - mp.sqrt(b)) ** 2 for a, b in pairs(p, q)) / 2)


def chi2(p: Row, q: Row) -> mpf:
    return mp.fsum(
        mpf(0) if a == b else INF if b == 0 else (a - b) ** 2 / b for a, b in pairs(p, q)
    )


def hockey_stick(p: Row, q: Row, gamma: int) -> mpf:
    return mp.fsum(max(a - gamma * b, mpf(0)) for a, b in pairs(p, q))


def powers(p: Row, q: Row, a: mpf) -> mpf:
    """Σ p^α q^(1−α); ∞ where q is lost and α > 1, or p and α < 0."""

    def one(x: mpf, y: mpf) -> mpf:
        if x > 0 and y > 0:
            return x**a * y ** (1 - a)
        return INF if (x > 0 and a > 1) or (y > 0 and a < 0) else mpf(0)

    return mp.fsum(one(x, y) for x, y in pairs(p, q))


def alpha(p: Row, q: Row, a: mpf) -> mpf:
    if a == 1:
        return kl(p, q)
    if a == 0:
        return kl(q, p)
    return (powers(p, q, a) - a * mp.fsum(p) - (1 - a) * mp.fsum(q)) / (a * (a - 1))


def tsallis(p: Row, q: Row, a: mpf) -> mpf:
    return a * alpha(p, q, a)


def renyi(p: Row, q: Row, a: mpf) -> mpf:
    if a == 1:
        return kl(p, q)
    if a == INF:
        return mp.log(max(INF if y == 0 else x / y for x, y in pairs(p, q) if x > 0))
    if a == 0:
        outside = mp.fsum(y for x, y in pairs(p, q) if x == 0)
        inside = mp.fsum(y for x, y in pairs(p, q) if x > 0)
        return -mp.log(1 - outside if outside < 0.5 else inside) if inside else INF
    excess, direct = a * (a - 1) * alpha(p, q, a), powers(p, q, a)
    if abs(excess) <= 0.5:
        return mp.log(1 + excess) / (a - 1)
    # far from equality the sums' last digits do not matter, and the textbook's own form is kept
    assert mp.isinf(direct) or abs(direct - 1 - excess) <= mpf(1e-6) * max(abs(excess), 1)
    return INF if direct == 0 or direct == INF else mp.log(direct) / (a - 1)


def asked() -> dict[str, Callable[[Row, Row], mpf]]:
    found: dict[str, Callable[[Row, Row], mpf]] = {
        "kl": kl,
        "reverse kl": lambda p, q: kl(q, p),
        "jeffreys": lambda p, q: kl(p, q) + kl(q, p),
        "js": partial(js, w=mpf(1) / 2),
        "js 0.3": partial(js, w=mpf(3) / 10),
        "tv": lambda p, q: mp.fsum(abs(a - b) for a, b in pairs(p, q)) / 2,
        "hellinger": hellinger,
        "chi2": chi2,
        "hockey-stick 1": partial(hockey_stick, gamma=1),
        "hockey-stick 2": partial(hockey_stick, gamma=2),
        "entropy": lambda p, _: -mp.fsum(a * mp.log(a) for a in p if a > 0),
        "cross-entropy": lambda p, q: mp.fsum(
            INF if b == 0 else -a * mp.log(b) for a, b in pairs(p, q) if a > 0
        ),
    }
    families = {
        "renyi": (renyi, ("0", "0.25", "0.5", "0.999", "1", "1.5", "2", "10", "inf")),
        "tsallis": (tsallis, ("0.3", "1", "2")),
        "alpha": (alpha, ("-1", "0", "0.3", "1", "2")),
    }
    for name, (family, orders) in families.items():
        found |= {f"{name} {order}": partial(family, a=mpf(float(order))) for order in orders}
    return found


def truths_of(case: Case) -> dict[str, object]:
    numbers = [x.astype(float).tolist() for x in (case.p, case.q)]
    p, q = (softmax(x) if case.held == "logits" else [mpf(v) for v in x] for x in numbers)
    values = {
        name: mpmath.nstr(of(p, q), 30).replace("+inf", "inf") for name, of in asked().items()
    }
    return {"input": case.fingerprint(), "values": values}


if __name__ == "__main__":
    found = {name: truths_of(case) for name, case in (double_cases() | single_cases()).items()}
    path = Path(__file__).with_name("truths.json")
    path.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{len(found)} cases, {sum(len(x['values']) for x in found.values())} truths, {path}")
