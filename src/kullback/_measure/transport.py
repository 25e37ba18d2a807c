"""Wasserstein distances."""

from typing import Any

from kullback._measure.values import in_unit, value_of
from kullback.errors import InputTypeError, NoMethodError
from kullback.estimate import Asked, Method
from kullback.forms import Form, Samples
from kullback.questions import Wasserstein


def wasserstein(
    p: Any,
    q: Any,
    /,
    *,
    order: float = 1,
    positions: Any = None,
    samples: bool = False,
    axis: int = -1,
    by: Method | None = None,
    rng: Any = None,
) -> Any:
    """W(p, q) = (min E |x − y|^r)^(1/r): how far the mass of p must travel to become q.

    In the unit of the positions; a metric, finite also where the supports differ.

    Parameters
    ----------
    p, q : array, form or law, shape (*batch, k)
        Probabilities of outcomes that lie at `positions`; two `Samples`, taken as they are; or two
        families: those with a closed form (order 2), or laws on the line.
    order : float
        r, at least 1.
    positions : array, shape (k,) or (*batch, k)
        Where the outcomes lie on the line; in any order.
    samples : bool
        Whether p and q are batches of draws on the line, shape (*batch, n) and (*batch, m).
    by : Method, optional
        For `Samples`: `Sinkhorn()` or `SlicedTransport()`, which are distances of their own.
    rng : seed or numpy.random.Generator, optional
        Where `SlicedTransport()` takes its directions from.

    Returns
    -------
    array, shape (*batch,)
        Differentiable in torch and JAX; in the positions of `Samples` in torch.

    Raises
    ------
    NoMethodError, MissingExtraError
        Samples in more than one dimension with more than 25 million pairs; of different sizes or
        weights without POT (`pip install 'kullback[samples]'`).

    References
    ----------
    Villani, Topics in Optimal Transportation (2003), section 2.2.

    >>> import kullback as kb
    >>> kb.wasserstein([0.5, 0.5, 0.0], [0.0, 0.5, 0.5], positions=[0, 1, 5])
    2.5
    >>> kb.wasserstein(kb.Samples([0.0, 1.0, 3.0]), kb.Samples([5.0, 6.0]))
    4.1666666...
    >>> kb.wasserstein([[0.0, 1.0], [0.0, 4.0]], [2.0, 3.0], samples=True)
    array([2. , 1.5])
    >>> kb.wasserstein(kb.families.Normal(0, 1), kb.families.Normal(3, 5), order=2)
    5.0
    """
    of = Wasserstein(order, positions)
    if samples:
        return _between_rows(of, p, q, axis, by)
    if by is not None:
        return _as_asked(of, p, q, by, rng)
    return value_of(of, p, q, None, axis, None)


def _between_rows(of: Wasserstein, p: Any, q: Any, axis: int, by: Method | None) -> Any:
    from kullback.methods.samples.transport.distance import rows_distance

    if isinstance(p, Form) or isinstance(q, Form) or of.positions is not None or by is not None:
        raise InputTypeError(
            "samples=True reads two arrays of draws on the line, shape (*batch, n), and takes "
            "neither positions=… nor by=…. Draws of several coordinates are kb.Samples(x)."
        )
    return rows_distance(of.order, p, q, axis)


def _as_asked(of: Wasserstein, p: Any, q: Any, by: Method, rng: Any) -> Any:
    from kullback.methods.choose import refusal
    from kullback.methods.samples.transport.method import TransportMethod

    if not isinstance(by, TransportMethod) or not isinstance(p, Samples):
        raise InputTypeError(
            f"by={by!r} with {type(p).__name__}: kb.wasserstein takes kb.Sinkhorn(), "
            "kb.SlicedTransport() or kb.ExactTransport() for two kb.Samples; kb.measure takes "
            "every method."
        )
    asked = Asked(rng=rng)
    reason = refusal(by, of, p, q, asked)
    if reason is not None:
        raise NoMethodError(f"{by!r} does not answer {of!r} here: {reason}.")
    assert isinstance(q, Samples)
    return in_unit(by.distance(of, p, q, asked), 1.0, p, q)
