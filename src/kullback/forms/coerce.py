"""From whatever the user handed us to a form."""

from typing import Any

from kullback.arrays.namespace import as_array
from kullback.errors import InputTypeError, NoMethodError
from kullback.forms.discrete import Discrete, Probs
from kullback.forms.form import Form
from kullback.forms.readers import read
from kullback.forms.samples import Samples


def coerce(x: Any, name: str) -> Form:
    """Return x if it is a form; a distribution as its family; bare arrays are probabilities."""
    if isinstance(x, Form):
        return x
    if isinstance(x, type) and issubclass(x, Form):
        numbers = "array" if issubclass(x, Discrete) else "parameters"
        raise InputTypeError(
            f"{name} is the class {x.__name__} itself; give it the {numbers}: "
            f"{x.__name__}({numbers})."
        )
    law = read(x, name)
    if law is not None:
        return law
    form = Probs(as_array(x, name))
    object.__setattr__(form, "listed", isinstance(x, (list, tuple)))
    return form


def coerce_table(x: Any, name: str) -> Discrete:
    """Return x as a table of outcomes, or raise."""
    form = coerce(x, name)
    if isinstance(form, Samples):
        raise NoMethodError(
            f"{name} is {form!r}, and short names answer exactly, of tables of outcomes. Only a "
            "statistical method can answer: kb.measure(samples, of=…, rng=0), with "
            "of=kb.MutualInformation() for instance, states how sure it is."
        )
    if not isinstance(form, Discrete):
        raise InputTypeError(f"{name} is {form!r}; a table of probabilities or counts is needed.")
    return form
