"""What is projected: a law, a table of numbered outcomes, or draws."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kullback.errors import InvalidInputError, ShapeError
from kullback.forms import Samples
from kullback.forms.coerce import coerce
from kullback.forms.density import Density
from kullback.forms.discrete import Discrete
from kullback.forms.families.family import Family
from kullback.learn._torch import torch
from kullback.learn.projection import means
from kullback.learn.projection.points import Points, points_of
from kullback.methods.exact.held import probabilities_of
from kullback.methods.laws import as_constant, constant, is_law, mapped


@dataclass(frozen=True)
class Target:
    """p, in the ways in which a projection asks it.

    Attributes
    ----------
    law : Family, Density or None
        Its density, in numpy; None for draws.
    points : Points
        Places and weights: of draws and tables what they are, of laws where they have mass.
    summed : bool
        Whether means over the points are means under p.
    """

    law: Any
    points: Points
    summed: bool

    @property
    def mean(self) -> means.MeanOf:
        """The function that gives E_p T."""
        return means.of_points(self.points) if self.summed else means.of_law(self.law)

    def in_torch(self) -> Any:
        """Return the law with tensors, for integrals with a gradient in q."""
        if isinstance(self.law, Density):
            return _with_tensors(self.law)
        return mapped(self.law, lambda x: torch.as_tensor(np.array(x)))


def target_of(p: Any) -> Target:
    """Read p, or raise.

    Raises
    ------
    ShapeError
        A batch of laws, or draws of several coordinates.
    InvalidInputError
        What has no density on the line.
    """
    form = coerce(p, "p")
    if isinstance(form, Samples):
        if form.dimensions != 1:
            raise ShapeError(f"{form!r}: only MultivariateNormal is fitted to several coordinates.")
        x = form.array[:, 0]
        order = np.argsort(x)
        weight = np.full(len(x), 1 / len(x)) if form.weights is None else form.weights
        return Target(None, Points(x[order], weight[order]), True)
    if isinstance(form, Discrete):
        return _of_table(probabilities_of(form, -1, "p"))
    if not is_law(form):
        raise InvalidInputError(f"p is {form!r}; a law, a table or draws can be projected.")
    assert isinstance(form, (Family, Density))
    if tuple(form.batch):
        raise ShapeError(f"p is a batch of shape {tuple(form.batch)}; project one law at a time.")
    if form.dimensions or form.support().kind not in ("interval", "integers", "circle"):
        raise InvalidInputError(
            f"p is {form!r}, no law of numbers: of vectors only the forward projection of draws "
            "and normal laws, onto MultivariateNormal, is known."
        )
    law = constant(form)
    return Target(law, points_of(law), summed=False)


def _of_table(probabilities: Any) -> Target:
    p = np.asarray(as_constant(probabilities), np.float64)
    if p.ndim != 1:
        raise ShapeError(f"p has shape {p.shape}; a table of shape (k,) is projected at a time.")
    if len(p) < 2:
        raise InvalidInputError("p is a table of one outcome: nothing is left to fit.")
    with np.errstate(divide="ignore"):
        log = np.log(p)

    def log_density(x: Any) -> Any:
        at = np.asarray(x)
        inside = (at >= 0) & (at < len(p)) & (at == np.round(at))
        return np.where(inside, log[np.where(inside, at, 0).astype(np.int64)], -np.inf)

    law = Density(log_density, 0.0, float(len(p) - 1), discrete=True)
    return Target(law, Points(np.arange(float(len(p))), p / p.sum()), True)


def _with_tensors(law: Density) -> Density:
    """Return a density that takes and gives tensors; no gradient goes through it."""
    inner = law.log_density

    def log_density(x: Any) -> Any:
        return torch.as_tensor(np.asarray(inner(x.detach().cpu().numpy()))).to(x)

    low, high = (torch.tensor(float(x), dtype=torch.float64) for x in (law.low, law.high))
    return replace(law, log_density=log_density, low=low, high=high)
