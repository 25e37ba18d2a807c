"""What a comparison of two models on the same rows found."""

from __future__ import annotations

from dataclasses import dataclass
from math import e

from kullback.report.predictions_out import PredictionOutputs


@dataclass(frozen=True)
class Mean:
    """A mean over rows with its 95 % interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class CalibrationBin:
    """Rows with a confidence in one tenth: how sure the model was, and how often it was right."""

    rows: int
    confidence: float
    frequency: float


@dataclass(frozen=True)
class Calibration:
    """How far confidence and frequency lie apart.

    Confidence is the probability of the positive class where there are two classes, else that of
    the likeliest class.

    Attributes
    ----------
    bins : tuple of CalibrationBin
        By tenths of confidence, empty ones left out.
    error : float
        The expected calibration error: the mean of abs(frequency − confidence) over rows.
    chance : float
        What `error` is on average, from this many rows, where confidence is right.
    loss : float
        The mean of KL(frequency ‖ confidence) over rows, a lower bound on what recalibration
        would save.
    """

    bins: tuple[CalibrationBin, ...]
    error: float
    chance: float
    loss: float


@dataclass(frozen=True)
class Model:
    """One model against the label: cross-entropy, and calibration."""

    cross_entropy: Mean
    calibration: Calibration


@dataclass(frozen=True, repr=False)
class PredictionComparison(PredictionOutputs):
    """Two models' class probabilities on the same rows.

    Attributes
    ----------
    table : str
    models : pair of tuples of str
        The columns of each.
    rows, labelled : int
        Rows, and those with a label.
    blocks : int or None
        How many blocks of dependent rows.
    base : float
    kl, reverse : Mean
        The mean over rows of KL(first ‖ second), and of KL(second ‖ first).
    infinite : tuple of int
        Rows where each of these is infinite.
    label : str or None
        Its column.
    first, second : Model or None
        Against the label, if there is one.
    difference : Mean or None
        Cross-entropy of the first less that of the second, row by row: below 0 the first is better.
    """

    table: str
    models: tuple[tuple[str, ...], tuple[str, ...]]
    rows: int
    labelled: int
    blocks: int | None
    base: float
    kl: Mean
    reverse: Mean
    infinite: tuple[int, int]
    label: str | None = None
    first: Model | None = None
    second: Model | None = None
    difference: Mean | None = None

    @property
    def unit(self) -> str:
        """The unit of all but calibration errors."""
        return {2.0: "bits", e: "nats", 10.0: "hartleys"}.get(
            float(self.base), f"units of log {self.base:g}"
        )
