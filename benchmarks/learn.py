"""Learning against the peers, in one process: writes docs/benchmarks-learn.md."""

import argparse
from importlib.util import find_spec
from pathlib import Path

import bayesian_speed
import distillation
import vae
import variational
from pages import DOCS, machine, publish
from timing import HEADER

PAGE = """# Speed of learning

Written by `make bench-learn`. Ours and the peer's ran in turn in one process; seconds are medians,
a ratio is the median of the paired ratios. {machine}.

{lines}

A fit is timed from the density to the answer: with ours, that holds the mode, the error of the
ELBO, the evidence and k̂, on 4096 to 16 384 fresh draws; with theirs, the compilation. NumPyro's
time to the first step is nearly all compilation. Every ELBO is that of the final law on the same
32 768 draws in float64. The peers take 5000 steps of Adam at 0.01, one draw a step.

The VAEs have the network of `examples/vae.py` and run on one thread; their ELBO is that of 2000
other images, binarised anew. Of convolutions, ours and bayesian-torch both take most by torch's
own kernels: no line is drawn for them.

{absent}
"""

PEERS = {
    "numpyro": "numpyro",
    "pyro": "pyro-ppl",
    "pymc": "pymc",
    "pythae": "pythae",
    "bayesian_torch": "bayesian-torch",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=DOCS / "benchmarks-learn.md")
    output = parser.parse_args().output
    here = {name for name in PEERS if find_spec(name) is not None}
    about = machine(("torch", *(PEERS[name] for name in PEERS if name in here)))
    lines = [*variational.lines(), *distillation.lines(), *vae.lines(), *bayesian_speed.lines()]
    absent = ", ".join(PEERS[name] for name in PEERS if name not in here)
    text = PAGE.format(
        machine=about,
        lines="\n".join([HEADER, *map(str, lines)]),
        absent=f"Not installed here, and left out: {absent}." if absent else "",
    )
    publish(text.rstrip() + "\n", output)


if __name__ == "__main__":
    main()
