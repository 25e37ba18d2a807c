"""Speed and error against the peers, in one process: `make bench` writes docs/benchmarks.md."""

import argparse
from pathlib import Path

import distributions
import errors
import logits
import probabilities
import samples
import samples_transport
from pages import DOCS, machine, publish
from timing import HEADER

PAGE = """# Speed and error

Written by `make bench`. Ours and the peer's ran in turn in one process; seconds are medians, a
ratio is the median of the paired ratios. {machine}.

{lines}

Extra memory is the peak that one call adds to the process.

## Error

Relative error of KL(p ‖ q) against mpmath at 50 digits. numkong is fast, and wrong where q is very
small; the textbook sum loses every digit where q is close to p.

{errors}

{integrals}.
"""


PEERS = (
    "numpy", "scipy", "torch", "numkong", "jax", "numpyro", "distrax", "scikit-learn", "POT",
    "divergence", "npeet-plus", "universal-divergence",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=DOCS / "benchmarks.md")
    output = parser.parse_args().output
    here = machine(PEERS)
    groups = (
        probabilities.long_rows,
        probabilities.single_precision,
        probabilities.short_rows,
        probabilities.all_pairs,
        logits.divergences,
        logits.classification,
        distributions.pairs,
        distributions.matrices,
        samples.lines,
        samples_transport.lines,
    )
    lines = [str(line) for group in groups for line in group()]
    integrals, integration_errors = distributions.integrals()
    lines += map(str, integrals)
    text = PAGE.format(
        machine=here, lines="\n".join([HEADER, *lines]), errors=errors.table(),
        integrals=integration_errors,
    )  # fmt: skip
    publish(text, output)


if __name__ == "__main__":
    main()
