"""Optimal transport on the line: the sorted coupling is the best one, for every order."""

from dataclasses import dataclass
from typing import Any, ClassVar

from kullback.arrays.checks import check_fit
from kullback.arrays.namespace import bits_of, is_traced, library_of, namespace
from kullback.errors import InputTypeError, ShapeError
from kullback.estimate import Answer, Asked, Method
from kullback.forms import Counts, Discrete, Form
from kullback.methods.exact.held import check_form, probabilities_of
from kullback.questions import Question, Wasserstein


@dataclass(frozen=True)
class SortedTransport(Method):
    """The exact coupling of two tables whose outcomes lie on the line, in O(k log k)."""

    reads: ClassVar[tuple[type[Form], ...]] = (Discrete,)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse other questions, and what is no table with positions."""
        if not isinstance(of, Wasserstein):
            return "answers Wasserstein distances only"
        if not isinstance(p, Discrete) or not isinstance(q, Discrete):
            return "needs two tables of probabilities"
        if of.positions is None:
            return "needs the positions of the outcomes: positions=…"
        if isinstance(p, Counts) or isinstance(q, Counts):
            return "counts are a sample: of the laws behind them the distance is only an estimate"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the distance, exact to rounding."""
        assert isinstance(of, Wasserstein)
        assert isinstance(p, Discrete)
        assert isinstance(q, Discrete)
        value = table_distance(of, p, q, asked.axis)
        unknown = is_traced(value)
        error = None if unknown else abs(value) * (1e-5 if bits_of(value) == 32 else 1e-12)
        return Answer(value, error)


def table_distance(of: Wasserstein, p: Discrete, q: Discrete, axis: int) -> Any:
    """Return W of two tables, shape (*batch,)."""
    check_form(p, axis, "p")
    check_form(q, axis, "q")
    first, second = probabilities_of(p, axis, "p"), probabilities_of(q, axis, "q")
    check_fit(first, second)
    xp = namespace(first, second)
    first, second = xp.broadcast_arrays(first, second)
    places = _positions(of.positions, first)
    value = distance_on_line(of.order, places, first, second)
    return value[()] if library_of(value) == "numpy" else value


def distance_on_line(order: float, places: Any, p: Any, q: Any) -> Any:
    """Return W_r of masses p and q at places in any order; all have shape (*batch, k)."""
    xp = namespace(places, p, q)
    rank = xp.argsort(places, axis=-1)
    places, p, q = (xp.take_along_axis(x, rank, axis=-1) for x in (places, p, q))
    return _first_order(places, p, q) if order == 1 else _of_order(order, places, p, q)


def _positions(given: Any, like: Any) -> Any:
    if given is None:
        raise InputTypeError(
            "The Wasserstein distance of two tables needs the positions of their outcomes: "
            "kb.wasserstein(p, q, positions=[…])."
        )
    xp = namespace(like)
    device = {"device": like.device} if library_of(like) == "torch" else {}
    places = xp.asarray(given, dtype=like.dtype, **device)
    if places.ndim == 0 or places.shape[-1] != like.shape[-1]:
        raise ShapeError(
            f"positions has shape {tuple(places.shape)}, and there are {like.shape[-1]} outcomes: "
            "one position for each is needed."
        )
    return xp.broadcast_to(places, like.shape)


def _first_order(x: Any, p: Any, q: Any) -> Any:
    """Σ |F_p − F_q| Δx."""
    xp = namespace(x)
    ahead = xp.cumulative_sum(p - q, axis=-1)[..., :-1]
    return xp.sum(xp.abs(ahead) * (x[..., 1:] - x[..., :-1]), axis=-1)


def _of_order(r: float, x: Any, p: Any, q: Any) -> Any:
    """(∫ |F_p⁻¹(u) − F_q⁻¹(u)|^r du)^(1/r), a sum between the steps of either law."""
    xp = namespace(x)
    k = x.shape[-1]
    steps = xp.concat([xp.cumulative_sum(p, axis=-1), xp.cumulative_sum(q, axis=-1)], axis=-1)
    order = xp.argsort(steps, axis=-1, stable=True)
    u = xp.take_along_axis(steps, order, axis=-1)
    du = xp.concat([u[..., :1], u[..., 1:] - u[..., :-1]], axis=-1)
    of_p = xp.astype(order < k, xp.int64)
    passed_p = xp.cumulative_sum(of_p, axis=-1) - of_p  # steps of p before this stretch of u
    passed_q = xp.cumulative_sum(1 - of_p, axis=-1) - (1 - of_p)
    last = xp.full_like(passed_p, k - 1)
    from_x = xp.take_along_axis(x, xp.minimum(passed_p, last), axis=-1)
    to_x = xp.take_along_axis(x, xp.minimum(passed_q, last), axis=-1)
    total = xp.sum(du * xp.abs(from_x - to_x) ** r, axis=-1)
    some = total > 0
    root = xp.where(some, total, xp.ones_like(total)) ** (1 / r)
    return xp.where(some, root, xp.zeros_like(total))
