"""Comparing tables against the peers and against growth: writes docs/benchmarks-tables.md.

Each comparison is a process of its own, from its start to its end with all that it imports; its
memory is the most that it held at once.
"""

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from made_tables import made
from pages import DOCS, machine, publish
from timing import HEADER, Line, faster, mark, once, readable, within

BUILD = Path(__file__).parents[1] / "build" / "bench"
JOBS = Path(__file__).with_name("table_jobs.py")
ROOM = 4e9  # bytes that making and reading the larger tables may take on the disk
MEMORY, SPEED = 400, 2  # MB at most, and million rows a second at least, of 2 × 20 M rows
PACKAGES = {
    "evidently": ["evidently==0.7.*", "pandas<3", "pyarrow"],
    "nannyml": ["nannyml==0.13.*", "statsmodels", "pandas<3", "pyarrow"],
}
PAGE = """# Speed of comparing tables

Written by `make bench-tables`. Two Parquet tables of ten mixed columns: five of floating-point
numbers, one of whole numbers, four of text, one of these with 50 000 different values. Each time is
that of a whole process, imports included; seconds are medians, a ratio is the median of the paired
ratios. {machine}.

{lines}

`counts` is a plain DuckDB script that finds as many edges and counts the same cells and values,
without a divergence, an interval or a test; `few_counts` cuts into 16 cells, not 1024.

{absent}

## Growth

| rows a side | seconds | million rows a second | most memory |
|---|---|---|---|
{growth}

Rows of both tables count. {largest}

```{{image}} pictures/growth-tables.svg
:alt: Seconds and memory against the rows of a side, both axes logarithmic but that of memory
```
"""


@dataclass
class Job:
    """A comparison that can be timed; it remembers the memory of each run."""

    name: str
    tables: tuple[str, str]
    python: str = sys.executable
    memory: list[float] = field(default_factory=list)

    def __call__(self) -> None:
        quiet = {"NML_DISABLE_USAGE_LOGGING": "1", "DO_NOT_TRACK": "1"}
        kept = {"PYTHONDONTWRITEBYTECODE": ""}  # modules stay compiled, as after an installation
        done = subprocess.run(
            [self.python, str(JOBS), self.name, *self.tables],
            capture_output=True, text=True, check=False, env={**os.environ, **quiet, **kept},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        self.memory.append(float(done.stdout.split()[-1]))

    @property
    def peak(self) -> float:
        return max(self.memory)


def against(
    work: str, ours: Job, theirs: Job, compared: Callable[..., Line], **more: float
) -> Line:
    """A line of the table, with the memory of both."""
    line = compared(work, ours, f"`{theirs.name}`", theirs, **more)
    less = f" {mark(ours.peak <= theirs.peak)}" if more.get("at_least") else ""
    return replace(line, memory=f"{ours.peak:.0f} MB, {theirs.peak:.0f} MB{less}")


def lines(most: int) -> tuple[list[Line], list[str]]:
    """The lines of the table, of so many million rows at most, and why a peer is absent."""
    found, absent = [beside_counts(1, runs=5)], []
    for peer in PACKAGES:
        try:
            found.append(beside_peer(peer))
        except (RuntimeError, OSError) as error:
            absent.append(f"{peer} was not measured: {error}")
    if most >= 20:
        found += [beside_counts(20, runs=3), beside_few_counts(20)]
    return found, absent


def beside_counts(millions: int, runs: int) -> Line:
    ours, theirs = (Job(job, made(BUILD, millions)) for job in ("ours", "counts"))
    return against(f"2 × {millions} M rows", ours, theirs, within, at_most=1.5, runs=runs)


def beside_few_counts(millions: int) -> Line:
    ours, theirs = (Job(job, made(BUILD, millions)) for job in ("ours", "few_counts"))
    line = against(f"2 × {millions} M rows", ours, theirs, within, at_most=math.inf, runs=1)
    return replace(line, required="")


def beside_peer(peer: str) -> Line:
    tables = made(BUILD, 1)
    ours, theirs = Job("ours", tables), Job(peer, tables, environment(peer))
    least = 20 if peer == "evidently" else 0
    return against("2 × 1 M rows", ours, theirs, faster, at_least=least, runs=1)


def environment(peer: str) -> str:
    """The Python of an environment that holds the peer alone, made where it is not there yet."""
    folder = BUILD / "peers" / peer
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        done = subprocess.run(
            [python, "-m", "pip", "install", "-q", *PACKAGES[peer]],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(folder)
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return str(python)


def growth(millions: Sequence[int]) -> list[tuple[int, float, float]]:
    """Million rows a side, median seconds, and most memory."""
    found = []
    for many in millions:
        job = Job("ours", made(BUILD, many))
        seconds = statistics.median(once(job) for _ in range(3 if many <= 20 else 1))
        found.append((many, seconds, job.peak))
    return found


def grown(millions: int, seconds: float, memory: float) -> str:
    """One line of the table of growth."""
    rate = 2 * millions / seconds
    fast, small = (
        (f" (≥ {SPEED} {mark(rate >= SPEED)})", f" (≤ {MEMORY} {mark(memory <= MEMORY)})")
        if millions == 20
        else ("", "")
    )
    return f"| {millions} M | {readable(seconds)} | {rate:.1f}{fast} | {memory:.0f} MB{small} |"


def drawn(points: Sequence[tuple[int, float, float]], output: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "kullback", "font.size": 10})
    from matplotlib import pyplot as plt

    rows, seconds, memory = zip(*points, strict=True)
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    left.loglog(rows, seconds, "o-", color="#4c78a8")
    left.loglog(rows, [seconds[-1] * many / rows[-1] for many in rows], ":", color="#333333")
    left.set_title("seconds (dotted: in proportion to rows)", loc="left")
    right.semilogx(rows, memory, "o-", color="#e4572e")
    right.set_ylim(0, max(MEMORY * 1.1, *memory))
    right.axhline(MEMORY, linestyle=":", color="#333333")
    right.set_title("most memory, MB", loc="left")
    for axes in (left, right):
        axes.set_xlabel("million rows a side")
        axes.set_xticks(rows, [str(many) for many in rows])
        axes.minorticks_off()
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(output, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=DOCS / "benchmarks-tables.md")
    parser.add_argument("--most", type=int, default=100, help="million rows a side at most")
    asked = parser.parse_args()
    here = machine(("duckdb", "numpy", "pyarrow"))
    BUILD.mkdir(parents=True, exist_ok=True)
    room = shutil.disk_usage(BUILD).free
    most = asked.most if room > ROOM else 1
    measured, absent = lines(most)
    points = growth([many for many in (1, 5, 20, 100) if many <= most])
    drawn(points, DOCS / "pictures" / "growth-tables.svg")
    largest = "100 M rows are the 20 M rows read under five names." if most >= 100 else (
        f"No more than {most} M rows were measured, with {room / 1e9:.0f} GB free on the disk."
    )  # fmt: skip
    publish(
        PAGE.format(
            machine=here,
            lines="\n".join([HEADER.replace("extra", "most"), *map(str, measured)]),
            absent="\n".join(absent)
            or "evidently ran its drift preset with KL, nannyml its "
            "Jensen–Shannon calculator in ten chunks, both without a report.",
            growth="\n".join(grown(*point) for point in points),
            largest=largest,
        ),
        asked.output,
    )


if __name__ == "__main__":
    main()
