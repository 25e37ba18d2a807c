"""The page and the picture: docs/accuracy.md, docs/pictures/accuracy.svg."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from laws import Case

Found = dict[str, Any]
DOCS = Path(__file__).parents[2] / "docs"
TITLES = {
    "KL": "KL(p ‖ q)", "Entropy": "Entropy", "MutualInformation": "Mutual information",
    "JensenShannon": "Jensen–Shannon", "Hellinger": "Hellinger", "Renyi": "Rényi of order ½",
    "TotalVariation": "Total variation", "Wasserstein": "Wasserstein of order 1",
}  # fmt: skip
INTRODUCTION = (Path(__file__).parent / "introduction.md").read_text(encoding="utf-8")


def scored(rows: list[list[float]], truth: float) -> tuple[float, float, float | None, float]:
    """Return bias, root mean squared error, coverage (None without intervals), and bias's error."""
    values, low, high = np.asarray(rows, dtype=float).T
    off = values - truth
    stated = ~np.isnan(low)
    inside = (low <= truth + 1e-12) & (truth <= high + 1e-12)
    covered = float(inside[stated].mean()) if stated.any() else None
    noise = float(off.std(ddof=1) / np.sqrt(len(off))) if len(off) > 1 else float("nan")
    return float(off.mean()), float(np.sqrt(np.mean(off**2))), covered, noise


def cell(found: Found | None, truth: float) -> str:
    if found is None:
        return ""
    if "refused" in found or "raised" in found or "missing" in found:
        return "–"
    rows = found.get("rows") or [[x, np.nan, np.nan] for x in found["values"]]
    values = np.asarray(rows, dtype=float)[:, 0]
    if np.isnan(values).any():
        return f"NaN in {int(np.isnan(values).sum())} of {len(values)}"
    if np.isinf(values).any():
        return f"∞ in {int(np.isinf(values).sum())} of {len(values)}"
    bias, rmse, covered, _ = scored(rows, truth)
    said = f"{bias:+.3f} · {rmse:.3f}"
    return said if covered is None else f"{said} · {100 * covered:.0f} %"


def table(every: list[Case], ours: list[str], answers: Found, peers: Found) -> str:
    of_peers = peers_in(every, peers)
    heads = [f"`{name}`" for name in ours] + of_peers
    lines = [
        "| law, coordinates | truth | " + " | ".join(heads) + " |",
        "|---" * (2 + len(heads)) + "|",
    ]
    for case in every:
        cells = [cell(answers.get(_key(case, name)), case.truth) for name in ours]
        cells += [cell(of_peer(peers, case, name) or None, case.truth) for name in of_peers]
        lines.append(f"| {case.name} | {case.truth:.4f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def peers_in(every: list[Case], peers: Found) -> list[str]:
    found = (peers.get(f"{case.question} | {case.name}", {"peers": {}}) for case in every)
    return list(dict.fromkeys(name for case in found for name in case["peers"]))


def of_peer(peers: Found, case: Case, name: str) -> Found:
    """Return what a peer answered, empty if it was not asked."""
    told = peers.get(f"{case.question} | {case.name}", {"peers": {}})
    return dict(told["peers"].get(name, {}))


def _key(case: Case, name: str) -> str:
    return f"{case.question} | {case.name} | {name}"


def seconds(every: list[Case], ours: list[str], answers: Found, peers: Found) -> Iterator[str]:
    """Yield how long one answer took, the median over laws, and over how many seeds."""
    for name in ours:
        found = [a for case in every if "rows" in (a := answers.get(_key(case, name), {}))]
        if found:
            typical = np.median([a["seconds"] for a in found])
            asked = [len(a["rows"]) for a in found]
            yield f"`{name}` {_short(typical)} s with its interval ({_seeds(asked)})"
    for name in peers_in(every, peers):
        told = [
            peers[k]["peers"].get(name, {}) for k in peers if k.split(" | ")[0] == every[0].question
        ]
        found = [a for a in told if "values" in a]
        if found:
            typical = np.median([a["seconds"] for a in found])
            asked = [len(a["values"]) for a in found]
            yield f"{name} {_short(typical)} s ({_seeds(asked)})"


def _short(x: float) -> str:
    return f"{x:.0f}" if x >= 10 else f"{x:.2g}"


def _seeds(asked: list[int]) -> str:
    least, most = min(asked), max(asked)
    if most == 1:
        return "1 seed"
    return f"{most} seeds" if least == most else f"{least} to {most} seeds"


def refusals(every: list[Case], ours: list[str], answers: Found, peers: Found) -> Iterator[str]:
    """Yield what each – stands for."""
    for name in [*ours, *peers_in(every, peers)]:
        said: dict[str, list[tuple[str, str]]] = {}
        for case in every:
            told = answers.get(_key(case, name)) or of_peer(peers, case, name)
            reason = next((told[k] for k in ("refused", "raised", "missing") if k in told), None)
            if reason:
                words = reason.rpartition(" here: ")[2].removeprefix("ValueError: ")
                said.setdefault(re.sub(r"\d+", "n", words), []).append((case.name, words))
        shown = f"`{name}`" if name in ours else name
        for alike in said.values():
            yield f"- {shown} ({_few([law for law, _ in alike])}): {alike[0][1]}"


def _few(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}, and {len(names) - 1} more"


def write(
    every: list[Case],
    columns: list[tuple[str, list[str]]],
    answers: Found,
    peers: Found,
) -> None:
    """Write the page and draw its picture."""
    versions = next(iter(peers.values()), {"versions": {}})["versions"]
    named = ", ".join(f"{name} {version}" for name, version in versions.items()) or "none"
    parts = [INTRODUCTION.replace("{peers}", named).rstrip()]
    for question, ours in columns:
        asked = [case for case in every if case.question == question]
        part = [f"## {TITLES[question]}", table(asked, ours, answers, peers)]
        part.append("One answer: " + "; ".join(seconds(asked, ours, answers, peers)) + ".")
        refused = list(refusals(asked, ours, answers, peers))
        if refused:
            part.append("Refused, or raised:\n\n" + "\n".join(refused))
        parts.append("\n\n".join(part))
    (DOCS / "accuracy.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    draw([case for case in every if case.question == "KL"], answers, peers)


SHOWN = {
    "NearestNeighbours()": "#e4572e", "NearestNeighbours(k=5)": "#f2a65a",
    "QuadraticLogistic()": "#4c78a8", "NPEET, k=5": "#555555", "divergence, KDE": "#9d9d9d",
}  # fmt: skip


def draw(every: list[Case], answers: Found, peers: Found) -> None:
    """Draw the bias of KL by law, and two standard errors of it on either side."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "font.size": 9})
    figure, axes = plt.subplots(figsize=(8, 6.5), layout="constrained")
    for i, (name, colour) in enumerate(SHOWN.items()):
        label: str | None = name
        for row, case in enumerate(every):
            found = answers.get(_key(case, name)) or of_peer(peers, case, name)
            if not ("rows" in found or "values" in found):
                continue
            rows = found.get("rows") or [[x, np.nan, np.nan] for x in found["values"]]
            bias, _, _, noise = scored(rows, case.truth)
            if not np.isfinite(bias):
                continue
            axes.errorbar(
                bias, row + 0.14 * (i - 2), xerr=2 * noise, fmt="o", ms=4, lw=1, color=colour,
                label=label,
            )  # fmt: skip
            label = None
    axes.axvline(0, color="#333333", lw=0.8)
    axes.set_yticks(range(len(every)), [f"{case.name}  ({case.truth:.3g})" for case in every])
    axes.invert_yaxis()
    axes.set_xscale("symlog", linthresh=0.1, linscale=1.5)
    axes.set_xticks([-1, -0.3, -0.1, -0.05, 0, 0.05, 0.1, 0.3, 1])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.set_xlabel("bias in nats (linear within ±0.1), ± two standard errors")
    axes.grid(axis="x", lw=0.4, color="#dddddd")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_title("KL(p ‖ q) from 1000 + 1000 draws: law (truth in nats)", loc="left", fontsize=10)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    figure.savefig(DOCS / "pictures" / "accuracy.svg", metadata={"Date": None})
    figure.savefig(DOCS.parent / "build" / "accuracy" / "accuracy.png", dpi=90)
    plt.close(figure)
