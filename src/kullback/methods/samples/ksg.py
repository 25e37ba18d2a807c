"""Mutual information by nearest neighbours."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from kullback.errors import InvalidInputError
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.method import SamplesMethod
from kullback.methods.samples.neighbourhoods import balls, by_balls, by_rectangles
from kullback.methods.samples.scaling import SCALES, Scale, scaled
from kullback.methods.samples.series import Series, embedded, shifted
from kullback.methods.samples.shuffles import exchanged, nearby
from kullback.questions import (
    ConditionalMutualInformation,
    MutualInformation,
    Question,
    TransferEntropy,
)

_NEAR_THE_MOST = 0.7
_ASKED = {2: "two variables, kb.Samples(x, y)", 3: "three variables, kb.Samples(x, y, z)"}


@dataclass(frozen=True, repr=False)
class KSG(SamplesMethod):
    """Kraskov, Stögbauer and Grassberger: rows that are near in x and in y, beside those in both.

    I(X; Y) = ψ(n) + mean of ψ(k) − ψ(c(x)) − ψ(c(y)), c the rows nearer than the k-th neighbour in
    the joint space, in the max norm; given Z, Frenzel and Pompe's form; transfer entropy is the
    conditional information of embedded series. It reads low where dependence is strong: it can show
    at most ψ(n) − ψ(k).

    Attributes
    ----------
    k : int
        The neighbour that sets the radius: small for little bias, large for little variance.
    algorithm : int
        The first or the second estimator of the paper; the second has no form with a Z.
    scale : str or None
        "deviation": each coordinate over its standard deviation; "ranks": the normal quantile of
        its rank, so that increasing maps of coordinates change nothing; None: as given.

    References
    ----------
    Kraskov, Stögbauer and Grassberger, Estimating mutual information, Phys. Rev. E 69 (2004).
    Frenzel and Pompe, Partial mutual information for coupling analysis of multivariate time series,
    Phys. Rev. Lett. 99 (2007). Gao, Kannan, Oh and Viswanath, Estimating mutual information for
    discrete-continuous mixtures, NIPS 30 (2017), for rows that repeat.

    The truth is −½ log(1 − 0.6²) = 0.2231:

    >>> import kullback as kb
    >>> x, noise = np.random.default_rng(0).normal(size=(2, 1000))
    >>> y = 0.6 * x + 0.8 * noise
    >>> float(kb.measure(kb.Samples(x, y), of=kb.MutualInformation(), by=kb.KSG()).value)
    0.2...
    """

    k: int = 4
    algorithm: int = 1
    scale: Scale | None = "deviation"

    needs_density: ClassVar[bool] = False
    takes_repeats: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.k, int) or isinstance(self.k, bool) or self.k < 1:
            raise InvalidInputError(f"k={self.k!r}: a whole number of at least 1 is needed.")
        if self.algorithm not in (1, 2):
            raise InvalidInputError(
                f"algorithm={self.algorithm!r}: the paper has two estimators, 1 and 2."
            )
        if self.scale not in SCALES:
            raise InvalidInputError(
                f"scale={self.scale!r}: 'deviation', 'ranks', or None for coordinates as given."
            )

    def refuse_question(self, of: Question, p: Samples, _q: Form | None, /) -> str | None:
        """Refuse what is not information between variables, and other numbers of these."""
        if not isinstance(of, (MutualInformation, ConditionalMutualInformation, TransferEntropy)):
            return f"estimates information between variables, not {of!r}"
        given = isinstance(of, ConditionalMutualInformation)
        if len(p.variables) != 2 + given:
            return f"asks {of!r} of {_ASKED[2 + given]}, and there {_are(len(p.variables))}"
        if self.algorithm == 2 and not isinstance(of, MutualInformation):
            return (
                "has no second estimator with a variable that is known: its rectangles differ from "
                "row to row in each variable. KSG(algorithm=1) is Frenzel and Pompe's"
            )
        return None

    def minimum(self, _draws: Draws, /) -> int:
        """K neighbours, and the row itself."""
        return self.k + 1

    def read(self, of: Question, p: Samples, q: Form | None, /) -> Draws:
        """Return the rows, those of series embedded."""
        return embedded(of, p) if isinstance(of, TransferEntropy) else super().read(of, p, q)

    def estimate(self, _of: Question, draws: Draws) -> float:
        """Return the mean of all rows' terms."""
        x, y, *given = self._variables(draws)
        if self.algorithm == 2:
            return float(by_rectangles(x, y, self.k).mean())
        return float(by_balls(x, y, given[0] if given else None, self.k).mean())

    def permuted(self, draws: Draws, rng: np.random.Generator) -> Draws | None:
        """Return draws in which the variables have nothing to do with each other, beyond z."""
        moved = slice(draws.split[0], sum(draws.split[:2]))  # of y; of the past of x
        if isinstance(draws, Series):
            source = shifted(draws, rng)
        elif len(draws.split) == 3:
            z = scaled(draws.x[:, -draws.split[2] :], self.scale)
            source = None if draws.block_x is not None else nearby(z, rng)
        elif draws.block_x is not None:
            source = exchanged(draws.block_x, rng)
        else:
            source = rng.permutation(draws.n)
        if source is None:
            return None
        x = draws.x.copy()
        x[:, moved] = draws.x[source, moved]
        return replace(draws, x=x)

    def refuse_permutation(self, draws: Draws) -> str:
        """Say why there is no way to deal anew."""
        if isinstance(draws, Series):
            return "series as short as these can be moved in time in too few ways"
        if len(draws.split) == 3:
            return "whose values may be exchanged near a z is not known where rows come in blocks"
        return (
            "whole blocks are exchanged with others of their size, and there are too few of these"
        )

    def null_in_words(self, of: Question, draws: Draws, /) -> tuple[str, str]:
        """Independence, by the way that rows are dealt anew."""
        if isinstance(draws, Series):
            return "no influence of x on y", "shifts of x in time"
        if isinstance(of, ConditionalMutualInformation):
            return "independence given z", "permutations among rows with near z"
        return "independence", "permutations of y"

    def said_of_blocks(self, draws: Draws) -> list[str]:
        """Say what of series is kept together."""
        return _of_time(draws) if isinstance(draws, Series) else super().said_of_blocks(draws)

    def notes(self, _of: Question, draws: Draws, value: float, /) -> tuple[str, ...]:
        """Say what repeats, what is constant, and what the estimate cannot exceed."""
        return (
            *_of_constants(draws),
            *self._of_ties(draws),
            *self._of_the_most(draws, value),
        )

    def _variables(self, draws: Draws) -> list[np.ndarray]:
        ends = np.cumsum(draws.split)[:-1]
        return [scaled(x, self.scale) for x in np.split(draws.x, ends, axis=1)]

    def _of_ties(self, draws: Draws) -> list[str]:
        if not any(len(np.unique(column)) < draws.n for column in draws.x.T):
            return []
        ball = balls(np.hstack(self._variables(draws)), self.k)
        repeated = int(ball.repeated.sum())
        shared = int((~ball.repeated & (ball.inside < self.k)).sum())
        whole = " The numbers came as integers." if draws.whole else ""
        said = []
        if repeated:
            said.append(
                f"{repeated} of {draws.n} rows equal {self.k} others or more in all variables: "
                "they are counted as outcomes of a discrete law, the rest as draws of a density "
                f"(Gao et al., 2017); nothing is jittered.{whole}"
            )
        if shared:
            said.append(
                f"{shared} of {draws.n} rows have several neighbours at the distance of the "
                f"{self.k}th (rounded or discrete numbers): of these rows only what is nearer "
                f"counts.{whole * (not repeated)}"
            )
        return said

    def _of_the_most(self, draws: Draws, value: float) -> list[str]:
        from scipy.special import digamma

        most = float(digamma(draws.n) - digamma(self.k))
        if len(draws.split) > 2 or not value > _NEAR_THE_MOST * most:
            return []
        return [
            f"The estimate can show at most ψ(n) − ψ(k) = {most:.2f} nats of {draws.n} rows, and "
            "reads low near it: the truth may be much larger, also beyond the interval."
        ]


def _of_constants(draws: Draws) -> list[str]:
    constant = np.flatnonzero((draws.x == draws.x[0]).all(axis=0))
    ends = np.cumsum(draws.split)
    names = "the next y|the past of x|the past of y" if isinstance(draws, Series) else "x|y|z"
    return [
        f"Column {at - (ends[i] - draws.split[i])} of {names.split('|')[i]} is "
        f"{draws.x[0, at]:g} in all {draws.n} rows: it tells nothing."
        for at in map(int, constant)
        for i in [int(np.searchsorted(ends, at, side="right"))]
    ]


def _of_time(draws: Series) -> list[str]:
    assert draws.block_x is not None
    series = len(np.unique(draws.series))
    blocks = len(np.unique(draws.block_x))
    what = "series" if blocks == series else f"stretches of {'them' if series > 1 else 'it'}"
    return [
        f"{draws.n} moments of {series} series have a past that is long enough. They depend on "
        f"each other, so that {blocks} {what} are resampled whole."
    ]


def _are(n: int) -> str:
    return "is one" if n == 1 else f"are {n}"
