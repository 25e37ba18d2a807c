"""The answer that says how sure it is."""

from typing import Any

from kullback._measure.values import check_laws
from kullback.arrays.checks import check_base, unit_name
from kullback.errors import InputTypeError, NoMethodError
from kullback.estimate import Answer, Asked, Estimate, Floor, Method
from kullback.forms.coerce import coerce
from kullback.questions import KL, Question

_KL = KL()


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
    check_laws(first, second)
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
        unit=unit_name(base) if of.information else "",
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
