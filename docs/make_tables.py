"""Write the table of questions into docs/ideas.md from the questions themselves: `make docs`."""

import math
import re
from pathlib import Path

import kullback as kb

PAGE = Path(__file__).parent / "ideas.md"
QUESTIONS = {
    "kl": (kb.KL(), "Σ (p log p/q − p + q)"),
    "jeffreys": (kb.Jeffreys(), "KL(p ‖ q) + KL(q ‖ p)"),
    "js": (kb.JensenShannon(), "mean KL to the mixture"),
    "tv": (kb.TotalVariation(), "½ Σ abs(p − q)"),
    "hellinger": (kb.Hellinger(), "√(1 − Σ √(p q))"),
    "chi2": (kb.ChiSquare(), "Σ (p − q)²/q"),
    "renyi": (kb.Renyi(2), "log Σ pᵅ q¹⁻ᵅ / (α − 1)"),
    "tsallis": (kb.Tsallis(2), "(Σ pᵅ q¹⁻ᵅ − 1)/(α − 1)"),
    "alpha_divergence": (kb.Alpha(2), "(Σ pᵅ q¹⁻ᵅ − 1)/(α (α − 1))"),
    "hockey_stick": (kb.HockeyStick(2), "Σ max(p − γ q, 0)"),
}


def lines() -> str:
    rows = []
    for name, (of, value) in QUESTIONS.items():
        largest = "∞" if math.isinf(of.upper) else f"{of.upper:.4g}"
        facts = ("yes" if fact else "" for fact in (of.symmetric, of.metric))
        unit = "yes" if of.information else ""
        rows.append(f"| `{name}` | {value} | {' | '.join(facts)} | {largest} | {unit} |")
    return "\n".join(rows)


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    head = r"(\|---\|---\|---\|---\|---\|---\|\n)(?:\{table\}\n|(?:\|.*\n)+)"
    PAGE.write_text(
        re.sub(head, lambda m: m.group(1) + lines() + "\n", text, count=1), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
