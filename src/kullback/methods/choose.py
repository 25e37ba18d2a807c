"""Choosing a method: a loop over a list, cheapest exact method first."""

from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.errors import AccuracyError, NoMethodError
from kullback.estimate import Answer, Asked, Method
from kullback.forms.form import Form
from kullback.methods.counts import AutoCounts
from kullback.methods.cubature import Cubature
from kullback.methods.exact import ExactSum
from kullback.methods.formulas import ClosedForm
from kullback.methods.formulas.derived import Reduced
from kullback.methods.mixtures import Sandwich
from kullback.methods.monte_carlo import MonteCarlo
from kullback.methods.quadrature import Quadrature
from kullback.methods.quantile_transport import QuantileTransport
from kullback.methods.samples.choose import AutoSamples
from kullback.methods.samples.joint import JointCounts
from kullback.methods.summation import CertifiedSum
from kullback.methods.transport import SortedTransport
from kullback.questions import Question

METHODS: tuple[Method, ...] = (
    ExactSum(), SortedTransport(), ClosedForm(), Reduced(), CertifiedSum(), Quadrature(),
    QuantileTransport(), Cubature(), MonteCarlo(), Sandwich(), AutoCounts(), JointCounts(),
    AutoSamples(),
)  # fmt: skip
"""All methods, in the order in which they are tried."""

CERTAIN: tuple[Method, ...] = tuple(m for m in METHODS if m.kind in ("exact", "integrated"))
"""Those whose answer a short name may return."""


def choose(
    of: Question,
    p: Form,
    q: Form | None,
    methods: tuple[Method, ...] = METHODS,
    asked: Asked | None = None,
) -> tuple[Method, tuple[tuple[Method, str], ...]]:
    """Return the first method that does not refuse, and the reasons of those before it."""
    refusals: list[tuple[Method, str]] = []
    for method in methods:
        if not isinstance(p, method.reads) and not isinstance(q, method.reads):
            continue
        reason = refusal(method, of, p, q, asked or Asked())
        if reason is None:
            return method, tuple(refusals)
        refusals.append((method, reason))
    reasons = "\n".join(f"  {method!r}: {reason}" for method, reason in refusals)
    both = f"{p!r}" if q is None else f"{p!r} and {q!r}"
    raise NoMethodError(f"No method answers {of!r} for {both}:\n{reasons}")


def refusal(method: Method, of: Question, p: Form, q: Form | None, asked: Asked) -> str | None:
    """Return why a method cannot answer here, or None if it can."""
    reason = method.refuse(of, p, q)
    if reason is None and getattr(method, "needs_rng", False) and asked.rng is None:
        second = "" if q is None else ", q"
        return f"needs rng=…: kb.measure(p{second}, of=kb.{of!r}, rng=0)"
    return reason


def certain_value(of: Question, p: Form, q: Form | None, asked: Asked) -> Any:
    """Return the answer in nats if it is exact, or integrated to the tolerance asked for.

    Raises
    ------
    NoMethodError
        Where only a statistical method could answer; the message names the call that asks it.
    AccuracyError
        Where the integral missed the tolerance.
    """
    try:
        method, _ = choose(of, p, q, CERTAIN)
    except NoMethodError as none:
        both = "p" if q is None else "p, q"
        raise NoMethodError(
            f"{none}\nOnly a statistical method can answer: kb.measure({both}, of=kb.{of!r}, "
            "rng=0) tries them and states the standard error."
        ) from None
    found = method.answer(of, p, q, asked)
    if (found.kind or method.kind) == "integrated":
        check_accuracy(found, asked.rtol)
    return found.value


def check_accuracy(found: Answer, rtol: float) -> None:
    """Raise unless the stated error is within the relative tolerance."""
    if found.error is None or is_traced(found.value):
        return
    xp = namespace(found.value)
    within = (found.error <= rtol * xp.abs(found.value)) | ~xp.isfinite(found.value)
    if not bool(xp.all(within)):
        raise AccuracyError(
            f"The integral is {found.value} with an error of up to {found.error}, which misses "
            f"rtol={rtol:g}. The value and the error are attributes of this exception; "
            "kb.measure(p, q, rtol=…) returns them with a tolerance of your own.",
            found.value,
            found.error,
        )
