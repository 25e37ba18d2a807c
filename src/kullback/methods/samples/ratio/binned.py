"""On the line: counts in bins that hold equal shares of q's draws, and what counts say of them.

No map of the outcomes raises a divergence (data processing), so that of the binned laws is at most
that of the laws; estimates from counts know their own bias and error.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from kullback.errors import InvalidInputError
from kullback.estimate import Answer, Asked
from kullback.forms import Counts, Form
from kullback.forms.samples import Samples
from kullback.methods.counts import AutoCounts
from kullback.methods.samples import notes as say
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.method import SamplesMethod
from kullback.questions import Divergence, Question


@dataclass(frozen=True, repr=False)
class Binned(SamplesMethod):
    """Counts in bins, in one dimension: for comparison.

    Parameters
    ----------
    bins : int, optional
        How many; 2 n^⅓ of the smaller sample if left out. Each holds an equal share of the draws of
        q, fewer where values repeat.
    resamples : int
        How many tables are drawn for the interval.

    >>> import kullback as kb, numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.normal(1, 1, 2000), rng.normal(0, 1, 2000)  # KL = 0.5
    >>> kb.measure(kb.Samples(x), kb.Samples(y), by=kb.Binned())
    0.4386373... ± 0.031 nats, estimated, by Binned(), p-value 1.6e-164, floor 0.0062
    """

    bins: int | None = None

    needs_density: ClassVar[bool] = False
    spread_by: ClassVar[Literal["subsampling", "bootstrap", "own"]] = "bootstrap"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.bins is not None and (not isinstance(self.bins, int) or self.bins < 2):
            raise InvalidInputError(f"bins={self.bins!r}: at least 2 are needed to compare.")

    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Refuse more than one dimension, and what is no f-divergence of two samples."""
        if not isinstance(of, Divergence):
            return f"estimates f-divergences and what follows from them, not {of!r}"
        if not isinstance(q, Samples):
            return "counts draws on both sides"
        if p.dimensions != 1:
            return f"is for one dimension, and there are {p.dimensions}"
        return None

    def estimate(self, of: Question, draws: Draws) -> float:
        """Return what counts in bins say."""
        return float(AutoCounts().answer(of, *self.counted(draws), Asked()).value)

    def counted(self, draws: Draws) -> tuple[Counts, Counts]:
        """Return how many draws of p and of q are in each bin."""
        assert draws.y is not None
        x, y = draws.x[:, 0], draws.y[:, 0]
        edges = inner_edges(y, self.bins or number_of_bins(draws.least))
        if not len(edges):
            raise InvalidInputError(
                f"All {len(y)} rows of q are {y[0]:g}: they have no quantiles to cut at. Compare "
                "them as counts: kb.Counts."
            )
        return Counts(_counts(x, edges)), Counts(_counts(y, edges))

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the estimate from counts; blocks are resampled whole."""
        draws = self.checked(of, p, q)
        x, y = self.counted(draws)
        said = (
            f"Counted in {x.array.shape[-1]} bins of equal shares of q. Bins hide what differs "
            "within them: what is estimated is at most the truth.",
        )
        if draws.blocked:
            found = self.described(of, draws, float(self.estimate(of, draws)), asked)
            return replace(found, notes=(*said, *found.notes))
        times = max(self.resamples, 20)
        found = AutoCounts(resamples=times).answer(of, x, y, asked)
        words = (*said, f"From the counts by {found.method!r}:", *found.notes)
        more = say.of_ceiling(of, draws, float(found.value))
        return replace(found, method=None, evidence=None, notes=(*words, *more))


def number_of_bins(n: int) -> int:
    """2 n^⅓: the bins of a histogram that is good for n rows."""
    return max(2, int(np.round(2 * np.cbrt(n))))


def inner_edges(y: npt.NDArray[np.float64], bins: int) -> npt.NDArray[np.float64]:
    """Return the cuts between bins, each once, none where nothing lies below it."""
    cuts: npt.NDArray[np.float64] = np.unique(np.quantile(y, np.arange(1, bins) / bins))
    return np.asarray(cuts[cuts > y.min()])


def _counts(x: npt.NDArray[np.float64], edges: npt.NDArray[np.float64]) -> Any:
    return np.bincount(np.searchsorted(edges, x, side="right"), minlength=len(edges) + 1)
