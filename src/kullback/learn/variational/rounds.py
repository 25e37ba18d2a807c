"""How a search goes: in rounds, each with twice the draws or steps of the one before."""

from dataclasses import dataclass
from typing import Any

from kullback.learn.variational.frame import Frame


@dataclass(frozen=True)
class Round:
    """One round of a search.

    Attributes
    ----------
    draws : int
        How many draws the ELBO was averaged over.
    trained : float
        The ELBO on those draws, nats: too high, as they were fitted to.
    before : float
        That of the law the round began with, on draws it had not seen.
    elbo, error : float
        The ELBO on fresh draws, and its standard error.
    missing : float
        About what more draws would still bring, nats.
    iterations : int
        How many steps were taken.
    """

    draws: int
    trained: float
    before: float
    elbo: float
    error: float
    missing: float
    iterations: int

    @property
    def gap(self) -> float:
        """How much better the draws fitted to look than fresh ones, nats."""
        return self.trained - self.elbo

    def agrees(self, tol: float) -> bool:
        """Tell whether no more than tol is missing."""
        return self.missing <= tol


def settled(path: tuple[Round, ...], tol: float) -> bool:
    """Tell whether more draws would change nothing: the start was exact, or little is missing."""
    return bool(path) and (path[-1].iterations == 0 or (len(path) > 1 and path[-1].agrees(tol)))


@dataclass(frozen=True, eq=False)
class Stand:
    """Where a search stands: all it needs to go on as if it had never stopped.

    Attributes
    ----------
    frame : Frame
        The coordinates of the search.
    params : tensor
        The numbers of the law at the end of the last whole round.
    path : tuple of Round
        The whole rounds.
    inner : Descent, Climb or None
        Where the round begun stands; its x are the numbers of the law there.
    """

    frame: Frame
    params: Any
    path: tuple[Round, ...] = ()
    inner: Any = None

    @property
    def best(self) -> Any:
        """The numbers of the best law so far."""
        return self.params if self.inner is None else self.inner.x
