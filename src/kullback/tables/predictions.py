"""Two models on the same rows: how far apart their probabilities lie, and who is nearer the label.

What each model gives a row is read from its columns, and checked to be probabilities.
"""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

from collections.abc import Callable, Mapping, Sequence

from kullback.errors import InvalidInputError, TableError
from kullback.report.predictions import PredictionComparison
from kullback.report.words import rows, visible
from kullback.tables.compare import check_base
from kullback.tables.duck import Duck
from kullback.tables.duck_types import place
from kullback.tables.engine import Column, Kind
from kullback.tables.scored import Probabilities, Scored
from kullback.tables.sources import open_source

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
    with Duck(source, None, on_step) as engine:
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
        query = Scored(engine, models, truth, _classes(truth, classes, len(models[0].read)), groups)
        query.check_labels(source.name)
        on_step("comparing the predictions")
        return query.answer(source.name, base, blocked=block is not None)


def _model(names: str | Sequence[str], held: Mapping[str, Column], table: str) -> Probabilities:
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
    return Probabilities(given, tuple(read))


def _column(name: str, held: Mapping[str, Column], table: str) -> Column:
    if name not in held:
        raise TableError(f"no column {visible(name)} in {table}")
    return held[name]


def _check_rows(engine: Duck, models: Sequence[Probabilities], table: str) -> None:
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
