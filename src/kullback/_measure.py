"""The front door: `measure` gives answers, the short names give numbers."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from kullback.arrays.checks import check_base
from kullback.arrays.namespace import namespace
from kullback.arrays.stable import square_root
from kullback.errors import InputTypeError, NoMethodError
from kullback.estimate import Answer, Asked, Estimate, Floor, Method
from kullback.forms import Discrete, Form, Labels
from kullback.forms.coerce import coerce, coerce_table
from kullback.methods.exact.joint import mutual_information_value
from kullback.methods.exact.mixture import several_js
from kullback.methods.exact.pairs import pairwise_value
from kullback.methods.exact.sums import exact_value
from kullback.methods.transport import table_distance
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Entropy,
    FDivergence,
    Hellinger,
    HockeyStick,
    Jeffreys,
    JensenShannon,
    MutualInformation,
    Question,
    Renyi,
    TotalVariation,
    Tsallis,
    Wasserstein,
)

_KL, _JEFFREYS, _JS, _TV, _HELLINGER, _CHI2 = (
    KL(), Jeffreys(), JensenShannon(), TotalVariation(), Hellinger(), ChiSquare(),
)  # fmt: skip
_ENTROPY, _CROSS_ENTROPY, _MI = Entropy(), CrossEntropy(), MutualInformation()


def value_of(of: Question, p: Any, q: Any, base: Any, axis: int, threads: int | None) -> Any:
    """Return the exact answer of a question of two forms, in the caller's library."""
    unit = check_base(base, of.information, of.symbol)
    first, second = coerce(p, "p"), coerce(q, "q")
    if isinstance(of, Wasserstein) and isinstance(first, Discrete) and isinstance(second, Discrete):
        value = table_distance(of, first, second, axis)
    elif isinstance(first, Discrete) and isinstance(second, Discrete):
        value = exact_value(of, first, second, axis, threads or 0)
    else:
        value = _certain(of, first, second, Asked(axis, threads or 0))
    return _in_unit(value, unit, first, second)


def _certain(of: Question, p: Form, q: Form | None, asked: Asked) -> Any:
    """Return the answer of laws; their rooms are many, and load when the first law is asked."""
    from kullback.methods.choose import certain_value

    _check_laws(p, q)
    return certain_value(of, p, q, asked)


def _check_laws(p: Form, q: Form | None) -> None:
    from kullback.forms.families.family import Family
    from kullback.forms.families.fit import check_same_outcomes

    if isinstance(p, Family) and isinstance(q, Family):
        check_same_outcomes(p, q)


def _in_unit(value: Any, unit: float, *forms: Form) -> Any:
    """Return the value in its unit; a float where all that was given were lists."""
    value = value if unit == 1.0 else value / unit
    listed = bool(forms) and all(form.listed for form in forms) and not value.shape
    return float(value) if listed else value


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
        return _in_unit(several_js(forms, weights, axis), unit, *forms)
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


def renyi(
    p: Any,
    q: Any,
    /,
    *,
    alpha: float,
    base: float | None = None,
    axis: int = -1,
    threads: int | None = None,
) -> Any:
    """R(p ‖ q) = log Σ p^α q^(1−α) / (α − 1): KL at α = 1, log max p/q at ∞. Arguments as for `kl`.

    Parameters
    ----------
    alpha : float
        The order, from 0 to ∞.

    References
    ----------
    van Erven and Harremoës, Rényi divergence and Kullback–Leibler divergence, IEEE Trans. Inf.
    Theory 60 (2014).

    >>> import kullback as kb
    >>> kb.renyi([0.5, 0.5], [0.9, 0.1], alpha=2)
    1.0216512...
    """
    return value_of(Renyi(alpha), p, q, base, axis, threads)


def tsallis(p: Any, q: Any, /, *, alpha: float, axis: int = -1, threads: int | None = None) -> Any:
    """T(p ‖ q) = (Σ p^α q^(1−α) − 1)/(α − 1), α > 0: KL at α = 1. Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.tsallis([0.5, 0.5], [0.9, 0.1], alpha=0.5)
    0.2111456...
    """
    return value_of(Tsallis(alpha), p, q, None, axis, threads)


def alpha_divergence(
    p: Any, q: Any, /, *, alpha: float, axis: int = -1, threads: int | None = None
) -> Any:
    """A(p ‖ q) = (Σ p^α q^(1−α) − 1)/(α (α − 1)): KL(p ‖ q) at α = 1, KL(q ‖ p) at 0.

    Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.alpha_divergence([0.5, 0.5], [0.9, 0.1], alpha=2)
    0.8888888...
    """
    return value_of(Alpha(alpha), p, q, None, axis, threads)


def hockey_stick(
    p: Any, q: Any, /, *, gamma: float, axis: int = -1, threads: int | None = None
) -> Any:
    """E(p ‖ q) = Σ max(p − γ q, 0): differential privacy's δ at ε = log γ. Arguments as for `kl`.

    Parameters
    ----------
    gamma : float
        At least 1.

    >>> import kullback as kb
    >>> kb.hockey_stick([0.5, 0.5], [0.9, 0.1], gamma=2)
    0.3
    """
    return value_of(HockeyStick(gamma), p, q, None, axis, threads)


def wasserstein(
    p: Any,
    q: Any,
    /,
    *,
    order: float = 1,
    positions: Any = None,
    axis: int = -1,
) -> Any:
    """W(p, q) = (min E |x − y|^r)^(1/r): how far the mass of p must travel to become q.

    In the unit of the positions; a metric, finite also where the supports differ.

    Parameters
    ----------
    p, q : array, form or law, shape (*batch, k)
        Probabilities of outcomes that lie at `positions`, or two families: those with a closed
        form (order 2), or laws on the line.
    order : float
        r, at least 1.
    positions : array, shape (k,) or (*batch, k)
        Where the outcomes lie on the line; in any order.

    Returns
    -------
    array, shape (*batch,)
        Differentiable in torch and JAX.

    References
    ----------
    Villani, Topics in Optimal Transportation (2003), section 2.2.

    >>> import kullback as kb
    >>> kb.wasserstein([0.5, 0.5, 0.0], [0.0, 0.5, 0.5], positions=[0, 1, 5])
    2.5
    >>> kb.wasserstein(kb.families.Normal(0, 1), kb.families.Normal(3, 5), order=2)
    5.0
    """
    return value_of(Wasserstein(order, positions), p, q, None, axis, None)


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


def entropy(
    p: Any, /, *, base: float | None = None, axis: int = -1, threads: int | None = None
) -> Any:
    """H(p) = −Σ p log p. Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.entropy([0.5, 0.25, 0.25], base=2)
    1.5
    """
    unit = check_base(base, applies=True, question=_ENTROPY.symbol)
    form = coerce(p, "p")
    if isinstance(form, Labels):
        labels = form.checked(-1, "p")
        return namespace(labels).zeros(labels.shape)
    if not isinstance(form, Discrete):
        return _in_unit(_certain(_ENTROPY, form, None, Asked(axis, threads or 0)), unit, form)
    return _in_unit(exact_value(_ENTROPY, form, None, axis, threads or 0), unit, form)


def cross_entropy(
    p: Any, q: Any, /, *, base: float | None = None, axis: int = -1, threads: int | None = None
) -> Any:
    """H(p, q) = −Σ p log q; `cross_entropy(Labels(y), Logits(z))` is the classification loss.

    Arguments as for `kl`. One number a row, never a mean of rows.

    >>> import kullback as kb
    >>> kb.cross_entropy([0.5, 0.5], [0.9, 0.1])
    1.2039728...
    """
    return value_of(_CROSS_ENTROPY, p, q, base, axis, threads)


def mutual_information(
    joint: Any,
    /,
    *,
    base: float | None = None,
    axis: tuple[int, int] = (-2, -1),
    threads: int | None = None,
) -> Any:
    """I(X; Y) = KL(joint ‖ product of its marginals), of an exact joint table.

    Parameters
    ----------
    joint : array or form, shape (*batch, x, y)
        Probabilities, or `Counts`.
    axis : pair of int
        The axes of the two variables.

    >>> import kullback as kb
    >>> kb.mutual_information([[0.4, 0.1], [0.1, 0.4]], base=2)
    0.2780719...
    """
    unit = check_base(base, applies=True, question=_MI.symbol)
    form = coerce_table(joint, "joint")
    return _in_unit(mutual_information_value(form, axis, threads or 0), unit, form)


def pairwise(
    P: Any,
    Q: Any = None,
    /,
    *,
    of: Question = _KL,
    base: float | None = None,
    threads: int | None = None,
) -> Any:
    """Return the matrix of a question between all rows of P and of Q (of P, if Q is left out).

    Parameters
    ----------
    P, Q : array or form, shape (n, k) and (m, k)
        Rows of probabilities, or forms.
    of : Question
        What to ask: `KL()`, `JensenShannon()`, …

    Returns
    -------
    array, shape (n, m)
        Entry (i, j) is the question of row i of P and row j of Q; never more than a block of (n, m,
        k) is held.

    >>> import kullback as kb
    >>> kb.pairwise([[0.5, 0.5], [0.9, 0.1]], of=kb.KL())
    array([[0.        , 0.51082562],
           [0.36806421, 0.        ]])
    """
    if not isinstance(of, Question) or of.arguments != 2:
        raise InputTypeError(
            f"of={of!r} is not a question about two distributions, such as kb.KL()."
        )
    unit = check_base(base, of.information, of.symbol)
    second = None if Q is None else coerce_table(Q, "Q")
    return _in_unit(pairwise_value(of, coerce_table(P, "P"), second, threads or 0), unit)


def measure(
    p: Any,
    q: Any = None,
    /,
    *,
    of: Question = _KL,
    by: Method | None = None,
    base: float | None = None,
    axis: int = -1,
    rng: Any = None,
    rtol: float = 1e-9,
    threads: int | None = None,
) -> Estimate:
    """Ask a question, and get an answer that says how sure it is and where it comes from.

    On `Counts` the short names describe the two tables; `measure` describes the laws behind them,
    so that its answer is
    an estimate.

    Parameters
    ----------
    p, q : array or form
        As for `kl`; q is left out for questions of one distribution, such as `Entropy()`.
    of : Question
        What to ask.
    by : Method, optional
        How to find out; the first method that does not refuse if left out.
    rng : seed or numpy.random.Generator, optional
        Where random draws come from; a method that needs them refuses without.
    rtol : float
        The relative error that an integral may have.
    base, axis, threads
        As for `kl`.

    Raises
    ------
    NoMethodError
        If no method answers; the message lists each one's reason.

    >>> import kullback as kb
    >>> answer = kb.measure([0.2, 0.8, 0.0], [0.5, 0.4, 0.1], base=2)
    >>> answer
    0.5356143... bits, exact, by ExactSum()
    >>> print(answer.explain(names="abc"))
    KL(p ‖ q) = 0.5356 bits: what coding p with a code built for q costs beyond the entropy of p.
    b carries 42 % of it (0.4 under q, 0.8 under p), a 31 % (0.5, 0.2), c 27 % (0.1, 0).
    """
    from kullback.methods.choose import choose, refusal

    if not isinstance(of, Question):
        raise InputTypeError(f"of={of!r} is not a question, such as kb.KL() or kb.JensenShannon().")
    unit = check_base(base, of.information, of.symbol)
    first, second = coerce(p, "p"), None if q is None else coerce(q, "q")
    if second is not None and of.arguments == 1:
        raise InputTypeError(f"{of!r} is asked of one distribution; q was given too.")
    if second is None and of.arguments == 2:
        raise InputTypeError(f"{of!r} is asked of two distributions; q is missing.")
    _check_laws(first, second)
    asked = Asked(axis, threads or 0, rtol, rng)
    refusals: tuple[tuple[Method, str], ...] = ()
    if by is None:
        method, refusals = choose(of, first, second, asked=asked)
    else:
        method = by
        reason = refusal(by, of, first, second, asked)
        if reason is not None:
            raise NoMethodError(f"{by!r} does not answer {of!r} here: {reason}.")
    found = method.answer(of, first, second, asked)
    value, error = (x if unit == 1.0 or x is None else x / unit for x in (found.value, found.error))
    evidence = found.evidence
    return Estimate(
        value=value,
        kind=found.kind or method.kind,
        error=error,
        unit=_unit(of, base),
        method=found.method or method,
        of=of,
        notes=found.notes,
        refusals=refusals,
        p_value=found.p_value,
        floor=None if found.floor is None else Floor(*(x / unit for x in found.floor)),
        _evidence=None if evidence is None else lambda: evidence(unit),
        _interval=None if found.interval is None else lambda level: _scaled(found, level, unit),
    )


def _scaled(found: Answer, level: float, unit: float) -> tuple[Any, Any]:
    assert found.interval is not None
    low, high = found.interval(level)
    return low / unit, high / unit


def _unit(of: Question, base: float | None) -> str:
    if not of.information:
        return ""
    if base is None or base == math.e:
        return "nats"
    return {2.0: "bits", 10.0: "hartleys"}.get(float(base), f"log-{base:g} units")
