"""How time and memory of neighbour estimates grow with the number of draws, each in a process.

Writes docs/pictures/growth.svg and docs/growth.json: `python benchmarks/accuracy/growth.py`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

DOCS = Path(__file__).parents[2] / "docs"
KINDS = {
    "KL, 1 coordinate": ("kl", 1, 1_000_000),
    "KL, 3 coordinates": ("kl", 3, 300_000),
    "KL, 8 coordinates": ("kl", 8, 30_000),
    "KL, 16 coordinates": ("kl", 16, 30_000),
    "mutual information, 1 + 1": ("mi", 1, 300_000),
}
"""What is asked, of how many coordinates, and the largest number of draws."""
SIZES = (1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)

ONE = """
import resource, sys, time
import numpy as np
import kullback as kb
asked, d, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
def answer(n):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((n, d)), 0.3 + rng.standard_normal((n, d))
    before = peak()
    start = time.process_time()
    if asked == "kl":
        by = kb.NearestNeighbours(resamples=0, permutations=0)
        found = kb.measure(kb.Samples(x), kb.Samples(y), by=by)
    else:
        by = kb.KSG(resamples=0, permutations=0)
        found = kb.measure(kb.Samples(x, x + y), of=kb.MutualInformation(), by=by)
    return time.process_time() - start, peak() - before, float(found.value)
answer(500)
print(*answer(n))
"""


def measured() -> dict[str, list[list[float]]]:
    """Return (n, seconds, bytes) for each kind."""
    found: dict[str, list[list[float]]] = {}
    for name, (asked, d, largest) in KINDS.items():
        for n in (size for size in SIZES if size <= largest):
            told = subprocess.run(
                [sys.executable, "-c", ONE, asked, str(d), str(n)],
                check=True, stdout=subprocess.PIPE, text=True,
            ).stdout.split()  # fmt: skip
            found.setdefault(name, []).append([n, float(told[0]), float(told[1])])
    return found


def draw(found: dict[str, Any]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "font.size": 9})
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    for i, (name, rows) in enumerate(found.items()):
        n, seconds, held = np.asarray(rows).T
        left.loglog(n, seconds, "o-", ms=3, lw=1, color=f"C{i}", label=name)
        some = held > 2e6
        right.loglog(n[some], held[some] / 2**20, "o-", ms=3, lw=1, color=f"C{i}")
    n = np.array([1e3, 1e6])
    left.loglog(n, 1.5e-7 * n * np.log(n), ":", color="#333333", lw=1, label="∝ n log n")
    right.loglog(n, 2.5e-4 * n, ":", color="#333333", lw=1, label="∝ n")
    left.set_ylabel("seconds of all processors together")
    right.set_ylabel("MiB beyond the draws themselves")
    for axes in (left, right):
        axes.set_xlabel("draws of each")
        axes.grid(lw=0.4, color="#dddddd")
        axes.legend(frameon=False, fontsize=8)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    figure.savefig(DOCS / "pictures" / "growth.svg", metadata={"Date": None})
    figure.savefig(DOCS.parent / "build" / "growth.png", dpi=90)
    plt.close(figure)


def main() -> None:
    path = DOCS / "growth.json"
    if "--draw" not in sys.argv:
        path.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
    draw(json.loads(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
