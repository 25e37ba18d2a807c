"""What every family of laws has in common: parameters, checked and brought to one library."""

from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np

from kullback.arrays.namespace import (
    as_array,
    as_default_float,
    is_integer,
    is_real_floating,
    is_traced,
    library_of,
    namespace,
    widened,
)
from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.forms.families.domains import Domain
from kullback.forms.families.outcomes import outcomes
from kullback.forms.families.support import Support
from kullback.forms.form import Form


def parameter(domain: Domain, **default: Any) -> Any:
    """Return a dataclass field that holds a parameter."""
    return field(metadata={"domain": domain}, **default)


def declared(family: "type[Family]") -> tuple[Field[Any], ...]:
    """Return the fields in which a family's laws may hold parameters."""
    return tuple(f for f in fields(family) if "domain" in f.metadata)


@dataclass(frozen=True, eq=False, repr=False)
class Family(Form):
    """A law named by its parameters: arrays of shape (*batch, *event of the parameter).

    Parameters may be numbers, lists, or arrays of one library; batches broadcast.

    Attributes
    ----------
    discrete : bool
        Whether its outcomes are counted rather than measured.
    dimensions : int
        How many axes one outcome has: 0 for numbers, 1 for vectors, 2 for matrices.
    """

    discrete: ClassVar[bool] = False
    dimensions: ClassVar[int] = 0

    def __post_init__(self) -> None:
        given = {f.name: getattr(self, f.name) for f in self.parameters()}
        object.__setattr__(self, "listed", all(_is_plain(x) for x in given.values()))
        for name, array in _in_one_library(given, type(self).__name__).items():
            object.__setattr__(self, name, array)
        for f in self.parameters():
            _check(getattr(self, f.name), f, type(self).__name__)
        self.check()

    def check(self) -> None:
        """Raise where parameters, each in its domain, do not fit one another."""

    def parameters(self) -> tuple[Field[Any], ...]:
        """Return the fields that hold parameters, but for those that may be left out, and are."""
        return tuple(
            f
            for f in declared(type(self))
            if f.default is not None or getattr(self, f.name) is not None
        )

    def __repr__(self) -> str:
        """Name the family and its parameters."""
        return f"{type(self).__name__}({', '.join(self._said())})"

    def _said(self) -> list[str]:
        return [f"{f.name}={_described(getattr(self, f.name))}" for f in self.parameters()]

    @property
    def home(self) -> Any:
        """One of the parameters: an array of the library in which answers come back."""
        return getattr(self, self.parameters()[0].name)

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the batch: one law for each of its elements."""
        shapes = []
        for f in self.parameters():
            shape = tuple(getattr(self, f.name).shape)
            own = f.metadata["domain"].event
            shapes.append(shape[: len(shape) - own])
        try:
            return np.broadcast_shapes(*shapes)
        except ValueError:
            raise ShapeError(
                f"{self!r}: the batch shapes {', '.join(map(str, shapes))} of the parameters do "
                "not broadcast."
            ) from None

    def moved(self, like: Any) -> Self:
        """Return the same law with its parameters in the library, dtype and device of an array."""
        given = {f.name: getattr(self, f.name) for f in self.parameters()}
        return replace(self, **{name: outcomes(x, like) for name, x in given.items()})

    def support(self) -> Support:
        """Return the set outside which the density is 0."""
        raise NotImplementedError

    def log_density(self, x: Any) -> Any:
        """Return the logarithm of the density (of the mass, if discrete) at x; −∞ outside."""
        raise NotImplementedError

    def canonical(self) -> "Family":
        """Return the same law as a member of the most general family that has its formulas."""
        return self


def together(p: Family, q: Family) -> tuple[Family, Family]:
    """Return both laws in one library and dtype; plain numbers follow the other side."""
    if p.listed and not q.listed:
        return p.moved(q.home), q
    if q.listed and not p.listed:
        return p, q.moved(p.home)
    xp = namespace(p.home, q.home)
    if p.home.dtype == q.home.dtype:
        return p, q
    like = xp.empty(0, dtype=xp.result_type(p.home.dtype, q.home.dtype))
    return p.moved(like), q.moved(like)


def _is_plain(x: Any) -> bool:
    if isinstance(x, (list, tuple)):
        return True
    return isinstance(x, (int, float, np.generic)) and not isinstance(x, bool)


def _in_one_library(given: dict[str, Any], family: str) -> dict[str, Any]:
    """Return the parameters as floating arrays of one library and dtype."""
    arrays = {
        name: as_array(np.asarray(x) if isinstance(x, (int, float)) else x, f"{family}: {name}")
        for name, x in given.items()
    }
    held = [x for name, x in arrays.items() if not _is_plain(given[name])]
    if not held:
        return {name: _floating(x, f"{family}: {name}") for name, x in arrays.items()}
    xp = namespace(*held)
    floats = [_floating(x, f"{family}: parameter") for x in held]
    dtype = floats[0].dtype
    for x in floats[1:]:
        dtype = xp.result_type(dtype, x.dtype)
    like = xp.astype(floats[0], dtype)
    return {name: outcomes(_floating(x, f"{family}: {name}"), like) for name, x in arrays.items()}


def _floating(x: Any, name: str) -> Any:
    if is_integer(x):
        return as_default_float(x)
    if not is_real_floating(x):
        raise InputTypeError(f"{name} holds {x.dtype}, not real numbers.")
    return widened(x)


def _check(x: Any, of: Field[Any], family: str) -> None:
    domain: Domain = of.metadata["domain"]
    if x.ndim < domain.event:
        raise ShapeError(
            f"{family}: {of.name} has shape {tuple(x.shape)}; at least {domain.event} "
            f"ax{'is is' if domain.event == 1 else 'es are'} needed."
        )
    if is_traced(x):
        return
    inside = domain.holds(x)
    xp = namespace(x)
    if bool(xp.all(inside)):
        return
    flat_inside, flat = xp.reshape(inside, (-1,)), xp.reshape(x, (-1,))
    first = int(xp.argmax(xp.astype(~flat_inside, xp.int64)))
    bad = int(xp.sum(xp.astype(~flat_inside, xp.int64)))
    many = f" ({bad} of {flat.shape[0]} elements are not)" if flat.shape[0] > 1 else ""
    raise InvalidInputError(
        f"{family}: {of.name} = {float(flat[first])!r}, but it must be {domain.words}{many}."
    )


def _described(x: Any) -> str:
    if is_traced(x) or x.ndim > 1 or (x.ndim == 1 and x.shape[0] > 8):
        return f"<{library_of(x)} {tuple(x.shape)}>"
    return repr(x.tolist() if hasattr(x, "tolist") else x)
