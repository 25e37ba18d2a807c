"""Two ways to do one thing, timed in turn; a line is the median of the paired ratios."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], object]
SLOW = 2.0


@dataclass(frozen=True)
class Line:
    """One line of the table: our seconds, the peer's, and how they compare."""

    work: str
    ours: float
    peer: str
    theirs: float
    ratio: str
    required: str = ""
    memory: str = ""

    def __str__(self) -> str:
        return " | ".join(
            ("", self.work, readable(self.ours), self.peer, readable(self.theirs), self.ratio,
             self.required, self.memory, "")
        ).strip()  # fmt: skip


HEADER = (
    "| work | kullback | peer | its time | ratio | required | extra memory: ours, peer's |\n"
    "|---|---|---|---|---|---|---|"
)


def faster(
    work: str,
    ours: Work,
    peer: str,
    theirs: Work,
    *,
    at_least: float = 0,
    runs: int = 7,
    memory: str = "",
    times: int = 1,
    share: float = 1,
) -> Line:
    """How many times faster we are than the peer, which does a share of the work."""
    a, b, ratio = paired(repeated(ours, times), repeated(theirs, times), runs)
    b, ratio = b / share, ratio / share
    required = f"≥ {at_least:g} × {mark(ratio >= at_least)}" if at_least else ""
    return Line(work, a / times, peer, b / times, f"{ratio:.1f} × faster", required, memory)


def within(
    work: str,
    ours: Work,
    peer: str,
    theirs: Work,
    *,
    at_most: float,
    runs: int = 21,
    times: int = 1,
) -> Line:
    """How many times the peer's time we take."""
    a, b, ratio = paired(repeated(ours, times), repeated(theirs, times), runs)
    required = f"≤ {at_most:g} × {mark(1 / ratio <= at_most)}"
    return Line(work, a / times, peer, b / times, f"{1 / ratio:.2f} × its time", required)


def mark(met: bool) -> str:
    return "✓" if met else "✗"


def paired(ours: Work, theirs: Work, runs: int) -> tuple[float, float, float]:
    """Median seconds of both, and the median of theirs / ours."""
    pairs = []
    for _ in range(runs):
        gc.collect()
        pairs.append((seconds(ours), seconds(theirs)))
    a, b = zip(*pairs, strict=True)
    return statistics.median(a), statistics.median(b), statistics.median(t / o for o, t in pairs)


def seconds(work: Work) -> float:
    """Time a run that follows one like it, once the worker threads of the other side are asleep.

    Those of BLAS and OpenMP spin for a while after their own work, on processors we would measure.
    Work of seconds needs no such run before it.
    """
    time.sleep(0.1)
    first = once(work)
    return first if first > SLOW else once(work)


def once(work: Work) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def repeated(work: Work, times: int) -> Work:
    def again() -> None:
        for _ in range(times):
            work()

    return work if times == 1 else again


def extra_memory(work: Work) -> float:
    """Peak resident memory that the work adds, in MB (Linux; NaN elsewhere)."""
    gc.collect()
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return float("nan")
    before = _resident("VmRSS")
    work()
    return (_resident("VmHWM") - before) / 1e3


def _resident(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(field))


def readable(t: float) -> str:
    if t < 1e-3:
        return f"{t * 1e6:.1f} µs"
    return f"{t * 1e3:.1f} ms" if t < 1 else f"{t:.2f} s"
