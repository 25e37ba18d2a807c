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


def codes() -> None:
    """What the hour of departure says of the delay, kept for less and less; a coin told wrongly."""
    joint, hours = _hours_and_delays()
    beta = np.array([13.5, 15, 17, 20, 25, 30, 40, 60, 100])
    found = kb.bottleneck(joint, beta, base=2)
    two = next(i for i, w in enumerate(found.encoder) if w.shape[1] == 2)
    figure, (curve, code, coin) = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    rate, kept = np.append(0, found.rate), np.append(0, found.relevance)
    curve.plot(rate, kept, "o-", color=CALM, markersize=4)
    curve.axhline(kb.mutual_information(joint, base=2), color=INK, linestyle=":", linewidth=1)
    curve.set(xlabel="I(X; T), bits", ylabel="I(T; Y), bits", ylim=(0, None))
    curve.set_title("What a code of the hour keeps of the delay", loc="left", fontsize=10)
    late = found.decoder[two][:, -1].argmax()
    code.bar(hours, found.encoder[two][:, late], color=WARM)
    code.set(xlabel="scheduled hour of departure", ylabel="p(second word | hour)")
    code.set_title(f"β = {found.beta[two]:g}: two words", loc="left", fontsize=10)
    for p, colour in ((0.5, CALM), (0.2, WARM)):
        told = kb.rate_distortion([p, 1 - p], 1 - np.eye(2), np.geomspace(2.01, 30, 12), base=2)
        d = np.linspace(1e-6, p, 200)
        coin.plot(d, kb.entropy([p, 1 - p], base=2) - _h(d), color=colour, label=f"p = {p:g}")
        coin.plot(told.distortion, told.rate, "o", color=colour, markersize=4)
    coin.set(xlabel="share told wrongly, D", ylabel="R(D), bits")
    coin.legend(frameon=False)
    coin.set_title("A coin: h(p) − h(D), and codes found", loc="left", fontsize=10)
    figure.savefig(HERE / "pictures" / "codes.svg", metadata={"Date": None})
    plt.close(figure)
    rows = zip(beta, found.rate, found.relevance, found.upper, found.encoder, strict=True)
    for b, rate_, kept_, upper, w in rows:
        print(f"| {b:g} | {rate_:.3f} | {kept_:.4f} | {upper - kept_:.0e} | {w.shape[1]} |")


def _hours_and_delays() -> tuple[np.ndarray, np.ndarray]:
    """Return how often each pair of hour and delay came in July: a table, and its rows' hours."""
    import duckdb

    rows = duckdb.sql(
        "SELECT sched_dep_time // 100 AS hour, CASE WHEN arr_delay IS NULL THEN 0 "
        "WHEN arr_delay <= -15 THEN 1 WHEN arr_delay <= 0 THEN 2 WHEN arr_delay <= 15 THEN 3 "
        "WHEN arr_delay <= 60 THEN 4 ELSE 5 END AS delay, count(*) AS flights "
        f"FROM '{FLIGHTS / 'july.parquet'}' WHERE sched_dep_time >= 500 GROUP BY ALL"
    ).fetchnumpy()
    hours = np.unique(rows["hour"])
    joint = np.zeros((len(hours), 6))
    joint[np.searchsorted(hours, rows["hour"]), rows["delay"]] = rows["flights"]
    return joint / joint.sum(), hours


def _h(d: np.ndarray) -> np.ndarray:
    return kb.entropy(np.stack([d, 1 - d]), base=2, axis=0)


def _order(name: str) -> float:
    if name.startswith("≤"):
        return -1e9
    if name.startswith(">"):
        return 1e9
    return float(name.partition(" to ")[0]) if name != "missing" else 2e9


if __name__ == "__main__":
    arrival_delays()
    panel()
    codes()
