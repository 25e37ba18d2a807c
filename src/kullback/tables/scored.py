"""Means over the rows of two models' probabilities, each with its error.

Every number is a mean over rows of terms that the engine computes: KL(p ‖ q) = Σ p log p/q of each
row, −log p(label) for cross-entropy, their difference row by row. The engine gives sums by block
of rows; a mean's error is that of a ratio of block totals, s² = B/(B − 1) Σ (S_b − n_b mean)²/n².
"""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kullback.errors import InvalidInputError, TableError
from kullback.report.predictions import (
    Calibration,
    CalibrationBin,
    Mean,
    Model,
    PredictionComparison,
)
from kullback.report.words import rows, visible
from kullback.tables.blocks import LEAST
from kullback.tables.duck import Duck
from kullback.tables.duck_types import place
from kullback.tables.engine import Column, Kind
from kullback.tables.evidence import OUTSIDE
from kullback.tables.measures import Numbers

TENTHS = 10


@dataclass(frozen=True)
class Probabilities:
    """One model's columns, and the SQL that reads each class's probability."""

    columns: tuple[str, ...]
    read: tuple[str, ...]


class Scored:
    """The terms of a row in SQL, and the sums that the engine makes of them."""

    def __init__(
        self,
        engine: Duck,
        models: Sequence[Probabilities],
        truth: Column | None,
        classes: Sequence[str],
        groups: str,
    ) -> None:
        self._engine, self._models, self._truth, self._groups = engine, models, truth, groups
        self._parameters = {f"k{i}": value for i, value in enumerate(classes)}

    def check_labels(self, table: str) -> None:
        """Raise where a label is no class."""
        if self._truth is None:
            return
        named = ", ".join(f"${key}" for key in self._parameters)
        label = place(self._truth)
        strange = self._engine.ask(
            f"SELECT count(*), min({self._label()}) FROM reference "
            f"WHERE {label} IS NOT NULL AND coalesce({self._label()} NOT IN ({named}), true)",
            self._parameters,
        )[0]
        if strange[0]:
            raise InvalidInputError(
                f"{rows(strange[0])} of {table} with a label that is no class, such as "
                f"{visible(str(strange[1]))}; classes are {', '.join(self._parameters.values())}"
            )

    def answer(self, table: str, base: float, *, blocked: bool) -> PredictionComparison:
        """Every mean with its interval."""
        first, second = self._models
        nat = math.log(base)
        both = _kl(first.read, second.read), _kl(second.read, first.read)
        forth, back = (self._mean(term, nat, blocked=blocked, table=table) for term in both)
        infinite = self._engine.ask(
            f"SELECT {', '.join(f'sum(isinf({term})::INT)' for term in both)} FROM reference"
        )[0]
        held = self._engine.rows("reference")
        blocks = None
        if blocked:
            asked = f"SELECT count(DISTINCT {self._groups}) FROM reference"
            blocks = int(self._engine.ask(asked)[0][0])
        found = PredictionComparison(
            table, (first.columns, second.columns), held, 0, blocks, float(base), forth, back,
            (int(infinite[0]), int(infinite[1])),
        )  # fmt: skip
        if self._truth is None:
            return found
        costs = [f"(-ln({self._of_label(model)}))" for model in self._models]
        costs = [f"CASE WHEN {self._of_label(m)} > 0 THEN {c} ELSE 'infinity'::DOUBLE END"
                 for m, c in zip(self._models, costs, strict=True)]  # fmt: skip
        where = f"WHERE {place(self._truth)} IS NOT NULL"
        judged = [
            Model(
                self._mean(cost, nat, blocked=blocked, table=table, where=where),
                self._calibration(model, nat, where),
            )
            for model, cost in zip(self._models, costs, strict=True)
        ]
        apart = self._mean(
            f"({costs[0]}) - ({costs[1]})", nat, blocked=blocked, table=table, where=where
        )
        labelled = int(self._engine.ask(f"SELECT count(*) FROM reference {where}")[0][0])
        return replace(
            found,
            label=self._truth.name,
            labelled=labelled,
            first=judged[0],
            second=judged[1],
            difference=apart,
        )

    def _mean(self, term: str, nat: float, *, blocked: bool, table: str, where: str = "") -> Mean:
        used = self._parameters if "$" in term else {}
        if blocked:
            lines = self._engine.ask(
                f"SELECT count(*), sum(t) FROM (SELECT {term} AS t, {self._groups} AS b "
                f"FROM reference {where}) GROUP BY b",
                used,
            )
            if len(lines) < LEAST:
                raise TableError(
                    f"{len(lines)} blocks in {table}: at least {LEAST} are needed to tell how "
                    "blocks vary"
                )
            counted = np.asarray(lines, dtype=np.float64)
            return _of_blocks(counted[:, 0], counted[:, 1], nat)
        n, mean, spread = self._engine.ask(
            f"SELECT count(*), avg(t), CASE WHEN count_if(NOT isfinite(t)) > 0 THEN NULL "
            f"ELSE var_samp(CASE WHEN isfinite(t) THEN t END) END FROM "
            f"(SELECT {term} AS t FROM reference {where})",
            used,
        )[0]
        if n == 0:
            raise InvalidInputError(f"no row of {table} has a label")
        return _interval(mean, math.sqrt((spread or 0.0) / n), max(n - 1, 1), nat)

    def _calibration(self, model: Probabilities, nat: float, where: str) -> Calibration:
        if len(model.read) == 2:
            sure, right = model.read[1], f"{self._label()} = $k1"
        else:
            sure = f"greatest({', '.join(model.read)})"
            right = f"{self._of_label(model)} = {sure}"
        used = self._parameters if len(model.read) > 2 else {"k1": self._parameters["k1"]}
        lines = self._engine.ask(
            f"SELECT count(*), avg(s), avg(r::INT), avg(s * (1 - s)) FROM (SELECT {sure} AS s, "
            f"({right}) AS r FROM reference {where}) "
            f"GROUP BY least(floor(s * {TENTHS}), {TENTHS - 1}) ORDER BY 2",
            used,
        )
        n, sure_of, often, spread = np.asarray(lines, dtype=np.float64).T
        share = n / n.sum()
        bins = [CalibrationBin(int(rows), s, r) for rows, s, r, _ in lines]
        return Calibration(
            bins=tuple(bins),
            error=float(share @ np.abs(often - sure_of)),
            chance=float(share @ np.sqrt(2 * spread / (math.pi * n))),
            loss=float(share @ _binary_kl(often, sure_of)) / nat,
        )

    def _label(self) -> str:
        assert self._truth is not None
        label = place(self._truth)
        if self._truth.kind is Kind.NUMBER:
            return f"CASE WHEN {label} = floor({label}) THEN {label}::BIGINT::VARCHAR END"
        return f"{label}::VARCHAR"

    def _of_label(self, model: Probabilities) -> str:
        """The probability that a model gives to the true class."""
        cases = (
            f"WHEN ${key} THEN {p}" for key, p in zip(self._parameters, model.read, strict=True)
        )
        return f"(CASE {self._label()} {' '.join(cases)} END)"


def _kl(p: Sequence[str], q: Sequence[str]) -> str:
    """KL of one row in nats: infinite where q rules out what p does not."""
    terms = (
        f"CASE WHEN {a} <= 0 THEN {b} WHEN {b} <= 0 THEN 'infinity'::DOUBLE "
        f"ELSE {a} * ln({a} / {b}) - {a} + {b} END"
        for a, b in zip(p, q, strict=True)
    )
    return f"({' + '.join(terms)})"


def _of_blocks(n: Numbers, totals: Numbers, nat: float) -> Mean:
    """The mean of block totals over their rows, its error from how blocks vary."""
    rows, blocks = n.sum(), len(n)
    mean = float(totals.sum() / rows)
    if not math.isfinite(mean):
        return _interval(mean, 0.0, 1, nat)
    squares = float(((totals - n * mean) ** 2).sum())
    return _interval(mean, math.sqrt(blocks / (blocks - 1) * squares) / rows, blocks - 1, nat)


def _interval(mean: float, error: float, freedom: int, nat: float) -> Mean:
    from scipy.special import stdtrit

    if not math.isfinite(mean):
        return Mean(mean, -math.inf if math.isnan(mean) or mean < 0 else 0.0, math.inf)
    reach = float(stdtrit(freedom, 1 - OUTSIDE)) * error
    return Mean(mean / nat, (mean - reach) / nat, (mean + reach) / nat)


def _binary_kl(p: Numbers, q: Numbers) -> Numbers:
    """KL of two coins."""
    from scipy.special import rel_entr

    return np.asarray(rel_entr(p, q) + rel_entr(1 - p, 1 - q))
