"""Write the table of thresholds into docs/migration.md: `python docs/make_migration.py`.

For each customary threshold: how large a change reaches it, and the Jensen-Shannon divergence of
that same change, in bits. Two kinds of change are measured, a shift of a normal law and a share
that grows from 10 %, by root finding on the laws (the normal law on 4201 values 0.005 apart).
"""

import math
import re
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

import kullback as kb

PAGE = Path(__file__).parent / "migration.md"
VALUES = np.linspace(-9, 12, 4201)


def wasserstein_normed(p, q):
    """The mean way a value moves, in standard deviations of the reference."""
    at = VALUES if len(p) > 2 else np.arange(2.0)
    spread = math.sqrt(p @ at**2 - (p @ at) ** 2)
    return float(kb.wasserstein(p, q, positions=at)) / spread


MEASURES = {
    "W1 in standard deviations": wasserstein_normed,
    "KL(reference ‖ current), nats": lambda p, q: float(kb.kl(p, q)),
    "JS distance, nats": lambda p, q: math.sqrt(kb.js(p, q)),
    "JS distance, bits": lambda p, q: math.sqrt(kb.js(p, q, base=2)),
    "PSI": lambda p, q: float(kb.jeffreys(p, q)),
    "Hellinger": lambda p, q: float(kb.hellinger(p, q)),
    "total variation": lambda p, q: float(kb.tv(p, q)),
}

CUSTOMARY = (
    ("evidently, `kl_div` (default 0.1)", "KL(reference ‖ current), nats", 0.1),
    ("evidently, `jensenshannon` (default 0.1)", "JS distance, nats", 0.1),
    ("evidently, `hellinger` at 0.1", "Hellinger", 0.1),
    ("evidently, `wasserstein` (normed) at 0.1", "W1 in standard deviations", 0.1),
    ("nannyml, `jensen_shannon` at 0.1", "JS distance, bits", 0.1),
    ("nannyml, `hellinger` at 0.1", "Hellinger", 0.1),
    ("nannyml, `l_infinity` at 0.1, two values", "total variation", 0.1),
    ("PSI, “slight”", "PSI", 0.1),
    ("PSI, “moderate”", "PSI", 0.2),
    ("PSI, “major”", "PSI", 0.25),
)


def normal(shift):
    """A unit normal law moved by that many standard deviations, in cells."""
    density = np.exp(-0.5 * (VALUES - shift) ** 2)
    return density / density.sum()


def share(grown):
    """Two values, of which one held 10 % and now holds `grown` more."""
    return np.asarray([0.1 + grown, 0.9 - grown])


def reached(law, most, measure, threshold):
    """The change at which the measure meets the threshold, and JS in bits there."""
    size = brentq(lambda by: measure(law(0.0), law(by)) - threshold, 1e-6, most, xtol=1e-12)
    return size, float(kb.js(law(0.0), law(size), base=2))


def lines():
    """One line a threshold, in the order of the list."""
    for name, measure, threshold in CUSTOMARY:
        shift, js_shift = reached(normal, 3.0, MEASURES[measure], threshold)
        grown, js_grown = reached(share, 0.8, MEASURES[measure], threshold)
        yield (
            f"| {name} | {measure} {threshold:g} | {shift:.2f} σ | {js_shift:.4f} | "
            f"10 % → {100 * (0.1 + grown):.1f} % | {js_grown:.4f} |"
        )


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    head = r"(\|---\|---\|---:\|---:\|---:\|---:\|\n)(?:\|.*\n)*"
    table = "\n".join(lines()) + "\n"
    PAGE.write_text(re.sub(head, lambda m: m.group(1) + table, text, count=1), encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
