"""What every estimate from counts does: a value, its error, and what no difference would show."""

from abc import abstractmethod
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import is_traced
from kullback.errors import InvalidInputError
from kullback.estimate import Answer, Asked, Floor, Kind, Method
from kullback.forms import Counts, Discrete, Form, Labels
from kullback.forms.families.outcomes import as_numpy
from kullback.methods.answers import no_interval
from kullback.methods.counts import notes as say
from kullback.methods.counts.bootstrap import (
    Spread,
    bootstrapped,
    normal_interval,
    slope_error,
)
from kullback.methods.counts.delta import bias, has_slopes
from kullback.methods.counts.difference import against_nothing
from kullback.methods.counts.evidence import counted_evidence
from kullback.methods.counts.reading import read_tables
from kullback.methods.counts.tables import Numbers, Tables, is_whole
from kullback.questions import Question

_LEAST, _MOST, _CELLS = 100, 1000, 10**8


@dataclass(frozen=True, repr=False)
class CountsMethod(Method):
    """An estimate from counts of draws.

    Attributes
    ----------
    resamples : int or None
        How many tables are drawn for the interval, and how many for the p-value. None is 1000,
        and fewer, down to 100, where tables have more than 100 000 cells.
    """

    resamples: int | None = field(default=None, kw_only=True)

    kind: ClassVar[Kind] = "estimated"
    takes_weights: ClassVar[bool] = False
    takes_priors: ClassVar[bool] = False
    centred: ClassVar[bool | None] = True

    def __post_init__(self) -> None:
        check_resamples(self.resamples)

    def __repr__(self) -> str:
        """Name what was set."""
        return described_as(self)

    def redraws(self, t: Tables) -> int:
        """Return how many tables are drawn: fewer where they are large, for time's sake."""
        if self.resamples is not None:
            return self.resamples
        return max(_LEAST, min(_MOST, _CELLS // max(1, t.p.frequencies.size)))

    @abstractmethod
    def refuse_question(self, of: Question, p: Form, q: Form | None, /) -> str | None:
        """Return why this estimator has no answer to a question of counts."""

    @abstractmethod
    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the value, shape (*batch,)."""

    @abstractmethod
    def corrects(self, of: Question, /) -> str:
        """Say in words what the estimator does about the bias of frequencies."""

    def floors_of(self, _of: Question, /) -> bool:
        """Tell whether tables without a difference are asked, too: whether that is cheap."""
        return True

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not counted, and what the estimator does not extend to."""
        if not isinstance(p, Counts) and not isinstance(q, Counts):
            return "needs counts"
        if not isinstance(p, Discrete) or not (q is None or isinstance(q, Discrete)):
            return "needs a table of outcomes on both sides"
        if (q is None) != (of.arguments == 1):
            return f"{of} is asked of {of.arguments} distribution{'s' if of.arguments == 2 else ''}"
        return self.refuse_question(of, p, q) or self.refuse_forms(p, q)

    def refuse_forms(self, p: Form, q: Form | None) -> str | None:
        """Return why the estimator cannot read what was counted, or None if it can."""
        return _refuse_form(self, "p", p) or (None if q is None else _refuse_form(self, "q", q))

    def answer_as_chosen(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the answer, naming this method as the one that ran."""
        return replace(self.answer(of, p, q, asked), method=self)

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the estimate with its error, its interval, and what no difference would show."""
        t = read_tables(of, p, q, asked.axis, asked.threads)
        return self.described(of, t, self.estimate(of, t), asked)

    def described(self, of: Question, t: Tables, value: Numbers, asked: Asked) -> Answer:
        """Return the answer around a value that was found."""
        words = [self.corrects(of), *say.of_priors(t), *say.of_infinity(of, t, value)]
        evidence = counted_evidence(of, t, value)
        if not t.whole:
            words.append(say.WEIGHTS)
            return Answer(
                value[()], notes=tuple(words), interval=no_interval(words), evidence=evidence
            )
        words += say.of_unseen(t)
        words += say.of_sign(of, value)
        words += say.of_kinks(of)
        rng = None if asked.rng is None else np.random.default_rng(asked.rng)
        spread, said = self.spread(of, t, value, rng)
        words += said
        against = against_nothing(
            of, t, rng, self.redraws(t),
            estimator=self.estimate if self.floors_of(of) else None,
            centred=self.centred,
        )  # fmt: skip
        floor = None if against is None else against.floor
        chance = None if against is None else against.p_value
        if against is not None:
            words.append(against.words)
        return Answer(
            value[()],
            None if spread is None else spread.error[()],
            tuple(words),
            no_interval(words) if spread is None or spread.interval is None else spread.interval,
            evidence,
            p_value=None if chance is None else chance[()],
            floor=None if floor is None else Floor(*(x[()] for x in floor)),
        )

    def spread(
        self, of: Question, t: Tables, value: Numbers, rng: np.random.Generator | None
    ) -> tuple[Spread | None, list[str]]:
        """Return error and interval, from redrawn tables if there is an rng, and words on them."""
        if rng is not None:
            drawn = self.redraws(t)
            found = bootstrapped(self.estimate, of, t, value, drawn, rng)
            return found, say.of_interval(drawn=drawn, slopes=True, centred=True)
        slopes = has_slopes(of)
        centre = self.centre(of, t, value) if slopes else None
        words = say.of_interval(drawn=None, slopes=slopes, centred=centre is not None)
        if not slopes:
            return None, words
        error = slope_error(of, t)
        interval = None if centre is None else normal_interval(of, t, centre, error)
        return Spread(error, interval), words

    def centre(self, of: Question, t: Tables, value: Numbers) -> Numbers | None:
        """Return the middle of the normal interval: the value, less a bias that slopes know."""
        if self.centred:
            return value
        from kullback.methods.counts.miller_madow import refuse_slopes

        if self.centred is None or refuse_slopes(of) is not None:
            return None
        return np.asarray(value - bias(of, t))


def check_resamples(resamples: Any) -> None:
    """Raise unless so many tables can make an interval."""
    if resamples is None or (isinstance(resamples, int) and resamples >= 20):
        return
    raise InvalidInputError(
        f"resamples={resamples!r}: at least 20 tables are needed for an interval; None leaves "
        "their number to the size of the tables."
    )


def described_as(method: Any) -> str:
    """Return the name of a method with what was set."""
    named = ((f.name, getattr(method, f.name), f.default) for f in fields(method))
    words = (f"{name}={value!r}" for name, value, default in named if repr(value) != repr(default))
    return f"{type(method).__name__}({', '.join(words)})"


def _refuse_form(method: CountsMethod, name: str, form: Form) -> str | None:
    assert isinstance(form, Discrete)
    if is_traced(form.array):
        return f"reads the counts, and the array of {name} is lazy or traced; PlugIn() can"
    if isinstance(form, Labels):
        return f"{name} holds labels; PlugIn() answers"
    if not isinstance(form, Counts):
        return None
    if not method.takes_priors and form.prior is not None:
        return (
            f"works on raw counts, and {name} has prior={form.prior:g} added to each: leave the "
            "prior out, or ask PlugIn()"
        )
    if not method.takes_weights and not is_whole(as_numpy(form.array)):
        return (
            f"counts single draws, and {name} holds weights that are not whole numbers: how many "
            "draws they stand for is not known. PlugIn(), JamesStein() and Dirichlet() take them"
        )
    return None
