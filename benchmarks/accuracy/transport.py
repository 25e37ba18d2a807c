"""Bias and coverage of transport distances between samples, on laws whose distance is known.

Run it: python benchmarks/accuracy/transport.py (prints the table of docs/how-to/transport.md)
"""

import argparse
import math

import numpy as np

import kullback as kb

NO = {"permutations": 0}
NORMAL = math.sqrt(2 / math.pi)


def shifted(d, by):
    """N(0, I) and N(c, I), |c| = by."""
    return lambda rng, n: (rng.normal(size=(n, d)), rng.normal(size=(n, d)) + by / math.sqrt(d))


def widened(d, by):
    """N(0, I) and N(0, by² I)."""
    return lambda rng, n: (rng.normal(size=(n, d)), by * rng.normal(size=(n, d)))


CASES = (
    ("W₁, line, equal laws", shifted(1, 0), 200, 1, kb.ExactTransport(**NO), 0.0),
    ("W₁, line, shift 1", shifted(1, 1), 200, 1, kb.ExactTransport(**NO), 1.0),
    ("W₁, line, twice as wide", widened(1, 2), 200, 1, kb.ExactTransport(**NO), NORMAL),
    ("W₂, line, shift 0.3", shifted(1, 0.3), 200, 2, kb.ExactTransport(**NO), 0.3),
    ("W₂, plane, shift 1", shifted(2, 1), 150, 2, kb.ExactTransport(**NO), 1.0),
    ("W₂, plane, twice as wide", widened(2, 2), 150, 2, kb.ExactTransport(**NO), math.sqrt(2)),
    ("W₂, d = 5, shift 1", shifted(5, 1), 150, 2, kb.ExactTransport(**NO), 1.0),
    ("W₂, d = 5, twice as wide", widened(5, 2), 150, 2, kb.ExactTransport(**NO), math.sqrt(5)),
    ("Sinkhorn, plane, shift 1", shifted(2, 1), 100, 2, kb.Sinkhorn(**NO), 1.0),
    ("Sinkhorn, d = 5, shift 1", shifted(5, 1), 100, 2, kb.Sinkhorn(**NO), 1.0),
    ("sliced W₂, d = 5, equal", shifted(5, 0), 200, 2, kb.SlicedTransport(**NO), 0.0),
    ("sliced W₂, d = 5, shift 1", shifted(5, 1), 200, 2, kb.SlicedTransport(**NO), 5**-0.5),
    ("sliced W₂, d = 5, twice as wide", widened(5, 2), 200, 2, kb.SlicedTransport(**NO), 1.0),
)


def line(name, draw, n, order, by, truth, seeds):
    values, held = [], 0
    for seed in range(seeds):
        x, y = draw(np.random.default_rng(seed), n)
        answer = kb.measure(kb.Samples(x), kb.Samples(y), of=kb.Wasserstein(order), by=by, rng=seed)
        low, high = answer.interval()
        values.append(float(answer.value))
        held += low <= truth <= high
    bias, spread = np.mean(values) - truth, np.std(values, ddof=1)
    return (
        f"| {name} | {n} | {truth:.3f} | {bias:+.3f} | {spread:.3f} | {100 * held / seeds:.0f} % |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=60)
    seeds = parser.parse_args().seeds
    print("| distance, laws | n = m | truth | bias | spread | 95 % intervals that hold the truth |")
    print("|---|---|---|---|---|---|")
    for case in CASES:
        print(line(*case, seeds), flush=True)


if __name__ == "__main__":
    main()
