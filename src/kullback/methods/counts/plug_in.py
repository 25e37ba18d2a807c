"""Counts read as the law behind them."""

from dataclasses import dataclass, replace
from typing import ClassVar

from kullback.arrays.namespace import is_traced
from kullback.estimate import Answer, Asked
from kullback.forms import Counts, Discrete, Form, Labels
from kullback.forms.families.outcomes import as_numpy
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.notes import direction
from kullback.methods.counts.reading import read_tables
from kullback.methods.counts.tables import Numbers, Tables, of_laws
from kullback.methods.exact.sums import tabled_answer
from kullback.methods.transport import table_distance
from kullback.questions import CrossEntropy, Question, Wasserstein


@dataclass(frozen=True, repr=False)
class PlugIn(CountsMethod):
    """The frequencies in place of the law behind the counts: divergences too high, entropy low.

    The value is that of the short names, in the caller's array library.

    >>> import kullback as kb
    >>> kb.measure(kb.Counts([30, 50, 20]), kb.Counts([40, 40, 80]), by=kb.PlugIn())
    0.2180119... ± 0.079 nats, estimated, by PlugIn(), p-value 1.4e-06, floor 0.049
    """

    takes_weights: ClassVar[bool] = True
    takes_priors: ClassVar[bool] = True
    centred: ClassVar[bool | None] = False

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not counted."""
        if not isinstance(p, Counts) and not isinstance(q, Counts):
            return "needs counts"
        if not isinstance(p, Discrete) or not (q is None or isinstance(q, Discrete)):
            return "needs a table of outcomes on both sides"
        if (q is None) != (of.arguments == 1):
            return f"{of} is asked of {of.arguments} distribution{'s' if of.arguments == 2 else ''}"
        return None

    def refuse_question(self, _of: Question, _p: Form, _q: Form | None, /) -> str | None:
        """Every question of tables has an answer."""
        return None

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the answer of the frequencies."""
        return of_laws(of, t.p.frequencies, None if t.q is None else t.q.frequencies, t)

    def corrects(self, of: Question, /) -> str:
        """Nothing."""
        if isinstance(of, CrossEntropy):
            return "The frequencies stand in for the law behind the counts."
        return (
            "The frequencies stand in for the law behind the counts, which reads "
            f"{direction(of)} for small samples."
        )

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the answer of the frequencies, in the caller's library, with its error."""
        if isinstance(of, Wasserstein):
            assert isinstance(p, Discrete)
            assert isinstance(q, Discrete)
            plain = Answer(table_distance(of, p, q, asked.axis))
        else:
            plain = tabled_answer(of, p, q, asked, exact=False)
        if is_traced(plain.value) or isinstance(p, Labels) or isinstance(q, Labels):
            return replace(plain, notes=(self.corrects(of), "PlugIn states no interval here."))
        t = read_tables(of, p, q, asked.axis, asked.threads)
        found = self.described(of, t, as_numpy(plain.value), asked)
        return replace(found, value=plain.value, evidence=plain.evidence)
