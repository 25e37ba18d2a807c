"""Transforms of other libraries as the maps that we know, applied to a law one after another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.forms.families.derived import Affine, Exp, Independent, Log, Power, Sigmoid
from kullback.forms.families.family import Family

Map = Enum("Map", "AFFINE EXP LOG POWER SIGMOID OTHER")


@dataclass(frozen=True, eq=False)
class Step:
    """One map and its parameters."""

    map: Map
    by: tuple[Any, ...] = ()

    def inverse(self) -> "Step":
        """Return the map that undoes this one."""
        if self.map is Map.AFFINE:
            loc, scale = self.by
            return Step(Map.AFFINE, (-loc / scale, 1 / scale))
        if self.map is Map.POWER:
            return Step(Map.POWER, (1 / self.by[0],))
        return Step({Map.EXP: Map.LOG, Map.LOG: Map.EXP}.get(self.map, Map.OTHER))

    @staticmethod
    def tanh() -> "list[Step]":
        """Tanh x = 2/(1 + e^(−2x)) − 1."""
        return [
            Step(Map.AFFINE, (0.0, 2.0)),
            Step(Map.SIGMOID),
            Step(Map.AFFINE, (-1.0, 2.0)),
        ]


_MADE = {
    Map.AFFINE: Affine, Map.EXP: Exp, Map.LOG: Log, Map.POWER: Power, Map.SIGMOID: Sigmoid,
}  # fmt: skip


def mapped_by(law: Family, steps: Sequence[Step]) -> Family | None:
    """Return the law after all the maps; None where one of them is not known for it."""
    for step in steps:
        found = _mapped(law, step)
        if found is None:
            return None
        law = found
    return law


def _mapped(law: Any, step: Step) -> Any:
    if step.map is Map.OTHER:
        return None
    if isinstance(law, Independent):
        inner = _mapped(law.law, step)
        return None if inner is None else Independent(inner, law.axes)
    if law.dimensions:
        return _moved_vector(law, *step.by) if step.map is Map.AFFINE else None
    if law.discrete and step.map is not Map.AFFINE:
        return None
    return _MADE[step.map](law, *step.by)


def _moved_vector(law: Any, loc: Any, scale: Any) -> Any:
    """Return the MultivariateNormal of loc + scale x, coordinate by coordinate."""
    if type(law).__name__ != "MultivariateNormal":
        return None
    xp = namespace(law.mean)
    scale = scale + 0 * law.mean
    root = scale[..., None] * law.root
    # a root has a positive diagonal: columns may change sign, covariances do not
    sign = xp.sign(xp.linalg.diagonal(root))
    return type(law)(loc + scale * law.mean, scale_tril=root * sign[..., None, :])


def through(transforms: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """Return the transforms, one after another, as one function."""

    def composed(y: Any) -> Any:
        for transform in transforms:
            y = transform(y)
        return y

    return composed
