"""The divergences of everyday use."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from kullback._measure.values import in_unit, value_of
from kullback.arrays.checks import check_base
from kullback.arrays.stable import square_root
from kullback.errors import InputTypeError
from kullback.forms import Form
from kullback.forms.coerce import coerce_table
from kullback.methods.exact.mixture import several_js
from kullback.questions import (
    KL,
    ChiSquare,
    FDivergence,
    Hellinger,
    Jeffreys,
    JensenShannon,
    TotalVariation,
)

_KL = KL()
_JEFFREYS = Jeffreys()
_JS = JensenShannon()
_TV = TotalVariation()
_HELLINGER = Hellinger()
_CHI2 = ChiSquare()


def kl(
    p: Any, q: Any, /, *, base: float | None = None, axis: int = -1, threads: int | None = None
) -> Any:
    """KL(p ‖ q): what coding p with a code built for q costs beyond the entropy of p.

    Σ (p log p/q − p + q) over the outcomes: the textbook value where both sum to 1, and never
    negative. 0 log 0 = 0;
    mass of p where q has none makes it ∞.

    Parameters
    ----------
    p, q : array or form, shape (*batch, k)
        Probabilities, or `Probs`, `LogProbs`, `Logits`, `Labels`, `Counts`; batches broadcast.
    base : float, optional
        Unit of the answer: None for nats, 2 for bits.
    axis : int
        The axis of outcomes.
    threads : int, optional
        How many threads the native kernels may use; None for all processors of this process.

    Returns
    -------
    array, shape (*batch,)
        In the library, dtype and device of the arguments (half precision gives float32),
        differentiable in torch and
        JAX: ∂p = log p/q, ∂q = 1 − p/q; at p = 0 log(tiny/q), finite.

    Raises
    ------
    InvalidInputError, NotNormalisedError, ShapeError, InputTypeError, MixedArraysError
        Negative or NaN entries, sums other than 1, unequal numbers of outcomes, integers, mixed
        libraries.

    References
    ----------
    Kullback and Leibler, On information and sufficiency, Ann. Math. Statist. 22 (1951).

    >>> import kullback as kb
    >>> kb.kl([0.5, 0.5], [0.9, 0.1])
    0.5108256...
    >>> kb.kl([0.9, 0.1], [0.5, 0.5], base=2)
    0.5310044...
    """
    return value_of(_KL, p, q, base, axis, threads)


def jeffreys(
    p: Any, q: Any, /, *, base: float | None = None, axis: int = -1, threads: int | None = None
) -> Any:
    """J(p, q) = KL(p ‖ q) + KL(q ‖ p) = Σ (p − q) log p/q. Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.jeffreys([0.5, 0.5], [0.9, 0.1])
    0.8788898...
    """
    return value_of(_JEFFREYS, p, q, base, axis, threads)


def js(
    p: Any,
    q: Any = None,
    /,
    *,
    weights: Sequence[float] | None = None,
    base: float | None = None,
    axis: int = -1,
    threads: int | None = None,
) -> Any:
    """JS(p, q): the mean relative entropy of p and of q to their mixture, at most log 2.

    Also of several: `js([p1, p2, …])`. Arguments as for `kl`.

    Parameters
    ----------
    weights : sequence of float, optional
        One for each distribution, with sum 1; equal ones if left out.

    >>> import kullback as kb
    >>> kb.js([0.5, 0.5], [0.9, 0.1])
    0.1017492...
    >>> kb.js([[1.0, 0.0], [0.0, 1.0]], base=2)
    1.0
    """
    if q is None:
        if isinstance(p, Form) or not isinstance(p, (list, tuple)) or len(p) < 2:
            raise InputTypeError("js takes p and q, or one list of at least two distributions.")
        unit = check_base(base, applies=True, question=_JS.symbol)
        forms = [coerce_table(form, f"p[{i}]") for i, form in enumerate(p)]
        return in_unit(several_js(forms, weights, axis), unit, *forms)
    of = _JS if weights is None else JensenShannon(tuple(weights))  # type: ignore[arg-type]
    return value_of(of, p, q, base, axis, threads)


def js_distance(
    p: Any, q: Any, /, *, base: float | None = None, axis: int = -1, threads: int | None = None
) -> Any:
    """√JS(p, q): a metric; within [0, 1] for base=2. Arguments as for `kl`.

    Slope 0 is returned at p = q, where it has none.

    References
    ----------
    Endres and Schindelin, A new metric for probability distributions, IEEE Trans. Inf. Theory 49
    (2003).

    >>> import kullback as kb
    >>> kb.js_distance([0.5, 0.5], [0.9, 0.1], base=2)
    0.3831358...
    """
    value = js(p, q, base=base, axis=axis, threads=threads)
    return math.sqrt(value) if type(value) is float else square_root(value)


def tv(p: Any, q: Any, /, *, axis: int = -1, threads: int | None = None) -> Any:
    """TV(p, q) = ½ Σ |p − q|: the largest difference in the probability of one event.

    Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.tv([0.5, 0.5], [0.9, 0.1])
    0.4
    """
    return value_of(_TV, p, q, None, axis, threads)


def hellinger(p: Any, q: Any, /, *, axis: int = -1, threads: int | None = None) -> Any:
    """H(p, q) = √(1 − Σ √(p q)): a metric, within [0, 1]. Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.hellinger([0.5, 0.5], [0.9, 0.1])
    0.3249196...
    """
    return value_of(_HELLINGER, p, q, None, axis, threads)


def chi2(p: Any, q: Any, /, *, axis: int = -1, threads: int | None = None) -> Any:
    """χ²(p ‖ q) = Σ (p − q)²/q (Pearson); Neyman's is `chi2(q, p)`. Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.chi2([0.5, 0.5], [0.9, 0.1])
    1.7777777...
    """
    return value_of(_CHI2, p, q, None, axis, threads)


def f_divergence(
    p: Any,
    q: Any,
    /,
    *,
    f: Callable[[Any], Any],
    at_zero: float = math.nan,
    slope_at_infinity: float = math.nan,
    axis: int = -1,
) -> Any:
    """D_f(p ‖ q) = Σ q f(p/q), for a convex f with f(1) = 0. Arguments as for `kl`.

    Parameters
    ----------
    f : callable
        Written on arrays of the caller's library.
    at_zero : float, optional
        The limit of f at 0; f(0) if left out.
    slope_at_infinity : float, optional
        The limit of f(t)/t at ∞; needed where q is 0 and p is not.

    >>> import kullback as kb
    >>> kb.f_divergence([0.5, 0.5], [0.9, 0.1], f=lambda t: (t - 1) ** 2)
    1.7777777...
    """
    return value_of(FDivergence(f, at_zero, slope_at_infinity), p, q, None, axis, None)
