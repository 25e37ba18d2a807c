"""Write docs/atlas.md, every closed form with its source and largest error found: `make docs`."""

import json
from collections import Counter
from pathlib import Path

import kullback as kb

HERE = Path(__file__).parent
PAGE = HERE / "atlas.md"
ERRORS = HERE / "atlas_errors.json"

HEAD = """# Atlas of closed forms

Written by `make docs` from the formulas themselves. **{kl} ordered pairs** with a finite closed
form of KL, {canonical} of them between families of which neither is a special case of another;
{orders} of ∫ pᵅ q¹⁻ᵅ (Rényi, Tsallis, alpha, Hellinger, χ²), {transport} Wasserstein distances of
order 2, {entropies} entropies. Infinite pairs follow from one rule and are not listed: q does not
cover p, or a mean that the formula needs does not exist.

*Error* is the largest relative error found on a grid of parameters, near-equal and extreme ones
included, against integrals, sums and second derivations in 25 to 50 digits
(`tests/truths/make_atlas.py`). More special cases follow by reduction: an Erlang is a gamma.
`kb.atlas()` gives this table in Python.
"""
TITLES = {
    "KL": "KL(p ‖ q)",
    "Renyi": "∫ pᵅ q¹⁻ᵅ",
    "Wasserstein": "W₂(p, q)",
    "Entropy": "H(p)",
}


def main() -> None:
    rows = kb.atlas().rows
    errors = {tuple(row["key"]): row for row in found_errors()}
    counts = Counter(row["question"] for row in rows)
    canonical = sum(row["question"] == "KL" and row["canonical"] for row in rows)
    parts = [
        HEAD.format(
            kl=counts["KL"], canonical=canonical, orders=counts["Renyi"],
            transport=counts["Wasserstein"], entropies=counts["Entropy"],
        )
    ]  # fmt: skip
    for question, title in TITLES.items():
        parts.append(f"\n## {title}\n")
        parts += table([row for row in rows if row["question"] == question], errors)
    PAGE.write_text("\n".join(parts) + "\n", encoding="utf-8")


def found_errors() -> list[dict]:
    said = json.loads(ERRORS.read_text(encoding="utf-8"))
    return [{"key": (row["question"], row["p"], row["q"]), "error": row["error"]} for row in said]


def table(rows: list[dict], errors: dict) -> list[str]:
    lines = [
        "| p | q | formula | finite or valid where | source | error |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        error = errors.get((row["question"], row["p"], row["q"]))
        said = "–" if error is None else f"{error['error']:.0e}"
        cells = (row["p"], row["q"], row["states"], row["domain"], row["source"], said)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


if __name__ == "__main__":
    main()
