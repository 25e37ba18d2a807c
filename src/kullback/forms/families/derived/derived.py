"""What laws made of other laws have in common."""

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, Self

import numpy as np

from kullback.arrays.namespace import is_traced, library_of, namespace
from kullback.errors import InputTypeError, ShapeError
from kullback.forms.families.family import Family, _check, _in_one_library, _is_plain
from kullback.forms.families.outcomes import outcomes
from kullback.forms.form import Form


def law_field() -> Any:
    """Return a dataclass field that holds a law, or a tuple of them."""
    return field(metadata={"law": True})


@dataclass(frozen=True, eq=False, repr=False)
class Derived(Family):
    """A law made of other laws, all brought to one library with its own parameters."""

    def __post_init__(self) -> None:
        name = type(self).__name__
        for f in self._law_fields():
            object.__setattr__(self, f.name, _read(getattr(self, f.name), f"{name}: {f.name}"))
        own = {f.name: getattr(self, f.name) for f in self.parameters()}
        listed = all(map(_is_plain, own.values())) and all(law.listed for law in self.made_of)
        homes = {f"law {i}": law.home for i, law in enumerate(self.made_of) if not law.listed}
        shared = _in_one_library({**own, **homes}, name)
        if not listed:
            like = next(iter(shared.values()))
            self._change(lambda law: _moved(law, like))
        for f in self.parameters():
            object.__setattr__(self, f.name, shared[f.name])
            _check(shared[f.name], f, name)
        for attribute, value in (
            ("listed", listed),
            ("discrete", self._is_discrete()),
            ("dimensions", self._dimensions()),
        ):
            object.__setattr__(self, attribute, value)
        self.check()

    @classmethod
    def _law_fields(cls) -> tuple[Field[Any], ...]:
        return tuple(f for f in fields(cls) if "law" in f.metadata)

    @property
    def made_of(self) -> tuple[Family, ...]:
        """The laws that this one is made of."""
        found: list[Family] = []
        for f in self._law_fields():
            held = getattr(self, f.name)
            found += held if isinstance(held, tuple) else [held]
        return tuple(found)

    def _is_discrete(self) -> bool:
        return bool(getattr(self.made_of[0], "discrete", True))

    def _dimensions(self) -> int:
        return int(getattr(self.made_of[0], "dimensions", 0))

    def _change(self, change: Callable[[Any], Any]) -> None:
        for f in self._law_fields():
            held = getattr(self, f.name)
            new = tuple(change(law) for law in held) if isinstance(held, tuple) else change(held)
            object.__setattr__(self, f.name, new)

    @property
    def home(self) -> Any:
        """An array of the library in which answers come back."""
        return self.made_of[0].home

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the batch: that of the laws and of the parameters, broadcast."""
        shapes = [law.batch for law in self.made_of]
        for f in self.parameters():
            shape = tuple(getattr(self, f.name).shape)
            shapes.append(shape[: len(shape) - f.metadata["domain"].event])
        try:
            return np.broadcast_shapes(*shapes)
        except ValueError:
            raise ShapeError(
                f"{type(self).__name__}: the batch shapes {', '.join(map(str, shapes))} of the "
                "laws and parameters do not broadcast."
            ) from None

    def moved(self, like: Any) -> Self:
        """Return the same law with its parameters in the library, dtype and device of an array."""
        laws = {f.name: _all(getattr(self, f.name), like) for f in self._law_fields()}
        own = {f.name: outcomes(getattr(self, f.name), like) for f in self.parameters()}
        return replace(self, **laws, **own)

    def _said(self) -> list[str]:
        said = []
        for f in self._law_fields():
            held = getattr(self, f.name)
            said.append(
                f"[{', '.join(map(repr, held))}]" if isinstance(held, tuple) else repr(held)
            )
        return said + super()._said()

    def picked(self, index: int, axis: int = -1) -> Family:
        """Return the law at an index of an axis of the batch, counted from its end."""
        laws = {f.name: _each(getattr(self, f.name), index, axis) for f in self._law_fields()}
        return replace(self, **laws, **_picked_parameters(self, index, axis))

    def expanded(self, batch: tuple[int, ...]) -> Family:
        """Return the same law of a larger batch."""
        laws: dict[str, Any] = {}
        for f in self._law_fields():
            held = getattr(self, f.name)
            laws[f.name] = (
                tuple(expanded(law, batch) for law in held)
                if isinstance(held, tuple)
                else expanded(held, batch)
            )
        return replace(self, **laws)


def picked(law: Family, index: int, axis: int = -1) -> Family:
    """Return the law at an index of an axis of the batch, counted from its end."""
    own = getattr(law, "picked", None)
    if own is not None:
        found: Family = own(index, axis)
        return found
    return replace(law, **_picked_parameters(law, index, axis))


def _each(held: Any, index: int, axis: int) -> Any:
    if isinstance(held, tuple):
        return tuple(picked(law, index, axis) for law in held)
    return picked(held, index, axis)


def _picked_parameters(law: Family, index: int, axis: int) -> dict[str, Any]:
    """Return the parameters at the index; those without the axis broadcast along it."""
    given: dict[str, Any] = {}
    for f in law.parameters():
        x = getattr(law, f.name)
        event = f.metadata["domain"].event
        if x.ndim - event >= -axis:
            along = x.ndim - event + axis
            at = index if x.shape[along] > 1 else 0
            x = x[(slice(None),) * along + (at,)]
        given[f.name] = x
    return given


def expanded(law: Any, batch: tuple[int, ...]) -> Any:
    """Return the same law of a larger batch."""
    own = getattr(law, "expanded", None)
    if own is not None:
        return own(batch)
    given: dict[str, Any] = {}
    for f in law.parameters():
        x, event = getattr(law, f.name), f.metadata["domain"].event
        shape = batch + tuple(x.shape)[x.ndim - event :]
        given[f.name] = namespace(x).broadcast_to(x, shape)
    return replace(law, **given)


def _read(held: Any, name: str) -> Any:
    """Return laws as forms; objects of other libraries are read."""
    if isinstance(held, (list, tuple)):
        if not held:
            raise InputTypeError(f"{name} is empty; at least one law is needed.")
        return tuple(_read(law, name) for law in held)
    if isinstance(held, Form):
        return held
    from kullback.forms.readers import read

    law = read(held, name)
    if law is None:
        raise InputTypeError(
            f"{name} is a {type(held).__name__}; a law is needed, such as kb.families.Normal(0, 1)."
        )
    return law


def _all(held: Any, like: Any) -> Any:
    return tuple(law.moved(like) for law in held) if isinstance(held, tuple) else held.moved(like)


def _moved(law: Any, like: Any) -> Any:
    same = library_of(law.home) == library_of(like) and law.home.dtype == like.dtype
    return law if same and not law.listed else law.moved(like)


def told_as(law: Any, old: Any) -> Any:
    """Return a law that came of another, marked as given in plain numbers where that was."""
    if law.listed != old.listed:
        object.__setattr__(law, "listed", old.listed)
    for part in getattr(law, "made_of", ()):
        told_as(part, old)
    return law


def quantile_of(law: Any, u: Any) -> Any:
    """Return the quantile, in the law's library; None where the law has no sound one."""
    return _asked(law, "quantile", u)


def upper_quantile_of(law: Any, u: Any) -> Any:
    """Return the quantile at 1 − u, None where the law has none without loss."""
    return _asked(law, "upper_quantile", u)


def mean_of(law: Any) -> Any:
    """Return the mean, or None where it is not known."""
    return _asked(law, "mean")


def variance_of(law: Any) -> Any:
    """Return the variance, or None where it is not known."""
    return _asked(law, "variance")


def _asked(law: Any, what: str, *by: Any) -> Any:
    held = getattr(law, what, None)
    found = held(*by) if callable(held) else held
    return None if found is None else outcomes(found, law.home)


def all_hold(condition: Any) -> bool:
    """Tell whether a condition holds everywhere; False where values cannot be looked at."""
    if is_traced(condition):
        return False
    return bool(namespace(condition).all(condition))
