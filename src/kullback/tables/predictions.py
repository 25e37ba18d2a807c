"""Two models on the same rows: how far apart their probabilities lie, and who is nearer the label.

Every number is a mean over rows of terms that the engine computes: KL(p ‖ q) = Σ p log p/q of each
row, −log p(label) for cross-entropy, their difference row by row. The engine gives sums by block
of rows; a mean's error is that of a ratio of block totals, s² = B/(B − 1) Σ (S_b − n_b mean)²/n².
"""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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
from kullback.tables.compare import check_base
from kullback.tables.duck import Duck
from kullback.tables.duck_types import place
from kullback.tables.engine import Column, Kind
from kullback.tables.evidence import OUTSIDE
from kullback.tables.measures import Numbers
from kullback.tables.sources import open_source

TENTHS = 10
MISS = 1e-6  # by which the probabilities of a row may miss 1


def compare_predictions(
    table: object,
    first: str | Sequence[str],
    second: str | Sequence[str],
    /,
    *,
    label: str | None = None,
    classes: Sequence[object] | None = None,
    block: str | None = None,
    base: float = 2,
    on_step: Callable[[str], None] = lambda _step: None,
) -> PredictionComparison:
    """Compare the class probabilities that two models give to the same rows.

    Parameters
    ----------
    table
        A path, a pattern or a dataframe, as `compare` takes it: one row a case.
    first, second
        The columns of each model's probabilities, a class each and in one order; or the name of one
        column, the probability of the positive class.
    label
        The column of the true class: with it, cross-entropies, their difference, and calibration.
    classes
        What the label says for each class, in the order of the columns; 0, 1, 2 … without it,
        or False and True for a boolean label.
    block
        A column such as a user or a day: rows that share its value are not independent.
    base
        The base of the logarithm: 2 for bits.
    on_step
        Called with a few words before each long step.

    Raises
    ------
    InvalidInputError
        For columns that do not fit each other, values that are no probabilities, and labels that
        are no class.
    TableError
        For a table that cannot be read, and too few blocks.

    Examples
    --------
    >>> import pyarrow as pa
    >>> scores = pa.table({"old": [0.5] * 40, "new": [0.9, 0.1] * 20, "paid": [True, False] * 20})
    >>> found = compare_predictions(scores, "old", "new", label="paid")
    >>> round(found.kl.value, 6), round(found.difference.value, 6)
    (0.736966, 0.847997)
    """
    check_base(base)
    source = open_source(table)
    with Duck(source, source, on_step) as engine:
        held = {column.name: column for column in engine.schema("reference")}
        models = [_model(names, held, source.name) for names in (first, second)]
        if len(models[0].read) != len(models[1].read):
            raise InvalidInputError(
                f"the first model has {len(models[0].read)} classes, and the second "
                f"{len(models[1].read)}: give both one column for each class"
            )
        groups = "0" if block is None else f"hash({place(_column(block, held, source.name))})"
        truth = None if label is None else _column(label, held, source.name)
        _check_rows(engine, models, source.name)
        query = _Query(engine, models, truth, _classes(truth, classes, len(models[0].read)), groups)
        query.check_labels(source.name)
        on_step("comparing the predictions")
        return query.answer(source.name, base, blocked=block is not None)


@dataclass(frozen=True)
class _Probabilities:
    """One model's columns, and the SQL that reads each class's probability."""

    columns: tuple[str, ...]
    read: tuple[str, ...]


def _model(names: str | Sequence[str], held: Mapping[str, Column], table: str) -> _Probabilities:
    given = (names,) if isinstance(names, str) else tuple(names)
    columns = [_column(name, held, table) for name in given]
    for column in columns:
        if column.kind not in {Kind.NUMBER, Kind.INTEGER}:
            raise InvalidInputError(
                f"{visible(column.name)} is {column.kind} ({column.type}), not a probability"
            )
    read = [f"{place(column)}::DOUBLE" for column in columns]
    if len(read) == 1:
        read = [f"(1 - {read[0]})", read[0]]
    return _Probabilities(given, tuple(read))


def _column(name: str, held: Mapping[str, Column], table: str) -> Column:
    if name not in held:
        raise TableError(f"no column {visible(name)} in {table}")
    return held[name]


def _check_rows(engine: Duck, models: Sequence[_Probabilities], table: str) -> None:
    for model in models:
        inside = " AND ".join(f"{p} BETWEEN 0 AND 1" for p in model.read)
        off, whole = (
            f"coalesce(NOT ({inside}), true)",
            f"abs({' + '.join(model.read)} - 1) > {MISS}",
        )
        outside, missed = engine.ask(
            f"SELECT sum(({off})::INT), sum((NOT ({off}) AND {whole})::INT) FROM reference"
        )[0]
        named = ", ".join(map(visible, model.columns))
        if outside:
            raise InvalidInputError(
                f"{rows(outside)} of {table} without a probability between 0 and 1 in {named}: "
                "leave such rows out, or turn scores into probabilities"
            )
        if missed:
            raise InvalidInputError(
                f"in {rows(missed)} of {table} the probabilities of {named} do not add up to 1: "
                "give a column for each class, or divide by their sum"
            )


def _classes(truth: Column | None, classes: Sequence[object] | None, k: int) -> list[str]:
    """The words of the label for each class."""
    if truth is None:
        return []
    if classes is None:
        if truth.kind is Kind.TEXT:
            raise InvalidInputError(
                f"label {visible(truth.name)} is text: say which value each of the {k} columns "
                "stands for, with classes="
            )
        return ["false", "true"] if truth.kind is Kind.BOOLEAN else [str(i) for i in range(k)]
    if len(classes) != k:
        raise InvalidInputError(f"classes names {len(classes)} values for {k} columns")
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in classes]


class _Query:
    """The terms of a row in SQL, and the sums that the engine makes of them."""

    def __init__(
        self,
        engine: Duck,
        models: Sequence[_Probabilities],
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
            table, held, 0, blocks, float(base), forth, back, (int(infinite[0]), int(infinite[1]))
        )
        if self._truth is None:
            return found
        costs = [f"(-ln({self._of_label(model)}))" for model in self._models]
        costs = [f"CASE WHEN {self._of_label(m)} > 0 THEN {c} ELSE 'infinity'::DOUBLE END"
                 for m, c in zip(self._models, costs, strict=True)]  # fmt: skip
        where = f"WHERE {place(self._truth)} IS NOT NULL"
        judged = [
            Model(
                model.columns,
                self._mean(cost, nat, blocked=blocked, table=table, where=where),
                self._calibration(model, nat, where),
            )
            for model, cost in zip(self._models, costs, strict=True)
        ]
        apart = self._mean(
            f"({costs[0]}) - ({costs[1]})", nat, blocked=blocked, table=table, where=where
        )
        labelled = int(self._engine.ask(f"SELECT count(*) FROM reference {where}")[0][0])
        return PredictionComparison(
            table, held, labelled, blocks, float(base), forth, back, found.infinite,
            judged[0], judged[1], apart,
        )  # fmt: skip

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

    def _calibration(self, model: _Probabilities, nat: float, where: str) -> Calibration:
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

    def _of_label(self, model: _Probabilities) -> str:
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
