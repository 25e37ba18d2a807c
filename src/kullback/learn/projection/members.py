"""The members of a family, named by free real numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from kullback.errors import InputTypeError, InvalidInputError
from kullback.forms.families.counting.waiting import SUCCESS
from kullback.forms.families.domains import (
    NON_NEGATIVE,
    OPEN_PROBABILITY,
    POSITIVE,
    PROBABILITY,
    REAL,
    Domain,
)
from kullback.forms.families.family import Family
from kullback.learn._torch import torch
from kullback.learn.projection.search import Vector


@dataclass(frozen=True)
class Members:
    """A family whose parameters are bijections of real numbers z, some held fixed.

    Positive parameters are eᶻ, probabilities 1/(1 + e⁻ᶻ), real ones z.

    Attributes
    ----------
    family : type of Family
        Of laws of numbers.
    free : tuple of str
        The parameters that move, in the family's order.
    fixed : mapping of str to float
        Those that do not.
    """

    family: type[Family]
    free: tuple[str, ...]
    fixed: Mapping[str, float]

    def at(self, z: Any) -> Family:
        """Return the member at z, a tensor of shape (k,), with its gradient."""
        domains = _domains(self.family)
        given: dict[str, Any] = {
            name: torch.as_tensor(x, dtype=z.dtype) for name, x in self.fixed.items()
        }
        for i, name in enumerate(self.free):
            given[name] = _value(domains[name], z[i])
        return self.family(**given)

    def plain(self, z: Vector) -> Family:
        """Return the member at z with plain numbers."""
        law = self.at(torch.as_tensor(z, dtype=torch.float64))
        return self.family(**{f.name: float(getattr(law, f.name)) for f in law.parameters()})

    def start(self, place: float, width: float) -> Vector:
        """Return z of a member near a place: loc and scale where it has them, else the middle."""
        domains = _domains(self.family)
        near = {"loc": place, "scale": width}
        z = np.zeros(len(self.free))
        for i, name in enumerate(self.free):
            if name in near:
                positive = domains[name] is POSITIVE
                z[i] = np.log(near[name]) if positive and near[name] > 0 else near[name]
        return z


def members_of(family: Any, fixed: Mapping[str, float] | None) -> Members:
    """Return a family's members with some parameters held, or raise.

    Raises
    ------
    InputTypeError
        What is no class of kb.families.
    InvalidInputError
        A name in `fixed` that is no parameter, or a free parameter that cannot move smoothly.
    """
    if not (isinstance(family, type) and issubclass(family, Family)):
        raise InputTypeError(
            f"family={family!r} is no class of kb.families, such as kb.families.Normal. To hold "
            "some of its parameters: fixed={'df': 4.0}."
        )
    domains, held = _domains(family), dict(fixed or {})
    unknown = [name for name in held if name not in domains]
    if unknown:
        raise InvalidInputError(
            f"fixed names {', '.join(unknown)}; {family.__name__} has the parameters "
            f"{', '.join(domains) or 'none that are numbers'}."
        )
    free = tuple(name for name in domains if name not in held)
    stuck = [name for name in free if domains[name] not in _SMOOTH]
    if stuck or not free:
        raise InvalidInputError(
            f"{family.__name__} has {len(free)} free parameters, of which "
            f"{', '.join(stuck) or 'none'} cannot move smoothly. Hold those: "
            f"fixed={{{', '.join(f'{name!r}: …' for name in stuck)}}}, and leave others free."
        )
    return Members(family, free, {name: float(x) for name, x in held.items()})


_SHARES = (OPEN_PROBABILITY, PROBABILITY, SUCCESS)
_SMOOTH: tuple[Domain, ...] = (REAL, POSITIVE, NON_NEGATIVE, *_SHARES)


def _domains(family: type[Family]) -> dict[str, Domain]:
    return {f.name: f.metadata["domain"] for f in fields(family) if "domain" in f.metadata}


def _value(domain: Domain, z: Any) -> Any:
    if domain in (POSITIVE, NON_NEGATIVE):
        return torch.exp(z)
    return torch.sigmoid(z) if domain in _SHARES else z
