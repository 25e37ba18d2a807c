"""Whole numbers drawn together, counted: information between them is that of a joint table."""

import math
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms import Counts, Form
from kullback.forms.samples import Samples
from kullback.methods.counts.choose import FEW, AutoCounts
from kullback.methods.counts.method import check_resamples, described_as
from kullback.methods.samples.series import embedded
from kullback.questions import JointQuestion, Question, TransferEntropy


@dataclass(frozen=True, repr=False)
class JointCounts(Method):
    """Draws that came as integers, with five or more to each cell of their table, are counted.

    Each different row of a variable is an outcome; the estimator is the one that the rule of
    `AutoCounts` names, and its p-value the G-test's, or that of permuted tables. For transfer
    entropy the outcomes are whole pasts: T(X → Y) of symbols.

    Attributes
    ----------
    resamples : int or None
        As for `AutoCounts`.

    References
    ----------
    Barnett and Bossomaier, Transfer entropy as a log-likelihood ratio, Phys. Rev. Lett. 109 (2012),
    for the p-value through time.

    A fair coin, and its copy one moment later; the truth is log 2 = 0.6931:

    >>> import numpy as np, kullback as kb
    >>> x = np.random.default_rng(0).integers(0, 2, 2001)
    >>> answer = kb.measure(kb.Samples(x[1:], x[:-1]), of=kb.TransferEntropy(), by=kb.JointCounts())
    >>> round(float(answer.value), 4)
    0.69...
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Samples,)

    resamples: int | None = field(default=None, kw_only=True)

    kind: ClassVar[Kind] = "estimated"

    def __post_init__(self) -> None:
        check_resamples(self.resamples)

    def __repr__(self) -> str:
        """Name what was set."""
        return described_as(self)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not counted in a table that the draws can fill."""
        if not isinstance(p, Samples) or q is not None:
            return "needs samples, of one law"
        if not isinstance(of, JointQuestion):
            return f"counts variables observed together, and {of!r} is not asked of such"
        through_time = isinstance(of, TransferEntropy)
        if len(p.variables) != (2 if through_time else of.axes):
            return f"asks {of!r} of other than {len(p.variables)} variables"
        if not p.whole:
            return "counts whole numbers, and not all came as integers"
        if p.weights is not None:
            return "counts every draw alike, and these have weights"
        if p.block is not None and not through_time:
            return "counts draws that are independent, and these come in blocks"
        size, n = _sizes(of, p)
        if n < FEW * math.prod(size):
            return (
                f"has {n} draws for a table of {_shape(size)} cells, fewer than {FEW:g} for each: "
                "too few to count"
            )
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the answer of the table, with its own error, interval and p-value."""
        assert isinstance(p, Samples)
        table = counted(of, p)
        auto = AutoCounts(resamples=self.resamples)
        found = auto.answer(of, Counts(table), q, replace(asked, axis=-1))
        words = (
            f"The numbers came as integers and were counted, {table.sum()} draws in a table of "
            f"{_shape(table.shape)} outcomes, by {found.method!r}; kb.KSG() reads them as numbers."
        )
        if isinstance(of, TransferEntropy):
            words += " Interval and p-value hold if y depends on no more of its past than is known."
        return replace(found, notes=(words, *found.notes), method=self)


def counted(of: Question, p: Samples) -> np.ndarray:
    """Return how often the variables' values were seen together, one axis for each variable."""
    codes = [np.unique(x, axis=0, return_inverse=True)[1].reshape(-1) for x in _variables(of, p)]
    size = [int(code.max()) + 1 for code in codes]
    table = np.bincount(np.ravel_multi_index(codes, size), minlength=math.prod(size))
    return table.reshape(size)


def _variables(of: Question, p: Samples) -> list[np.ndarray]:
    if not isinstance(of, TransferEntropy):
        return list(p.variables)
    rows = embedded(of, p)
    return np.split(rows.x, np.cumsum(rows.split)[:-1], axis=1)


def _sizes(of: Question, p: Samples) -> tuple[list[int], int]:
    variables = _variables(of, p)
    return [len(np.unique(x, axis=0)) for x in variables], len(variables[0])


def _shape(size: list[int] | tuple[int, ...]) -> str:
    return " × ".join(map(str, size))
