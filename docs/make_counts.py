"""Write the table of estimators into docs/how-to/counts.md: `python docs/make_counts.py`."""

import re
from pathlib import Path

import kullback as kb

PAGE = Path(__file__).parent / "how-to" / "counts.md"
BEFORE = "What each estimator answers, from the code:\n\n"
QUESTIONS = {
    "entropy": kb.Entropy(), "cross-entropy": kb.CrossEntropy(), "KL": kb.KL(),
    "JS": kb.JensenShannon(), "mutual information": kb.MutualInformation(),
    "given a third": kb.ConditionalMutualInformation(), "χ²": kb.ChiSquare(),
    "TV": kb.TotalVariation(), "Hellinger": kb.Hellinger(), "Rényi": kb.Renyi(0.5),
    "Wasserstein": kb.Wasserstein(positions=[0, 1, 2]),
}  # fmt: skip
ESTIMATORS = (
    kb.PlugIn(), kb.MillerMadow(), kb.Jackknife(), kb.ChaoShen(), kb.Grassberger(),
    kb.ZhangGrabchak(), kb.JamesStein(), kb.Dirichlet(), kb.NSB(),
)  # fmt: skip
P, Q = kb.Counts([30, 50, 20]), kb.Counts([40, 40, 80])
LAW = kb.Probs([0.2, 0.3, 0.5])
JOINT, THREE = kb.Counts([[8, 3], [2, 9]]), kb.Counts([[[8, 3], [2, 9]], [[4, 6], [7, 5]]])


def answered(by: kb.Method, of: kb.Question) -> str:
    """Return in a word or two what the estimator makes of the question."""
    if isinstance(of, kb.MutualInformation):
        pairs = {"yes": (JOINT,)}
    elif isinstance(of, kb.ConditionalMutualInformation):
        pairs = {"yes": (THREE,)}
    elif of.arguments == 1:
        pairs = {"yes": (P,)}
    else:
        same = kb.Counts([40, 40, 20])
        pairs = {"yes": (P, Q), "sizes as weights": (P, same), "q known": (P, LAW)}
    for word, given in pairs.items():
        try:
            kb.measure(*given, of=of, by=by, rng=0)
        except kb.NoMethodError:
            continue
        return word
    return "–"


def table() -> str:
    rows = [
        "| estimator | " + " | ".join(QUESTIONS) + " |",
        "|---" * (1 + len(QUESTIONS)) + "|",
    ]
    for by in ESTIMATORS:
        cells = [answered(by, of) for of in QUESTIONS.values()]
        rows.append(f"| `{type(by).__name__}` | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    old = re.escape(BEFORE) + r"(?:\{table of estimators\}\n|(?:\|.*\n)+)"
    PAGE.write_text(re.sub(old, lambda _: BEFORE + table(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
