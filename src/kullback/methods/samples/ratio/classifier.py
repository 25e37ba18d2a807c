"""The ratio from a classifier: its log-odds of p against q, less the log of how many rows each has.

The log-odds are calibrated by a logistic line through those of rows that the classifier has not
seen (Platt 1999): classifiers are too sure of themselves, and a ratio that is too sure costs more
than it tells. Where a classifier is certain its log-odds are infinite, and no line passes through
them: they stand for the largest finite ones among those rows. Any log-ratio gives a lower bound.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.errors import InputTypeError, MissingExtraError
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.ratio.bound import LogRatio, Numbers
from kullback.methods.samples.ratio.folds import folds_of
from kullback.methods.samples.ratio.logistic import fitted
from kullback.methods.samples.ratio.method import RatioMethod
from kullback.questions import Divergence

PARTS = 3
_RIDGE = np.array([1e-3])


@dataclass(frozen=True, repr=False)
class Classifier(RatioMethod):
    """Any scikit-learn classifier, held out: a lower bound. Needs scikit-learn.

    The JS bound is log 2 less the mean log-loss of both samples; the others follow from the same
    log-odds by their own conjugates. Which laws it is near the truth for is up to the classifier.

    Parameters
    ----------
    estimator : scikit-learn classifier, optional
        With `predict_proba`; never changed (clones of it are fitted). Gradient-boosted trees on
        histograms if left out.
    folds, reach, permutations
        As for `QuadraticLogistic`.

    Raises
    ------
    MissingExtraError
        Without scikit-learn.

    References
    ----------
    Sugiyama, Suzuki and Kanamori, Density Ratio Estimation in Machine Learning (2012), chapter 4.

    >>> import kullback as kb, numpy as np
    >>> rng, of = np.random.default_rng(0), kb.JensenShannon()
    >>> x, y = rng.normal(1, 1, 1000), rng.normal(0, 1, 1000)  # JS = 0.1108
    >>> found = kb.measure(kb.Samples(x), kb.Samples(y), of=of, by=kb.Classifier(folds=2), rng=0)
    >>> round(float(found.value), 1), bool(0.05 < found.interval()[0] < 0.1108)
    (0.1, True)
    """

    estimator: Any = None

    takes_weights: ClassVar[bool] = False
    needs_rng: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.estimator is not None and not hasattr(self.estimator, "predict_proba"):
            raise InputTypeError(
                f"estimator={self.estimator!r} has no predict_proba: a ratio follows from "
                "probabilities only. sklearn.calibration.CalibratedClassifierCV adds them."
            )

    def fit(self, _of: Divergence, draws: Draws, rng: np.random.Generator | None, /) -> LogRatio:
        """Return the calibrated log-odds of classifiers, each fitted without a part of the rows."""
        assert draws.y is not None
        rows = np.vstack([draws.x, draws.y])
        positive = np.arange(len(rows)) < draws.n
        part = np.concatenate([
            folds_of(draws.n, draws.block_x, PARTS, rng),
            folds_of(draws.m, draws.block_y, PARTS, rng),
        ])  # fmt: skip
        trained = [self._trained(rows[part != k], positive[part != k], rng) for k in range(PARTS)]
        left_out = np.empty(len(rows))
        for k, one in enumerate(trained):
            left_out[part == k] = _log_odds(one, rows[part == k])
        most = _largest_finite(left_out)
        left_out = _finite(left_out, most)
        line = fitted(left_out[:, None], positive, np.ones(len(rows)), _RIDGE)
        offset = np.log(draws.n / draws.m)

        def log_ratio(z: Numbers) -> Numbers:
            mean = np.mean([_finite(_log_odds(one, z), most) for one in trained], axis=0)
            return np.asarray(line(mean[:, None]) - offset)

        return log_ratio

    def _trained(self, rows: Numbers, positive: np.ndarray, rng: Any) -> Any:
        try:
            from sklearn.base import clone
            from sklearn.ensemble import HistGradientBoostingClassifier
        except ModuleNotFoundError:
            raise MissingExtraError(
                "kb.Classifier() needs scikit-learn: pip install 'kullback[samples]'. "
                "kb.QuadraticLogistic() does without."
            ) from None
        if self.estimator is not None:
            return clone(self.estimator).fit(rows, positive)
        seed = 0 if rng is None else int(rng.integers(2**31))
        trees = HistGradientBoostingClassifier(
            max_iter=50, learning_rate=0.1, max_leaf_nodes=8, early_stopping=False,
            random_state=seed,
        )  # fmt: skip
        return trees.fit(rows, positive)


def _log_odds(trained: Any, rows: Numbers) -> Numbers:
    """Return log share/(1 − share), share the probability of p; ±∞ where it is 1 or 0."""
    share = np.asarray(trained.predict_proba(rows), dtype=np.float64)[:, 1]
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(share) - np.log1p(-share))


def _largest_finite(log_odds: Numbers) -> float:
    """Return the largest size of the finite ones; 1 if there is none, or if all are 0."""
    return float(np.abs(log_odds[np.isfinite(log_odds)]).max(initial=0.0)) or 1.0


def _finite(log_odds: Numbers, most: float) -> Numbers:
    return np.where(np.isinf(log_odds), np.copysign(most, log_odds), log_odds)
