"""A law of which only the logarithm of its density is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from kullback.arrays.namespace import as_default_float, is_integer, library_of, namespace
from kullback.errors import InputTypeError, InvalidInputError
from kullback.forms.families.support import Support, integers, interval
from kullback.forms.form import Form

_LOGARITHMS = ("log_density", "logpdf", "log_prob", "logpmf")


@dataclass(frozen=True, eq=False, repr=False)
class Density(Form):
    """A law given by log p(x), normalised, and by where it puts mass.

    Attributes
    ----------
    log_density : callable
        From outcomes x to log p(x), elementwise for numbers; x has `dimensions` axes of its own
        beside those of points, which come first. Called with arrays of the library of `low`.
    low, high : float or array, shape (*batch,)
        The ends of the support, in each dimension where there are several.
    discrete : bool
        Whether outcomes are whole numbers, and log p(x) the logarithm of their probability.
    quantile : callable, optional
        From u in (0, 1) to x; used to find the mass, never for its digits.
    draw : callable, optional
        From (numpy Generator, n) to n draws, for methods that need them.
    dimensions : int
        How many axes one outcome has: 0 for numbers, 1 for vectors.
    event_size : int
        How long an outcome is, if it is a vector.

    >>> import kullback as kb
    >>> from kullback.forms.density import Density
    >>> triangle = Density(lambda x: np.log(2 * x), 0.0, 1.0)
    >>> kb.kl(triangle, kb.families.Normal(0.5, 1.0))
    1.1537...
    """

    log_density: Callable[[Any], Any]
    low: Any = -np.inf
    high: Any = np.inf
    discrete: bool = False
    quantile: Callable[[Any], Any] | None = None
    draw: Callable[[Any, int], Any] | None = None
    dimensions: int = 0
    event_size: int = 1

    def __post_init__(self) -> None:
        if not callable(self.log_density):
            raise InputTypeError(
                f"log_density={self.log_density!r} is not callable. For an object with logpdf, "
                "log_prob or logpmf use Density.of(law, low, high)."
            )
        plain = all(isinstance(x, (int, float)) for x in (self.low, self.high))
        object.__setattr__(self, "listed", plain)
        for name in ("low", "high"):
            end = getattr(self, name)
            end = np.asarray(end, np.float64) if isinstance(end, (int, float)) else end
            object.__setattr__(self, name, as_default_float(end) if is_integer(end) else end)
        if library_of(self.low) == library_of(self.high) and not bool((self.low < self.high).all()):
            raise InvalidInputError(
                f"low={self.low} is not below high={self.high}: no outcome is left."
            )
        masked = _within(self.log_density, self.low, self.high, self.dimensions, self._per_axis)
        object.__setattr__(self, "log_density", masked)

    @property
    def _per_axis(self) -> bool:
        """Whether the ends are given for each number of a vector."""
        return bool(self.dimensions) and tuple(self.low.shape) == (self.event_size,)

    @classmethod
    def of(cls, law: Any, low: Any = None, high: Any = None, **more: Any) -> Self:
        """Return what an object with logpdf, log_prob, logpmf or log_density is a density of.

        Parameters
        ----------
        law : object
            Its `support()`, if that returns two numbers, its `ppf` and its `rvs` are used too.
        low, high : float, optional
            The ends of its support, where it does not tell them.
        more
            Further fields.

        Raises
        ------
        InputTypeError
            If the object has no logarithm of a density, or no support is known.
        """
        name = next((n for n in _LOGARITHMS if callable(getattr(law, n, None))), None)
        if name is None:
            raise InputTypeError(
                f"{type(law).__name__} has none of {', '.join(_LOGARITHMS)}; a density needs one."
            )
        if low is None or high is None:
            ends = _ends(law)
            low, high = (ends[0] if low is None else low), (ends[1] if high is None else high)
        more.setdefault("discrete", name == "logpmf")
        if callable(getattr(law, "rvs", None)):
            more.setdefault("draw", lambda rng, n: law.rvs(size=n, random_state=rng))
        log_density = getattr(law, name)
        return cls(_in_numpy(log_density) if name == "log_prob" else log_density, low, high, **more)

    def __repr__(self) -> str:
        """Say where the density lives."""
        kind = "Density of whole numbers" if self.discrete else "Density"
        return f"<{kind} on ({self.low}, {self.high})>"

    @property
    def home(self) -> Any:
        """An array of the library that `log_density` works in."""
        return self.low

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the batch, told by the ends."""
        if self._per_axis:
            return ()
        return np.broadcast_shapes(tuple(self.low.shape), tuple(self.high.shape))

    def support(self) -> Support:
        """Return the interval, or the whole numbers, from low to high."""
        if self.dimensions:
            return Support("vectors", self.low, self.high, size=(self.event_size,))
        return integers(self.low, self.high) if self.discrete else interval(self.low, self.high)


def _within(
    log_density: Callable[[Any], Any], low: Any, high: Any, dimensions: int, per_axis: bool
) -> Callable[[Any], Any]:
    """Return log_density, −∞ outside the ends, where it is not asked."""
    if dimensions and not per_axis and low.ndim:
        return log_density  # a batch of vectors: the law itself knows where it ends

    def within(x: Any) -> Any:
        xp = namespace(x, low, high)
        inside = (x >= low) & (x <= high)
        if dimensions:
            inside = xp.all(inside, axis=tuple(range(-dimensions, 0)))
        if library_of(x) == "numpy" and bool(inside.all()):
            return log_density(x)
        wide, one = inside, xp.ones_like(low)
        for _ in range(dimensions):
            wide = wide[..., None]
        finite_low, finite_high = xp.isfinite(low), xp.isfinite(high)
        a = xp.where(finite_low, low, xp.where(finite_high, high - 2 * one, -one))
        b = xp.where(finite_high, high, a + 2 * one)
        found = log_density(xp.where(wide, x, 0.5 * (a + b)))
        return xp.where(inside, found, xp.full_like(found, -np.inf))

    return within


def _ends(law: Any) -> tuple[Any, Any]:
    support = getattr(law, "support", None)
    ends: Any = support() if callable(support) else support
    if isinstance(ends, tuple) and len(ends) == 2:
        return ends
    if hasattr(ends, "lower_bound") and hasattr(ends, "upper_bound"):
        return float(ends.lower_bound), float(ends.upper_bound)
    if type(ends).__name__ in ("_Real", "Real"):
        return -np.inf, np.inf
    raise InputTypeError(
        f"{type(law).__name__} does not tell its support. Pass Density.of(law, low, high)."
    )


def _in_numpy(log_prob: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return log_prob of a library of its own as a function of numpy arrays."""

    def log_density(x: Any) -> Any:
        import sys

        torch = sys.modules.get("torch")
        if torch is not None and type(getattr(log_prob, "__self__", None)).__module__.startswith(
            "torch"
        ):
            return log_prob(torch.as_tensor(x)).detach().cpu().numpy()
        return np.asarray(log_prob(x))

    return log_density
