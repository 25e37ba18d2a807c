"""Distribution objects of other libraries, read into families by their public attributes."""

from collections.abc import Callable
from functools import cache
from typing import Any

from kullback.errors import InputTypeError
from kullback.forms.form import Form

Reader = Callable[[Any, str], Form | None]

_READERS: dict[str, str] = {
    "scipy.stats": "scipy_stats",
    "torch.distributions": "torch_distributions",
    "numpyro.distributions": "numpyro_distributions",
    "distrax": "distrax_distributions",
    "tensorflow_probability.substrates.jax.distributions": "tfp_distributions",
}
"""The package that a class lives in, and the module here that reads its objects."""

_LOGARITHMS = ("logpdf", "log_prob", "logpmf", "log_density")


def read(x: Any, name: str) -> Form | None:
    """Return the family that x is a member of; None if x is no distribution.

    Objects of classes derived from a known library's are read as those are, unless they change the
    density. Any other object with `logpdf`, `log_prob`, `logpmf` or `log_density` becomes a
    `Density` of the support that it tells.
    """
    reader = _reader_of(type(x))  # type: ignore[arg-type]  # classes are hashable
    if reader is None:
        return None
    form = reader(x, name)
    if form is None:
        raise InputTypeError(
            f"{name} is a {type(x).__module__}.{type(x).__qualname__}, which is no distribution."
        )
    return form


@cache
def _reader_of(kind: type) -> Reader | None:
    """Return what reads the objects of a class."""
    from importlib import import_module

    for base in kind.__mro__:
        for package, module in _READERS.items():
            if base.__module__ == package or base.__module__.startswith(f"{package}."):
                found: Reader = import_module(f"kullback.forms.readers.{module}").read
                return found
    if any(callable(getattr(kind, n, None)) for n in _LOGARITHMS):
        return _read_density
    return None


def _read_density(x: Any, name: str) -> Form:
    from kullback.forms.density import Density

    try:
        return Density.of(x)
    except InputTypeError as error:
        raise InputTypeError(f"{name} is a {type(x).__name__}: {error}") from None
