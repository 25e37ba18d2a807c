"""The estimators of a panel, each with its answer or with the reason why it has none."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from kullback._measure import measure
from kullback.errors import MissingExtraError, NoMethodError
from kullback.estimate import Estimate
from kullback.forms.samples import Samples
from kullback.information.panel.gaussian import GaussianFit
from kullback.methods.samples.draws import draws_of
from kullback.methods.samples.method import SamplesMethod
from kullback.questions import Question

Role = Literal["estimate", "lower bound", "comparator"]


@dataclass(frozen=True)
class Row:
    """What one estimator says.

    Attributes
    ----------
    name : str
        The method as it is written.
    role : str
        "estimate"; "lower bound", where only the lower limit is claimed; or "comparator", where the
        answer rests on an assumption (Gaussian laws, bins) and is shown beside the others.
    answer : Estimate
        What `measure` returns.
    lower, upper : float or None
        The ends of the interval; None without rng.
    calibrated : bool
        Whether the interval is known to hold the truth as often as it says.
    """

    name: str
    role: Role
    answer: Estimate
    lower: float | None
    upper: float | None
    calibrated: bool = True

    @property
    def value(self) -> float:
        """The number."""
        return float(self.answer.value)


def candidates() -> Iterator[tuple[SamplesMethod, Role]]:
    """Yield all estimators that a panel may ask, and what they claim."""
    from kullback.methods.samples.neighbour_kl import NearestNeighbours
    from kullback.methods.samples.poczos_schneider import PoczosSchneider
    from kullback.methods.samples.ratio import (
        Binned,
        Classifier,
        KernelDensity,
        QuadraticLogistic,
    )

    yield NearestNeighbours(), "estimate"
    yield NearestNeighbours(k=5), "estimate"
    yield PoczosSchneider(), "estimate"
    yield QuadraticLogistic(), "lower bound"
    yield Classifier(), "lower bound"
    yield Binned(), "comparator"
    yield KernelDensity(), "comparator"
    yield GaussianFit(), "comparator"


def rows_of(
    p: Samples, q: Samples, of: Question, base: float | None, rng: Any, level: float
) -> tuple[list[Row], list[tuple[str, str]]]:
    """Return the rows, and the names and reasons of the estimators that do not answer."""
    rows, refused = [], []
    draws = draws_of(p, q)
    for method, role in candidates():
        try:
            reason = method.refuse(of, p, q)
            if reason is not None:
                refused.append((repr(method), reason))
                continue
            answer = measure(p, q, of=of, by=replace(method, permutations=0), base=base, rng=rng)
        except (MissingExtraError, NoMethodError) as error:
            refused.append((repr(method), str(error)))
            continue
        lower, upper = _interval(answer, level)
        trusted = method.uncalibrated(draws) is None
        if answer.kind == "bound":
            upper = None
        rows.append(Row(repr(method), role, answer, lower, upper, trusted))
    return rows, refused


def _interval(answer: Estimate, level: float) -> tuple[float | None, float | None]:
    if answer.error is None:
        return None, None
    low, high = answer.interval(level)
    return float(low), float(high)
