"""Frequencies less the bias that two slopes know."""

from dataclasses import dataclass

import numpy as np

from kullback.forms import Form
from kullback.methods.counts.delta import bias, has_slopes
from kullback.methods.counts.generators import is_plain, is_smooth
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.tables import Numbers, Tables, of_laws
from kullback.questions import Divergence, Question


@dataclass(frozen=True, repr=False)
class MillerMadow(CountsMethod):
    """The plug-in value less its bias in the second order: (K − 1)/(2n) for entropy.

    K is the number of outcomes seen. For Σ q f(p/q) the bias is ½ Σ g Var(δp − t δq), t = p/q,
    g = t f″(t)/p: for KL (K − 1)/(2n) + (Σ p/q − 1)/(2m).

    References
    ----------
    Miller, Note on the bias of information estimates, in Information Theory in Psychology (1955).

    >>> import kullback as kb
    >>> y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
    >>> float(kb.measure(y, of=kb.Entropy(), by=kb.MillerMadow()).value)
    2.15259...
    """

    def refuse_question(self, of: Question, _p: Form, _q: Form | None, /) -> str | None:
        """Refuse what has no second slope, or is a function of a sum."""
        return refuse_slopes(of)

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return plug-in − bias; what is infinite stays so."""
        plain = of_laws(of, t.p.frequencies, None if t.q is None else t.q.frequencies, t)
        return np.asarray(plain - bias(of, t))

    def corrects(self, _of: Question, /) -> str:
        """The bias in the second order."""
        return (
            "The bias that frequencies have in the order 1/n is taken off (Miller–Madow); it is "
            "too small a correction where many outcomes were seen once or never."
        )


def refuse_slopes(of: Question) -> str | None:
    """Return why the bias does not follow from two slopes, or None if it does."""
    if not has_slopes(of):
        return f"needs a question with slopes, and {of!r} has none"
    if isinstance(of, Divergence) and not is_smooth(of):
        return f"needs two slopes, and {of!r} has a kink"
    if isinstance(of, Divergence) and not is_plain(of):
        return f"{of!r} is a function of a sum, and its bias is not that of the sum"
    return None
