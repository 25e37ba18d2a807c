"""The exact sum over outcomes."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import bits_of, is_traced, library_of, namespace, stop_gradient
from kullback.errors import NotNormalisedError
from kullback.estimate import Answer, Asked, Method
from kullback.forms import Counts, Labels, Logits, Probs
from kullback.forms.discrete import Discrete
from kullback.forms.form import Form
from kullback.forms.pair import Pair
from kullback.methods.exact import native
from kullback.methods.exact.held import Held, check_labels_fit, hold, hold_one
from kullback.questions import (
    KL,
    CrossEntropy,
    Divergence,
    Entropy,
    JointQuestion,
    Question,
    Renyi,
)


@dataclass(frozen=True)
class ExactSum(Method):
    """Σ over all outcomes, exact to rounding."""

    reads: ClassVar[tuple[type[Form], ...]] = (Discrete,)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not tabled, and counts: of the laws behind them a sum is an estimate."""
        if not isinstance(of, (Divergence, Entropy, CrossEntropy, JointQuestion)):
            return f"{of!r} is no sum over outcomes"
        for name, form in (("p", p), ("q", q)):
            if form is not None and not isinstance(form, Discrete):
                return f"{name} is not a table of probabilities"
        if isinstance(p, Counts) or isinstance(q, Counts):
            return "counts are a sample: of the law behind them, a sum is only an estimate"
        if (q is None) != (of.arguments == 1):
            return f"{of} is asked of {of.arguments} distribution{'s' if of.arguments == 2 else ''}"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the sum, with what it rests on."""
        return tabled_answer(of, p, q, asked, exact=True)


def tabled_answer(of: Question, p: Form, q: Form | None, asked: Asked, *, exact: bool) -> Answer:
    """Return the answer of tables; its rounding is its error if they are the laws themselves."""
    from kullback.methods.exact.evidence import gather
    from kullback.methods.exact.joint import flat_joint, information_value

    assert isinstance(p, Discrete)
    assert q is None or isinstance(q, Discrete)
    if isinstance(of, JointQuestion):
        axes = range(-of.axes, 0)
        rows = flat_joint(p, axes)
        first, second, inner = Probs(rows[0]), Probs(rows[1]), KL()
        value = information_value(p, axes, asked.threads)
        return Answer(
            value,
            _rounding(value) if exact else None,
            evidence=lambda unit: gather(of, inner, first, second, asked.axis, unit, value / unit),
        )
    value = exact_value(of, p, q, asked.axis, asked.threads)
    return Answer(
        value,
        _rounding(value) if exact else None,
        evidence=lambda unit: gather(of, of, p, q, asked.axis, unit, value / unit),
    )


def _rounding(value: Any) -> Any:
    """Return the bound on rounding that the tests hold the exact methods to."""
    if is_traced(value):
        return None
    return abs(value) * (1e-5 if bits_of(value) == 32 else 1e-12)


def exact_value(of: Question, p: Discrete, q: Discrete | None, axis: int, threads: int) -> Any:
    """Return the answer in nats, one number for each row of the batch."""
    if isinstance(p, Labels) and isinstance(q, Logits) and isinstance(of, (KL, CrossEntropy)):
        fused = _label_cross_entropy(p, q, axis, threads)
        if fused is not None:
            return fused
    held = hold_one(p, axis) if q is None else hold(p, q, axis)
    value = held_value(of, held, threads)
    if held.kept is not None:
        value = namespace(value).where(held.kept, value, namespace(value).zeros_like(value))
    return value[()] if library_of(value) == "numpy" else value


def held_value(of: Question, held: Held, threads: int) -> Any:
    """Return the answer for arrays on one footing, checked on the way."""
    library = library_of(held.p)
    if library == "dask":
        from kullback.methods.exact import dask_chunks

        return dask_chunks.value(of, held)
    if library == "numpy" and native.numpy_readable(held.p, held.q):
        value = _numpy_value(of, held, threads)
        if value is not None:
            return value
    if library == "torch" and native.kernels is not None and held.p.device.type == "cpu":
        from kullback.methods.exact import torch_kernels

        value = torch_kernels.value(of, held, threads)
        if value is not None:
            return value
    held.check()
    return array_value(of, held)


def array_value(of: Question, held: Held) -> Any:
    """Return the answer by the array standard alone, differentiable, the values unchecked."""
    with np.errstate(all="ignore"):  # 0 log 0 and 1/0 are cases here, not accidents
        pair = held.pair()
        if isinstance(of, Renyi) and of.alpha != 1:
            return _renyi(of, pair)
        assert isinstance(of, (Divergence, Entropy, CrossEntropy))
        total = namespace(pair.p).sum(of.terms(pair), axis=-1)
        return of.close(total) if isinstance(of, Divergence) else total


def _renyi(of: Renyi, pair: Pair) -> Any:
    """Return the answer from the sum of terms where that keeps all digits, else from the powers."""
    if of.alpha in (0.0, float("inf")):
        return of.of_powers(pair)
    xp = namespace(pair.p)
    small = of.closes(stop_gradient(xp.sum(of.terms(pair), axis=-1)))
    closed = of.close(xp.sum(of.terms(pair.only(small)), axis=-1))
    return xp.where(small, closed, of.of_powers(pair.only(~small)))


def closed(of: Question, total: Any, held: Held) -> Any:
    """Return the answer from the sum of its terms, as a kernel gave it."""
    if not isinstance(of, Divergence):
        return total
    if isinstance(of, Renyi) and of.alpha != 1 and not bool(namespace(total).all(of.closes(total))):
        return array_value(of, held)
    return of.close(total)


def _numpy_value(of: Question, held: Held, threads: int) -> Any:
    if held.footing == "probabilities":
        kernel = native.row_kernel(of)
        if kernel is None:
            return None
        total, bad = native.numpy_rows(kernel, held.p, held.q, held.tolerance, threads)
        if bad >= 0:
            raise_for(held)
        return total if isinstance(of, (KL, CrossEntropy, Entropy)) else closed(of, total, held)
    if held.footing == "logits":
        logit_kernel = native.logit_kernel(of)
        if logit_kernel is None:
            return None
        value, bad = native.numpy_logits(logit_kernel, held.p, held.q, threads)
        if bad >= 0:
            raise_for(held)
        return value
    return None


def _label_cross_entropy(p: Labels, q: Logits, axis: int, threads: int) -> Any:
    """Return the fused classification loss where a kernel serves, else None."""
    logits = q.checked(axis, "q")
    labels = p.checked(-1, "p")
    library = library_of(logits)
    if native.kernels is None or library != library_of(labels):
        return None
    if library == "numpy" and native.numpy_readable(logits):
        check_labels_fit(labels, logits)
        value, bad = native.numpy_labels(labels, p.ignore_index, logits, threads)
        if bad >= 0:
            raise_for(hold(p, q, axis))
        return value
    if library == "torch" and logits.device.type == "cpu" and labels.device.type == "cpu":
        from kullback.methods.exact import torch_kernels

        check_labels_fit(labels, logits)
        return torch_kernels.label_cross_entropy(
            labels, logits, p.ignore_index, threads, lambda: hold(p, q, axis)
        )
    return None


def raise_for(held: Held) -> None:
    """Raise the error that a kernel found, with its numbers."""
    held.check()
    raise NotNormalisedError(
        f"A row of p or q misses the sum 1 by {held.tolerance:g}, the most allowed. Divide it by "
        f"its sum."
    )
