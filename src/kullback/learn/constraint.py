"""The role of a constraint: the best step that a divergence allows.

max L(θ) subject to KL(θ₀ ‖ θ) ≤ δ. Near θ₀ the KL is ½ xᵀF x, F the Fisher matrix, so that the best
step goes along F⁻¹g, g the gradient of L, as far as √(2δ/gᵀF⁻¹g). F is never formed: F v is the
gradient of (gradient of KL)ᵀv, and F⁻¹g comes from conjugate gradients. How far the step really
goes is then found on the KL itself.

References
----------
Schulman et al., Trust region policy optimization, ICML 2015; Amari, Natural gradient works
efficiently in learning, Neural Computation 10 (1998).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.conjugate import conjugate_gradient
from kullback.learn.line_search import LineSearch
from kullback.learn.ranks import Ranks, checked_rows

Scalar = Callable[[], Any]


@dataclass(frozen=True)
class Step:
    """What a constrained step did.

    Attributes
    ----------
    accepted : bool
        Whether the parameters moved; if not they are exactly what they were.
    reason : str
        Why the step ended as it did.
    before, after : float
        The objective.
    kl : float
        KL(old ‖ new) after the step, at most δ.
    scale : float
        The step's length in units of √(2δ/gᵀF⁻¹g), the length that the quadratic allows.
    products : int
        How many Fisher-vector products the direction took.
    residual : float
        |F x − g|/|g| of the direction.
    """

    accepted: bool
    reason: str
    before: float
    after: float
    kl: float
    scale: float
    products: int
    residual: float

    @property
    def gain(self) -> float:
        """How much the objective rose."""
        return self.after - self.before


def constrain(
    params: Any,
    maximise: Scalar,
    kl: Scalar,
    delta: float = 0.01,
    *,
    iterations: int = 20,
    damping: float = 1e-8,
    halvings: int = 20,
    rows: int | None = None,
    group: Any = None,
) -> Step:
    """Move parameters to raise an objective, with KL(old ‖ new) at most δ.

    Where torch.distributed runs, objective and KL are means over all ranks, and all take the same
    step, that of a single process with all their rows. All must make the call.

    Parameters
    ----------
    params : Module or iterable of tensors
        What moves, in place: those that require gradients. The module itself, not its
        DistributedDataParallel.
    maximise : callable
        Returns the objective at the present parameters, a scalar tensor.
    kl : callable
        Returns KL(old ‖ new) at the present parameters, old being those before the step (detached):
        a scalar tensor, 0 at the start, twice differentiable.
    delta : float
        The most that KL may be after the step, nats.
    iterations : int
        The most Fisher-vector products for the direction.
    damping : float
        Added to F, in units of its size along g, while the direction is sought; the length of the
        step knows nothing of it.
    halvings : int
        How many lengths are tried.
    rows : int, optional
        Of how many rows this rank's objective and KL are means; as many on each if left out.
    group : ProcessGroup or "self", optional
        Which ranks take the step together: all if left out; "self" keeps to this one.

    Returns
    -------
    Step
        What happened. If no length raises the objective within δ, or if anything fails, the
        parameters are put back bit by bit.

    Raises
    ------
    InvalidInputError
        δ not positive; an objective or a KL that is not finite, not a scalar, without gradient;
        a KL that is not 0 at the start.

    >>> import torch
    >>> import kullback as kb
    >>> from kullback import learn
    >>> logits = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    >>> reward, old = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64), logits.detach().clone()
    >>> step = learn.constrain(
    ...     [logits],
    ...     maximise=lambda: (logits.softmax(-1) * reward).sum(),
    ...     kl=lambda: kb.kl(kb.Logits(old), kb.Logits(logits)),
    ...     delta=0.01,
    ... )
    >>> step.accepted, round(step.gain, 4), round(step.kl, 4)
    (True, 0.0685, 0.01)
    """
    if not isinstance(delta, (int, float)) or not 0 < delta < math.inf:
        raise InvalidInputError(f"delta={delta!r}: a positive, finite number of nats is needed.")
    moving, over = _moving(params), _Mean(group, rows)
    objective = _scalar(maximise(), "maximise()")
    before = over.checked(objective, "maximise()")
    gradient = over(_flat(torch.autograd.grad(objective, moving, allow_unused=True), moving))
    if not bool(torch.isfinite(gradient).all()):
        raise InvalidInputError("The gradient of maximise() is not finite; no step is taken.")
    start = _scalar(kl(), "kl()")
    if abs(at_start := over.checked(start, "kl()")) > 1e-3 * delta + 1e-6:
        raise InvalidInputError(
            f"kl() is {at_start:.3g} before the step, where it compares the parameters with "
            "themselves: it must be 0. Take the old law once, detached, before the call."
        )
    slope = _flat(torch.autograd.grad(start, moving, create_graph=True, allow_unused=True), moving)

    def product(v: Any) -> Any:
        second = torch.autograd.grad(slope @ v, moving, retain_graph=True, allow_unused=True)
        return over(_flat(second, moving))

    def at_present() -> tuple[float, float]:
        with torch.no_grad():
            value, spent = over(torch.tensor([float(maximise()), float(kl())], dtype=torch.float64))
        return float(value), float(spent)

    size = float(gradient.norm())
    if size == 0:
        return _stay("the gradient of the objective is 0", before)
    along = float(gradient @ product(gradient)) / size**2
    if not along > 0:
        return _stay("KL does not change along the gradient", before)
    found = conjugate_gradient(product, gradient, iterations, damping * along)
    curvature = float(found.x @ product(found.x))
    if not curvature > 0 or not math.isfinite(curvature):
        return _stay("KL has no positive curvature along the step", before)
    step = found.x * math.sqrt(2 * delta / curvature)
    went = LineSearch(moving, step, at_present, before, delta).run(halvings)
    return Step(
        went.scale > 0,
        went.reason,
        before,
        went.value,
        went.kl,
        went.scale,
        found.products,
        found.residual,
    )


class _Mean:
    """The mean over ranks of what was differentiated on each."""

    def __init__(self, group: Any, rows: int | None) -> None:
        self.ranks, self.weight = Ranks(group), checked_rows(rows)

    def __call__(self, x: Any) -> Any:
        return self.ranks.mean(x.detach(), self.weight)[0]

    def checked(self, value: Any, name: str) -> float:
        """Return a scalar's mean, or raise on all ranks if it is not finite on one."""
        mean = float(self(value))
        if not math.isfinite(mean):
            raise InvalidInputError(f"{name} is {mean} at the start; no step is taken.")
        return mean


def _moving(params: Any) -> list[Any]:
    given: Iterable[Any] = params.parameters() if isinstance(params, torch.nn.Module) else params
    if torch.is_tensor(given):
        given = [given]
    moving = list(given)
    if not all(torch.is_tensor(x) for x in moving):
        raise InputTypeError(
            "params holds what are no tensors; a module or its parameters() will do."
        )
    moving = [x for x in moving if x.requires_grad]
    if not moving:
        raise InvalidInputError("None of the parameters requires a gradient: nothing can move.")
    return moving


def _scalar(value: Any, name: str) -> Any:
    if not torch.is_tensor(value) or value.numel() != 1:
        shape = tuple(getattr(value, "shape", ()))
        raise InvalidInputError(f"{name} must return a scalar tensor; it has shape {shape}.")
    if not value.requires_grad:
        raise InvalidInputError(f"{name} does not depend on the parameters: it has no gradient.")
    return value.reshape(())


def _flat(slopes: Iterable[Any], moving: list[Any]) -> Any:
    parts = [torch.zeros_like(x) if s is None else s for s, x in zip(slopes, moving, strict=True)]
    return torch.cat([x.reshape(-1) for x in parts])


def _stay(reason: str, value: float) -> Step:
    return Step(False, reason, value, value, 0.0, 0.0, 0, math.nan)
