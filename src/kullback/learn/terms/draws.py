"""Draws of a law in torch, with the path from its parameters where there is one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import InvalidInputError, NoMethodError, ShapeError
from kullback.forms.coerce import coerce
from kullback.forms.discrete import Discrete, Logits, LogProbs, Probs
from kullback.forms.families.extremes import Gumbel
from kullback.forms.families.family import Family
from kullback.forms.families.gaussian import MultivariateNormal
from kullback.forms.families.line import Cauchy, Laplace, Logistic, Normal, StudentT
from kullback.learn._torch import torch
from kullback.methods.laws import batch_of, is_law

SHIFTED_AND_SCALED = (Cauchy, Gumbel, Laplace, Logistic, Normal, StudentT)
"""Laws of loc + scale · z, z free of both."""


class Law:
    """What is drawn from: an object of torch.distributions, or any law that `kb.kl` takes.

    Attributes
    ----------
    batch : tuple of int
        How many laws it is.
    event : int
        How many axes an outcome has.
    """

    def __init__(self, law: Any, name: str) -> None:
        form = coerce(law, name)
        table = isinstance(form, Discrete)
        if table and not isinstance(law, torch.distributions.Distribution):
            law = _categorical(form)
        self.given, self.name = law, name
        self.form: Any = None if table else form
        if self.own:
            self.batch, self.event = tuple(law.batch_shape), len(law.event_shape)
        elif is_law(form):
            self.batch, self.event = batch_of(form), form.dimensions
        else:
            raise NoMethodError(f"{name} is {form!r}, which has no log-density to draw by.")

    def check_outcomes(self, other: "Law") -> None:
        """Raise unless outcomes of both have as many axes."""
        if self.event != other.event:
            raise ShapeError(
                f"Outcomes of {self.name} have {self.event} axes and those of {other.name} "
                f"{other.event}: torch.distributions.Independent(law, 1) makes a row of numbers "
                "one vector."
            )

    @property
    def own(self) -> bool:
        """Whether torch draws it."""
        return isinstance(self.given, torch.distributions.Distribution)

    def log_density(self, x: Any, inside: bool = False) -> Any:
        """Return log p(x), shape (n, *batch); `inside` if x is known to lie in the support."""
        if self.own and (inside or self.form is None):
            return self.given.log_prob(x)
        return self.form.log_density(x)

    def draw(self, n: int, rng: Any) -> "Draws":
        """Return n draws, shape (n, *batch, *event)."""
        if self.own:
            with seeded(rng):
                if self.given.has_rsample:
                    return Draws(self.given.rsample((n,)), True)
                return Draws(self.given.sample((n,)).detach(), False)
        if not callable(getattr(self.form, "draw", None)):
            raise NoMethodError(f"{self.name} is {self.form!r}, which gives no draws.")
        drawn = np.asarray(self.form.draw(np.random.default_rng(seed_of(rng)), n))
        like = getattr(self.form, "home", None)
        x = torch.as_tensor(drawn)
        if torch.is_tensor(like):
            x = x.to(like)
        return _along(self.form, x)


@dataclass(frozen=True, eq=False)
class Draws:
    """Outcomes, and whether gradients flow through them to the law's parameters."""

    x: Any
    path: bool


def _categorical(form: Any) -> Any:
    """Return a table of outcomes as the law of their index."""
    if isinstance(form, (Logits, LogProbs)):
        return torch.distributions.Categorical(logits=torch.as_tensor(form.array))
    if isinstance(form, Probs):
        return torch.distributions.Categorical(probs=torch.as_tensor(form.array))
    raise NoMethodError(f"{form!r} is a table of data, not a law to draw from.")


def _along(form: Any, x: Any) -> Draws:
    """Return x as a function of loc and scale, or of mean and Σ, where those are all that moves."""
    if isinstance(form, MultivariateNormal):
        z = form.whitened(x - form.mean).detach()
        return Draws(form.mean + (form.root @ z[..., None])[..., 0], torch.is_tensor(form.mean))
    if isinstance(form, SHIFTED_AND_SCALED) and _moves_by(form, ("loc", "scale")):
        loc, scale = form.loc, form.scale
        return Draws(loc + scale * ((x - loc) / scale).detach(), True)
    return Draws(x, False)


def _moves_by(form: Family, names: tuple[str, ...]) -> bool:
    held = {f.name: getattr(form, f.name) for f in form.parameters()}
    return all(torch.is_tensor(x) and (k in names or not x.requires_grad) for k, x in held.items())


def seed_of(rng: Any) -> int:
    """Return a seed: the number given, or the next one of a torch.Generator.

    Raises
    ------
    InvalidInputError
        For anything else, None above all: no rng, no draws.
    """
    if isinstance(rng, torch.Generator):
        drawn = torch.randint(2**62, (), generator=rng, device=rng.device)
        return int(drawn)
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**62))
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool):
        return int(rng)
    raise InvalidInputError(
        f"rng={rng!r}: draws need a seed (the same draws each time) or a torch.Generator, such as "
        "torch.Generator().manual_seed(0) (fresh ones each time)."
    )


@contextmanager
def seeded(rng: Any) -> Iterator[None]:
    """Draw in torch by a seed, and leave torch's own state as it was."""
    seed = seed_of(rng)
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    with torch.random.fork_rng(devices=list(devices)):
        torch.manual_seed(seed)
        yield


def leave_one_out(f: Any) -> Any:
    """Return for each of n ≥ 2 draws the mean of the others, draws on the first axis."""
    n = f.shape[0]
    return (f.sum(0, keepdim=True) - f) / (n - 1)
