"""Write ratio_bounds.json: bias, spread and margins of the bounds by ratios, on laws with truths.

    python tests/truths/make_ratio_bounds.py            about eight minutes on one processor

Truths are closed forms, or integrals by scipy's quad. `held` is the share of seeds whose 95 % lower
limit is below the truth; the limit is one-sided, so 0.95 is what it says.
"""

import json
import sys
from pathlib import Path
from time import process_time

import numpy as np
from scipy.integrate import quad
from scipy.stats import norm, t

import kullback as kb

ROWS = 1000
SEEDS = {
    kb.QuadraticLogistic(): 100, kb.ULSIF(): 10, kb.KernelDensity(): 20, kb.Binned(): 20,
    kb.Classifier(): 5, kb.Critic(): 5,
}  # fmt: skip


def shifted(d, kl):
    """N(δ, 1) ‖ N(0, 1) in d dimensions, ½ ‖δ‖² = kl."""

    def draw(n, rng):
        return rng.standard_normal((n, d)) + np.sqrt(2 * kl / d), rng.standard_normal((n, d))

    return draw, kl


def equicorrelated(d, a, b):
    def root(r):
        return np.linalg.cholesky((1 - r) * np.eye(d) + r)

    def draw(n, rng):
        return (rng.standard_normal((n, d)) @ root(r).T for r in (a, b))

    first, second = ((1 - r) * np.eye(d) + r for r in (a, b))
    logs = np.linalg.slogdet(first)[1] - np.linalg.slogdet(second)[1]
    return draw, 0.5 * (np.trace(np.linalg.solve(second, first)) - d - logs)


def two_humps(d):
    """½ N(−2, 1) + ½ N(2, 1) ‖ N(0, 5): the same mean and variance; the other columns alike."""

    def draw(n, rng):
        x, y = rng.standard_normal((2, n, d))
        x[:, 0] += rng.choice([-2.0, 2.0], n)
        y[:, 0] *= np.sqrt(5)
        return x, y

    def term(z):
        p = 0.5 * (norm.pdf(z, 2) + norm.pdf(z, -2))
        return p * (np.log(p) - norm.logpdf(z, 0, np.sqrt(5)))

    return draw, quad(term, -12, 12)[0]


def exponentials(a, b):
    def draw(n, rng):
        return rng.exponential(1 / a, (n, 1)), rng.exponential(1 / b, (n, 1))

    return draw, np.log(a / b) + b / a - 1


def normal_and_t():
    def draw(n, rng):
        return rng.standard_normal((n, 1)), rng.standard_t(3, (n, 1))

    return draw, quad(lambda z: norm.pdf(z) * (norm.logpdf(z) - t.logpdf(z, 3)), -12, 12)[0]


LAWS = {
    "Gaussians, d = 2, shifted": shifted(2, 1.0),
    "Gaussians, d = 10, shifted": shifted(10, 1.0),
    "Gaussians, d = 10, shifted far": shifted(10, 2.0),
    "Gaussians, d = 20, shifted": shifted(20, 1.0),
    "Gaussians, d = 20, shifted far": shifted(20, 2.0),
    "Gaussians, d = 10, ρ 0.5 ‖ 0.1": equicorrelated(10, 0.5, 0.1),
    "two humps ‖ Gaussian, d = 5": two_humps(5),
    "exponentials, rates 1 ‖ 0.4": exponentials(1.0, 0.4),
    "normal ‖ t with 3 degrees": normal_and_t(),
    "no difference, d = 5": shifted(5, 0.0),
}


def line(by, draw, truth, seeds):
    found, begin = [], process_time()
    for seed in range(seeds):
        x, y = draw(ROWS, np.random.default_rng(seed))
        answer = kb.measure(kb.Samples(x), kb.Samples(y), by=by, rng=seed)
        found.append([answer.value, answer.error, answer.interval(0.95)[0]])
    value, error, lower = np.array(found, dtype=float).T
    return {
        "truth": round(float(truth), 6), "bias": round(float(value.mean() - truth), 4),
        "sd": round(float(value.std(ddof=1)), 4), "se": round(float(error.mean()), 4),
        "lower": round(float(lower.mean()), 4), "held": float(np.mean(lower <= truth)),
        "seeds": seeds, "cpu": round((process_time() - begin) / seeds, 3),
    }  # fmt: skip


def main():
    path = Path(__file__).with_name("ratio_bounds.json")
    table = {}
    for by, seeds in SEEDS.items():
        for name, (draw, truth) in LAWS.items():
            x, y = draw(ROWS, np.random.default_rng(0))
            if by.refuse(kb.KL(), kb.Samples(x), kb.Samples(y)):
                continue
            found = line(by, draw, truth, seeds)
            table.setdefault(repr(by), {})[name] = found
            print(f"{by!r:20} {name:32} {found}", file=sys.stderr, flush=True)
            path.write_text(
                json.dumps({"rows": ROWS, "methods": table}, indent=1, ensure_ascii=False) + "\n"
            )


if __name__ == "__main__":
    main()
