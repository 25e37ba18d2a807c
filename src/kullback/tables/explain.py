"""Where the divergence of one column comes from, by the chain rule over another column.

KL(X, Y) = KL(Y) + E KL(X | Y): what X shows beyond the change of Y's mix is how X changed in rows
that agree on Y. Where the cells make KL infinite, ½ is added to every count of the joint table and
both marginals follow from it, so the rule holds to the last digit.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from kullback.errors import TableError
from kullback.report.explanation import Explanation, Part, Split
from kullback.report.result import TableComparison
from kullback.report.words import visible
from kullback.tables.by_rows import deal
from kullback.tables.compare import check_base, judged, weighed
from kullback.tables.engine import ABOVE, BELOW, NAN, NONE, Coded, Coding, Engine
from kullback.tables.engines import engine_for
from kullback.tables.labels import MISSING, label, shower
from kullback.tables.match import match
from kullback.tables.measures import KL, PRIOR, Numbers, paired
from kullback.tables.outcomes import Counted, counted
from kullback.tables.verdict import limit_in

MOST = 30  # values of the other column that stand for themselves; the rest are one outcome
DRAWS = 199
ODD = {NONE: MISSING, NAN: "NaN", BELOW: "-∞", ABOVE: "+∞"}


def explain(
    reference: object,
    current: object,
    column: str,
    /,
    *,
    by: Sequence[str] | None = None,
    base: float = 2,
    rng: int = 0,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Explanation:
    """What drives KL(current ‖ reference) of one column, and which other columns account for it.

    Parameters
    ----------
    reference, current
        As `compare` takes them.
    column
        The column to explain.
    by
        The other columns to split it by; all that both sides hold without it.
    base, rng, on_step
        As in `compare`.

    Raises
    ------
    TableError
        For tables that cannot be read or compared, and names they do not both hold.

    Examples
    --------
    >>> import pyarrow as pa
    >>> before = pa.table({"late": [0, 0, 1, 0] * 25, "rain": ["no", "no", "yes", "no"] * 25})
    >>> after = pa.table({"late": [1, 0, 1, 0] * 25, "rain": ["yes", "no", "yes", "no"] * 25})
    >>> split = explain(before, after, "late").splits[0]
    >>> split.by, round(split.of_column, 3), round(split.column_given_by, 3)
    ('rain', 0.208, 0.0)
    """
    check_base(base)
    names, opening = engine_for(reference, current, on_step)
    wanted = None if by is None else list(dict.fromkeys([column, *by]))
    with opening as engine:
        if engine.without_rows and by is not None:
            raise TableError(f"a column is explained by rows: {engine.without_rows}")
        pairs, notes = match(engine, names, wanted)
        found = {each.pair.name: each for each in counted(engine, pairs, on_step)}
        if column not in found:
            raise TableError(f"no column {visible(column)} that both tables hold and can compare")
        one = found.pop(column)
        evidence = weighed(engine, one, None, base, rng)
        on_step(f"splitting {visible(column)} by {len(found)} columns")
        others = [] if engine.without_rows else found.values()
        splits = [_split(engine, one, other, base, rng) for other in others]
        limit = limit_in(base, None)
        return Explanation(
            *names,
            base=float(base),
            unit=TableComparison(*names, (0, 0), base, ()).unit,
            column=judged([one], [evidence], base, limit)[0],
            splits=tuple(sorted(splits, key=lambda split: split.column_given_by - split.chance)),
            notes=(*notes, *engine.notes, *_unsplit(engine)),
        )


def _unsplit(engine: Engine) -> tuple[str, ...]:
    return (f"not split by other columns: {engine.without_rows}",) if engine.without_rows else ()


def _split(engine: Engine, one: Counted, other: Counted, base: float, seed: int) -> Split:
    codings = one.coding, Coding(other.pair, other.coding.partition, MOST)
    before, after = (engine.coded(side, codings, None) for side in ("reference", "current"))
    table, labels = _tables(before, after, engine, other, codings[1])
    return split_of(*table, by=other.pair.name, labels=labels, base=base, seed=seed)


def _tables(
    before: Coded, after: Coded, engine: Engine, other: Counted, coding: Coding
) -> tuple[tuple[Numbers, Numbers], tuple[str, ...]]:
    """Rows of (column, other) on the current and the reference side, and the other's outcomes."""
    codes = np.concatenate([before.codes, after.codes])
    x, at_x = np.unique(codes[:, 0], return_inverse=True)
    y, at_y = np.unique(codes[:, 1], return_inverse=True)
    split = len(before.codes)
    sides = []
    for side, part in ((after, slice(split, None)), (before, slice(split))):
        table = np.zeros((len(x), len(y)))
        np.add.at(table, (at_x[part], at_y[part]), side.rows)
        sides.append(table)
    names = _labels(engine, other, coding)
    return (sides[0], sides[1]), tuple(ODD[code] if code < 0 else names(int(code)) for code in y)


def _labels(engine: Engine, other: Counted, coding: Coding) -> Callable[[int], str]:
    """What the codes of the other column stand for."""
    if coding.partition is not None:
        partition, kind = coding.partition, other.pair.kind
        shown = partition.labels(shower(partition.edges, kind), stepwise=kind.stepwise)
        return lambda code: shown[code]
    values = [label(value, other.pair.kind) for value in engine.coded_values(coding)]
    return lambda code: values[code] if code < len(values) else "other values"


def split_of(
    current: Numbers,
    reference: Numbers,
    *,
    by: str,
    labels: Sequence[str],
    base: float,
    seed: int,
) -> Split:
    """The chain rule on two joint tables of rows, the column along the first axis.

    >>> now, then = np.asarray([[9.0, 1], [1, 9]]), np.asarray([[5.0, 5], [5, 5]])
    >>> split = split_of(now, then, by="y", labels="ab", base=2, seed=0)
    >>> round(split.joint, 6), round(split.of_by, 6), round(split.column_given_by, 6)
    (0.531004, 0.0, 0.531004)
    """
    nat = math.log(base)
    prior = PRIOR if np.any((current > 0) & (reference == 0)) else 0.0
    p, q = ((table + prior) / (table + prior).sum() for table in (current, reference))
    mix = KL.terms(paired(p.sum(axis=0), q.sum(axis=0)))
    within = _within(p, q)
    nothing = _dealt_within(current, reference, prior, np.random.default_rng(seed))
    return Split(
        by=by,
        joint=float(KL.terms(paired(p, q)).sum()) / nat,
        of_column=float(KL.terms(paired(p.sum(axis=1), q.sum(axis=1))).sum()) / nat,
        of_by=float(mix.sum()) / nat,
        column_given_by=float(within.sum()) / nat,
        by_given_column=float(_within(p.T, q.T).sum()) / nat,
        chance=float(np.mean(nothing)) / nat if nothing else math.inf,
        floor=float(np.quantile(nothing, 0.95)) / nat if nothing else math.inf,
        prior=prior,
        parts=tuple(
            Part(
                label=labels[y],
                reference=float(reference[:, y].sum() / reference.sum()),
                current=float(current[:, y].sum() / current.sum()),
                mix=float(mix[y]) / nat,
                within=float(within[y]) / nat,
            )
            for y in range(len(labels))
        ),
    )


def _dealt_within(
    current: Numbers, reference: Numbers, prior: float, rng: np.random.Generator
) -> list[float]:
    """E KL(X | Y) of tables whose rows are dealt anew among those that agree on Y."""
    sides = np.zeros((2, DRAWS, *current.shape))
    for y in range(current.shape[1]):
        sides[..., y] = deal(current[:, y], reference[:, y], DRAWS, rng)
    found = [float(_within(*(side[draw] + prior for side in sides)).sum()) for draw in range(DRAWS)]
    return [value for value in found if math.isfinite(value)]


def _within(p: Numbers, q: Numbers) -> Numbers:
    """p(y) KL(p(x | y) ‖ q(x | y)) for each y; 0 where p has none of it."""
    p, q = p / p.sum(), q / q.sum()
    of_p, of_q = p.sum(axis=0), q.sum(axis=0)
    here = (of_p > 0) & (of_q > 0)
    given = paired(p[:, here] / of_p[here], q[:, here] / of_q[here])
    found = np.zeros(len(of_p))
    found[here] = of_p[here] * KL.terms(given).sum(axis=0)
    return found
