"""Columns together: a held-out lower bound on their joint KL, and what single columns do not show.

A classifier tells current rows from reference rows; its calibrated log-odds are the critic of the
bound KL ≥ E_p log r − E_q (r − 1) on rows it has not seen. So the bound holds whatever the
classifier misses, and blocks of dependent rows are held out whole.

The classifier works in one thread: the threads of boosting meet after every split, and on a machine
that is busy elsewhere they wait for each other for a hundred times as long as they work.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from kullback.errors import InvalidInputError
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.ratio.classifier import Classifier
from kullback.methods.samples.ratio.method import RatioMethod
from kullback.methods.samples.ratio.quadratic_logistic import QuadraticLogistic
from kullback.questions import KL
from kullback.report.result import ColumnComparison, Joint
from kullback.report.words import visible
from kullback.tables.blocks import Blocks
from kullback.tables.engine import Engine, Kind, Pair, Sample
from kullback.tables.evidence import LEVEL
from kullback.tables.measures import Numbers

FEW_VALUES = 20  # a column compared by value enters with no more of them
APART = 0.99  # of the largest JS: such a column alone tells the sides apart
ROWS = 30_000  # of each side
FOLDS = 5
ROUNDS, RATE = 60, 0.25  # of boosting
MISSING_CODE = -4.0


def joint_of(
    engine: Engine,
    pairs: Sequence[Pair],
    columns: Sequence[ColumnComparison],
    wanted: Sequence[str] | None,
    blocks: Blocks | None,
    base: float,
    seed: int,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Joint:
    """The bound over the wanted columns, or over all that are numbers or have few values.

    Raises
    ------
    InvalidInputError
        For a wanted column that is not compared, and fewer than two that can enter.
    """
    by_name = {column.column: column for column in columns}
    _check_wanted(wanted, by_name)
    reasons = {
        pair.name: _refused(pair, by_name[pair.name], wanted, blocks, base) for pair in pairs
    }
    chosen = [pair for pair in pairs if reasons[pair.name] is None]
    if len(chosen) < 2:
        raise InvalidInputError(
            f"a joint comparison needs at least 2 columns, and has {len(chosen)}: "
            + "; ".join(f"{visible(name)} {why}" for name, why in reasons.items() if why)
        )
    rng = np.random.default_rng(seed)
    own = (None, None) if blocks is None else (blocks.reference, blocks.current)
    before = _some(engine.sample("reference", chosen, own[0]), chosen, rng)
    after = _some(engine.sample("current", chosen, own[1]), chosen, rng)
    some = _varying(before[0], after[0])
    draws = Draws(x=after[0][:, some], y=before[0][:, some], block_x=after[1], block_y=before[1])
    method, notes = _method(draws)
    if isinstance(method, QuadraticLogistic):
        draws = _filled(draws)
    task = f"bounding the joint divergence of {len(chosen)} columns"
    with _one_thread():
        found = method.held_out(
            KL(), draws, rng, lambda fold: on_step(f"{task}, fold {fold} of {method.folds}")
        )
    bound, lower = found.value / math.log(base), found.lower(LEVEL) / math.log(base)
    alone = sum(_alone(by_name[pair.name]) for pair in chosen)
    return Joint(
        columns=tuple(pair.name for pair in chosen),
        left_out=tuple((name, why) for name, why in reasons.items() if why),
        bound=bound,
        lower=lower,
        marginals=alone,
        excess=bound - alone,
        rows=(draws.m, draws.n),
        folds=method.folds,
        by=" ".join(repr(method).split()),
        notes=notes,
    )


def _check_wanted(wanted: Sequence[str] | None, held: dict[str, ColumnComparison]) -> None:
    lacking = [name for name in wanted or () if name not in held]
    if lacking:
        raise InvalidInputError(
            f"joint names {', '.join(map(visible, lacking))}, which is not compared; "
            f"compared are {', '.join(map(visible, held))}"
        )


def _refused(
    pair: Pair,
    column: ColumnComparison,
    wanted: Sequence[str] | None,
    blocks: Blocks | None,
    base: float,
) -> str | None:
    """Why a column does not enter, or None if it does."""
    if wanted is not None:
        return None if pair.name in wanted else "is not among those named"
    if blocks is not None and pair.name == blocks.name:
        return "tells the blocks"
    if pair.kind in {Kind.DATE, Kind.TIMESTAMP, Kind.MISSING}:
        return f"is a {pair.kind}, which tells when a row was made"
    if column.js * math.log(base) >= APART * math.log(2):
        return "alone tells the sides apart"
    if not pair.kind.ordered and (column.distinct or 0) > FEW_VALUES:
        return f"has {column.distinct} values, more than {FEW_VALUES}"
    return None


def _alone(column: ColumnComparison) -> float:
    """The column's own KL, bias-corrected; of the smoothed tables where it is infinite."""
    found = column.estimates.get("kl", column.estimates.get("smoothed"))
    assert found is not None
    return found.value


def _some(
    sample: Sample, pairs: Sequence[Pair], rng: np.random.Generator
) -> tuple[Numbers, np.ndarray | None]:
    """No more than `ROWS` rows of the columns: values without order as indicators of each."""
    rows = len(next(iter(sample.columns.values())))
    few = np.sort(rng.permutation(rows)[:ROWS])
    taken = []
    for pair in pairs:
        values = sample.columns[pair.name][few]
        if pair.kind.ordered:
            taken.append(np.where(np.isfinite(values), values, np.nan))
        else:
            codes = (MISSING_CODE, *range(FEW_VALUES + 1))
            taken += [np.asarray(values == code, dtype=np.float64) for code in codes]
    return np.column_stack(taken), None if sample.blocks is None else sample.blocks[few]


def _varying(*sides: Numbers) -> npt.NDArray[np.bool_]:
    """Which columns hold more than one value."""
    both = np.vstack(sides)
    first = both[0]
    same = (both == first) | (np.isnan(both) & np.isnan(first))
    return np.asarray(~same.all(axis=0))


def _method(draws: Draws) -> tuple[RatioMethod, tuple[str, ...]]:
    """Boosted trees where scikit-learn is there, else a logistic quadratic; folds by block."""
    blocks = [
        len(np.unique(block)) for block in (draws.block_x, draws.block_y) if block is not None
    ]
    folds = min([FOLDS, *blocks])
    if find_spec("sklearn"):
        from sklearn.ensemble import HistGradientBoostingClassifier

        trees = HistGradientBoostingClassifier(
            max_iter=ROUNDS, learning_rate=RATE, early_stopping=False, random_state=0
        )
        return Classifier(trees, folds=folds), ()
    return QuadraticLogistic(folds=folds), (
        "A quadratic ratio: boosted trees see more and need scikit-learn, "
        "pip install 'kullback[samples]'.",
    )


def _one_thread() -> AbstractContextManager[object]:
    """Everything under it in one thread, where scikit-learn is there to be held to it."""
    if not find_spec("sklearn"):
        return nullcontext()
    from threadpoolctl import threadpool_limits

    limited: AbstractContextManager[object] = threadpool_limits(1)
    return limited


def _filled(draws: Draws) -> Draws:
    """Missing values replaced by the reference's median, and told by indicators."""
    assert draws.y is not None
    both = np.vstack([draws.x, draws.y])
    absent = np.isnan(both)
    some = absent.any(axis=0) & ~absent.all(axis=0)
    middle = np.zeros(both.shape[1])
    known = ~np.isnan(draws.y).all(axis=0)
    middle[known] = np.nanmedian(draws.y[:, known], axis=0)
    rows = np.column_stack([np.where(absent, middle, both), absent[:, some].astype(np.float64)])
    return replace(draws, x=rows[: draws.n], y=rows[draws.n :])
