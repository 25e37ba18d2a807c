"""Draw the pictures of the docs from real data: `make docs`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("svg")
from matplotlib import pyplot as plt

import kullback as kb

HERE = Path(__file__).parent
FLIGHTS = HERE.parent / "examples" / "flights"
CALM, WARM, INK = "#4c78a8", "#e4572e", "#333333"
mpl.rcParams.update(
    {
        "svg.hashsalt": "kullback",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)


def arrival_delays() -> None:
    """January's and July's arrival delays, and each cell's share of the relative entropy."""
    found = kb.compare(FLIGHTS / "january.parquet", FLIGHTS / "july.parquet", columns=["arr_delay"])
    cells = sorted(found["arr_delay"].cells, key=lambda cell: _order(cell.label))
    reference = np.asarray([cell.reference for cell in cells])
    current = np.asarray([cell.current for cell in cells])
    answer = kb.measure(kb.Counts(current), kb.Counts(reference), base=2)
    p, q = current / current.sum(), reference / reference.sum()
    place = np.arange(len(cells))
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(8, 5), sharex=True, layout="constrained")
    upper.bar(place - 0.2, 100 * q, 0.4, color=CALM, label="January (q)")
    upper.bar(place + 0.2, 100 * p, 0.4, color=WARM, label="July (p)")
    upper.set_ylabel("share of flights, %")
    upper.legend(frameon=False)
    lower.bar(place, 1000 * answer.contributions, 0.8, color=np.where(p > q, WARM, CALM))
    lower.set_ylabel("share of KL, 0.001 bits")
    lower.set_xticks(place, [cell.label for cell in cells], rotation=60, ha="right")
    lower.set_xlabel("arrival delay, minutes")
    upper.set_title(
        f"KL(July ‖ January) = {float(answer.value):.4f} bits, and where it comes from",
        color=INK,
        loc="left",
    )
    figure.savefig(HERE / "pictures" / "arrival-delays.svg", metadata={"Date": None})
    plt.close(figure)


def panel() -> None:
    """Estimators of KL between shifted Gaussians in ten dimensions, where they disagree."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(10**-0.5, 1, (1000, 10)), rng.normal(0, 1, (1000, 10))
    axes = kb.panel(x, y, rng=0).plot()
    axes.plot([0.5, 0.5], axes.get_ylim(), ":", color=INK, linewidth=1)
    axes.text(0.5, -0.42, " the truth", color=INK, fontsize="small", va="top")
    axes.figure.savefig(HERE / "pictures" / "panel.svg", metadata={"Date": None})
    plt.close(axes.figure)


def _order(name: str) -> float:
    if name.startswith("≤"):
        return -1e9
    if name.startswith(">"):
        return 1e9
    return float(name.partition(" to ")[0]) if name != "missing" else 2e9


if __name__ == "__main__":
    arrival_delays()
    panel()
