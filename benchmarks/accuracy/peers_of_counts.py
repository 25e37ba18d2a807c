"""What other packages say of the same tables: run by counts.py in the interpreter of --peers.

`python peers_of_counts.py TABLES.npz QUESTION` prints JSON: for each peer its values, row by row,
or what it raised. They take the draws themselves, as labels.
"""

import json
import sys
import warnings
from collections.abc import Callable

import numpy as np

Call = Callable[..., float]
APPROACHES = ("discrete", "miller_madow", "chao_shen", "grassberger", "zhang", "shrink", "nsb")


def labels(counts: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(counts.size), counts.ravel())


def entropy(approach: str) -> Call:
    import infomeasure as im

    return lambda x: float(im.entropy(labels(x), approach=approach, base="e"))


def kl(approach: str) -> Call:
    import infomeasure as im

    return lambda x, y: float(im.kld(labels(x), labels(y), approach=approach, base="e"))


def js(approach: str) -> Call:
    import infomeasure as im

    return lambda x, y: float(im.jsd(labels(x), labels(y), approach=approach, base="e"))


def information(approach: str) -> Call:
    import infomeasure as im

    def call(table: np.ndarray) -> float:
        x, y = np.divmod(labels(table), table.shape[1])
        return float(im.mutual_information(x, y, approach=approach, base="e"))

    return call


MAKERS = {
    "Entropy": (entropy, APPROACHES),
    "KL": (kl, APPROACHES[:2]),
    "JensenShannon": (js, ("discrete", "shrink")),
    "MutualInformation": (information, APPROACHES[:6]),
}


def asked(call: Call, rows: list[tuple[np.ndarray, ...]]) -> dict[str, object]:
    try:
        return {"values": [call(*row) for row in rows]}
    except Exception as reason:  # noqa: BLE001 – whatever a peer raises is its answer
        return {"raised": f"{type(reason).__name__}: {str(reason)[:100]}"}


def main(path: str, question: str) -> None:
    warnings.simplefilter("ignore")
    stored = np.load(path)
    rows = list(zip(*(stored[name] for name in sorted(stored.files)), strict=True))
    maker, approaches = MAKERS[question]
    found = {f"infomeasure, {name}": asked(maker(name), rows) for name in approaches}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
