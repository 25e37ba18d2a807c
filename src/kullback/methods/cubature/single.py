"""One law of a batch."""

from typing import Any

from kullback.errors import InputTypeError
from kullback.forms.families.derived.derived import picked


def single(law: Any, index: tuple[int, ...], batch: tuple[int, ...]) -> Any:
    """Return the law at an index of the batch to which its own batch broadcasts."""
    own = len(tuple(law.batch))
    if not own:
        return law
    if not hasattr(law, "parameters"):
        raise InputTypeError("A Density in two or three dimensions cannot have a batch.")
    for at in index[len(batch) - own :]:
        law = picked(law, at, -own)
        own -= 1
    return law
