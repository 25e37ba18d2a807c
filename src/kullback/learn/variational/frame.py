"""Where a fit begins: a mode and the curvature there, so that families start in sound units."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kullback.learn._torch import torch
from kullback.learn.variational.descend import descend
from kullback.learn.variational.target import Target

_MOST_CURVED = 2048
"""Above so many dimensions the Hessian, dim² numbers, is not formed."""

_NEAR = 0.01
"""The rise still promised, nats, where Newton's steps take over from L-BFGS."""

_EXACT = 1e-9
"""The rise promised, relative to the log density, that rounding would hide."""

_LEVEL = 1e-6
"""The rise still promised, relative to the log density, with which a place counts as a mode."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Coordinates u of the search: z = centre + scale · u.

    Attributes
    ----------
    centre : tensor, shape (dim,)
        The mode, where one was found; else the start.
    scale : tensor, shape (dim,)
        1/√Λ_ii, Λ the negative Hessian at the centre; 1 where it says nothing.
    precision : tensor, shape (dim, dim), or None
        Λ, if it is positive definite.
    problem : str or None
        Why there is no mode with a curvature.
    interrupted : bool
        Whether Ctrl-C came already.
    """

    centre: Any
    scale: Any
    precision: Any = None
    problem: str | None = None
    interrupted: bool = False

    @cached_property
    def root(self) -> Any:
        """R, lower triangular, R Rᵀ = Λ⁻¹; the diagonal of scales where Λ is not known."""
        if self.precision is None:
            return torch.diag(self.scale)
        unit = self.precision * self.scale * self.scale[:, None]
        one = torch.eye(len(unit), dtype=unit.dtype, device=unit.device)
        inverse = torch.cholesky_solve(one, torch.linalg.cholesky(unit))
        return self.scale[:, None] * torch.linalg.cholesky(0.5 * (inverse + inverse.mT))

    def halved(self) -> "Frame":
        """The same with half the spread."""
        precision = None if self.precision is None else 4 * self.precision
        return replace(self, scale=0.5 * self.scale, precision=precision)


def frame_of(target: Target) -> Frame:
    """Look for a mode, by L-BFGS and then Newton's steps."""
    start = target.support.backward(target.start[None])[0].detach()

    def ask(z: Any) -> tuple[float, Any]:
        value, slope = target.slope(z[None])
        return -float(value[0]), -slope[0]

    found = descend(ask, start, iterations=300, tol=_NEAR)
    if found.interrupted:
        return Frame(found.x, torch.ones_like(start), interrupted=True)
    if target.dim > _MOST_CURVED:
        return Frame(found.x, torch.ones_like(start), problem=f"dim above {_MOST_CURVED}")
    try:
        mode, precision, rises = _newton(target, found.x)
    except KeyboardInterrupt:
        return Frame(found.x, torch.ones_like(start), interrupted=True)
    except torch.linalg.LinAlgError:
        return _plain(target, start, "log_density rises to where its curvature is no number")
    except (RuntimeError, NotImplementedError) as failure:
        return _plain(target, found.x, f"no second derivatives: {failure}")
    if rises:
        return _plain(target, start, f"log_density still rises at {-found.value:.4g}")
    if int(torch.linalg.cholesky_ex(precision)[1]):
        return _plain(target, start, "the curvature is not positive definite where it is highest")
    return Frame(mode, precision.diagonal().rsqrt(), precision)


def _newton(target: Target, z: Any, steps: int = 50) -> tuple[Any, Any, bool]:
    """Go to the top by |Λ|⁻¹ g, eigenvalues by their size; return Λ there and whether it rises."""
    for _ in range(steps):
        value, slope, bend = target.curvature(z)
        precision = -bend
        size = precision.diagonal().abs()
        s = torch.where(size > 0, size, torch.ones_like(size)).rsqrt()
        bend, turn = torch.linalg.eigh(precision * s * s[:, None])
        bend = bend.abs().clamp(min=1e-10 * float(bend.abs().max()))
        step = s * (turn @ ((turn.mT @ (slope * s)) / bend))
        promise = float(slope @ step)
        size = 1 + abs(float(value))
        if promise < max(_EXACT, 64 * torch.finfo(z.dtype).eps) * size:
            return z + step, precision, False
        t, far = 1.0, promise > _LEVEL * size
        shortest = 1e-9 if far else 0.1  # near the top only rounding can hide the rise
        while t > shortest and not _rises(target, z + t * step, float(value) + 1e-4 * t * promise):
            t *= 0.5
        if t <= shortest:
            return z, precision, far
        z = z + t * step
    return z, precision, True


def _rises(target: Target, z: Any, level: float) -> bool:
    with torch.no_grad():
        return float(target.reachable(z[None])) > level


def _plain(target: Target, centre: Any, problem: str) -> Frame:
    """The frame where there is no mode: units from the diagonal, where it curves downwards."""
    scale = torch.ones_like(centre)
    if target.dim <= _MOST_CURVED:
        try:
            bend = -target.curvature(centre)[2].diagonal()
        except (RuntimeError, NotImplementedError):
            bend = torch.zeros_like(centre)
        scale = torch.where(bend > 0, bend.clamp(min=1e-300).rsqrt(), scale)
    return Frame(centre, scale, problem=problem)
