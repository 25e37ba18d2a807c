"""Counts read as the law behind them."""

from dataclasses import dataclass

from kullback.estimate import Method
from kullback.forms import Counts
from kullback.forms.discrete import Form
from kullback.questions import Question


@dataclass(frozen=True)
class PlugIn(Method):
    """The frequencies in place of the law behind the counts: divergences too high, entropy low."""

    kind = "estimated"

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not counted."""
        if not isinstance(p, Counts) and not isinstance(q, Counts):
            return "needs counts"
        if (q is None) != (of.arguments == 1):
            return f"{of} is asked of {of.arguments} distribution{'s' if of.arguments == 2 else ''}"
        return None
