"""Write the table and the picture of docs/how-to/information.md: `python docs/make_information.py`.

With `--measure`, the table's numbers are measured anew (minutes) into docs/information.json.
"""

import importlib.util
import json
import math
import re
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("svg")
from matplotlib import pyplot as plt

import kullback as kb

HERE = Path(__file__).parent
PAGE = HERE / "how-to" / "information.md"
EXAMPLE = HERE.parent / "examples" / "lag_of_influence.py"
FOUND = HERE / "information.json"
SEEDS = 100
CALM, WARM, INK = "#4c78a8", "#e4572e", "#333333"
mpl.rcParams.update(
    {
        "svg.hashsalt": "kullback",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)
MI, CMI, TE = kb.MutualInformation(), kb.ConditionalMutualInformation(), kb.TransferEntropy()


def pair(rho, n, rng, d=1):
    """Two variables whose coordinates are correlated one by one."""
    x, noise = rng.normal(size=(2, n, d))
    return x, rho * x + math.sqrt(1 - rho**2) * noise


def gaussian(rho):
    """−½ log(1 − ρ²)."""
    return -0.5 * math.log(1 - rho**2)


def mixed(n, rng):
    """X uniform on 0 … 4, Y uniform on [X, X + 2]."""
    x = rng.integers(0, 5, n)
    return x, x + 2 * rng.random(n)


def given(rho, n, rng):
    """Two variables that share z, and more if ρ is not 0."""
    z = rng.normal(size=(n, 1))
    x, y = pair(rho, n, rng)
    return z + x, z + y, z


def series(coupling, n, rng):
    """X its own past, Y its own and x's: both autoregressive of order one."""
    a, b = rng.normal(size=(2, n + 100))
    x, y = np.zeros(n + 100), np.zeros(n + 100)
    for t in range(1, n + 100):
        x[t] = 0.6 * x[t - 1] + a[t]
        y[t] = 0.6 * y[t - 1] + coupling * x[t - 1] + b[t]
    return x[100:], y[100:]


def influence(coupling):
    """½ log Var(y′ | y)/Var(y′ | y, x), at the stationary covariances."""
    turn = np.asarray([[0.6, 0.0], [coupling, 0.6]])
    steps = np.eye(4) - np.kron(turn, turn)
    still = np.linalg.solve(steps, np.eye(2).ravel()).reshape(2, 2)
    after = turn @ still
    alone = still[1, 1] - after[1, 1] ** 2 / still[1, 1]
    return 0.5 * math.log(alone)


def laws():
    """Name, question, truth, how to draw, and the method."""
    plain, ranks = {}, {"scale": "ranks"}
    return [
        ("Gaussian, ρ = 0", MI, 0.0, lambda n, r: pair(0.0, n, r), plain),
        ("Gaussian, ρ = 0.6", MI, gaussian(0.6), lambda n, r: pair(0.6, n, r), plain),
        ("Gaussian, ρ = 0.9", MI, gaussian(0.9), lambda n, r: pair(0.9, n, r), plain),
        ("Gaussian, ρ = 0.9999", MI, gaussian(0.9999), lambda n, r: pair(0.9999, n, r), plain),
        ("Gaussian, 3 + 3 coordinates, ρ = 0.5", MI, 3 * gaussian(0.5),
         lambda n, r: pair(0.5, n, r, 3), plain),
        ("exp of Gaussian, ρ = 0.6", MI, gaussian(0.6),
         lambda n, r: [np.exp(2 * v) for v in pair(0.6, n, r)], plain),
        ("the same at ranks", MI, gaussian(0.6),
         lambda n, r: [np.exp(2 * v) for v in pair(0.6, n, r)], ranks),
        ("discrete with continuous", MI, math.log(5) - 0.8 * math.log(2), mixed, plain),
        ("given z, nothing more", CMI, 0.0, lambda n, r: given(0.0, n, r), plain),
        ("given z, ρ = 0.6", CMI, gaussian(0.6), lambda n, r: given(0.6, n, r), plain),
        ("series, no coupling", TE, 0.0, lambda n, r: series(0.0, n, r), plain),
        ("series, coupling 0.5", TE, influence(0.5), lambda n, r: series(0.5, n, r), plain),
    ]  # fmt: skip


def measured(n=500):
    """Bias, RMSE, coverage and false alarms over seeds."""
    rows = []
    for name, of, truth, draw, options in laws():
        method = kb.KSG(resamples=60, permutations=19, **options)
        values, held, alarms = [], 0, 0
        for seed in range(SEEDS):
            variables = draw(n, np.random.default_rng(seed))
            answer = kb.measure(kb.Samples(*variables), of=of, by=method, rng=seed)
            low, high = answer.interval(0.95)
            values.append(float(answer.value))
            held += bool(low <= truth <= high)
            alarms += bool(answer.p_value <= 0.05)
        bias = float(np.mean(values)) - truth
        rmse = float(np.sqrt(np.mean(np.square(np.asarray(values) - truth))))
        row = {"law": name, "question": of.symbol, "n": n, "truth": truth}
        row |= {"bias": bias, "rmse": rmse, "coverage": held / SEEDS, "alarms": alarms / SEEDS}
        rows.append(row)
        print(row, flush=True)
    FOUND.write_text(
        json.dumps({"seeds": SEEDS, "rows": rows}, indent=1, ensure_ascii=False) + "\n"
    )


def table():
    """The lines of the page's table."""
    return "\n".join(
        f"| {r['law']} | {r['question'].replace('|', '&#124;')} | {r['truth']:.3f} | "
        f"{r['bias']:+.3f} | {r['rmse']:.3f} | {100 * r['coverage']:.0f} % | "
        f"{100 * r['alarms']:.0f} % |"
        for r in json.loads(FOUND.read_text())["rows"]
    )


def delays():
    """The example's river: what the rain so many hours before tells, and how far both correlate."""
    spec = importlib.util.spec_from_file_location("lag_of_influence", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    rain, level = example.observed(np.random.default_rng(4))
    hours = np.arange(1, 7)
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(7, 5), sharex=True, layout="constrained")
    sides = (
        (rain, level, WARM, "rain before, level now"),
        (level, rain, CALM, "level before, rain now"),
    )
    for shift, (cause, effect, colour, label) in zip((-0.08, 0.08), sides, strict=True):
        found = [
            kb.measure(example.after(h, cause, effect), of=CMI, by=example.PLAIN, rng=0)
            for h in hours
        ]
        low, high = np.transpose([answer.interval() for answer in found])
        value = [float(answer.value) for answer in found]
        lower.vlines(hours + shift, low, high, color=colour, linewidth=3, alpha=0.45)
        lower.plot(hours + shift, value, "o", color=colour, label=label)
        seen = [np.corrcoef(cause[: len(cause) - h], effect[h:])[0, 1] for h in hours]
        upper.plot(hours + shift, seen, "o", color=colour)
    upper.set_ylim(-1, 1)
    upper.axhline(0, color=INK, linewidth=0.5)
    lower.axhline(0, color=INK, linewidth=0.5)
    upper.set_ylabel("correlation")
    lower.set_ylabel("information given the\neffect's own past, nats")
    lower.set_xlabel("hours from cause to effect")
    lower.legend(frameon=False, loc="upper left")
    upper.set_title(
        "Correlation sees nothing; information finds the direction and the delay",
        color=INK,
        loc="left",
    )
    figure.savefig(HERE / "pictures" / "lag-of-influence.svg", metadata={"Date": None})
    plt.close(figure)


def write_table():
    """Put the table's lines into the page."""
    text = PAGE.read_text(encoding="utf-8")
    head = r"(\|---\|---\|---\|---\|---\|---\|---\|\n)(?:\{table\}\n|(?:\|.*\n)+)"
    PAGE.write_text(re.sub(head, lambda m: m.group(1) + table() + "\n", text), encoding="utf-8")


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measured()
    delays()
    write_table()
