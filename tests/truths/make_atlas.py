"""Write atlas.json: relative entropies of the families to 25 digits, of the binary numbers given.

    python -m tests.truths.make_atlas

Densities are those of `laws`, integrals agree at two resolutions to 30 digits, and each law is
checked to have mass 1; vectors, matrices and processes are in `vectors`. A block is an ordered pair
of families, and blocks that the file has are kept: the script goes on where it stopped. All of it
takes some ten minutes of one processor.
"""

import json
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from mpmath import mpf, nstr

from .exponential import ORDERS
from .laws import INF
from .points import CIRCLE_POINTS, CONTINUOUS_POINTS, DISCRETE_POINTS, KIN, nearly
from .special_points import special_pairs
from .transport import QUANTILE, W2_PAIRS
from .values import Mean, Name, law_of, value_of
from .vectors import vector_rows

PATH = Path(__file__).with_name("atlas.json")
BOOKS = (CONTINUOUS_POINTS, CIRCLE_POINTS, DISCRETE_POINTS)
POINTS = CONTINUOUS_POINTS | CIRCLE_POINTS | DISCRETE_POINTS
ROWS = 4
"""How many rows a pair of families has; at most one is infinite, if its points allow it."""
PEAKED = {
    *("BetaPrime", "Cauchy", "GeneralizedNormal", "GeneralizedPareto", "HalfCauchy"),
    *("HyperbolicSecant", "LogLogistic", "Logistic", "Lomax", "StudentT"),
}
"""Families q whose log is no sum of moments: two rows less; formulas are at special points."""
SIMPLE = ("Cauchy", "Exponential", "Uniform")
"""Families p that have formulas with those nevertheless."""
SMALLEST, LARGEST = mpf(10) ** -40, mpf(10) ** 12
Block = tuple[str, str]
Row = dict[str, Any]


def blocks() -> Iterator[tuple[str, list[Block]]]:
    """Yield each family with the blocks in which it is p; (p, "") holds its entropies."""
    for book in BOOKS:
        for p in book:
            yield p, [(p, ""), *((p, q) for q in book)]


# --- one block ---


class Author:
    """Writes the blocks of one family p; nodes of its laws serve all of them."""

    def __init__(self, family: str) -> None:
        self.family, self.wrong = family, []
        self.means = [Mean((family, params)) for params in POINTS[family]]

    def rows(self, other: str) -> list[Row]:
        if other == "":
            asked = (self._row("entropy", mean, None) for mean in self.means)
            return [found for found in asked if found]
        found = list(self._kl_rows(other))
        if self.family == other:
            found += filter(None, (self._row("kl", mean, q) for mean, q in self._near()))
            pairs = [(mean, _side(x["q"])) for x in found for mean in [self._mean_of(x)]]
            found += self._orders(pairs)
        elif any({self.family, other} <= kin for kin in KIN):
            found += self._orders([(self._mean_of(x), _side(x["q"])) for x in found])
        for p, q in special_pairs():
            if (p[0], q[0]) == (self.family, other):
                found += self._special(Mean(p), q)
        found += self._distances(other, [x for x in found if x["question"] == "kl"])
        for mean in self.means:
            mean.forget()
        return found

    def _kl_rows(self, other: str) -> Iterator[Row]:
        """Yield rows that vary p and q: one that is not covered, at most one other infinite one."""
        lost, infinite, finite = 0, 0, 0
        few = other in PEAKED and self.family not in (other, *SIMPLE)
        many = ROWS - 2 * few
        for mean, q in self._varied(other):
            covered = law_of(q).covers(mean.law)
            if (finite + infinite >= many and finite >= many - 1) or (not covered and lost):
                continue
            row = self._row("kl", mean, q)
            if row is None:
                continue
            if not covered:
                lost += 1
            elif row["value"] == "inf":
                infinite += 1
                if infinite > 1:
                    continue
            else:
                finite += 1
                if finite > many - 1 and infinite:
                    continue
            yield row

    def _varied(self, other: str) -> Iterator[tuple[Mean, Name]]:
        """Yield all pairs of points, those first whose points came least often."""
        left = [
            (i, j)
            for i in range(len(self.means))
            for j in range(len(POINTS[other]))
            if self.family != other or i != j
        ]
        count = {}
        while left:
            i, j = min(left, key=lambda x: count.get((x[0], ""), 0) + count.get(("", x[1]), 0))
            left.remove((i, j))
            for side in ((i, ""), ("", j)):
                count[side] = count.get(side, 0) + 1
            yield self.means[i], (other, POINTS[other][j])

    def _near(self) -> Iterator[tuple[Mean, Name]]:
        """Yield the first and the last point with others that are nearly equal."""
        for mean in (self.means[0], self.means[-1]):
            q = self.family, nearly(*mean.name)
            if q != mean.name and law_of(q).covers(mean.law):
                yield mean, q

    def _special(self, mean: Mean, q: Name) -> list[Row]:
        kl, kin = self._row("kl", mean, q), {mean.name[0], q[0]}
        related = len(kin) == 1 or any(kin <= each for each in KIN)
        kl = [] if kl is None or kl["value"] == "inf" else [kl]
        return kl + (self._orders([(mean, q)]) if related else [])

    def _orders(self, pairs: list[tuple[Mean, Name]]) -> list[Row]:
        asked = (self._row(question, mean, q) for mean, q in pairs for question in ORDERS)
        return [found for found in asked if found]

    def _distances(self, other: str, rows: list[Row]) -> list[Row]:
        named = [(p, q) for p, q in W2_PAIRS if (p[0], q[0]) == (self.family, other)]
        if self.family == other and other in QUANTILE and not named:
            named = [(_side(x["p"]), _side(x["q"])) for x in rows]
        asked = (self._row("w2", Mean(p), q) for p, q in named)
        return [found for found in asked if found]

    def _mean_of(self, of: Row) -> Mean:
        return next(mean for mean in self.means if mean.name == _side(of["p"]))

    def _row(self, question: str, mean: Mean, q: Name | None) -> Row | None:
        """Return a row, unless there is no value, or none of a sane size."""
        try:
            value = value_of(question, mean.name, q, mean)
        except (ArithmeticError, ValueError) as error:
            self.wrong.append(f"{question} {mean.name} {q}: {error}")
            return None
        if SMALLEST < abs(value) < LARGEST or value == INF:
            return row(question, mean.name, q, value)
        return None


def _side(of: dict[str, Any]) -> Name:
    return of["family"], of["params"]


# --- the file ---


def row(question: str, p: Name, q: Name | None, value: mpf) -> Row:
    return {
        "question": question,
        "p": {"family": p[0], "params": p[1]},
        "q": None if q is None else {"family": q[0], "params": q[1]},
        "value": nstr(value, 25).replace("+inf", "inf"),
    }


def block_of(of: Row) -> Block:
    return of["p"]["family"], "" if of["q"] is None else of["q"]["family"]


def read() -> list[Row]:
    return json.loads(PATH.read_text()) if PATH.exists() else []


def write(rows: list[Row]) -> None:
    order = sorted(rows, key=lambda x: (x["question"], block_of(x)))
    lines = dict.fromkeys(json.dumps(x, separators=(",", ":")) for x in order)
    PATH.write_text("[\n" + ",\n".join(lines) + "\n]\n")


def _job(job: tuple[str, list[Block]]) -> tuple[list[Row], list[str]]:
    author = Author(job[0])
    return [x for _, other in job[1] for x in author.rows(other)], author.wrong


def main() -> None:
    started, wrong = time.monotonic(), []
    rows = [x for x in read() if x["p"]["family"] in POINTS]
    held = {block_of(x) for x in rows}
    jobs = [(p, [block for block in each if block not in held]) for p, each in blocks()]
    jobs = [job for job in jobs if job[1]]
    rows += vector_rows(row)
    with Pool(2) as pool:
        for i, (found, failed) in enumerate(pool.imap_unordered(_job, jobs), 1):
            rows += found
            wrong += failed
            write(rows)
            took = time.monotonic() - started
            print(f"{i} of {len(jobs)} families, {len(rows)} rows, {took:.0f} s", flush=True)
    write(rows)
    print("\n".join(wrong), file=sys.stderr)
    print(f"{len(rows)} rows, {len(wrong)} without a value, {PATH.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
