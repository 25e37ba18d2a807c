"""How readers look up a class, and what they make of parts."""

from collections.abc import Mapping
from typing import Any

from kullback.errors import InputTypeError
from kullback.forms.discrete import Discrete, Logits, LogProbs, Probs
from kullback.forms.families.derived import Independent, Mixture
from kullback.forms.families.derived.tables import Table
from kullback.forms.families.family import Family
from kullback.forms.form import Form


def known_class(x: Any, table: Mapping[str, Any], package: str, density: str) -> str | None:
    """Return the first class of x's that the table has; None where x changes its density."""
    for base in type(x).__mro__:
        ours = base.__module__ == package or base.__module__.startswith(f"{package}.")
        if ours and base.__name__ in table:
            same = getattr(type(x), density, None) is getattr(base, density, None)
            return base.__name__ if same else None
    return None


def as_law(form: Form) -> Family:
    """Return a form as a family, so that other laws can be made of it."""
    if isinstance(form, Discrete):
        return Table(form)
    if not isinstance(form, Family):
        raise InputTypeError(
            f"{form!r} is known by its density alone; no other law can be made of it."
        )
    return form


def plain(law: Form) -> Form:
    """Return a table that was wrapped as a family as the table it is."""
    return law.form if isinstance(law, Table) else law


def independent(form: Form, axes: int) -> Form:
    """Return a form with the last axes of its batch taken as axes of the outcome."""
    return form if axes == 0 else Independent(as_law(form), axes)


def mixture(weights: Any, form: Form) -> Form:
    """Return the mixture of a batch (*batch, k) of laws, or of tables (*batch, k, outcomes)."""
    if not isinstance(form, Discrete):
        return Mixture(weights, as_law(form))
    from kullback.arrays.namespace import namespace

    xp = namespace(weights)
    return Probs(xp.sum(weights[..., None] * probabilities(form), axis=-2))


def probabilities(form: Discrete) -> Any:
    """Return the probabilities that a table holds."""
    from kullback.arrays.namespace import namespace
    from kullback.arrays.stable import log_softmax

    xp = namespace(form.array)
    if isinstance(form, Logits):
        return xp.exp(log_softmax(form.array))
    return xp.exp(form.array) if isinstance(form, LogProbs) else form.array


def two_logits(logits: Any) -> Logits:
    """Return the Bernoulli of given log-odds as two logits: no probability rounds to 1."""
    from kullback.arrays.namespace import namespace

    xp = namespace(logits)
    return Logits(xp.stack([xp.zeros_like(logits), logits], axis=-1))
