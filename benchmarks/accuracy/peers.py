"""What other packages say of the same draws: run by samples.py in the interpreter of --peers.

`python peers.py DRAWS.npz QUESTION [PEER …]` asks all but the peers named, and prints JSON: for
each peer its values, how long one took, and what it raised. Nothing of ours is needed there.
"""

import importlib.metadata
import json
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np

SLOW = 1
"""How many seeds a peer gets that takes more than `PATIENCE` seconds for one."""
PATIENCE = 20.0
Call = Callable[..., float]


def kl() -> dict[str, Call]:
    found: dict[str, Call] = {}

    def npeet(x: np.ndarray, y: np.ndarray) -> float:
        import npeet_plus

        return float(npeet_plus.kldiv(x, y, k=5, base=np.e))

    def infomeasure(x: np.ndarray, y: np.ndarray) -> float:
        import infomeasure as im

        return float(im.kld(x, y, approach="metric", k=5, base="e"))

    def neighbours(x: np.ndarray, y: np.ndarray) -> float:
        import divergence

        return float(divergence.knn_kl_divergence(x, y, k=5))

    def density(x: np.ndarray, y: np.ndarray) -> float:
        import divergence

        if x.shape[1] > 1:
            raise ValueError("is for one dimension")
        return float(divergence.relative_entropy_from_samples(x[:, 0], y[:, 0]))

    def universal(x: np.ndarray, y: np.ndarray) -> float:
        import universal_divergence

        return float(universal_divergence.estimate(x, y))

    found["NPEET, k=5"] = npeet
    found["infomeasure, k=5"] = infomeasure
    found["divergence, k=5"] = neighbours
    found["divergence, KDE"] = density
    found["universal-divergence, adaptive"] = universal
    return found


def entropy() -> dict[str, Call]:
    def npeet(x: np.ndarray) -> float:
        import npeet_plus

        return float(npeet_plus.entropy(x, k=3, base=np.e))

    def infomeasure(x: np.ndarray) -> float:
        import infomeasure as im

        return float(im.entropy(x, approach="metric", k=3, base="e"))

    return {"NPEET, k=3": npeet, "infomeasure, k=3": infomeasure}


def information() -> dict[str, Call]:
    def npeet(x: np.ndarray, y: np.ndarray) -> float:
        import npeet_plus

        return float(npeet_plus.mi(x, y, k=3, base=np.e))

    def infomeasure(x: np.ndarray, y: np.ndarray) -> float:
        import infomeasure as im

        return float(im.mutual_information(x, y, approach="ksg", k=3, base="e"))

    def of_divergence(algorithm: int) -> Call:
        def call(x: np.ndarray, y: np.ndarray) -> float:
            import divergence

            return float(divergence.ksg_mutual_information(x, y, k=3, algorithm=algorithm))

        return call

    def sklearn(x: np.ndarray, y: np.ndarray) -> float:
        from sklearn.feature_selection import mutual_info_regression

        if x.shape[1] > 1:
            raise ValueError("is for one dimension")
        return float(mutual_info_regression(x, y[:, 0], n_neighbors=3, random_state=0)[0])

    def ennemi(x: np.ndarray, y: np.ndarray) -> float:
        import ennemi

        if x.shape[1] > 1:
            raise ValueError("is for one dimension")
        return float(np.ravel(ennemi.estimate_mi(y[:, 0], x[:, 0], k=3))[0])

    return {
        "NPEET, k=3": npeet,
        "infomeasure, k=3": infomeasure,
        "divergence, KSG 1": of_divergence(1),
        "divergence, KSG 2": of_divergence(2),
        "scikit-learn, k=3": sklearn,
        "ennemi, k=3": ennemi,
    }


PEERS = {"KL": kl, "Entropy": entropy, "MutualInformation": information}
PACKAGES = (
    "npeet-plus", "infomeasure", "divergence", "universal-divergence", "scikit-learn", "ennemi",
)  # fmt: skip


def asked(call: Call, draws: list[tuple[np.ndarray, ...]]) -> dict[str, object]:
    """Return the values of one peer, in the seeds' order."""
    values: list[float] = []
    seconds = []
    for arrays in draws:
        if len(values) >= SLOW and float(np.median(seconds)) > PATIENCE:
            break
        start = time.perf_counter()
        try:
            values.append(call(*arrays))
        except ModuleNotFoundError as reason:
            return {"missing": str(reason)}
        except Exception as reason:  # noqa: BLE001 – whatever a peer raises is its answer
            return {"raised": f"{type(reason).__name__}: {str(reason)[:100]}"}
        seconds.append(time.perf_counter() - start)
    return {"values": values, "seconds": float(np.median(seconds))}


def versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def main(path: str, question: str, without: list[str]) -> None:
    warnings.simplefilter("ignore")
    stored = np.load(path)
    seeds = sorted({int(name.split("_")[0]) for name in stored.files})
    each = len(stored.files) // len(seeds)
    draws = [tuple(stored[f"{seed}_{i}"] for i in range(each)) for seed in seeds]
    calls = {name: call for name, call in PEERS[question]().items() if name not in without}
    found = {name: asked(call, draws) for name, call in calls.items()}
    sys.stdout.write(json.dumps({"peers": found, "versions": versions()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
