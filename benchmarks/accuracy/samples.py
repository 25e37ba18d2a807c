"""Bias, error and coverage of every estimator from draws, and of other packages, side by side.

Writes docs/accuracy.md and its picture: `python benchmarks/accuracy/samples.py`. With
`--peers PATH_TO_PYTHON` other packages are asked too, in an interpreter where they are installed
(benchmarks/accuracy/peers.py names them). Answers are kept in build/accuracy, so that a run that
was cut off goes on; `--fresh` throws them away.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from page import write

import kullback as kb
from laws import Case, cases

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / "build" / "accuracy"
N = 1000
RESAMPLES = 40
SLOW = ("KernelDensity", "ULSIF", "Classifier", "Critic")
"""Estimators that take seconds for one answer; they come last, and get `--few` seeds."""
DEAR = {"universal-divergence, adaptive": ("Normal, correlation 0.5 ‖ 0.1, 10",)}
"""Peers that take a minute and more for one answer, and the laws they are asked of."""


def estimators(question: str) -> list[kb.Method]:
    """Return what is compared; an estimator that refuses a case is shown as such."""
    neighbours = [kb.NearestNeighbours(), kb.NearestNeighbours(k=5)]
    ratios = [kb.QuadraticLogistic(), kb.Classifier(), kb.ULSIF()]
    on_a_line = [kb.Binned(), kb.KernelDensity()]
    return {
        "KL": [*neighbours, *ratios, *on_a_line, kb.Critic()],
        "Entropy": [kb.KozachenkoLeonenko(), kb.KozachenkoLeonenko(k=1)],
        "MutualInformation": [kb.KSG(), kb.KSG(algorithm=2)],
        "JensenShannon": [kb.NearestNeighbours(), *ratios[:1], kb.ULSIF(), *on_a_line],
        "Hellinger": [kb.PoczosSchneider(), *ratios[:1], kb.ULSIF(), *on_a_line],
        "Renyi": [kb.PoczosSchneider(), *ratios[:1], kb.ULSIF(), *on_a_line],
        "TotalVariation": [*ratios[:1], kb.ULSIF(), *on_a_line],
        "Wasserstein": [kb.ExactTransport(), kb.SlicedTransport()],
    }[question]  # fmt: skip


def asked(case: Case, method: kb.Method, seed: int) -> list[float]:
    """Return value, and both ends of the 95 % interval; NaN where there is none."""
    light = replace(method, resamples=RESAMPLES, permutations=0)  # type: ignore[type-var]
    found = kb.measure(*case.samples(seed, N), of=case.of, by=light, rng=seed)
    try:
        low, high = found.interval()
    except kb.InvalidInputError:
        low = high = float("nan")
    return [float(f"{float(x):.6g}") for x in (found.value, low, high)]


def answers(case: Case, method: kb.Method, known: dict[str, Any], seeds: int) -> dict[str, Any]:
    """Return what is known of a case, and the seeds that are missing."""
    rows = list(known.get("rows", []))
    start = time.perf_counter()
    for seed in range(len(rows), seeds):
        try:
            rows.append(asked(case, method, seed))
        except (kb.NoMethodError, kb.InvalidInputError, kb.MissingExtraError) as reason:
            return {"refused": str(reason).splitlines()[-1].strip()}
    new = len(rows) - len(known.get("rows", []))
    seconds = (time.perf_counter() - start) / new if new else known["seconds"]
    return {"rows": rows, "seconds": seconds}


def peers_of(case: Case, python: str, seeds: int) -> dict[str, Any]:
    """Return what the peers answer to the same draws."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draws.npz"
        draws = {
            f"{seed}_{i}": x for seed in range(seeds) for i, x in enumerate(case.draws(seed, N))
        }
        np.savez(path, **draws)
        without = [name for name, only in DEAR.items() if case.name not in only]
        told = subprocess.run(
            [python, str(HERE / "peers.py"), str(path), case.question, *without],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    return json.loads(told)


def kept(name: str) -> dict[str, Any]:
    path = KEPT / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def keep(name: str, found: dict[str, Any]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / f"{name}.part"
    made.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    made.replace(KEPT / f"{name}.json")


def key(case: Case, who: object) -> str:
    return f"{case.question} | {case.name} | {who!r}"


def place_of(method: kb.Method) -> int:
    """Return 0 for what is quick."""
    name = type(method).__name__
    return 1 + SLOW.index(name) if name in SLOW else 0


def ours(every: list[Case], seeds: int, few: int, processes: int | None) -> dict[str, Any]:
    """Return the answers of our estimators, law by law."""
    found = kept("ours")
    tasks = [
        (case, method)
        for case in every
        for method in estimators(case.question)
        if "refused" not in found.get(key(case, method), {})
    ]
    tasks.sort(key=lambda task: place_of(task[1]))
    with ProcessPoolExecutor(processes, initializer=_ready) as pool:
        running = {}
        for case, method in tasks:
            name = key(case, method)
            times = few if place_of(method) else seeds
            task = every.index(case), repr(method), found.get(name, {}), times
            running[pool.submit(_answers, *task)] = name
        for done in as_completed(running):
            found[running[done]] = done.result()
            keep("ours", found)
    return found


_CASES: list[Case] = []


def _ready() -> None:
    _CASES.extend(cases())


def _answers(place: int, named: str, known: dict[str, Any], seeds: int) -> dict[str, Any]:
    case = _CASES[place]
    method = next(m for m in estimators(case.question) if repr(m) == named)
    return answers(case, method, known, seeds)


def theirs(every: list[Case], python: str, seeds: int) -> dict[str, Any]:
    """Return the peers' answers to the cases that they have a function for."""
    found = kept("peers")
    for case in every:
        name = f"{case.question} | {case.name}"
        if name in found or case.question not in ("KL", "Entropy", "MutualInformation"):
            continue
        found[name] = peers_of(case, python, seeds)
        keep("peers", found)
    return found


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="a Python with the packages of peers.py")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--few", type=int, default=10, help="seeds of slow estimators")
    parser.add_argument("--processes", type=int, help="all processors if left out")
    parser.add_argument("--fresh", action="store_true", help="forget what was answered before")
    return parser.parse_args()


def main() -> None:
    told = arguments()
    if told.fresh:
        for path in KEPT.glob("*.json"):
            path.unlink()
    every = cases()
    of_peers = theirs(every, told.peers, told.seeds) if told.peers else kept("peers")
    of_ours = ours(every, told.seeds, told.few, told.processes)
    write(every, list(columns(every)), of_ours, of_peers)


def columns(every: list[Case]) -> Iterator[tuple[str, list[str]]]:
    """Yield each question with the names of its estimators."""
    for question in dict.fromkeys(case.question for case in every):
        yield question, [repr(method) for method in estimators(question)]


if __name__ == "__main__":
    main()
