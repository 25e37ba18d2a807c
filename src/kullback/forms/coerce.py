"""From whatever the user handed us to a form."""

from typing import Any

from kullback.arrays.namespace import as_array
from kullback.errors import InputTypeError
from kullback.forms.discrete import Form, Probs


def coerce(x: Any, name: str) -> Form:
    """Return x if it is a form; bare arrays are probabilities."""
    if isinstance(x, Form):
        return x
    if isinstance(x, type) and issubclass(x, Form):
        raise InputTypeError(
            f"{name} is the class {x.__name__} itself; give it the array: {x.__name__}(array)."
        )
    form = Probs(as_array(x, name))
    object.__setattr__(form, "listed", isinstance(x, (list, tuple)))
    return form
