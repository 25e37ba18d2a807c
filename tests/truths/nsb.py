"""The NSB entropy by mpmath's quadrature in β itself: prints the truths of test_truths.py.

`python tests/truths/nsb.py`
"""

import mpmath

CASES = ([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1], [5, 0, 0], [1, 1, 1, 1, 0], [40, 7, 0, 1])
CUTS = [0, 0.01, 0.1, 0.5, 1, 2, 5, 20, 100, 1000, mpmath.inf]


def nsb_entropy(counts):
    """∫ ρ(β) E[H | β] dβ / ∫ ρ(β) dβ."""
    k, n = len(counts), sum(counts)

    def weight(b):
        total = mpmath.loggamma(k * b) - mpmath.loggamma(n + k * b)
        total += sum(mpmath.loggamma(x + b) - mpmath.loggamma(b) for x in counts)
        return mpmath.exp(total) * (k * mpmath.psi(1, k * b + 1) - mpmath.psi(1, b + 1))

    def mean(b):
        a = n + k * b
        return mpmath.psi(0, a + 1) - sum((x + b) / a * mpmath.psi(0, x + b + 1) for x in counts)

    return mpmath.quad(lambda b: weight(b) * mean(b), CUTS) / mpmath.quad(weight, CUTS)


if __name__ == "__main__":
    mpmath.mp.dps = 50
    for counts in CASES:
        print(f"    ({counts}, {mpmath.nstr(nsb_entropy(counts), 14)}),")
