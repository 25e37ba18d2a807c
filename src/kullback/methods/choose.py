"""Choosing a method: a loop over a list, cheapest exact method first."""

from kullback.errors import NoMethodError
from kullback.estimate import Method
from kullback.forms.discrete import Form
from kullback.methods.exact import ExactSum
from kullback.methods.plug_in import PlugIn
from kullback.questions import Question

METHODS: tuple[Method, ...] = (ExactSum(), PlugIn())


def choose(of: Question, p: Form, q: Form | None, methods: tuple[Method, ...] = METHODS) -> Method:
    """Return the first method that does not refuse."""
    refusals = {}
    for method in methods:
        reason = method.refuse(of, p, q)
        if reason is None:
            return method
        refusals[method] = reason
    asked = f"{p!r}" if q is None else f"{p!r} and {q!r}"
    reasons = "\n".join(f"  {method!r}: {reason}" for method, reason in refusals.items())
    raise NoMethodError(f"No method answers {of!r} for {asked}:\n{reasons}")
