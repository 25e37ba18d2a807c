"""What every estimate from draws does: a value, how it varies, what no difference shows."""

import math
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Literal

import numpy as np

from kullback.errors import InvalidInputError
from kullback.estimate import Answer, Asked, Floor, Kind, Method
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.answers import no_interval
from kullback.methods.counts.method import described_as
from kullback.methods.laws import is_law
from kullback.methods.samples import notes as say
from kullback.methods.samples.checks import check_columns, check_rows, check_spread
from kullback.methods.samples.draws import Draws, draws_of
from kullback.methods.samples.permutation import (
    Against,
    against_nothing,
    dealt,
    permutations_of,
    same_blocks,
)
from kullback.methods.samples.resampling import (
    Spread,
    bootstrapped,
    share_of,
    subsample,
    subsampled,
)
from kullback.questions import CrossEntropy, Entropy, Question

__all__ = ["Draws", "SamplesMethod"]


@dataclass(frozen=True, repr=False)
class SamplesMethod(Method):
    """An estimate from draws.

    Attributes
    ----------
    resamples : int
        How many samples are drawn anew for the interval; 0 for none.
    permutations : int or None
        How many times the draws are dealt out anew for the p-value and the floor; 0 for none, None
        leaves it to their number: 199, fewer where rows × coordinates exceed 20 000, none where
        they exceed 100 000.
    """

    resamples: int = field(default=200, kw_only=True)
    permutations: int | None = field(default=None, kw_only=True)

    kind: ClassVar[Kind] = "estimated"
    takes_weights: ClassVar[bool] = False
    needs_density: ClassVar[bool] = True
    """Whether a constant column is refused."""
    takes_repeats: ClassVar[bool] = False
    """Whether rows that repeat within a sample need no note of the base class."""
    spread_by: ClassVar[Literal["subsampling", "bootstrap", "own"]] = "subsampling"

    def __post_init__(self) -> None:
        for name, least in (("resamples", 20), ("permutations", 19)):
            times = getattr(self, name)
            if times is not None and (not isinstance(times, int) or 0 != times < least):
                raise InvalidInputError(
                    f"{name}={times!r}: 0 for none, or at least {least}; fewer say nothing."
                )

    def __repr__(self) -> str:
        """Name what was set."""
        return described_as(self)

    @abstractmethod
    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Return why this method has no answer to the question of these draws, or None."""

    @abstractmethod
    def estimate(self, of: Question, draws: Draws) -> float:
        """Return the value, in nats where information is measured; a function of the draws only."""

    def minimum(self, _draws: Draws, /) -> int:
        """Return how many rows the smaller sample needs."""
        return 2

    def notes(self, _of: Question, _draws: Draws, _value: float, /) -> tuple[str, ...]:
        """Return what a reader should know of this value."""
        return ()

    def uncalibrated(self, draws: Draws, /) -> str | None:
        """Return why the interval may hold the truth less often than it says, or None."""
        return say.of_calibration(draws) if self.spread_by == "subsampling" else None

    def read(self, _of: Question, p: Samples, q: Form | None, /) -> Draws:
        """Return the rows that the question is asked of."""
        return draws_of(p, q)

    def resampled(self, draws: Draws, share: float, rng: np.random.Generator) -> Draws:
        """Return a share of the rows, without replacement and in whole blocks."""
        return subsample(draws, share, rng)

    def rate(self, draws: Draws, /) -> float | None:
        """Return γ, by which bias falls like n^(−γ); None if the interval takes no bias off."""
        return 1.5 / draws.dimensions

    def permuted(self, draws: Draws, rng: np.random.Generator) -> Draws | None:
        """Return the draws as they might be without a difference; None if that is not known.

        Two samples are pooled and dealt anew; beside a known law, new rows are drawn from it.
        """
        if draws.y is not None:
            return dealt(draws, rng) if same_blocks(draws) else None
        draw = getattr(draws.law, "draw", None)
        if not callable(draw) or draws.block_x is not None or draws.v is not None:
            return None
        rows = np.asarray(draw(rng, draws.n), dtype=np.float64).reshape(draws.x.shape)
        return Draws(rows, None, draws.split, law=draws.law)

    def refuse_permutation(self, draws: Draws) -> str:
        """Say why `permuted` knows no draws without a difference."""
        if draws.y is not None:
            return "the rows of one sample are in blocks and those of the other are not"
        return "rows of the law itself would have to be drawn, alike and with no blocks"

    def null_in_words(self, _of: Question, draws: Draws, /) -> tuple[str, str]:
        """Return what the p-value is of, and what it comes from."""
        return "no difference", "permutations" if draws.law is None else "samples of the law"

    def said_of_blocks(self, draws: Draws) -> list[str]:
        """Say what is kept together in resampling."""
        return say.of_blocks(draws)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not drawn."""
        if not isinstance(p, Samples):
            return "needs samples"
        if not (q is None or isinstance(q, Samples) or is_law(q)):
            return f"needs samples or a law with a density in the place of q, not {q!r}"
        if (q is None) != (of.arguments == 1):
            return f"{of!r} is asked of {of.arguments} distribution{'s' * (of.arguments == 2)}"
        weighted = p.weights is not None or getattr(q, "weights", None) is not None
        if weighted and isinstance(q, (Samples, type(None))) and not self.takes_weights:
            return "counts every draw alike, and these have weights"
        return self.refuse_question(of, p, q)

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the estimate with its interval, and what no difference would show."""
        draws = self.checked(of, p, q)
        return self.described(of, draws, float(self.estimate(of, draws)), asked)

    def checked(self, of: Question, p: Form, q: Form | None) -> Draws:
        """Return the rows, or raise where no estimate can be had from them.

        Raises
        ------
        ShapeError, InvalidInputError
            Unequal dimensions, constant columns, all rows alike, too few rows.
        """
        assert isinstance(p, Samples)
        if isinstance(q, Samples):
            check_columns(p, q)
        draws = self.read(of, p, q)
        check_rows(draws, self.minimum(draws), self)
        if self.needs_density:
            check_spread(draws)
        return draws

    def described(self, of: Question, draws: Draws, value: float, asked: Asked) -> Answer:
        """Return the answer around a value that was found."""
        words = [*self.notes(of, draws, value)]
        words += say.of_repeats(draws, within=not self.takes_repeats)
        words += [*say.of_sign(of, value), *say.of_ceiling(of, draws, value)]
        words += self.said_of_blocks(draws)
        if asked.rng is None:
            words.append(say.NEEDS_RNG)
            return Answer(np.float64(value), notes=tuple(words), interval=no_interval(words))
        rng = np.random.default_rng(asked.rng)
        spread, said = self.spread(of, draws, value, rng)
        words += said
        against, said = self.against(of, draws, value, rng)
        words += said
        return Answer(
            np.float64(value),
            None if spread is None else np.float64(spread.error),
            tuple(words),
            no_interval(words) if spread is None or spread.interval is None else spread.interval,
            p_value=None if against is None else np.float64(against.p_value),
            floor=None if against is None else Floor(*map(np.float64, against.floor)),
        )

    def spread(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Spread | None, list[str]]:
        """Return error and interval, and words on them."""
        if not self.resamples:
            return None, ["It has no interval: resamples=0."]
        estimate = partial(self.estimate, of)
        if self.spread_by == "bootstrap":
            found = bootstrapped(estimate, draws, value, self.resamples, rng)
            return found, [f"Interval: from {self.resamples} redrawn samples (bootstrap)."]
        share = share_of(max(draws.n, draws.m))
        rows, need = math.floor(share * draws.least), self.minimum(draws)
        if rows < need:
            return None, [
                f"It has no interval: subsamples of {rows} rows would be drawn, and at least "
                f"{need} are needed."
            ]
        found = subsampled(
            estimate, draws, value, self.resampled, self.resamples, share, rng, self.rate(draws)
        )
        sizes = f"{round(share * draws.n)}" + f" and {round(share * draws.m)}" * (draws.m > 0)
        doubt = self.uncalibrated(draws)
        return found, [
            f"Interval: from {self.resamples} subsamples of {sizes} rows without replacement, "
            "less the bias that they show.",
            *([] if doubt is None else [doubt]),
        ]

    def against(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Against | None, list[str]]:
        """Return p-value and floor, and words on them."""
        if isinstance(of, (Entropy, CrossEntropy)) or self.permutations == 0:
            return None, []
        first = self.permuted(draws, rng)
        if first is None:
            return None, [f"No p-value: {self.refuse_permutation(draws)}."]
        times = permutations_of(draws) if self.permutations is None else self.permutations
        if not times:
            return None, [
                f"No p-value: permuting {draws.n + draws.m} rows often enough takes long. "
                "permutations=199 asks for it."
            ]

        def nulls() -> Iterator[Draws]:
            yield first
            for _ in range(times - 1):
                some = self.permuted(draws, rng)
                assert some is not None
                yield some

        found = against_nothing(partial(self.estimate, of), value, nulls(), times)
        what, how = self.null_in_words(of, draws)
        return found, [f"The p-value is that of {what}, from {times} {how}."]
