"""Frozen scipy.stats distributions; SciPy's new distribution objects are in scipy_new."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kullback.errors import InputTypeError
from kullback.forms.density import Density
from kullback.forms.discrete import Probs
from kullback.forms.form import Form
from kullback.forms.readers.scipy_many import read_vectors
from kullback.forms.readers.scipy_new import is_new, read_new
from kullback.forms.readers.scipy_one import CONTINUOUS, COUNTING


def read(x: Any, name: str) -> Form | None:
    """Return the form of a frozen distribution, or raise for one that is not frozen."""
    if is_new(x):
        return read_new(x)
    if callable(getattr(x, "_parse_args", None)):
        x = _frozen(x, name)
    elif callable(x) and type(x).__name__.endswith("_gen"):
        raise _not_frozen(x, name)
    kind = type(x).__name__
    if kind in ("rv_continuous_frozen", "rv_discrete_frozen"):
        return _read_frozen(x)
    if kind.endswith("_frozen") or kind == "gaussian_kde":
        return read_vectors(x, name)
    return None


def _frozen(x: Any, name: str) -> Any:
    """Return a law without parameters as frozen: a histogram, a table, a user's own class."""
    own = not type(x).__module__.startswith("scipy.") or type(x).__name__ in (
        "rv_sample",
        "rv_histogram",
    )
    if own and not x.shapes:
        return x()
    raise _not_frozen(x, name)


def _not_frozen(x: Any, name: str) -> InputTypeError:
    called = getattr(x, "name", None) or type(x).__name__.removesuffix("_gen")
    shapes = getattr(x, "shapes", None)
    last = "loc" if hasattr(x, "pmf") else "loc, scale"
    arguments = ", ".join(filter(None, [shapes, last])) if hasattr(x, "shapes") else "…"
    return InputTypeError(
        f"{name} is scipy.stats.{called} itself, which is a family without parameters. Freeze it: "
        f"scipy.stats.{called}({arguments})."
    )


def arguments_of(x: Any) -> dict[str, Any]:
    """Return shapes, loc and scale of a frozen distribution by name, however they were given."""
    shapes = x.dist.shapes.replace(",", " ").split() if x.dist.shapes else []
    names = [*shapes, "loc"] if hasattr(x, "pmf") else [*shapes, "loc", "scale"]
    given = {"loc": 0.0, "scale": 1.0, **dict(zip(names, x.args, strict=False)), **x.kwds}
    return {name: _number(value) for name, value in given.items()}


def _number(value: Any) -> Any:
    """Return a plain float, or an array of floats."""
    if isinstance(value, (int, float, np.integer, np.floating)):
        return float(value)
    return np.asarray(value, dtype=np.result_type(np.asarray(value).dtype, np.float32))


def _read_frozen(x: Any) -> Form:
    given = arguments_of(x)
    kind = type(x.dist).__name__.removesuffix("_gen")
    table: Mapping[str, Callable[..., Form | None]] = COUNTING if hasattr(x, "pmf") else CONTINUOUS
    if not type(x.dist).__module__.startswith("scipy."):
        return _density(x)
    if kind == "rv_sample":
        return _sample(x, given)
    found = table[kind](given) if kind in table else None
    return _density(x) if found is None else found


def _sample(x: Any, given: dict[str, Any]) -> Form:
    """Return a table where the outcomes are 0 … k − 1."""
    values, probs = np.asarray(x.dist.xk), np.asarray(x.dist.pk, np.float64)
    if np.all(given["loc"] == 0) and np.array_equal(values, np.arange(len(values))):
        return Probs(probs)
    return _density(x)


UNSOUND_QUANTILES = {"invgauss", "wald", "recipinvgauss", "levy_stable", "studentized_range"}
"""Those whose ppf is wrong, or takes seconds."""


def _density(x: Any) -> Form:
    low, high = x.support()
    kind = type(x.dist).__name__.removesuffix("_gen")
    return Density(
        x.logpmf if hasattr(x, "pmf") else x.logpdf,
        _end(low),
        _end(high),
        discrete=hasattr(x, "pmf"),
        quantile=None if kind in UNSOUND_QUANTILES else x.ppf,
        draw=lambda rng, n: x.rvs(size=(n, *np.shape(low)), random_state=rng),
    )


def _end(x: Any) -> Any:
    return float(x) if np.ndim(x) == 0 else np.asarray(x, np.float64)
