"""Two forms brought to one footing: probabilities, logits, or log-probabilities, outcomes last."""

from dataclasses import dataclass
from typing import Any, Literal

from kullback.arrays.checks import (
    check_fit,
    check_log_probabilities,
    check_logits,
    check_probabilities,
    sum_tolerance,
)
from kullback.arrays.namespace import check_same_home, common_dtype, namespace, widened
from kullback.arrays.stable import log_softmax, softmax_scale
from kullback.errors import InputTypeError, ShapeError
from kullback.forms import Counts, Labels, Logits, LogProbs
from kullback.forms.discrete import Discrete
from kullback.forms.pair import Pair, pair_of_logits, pair_of_logs, pair_of_probabilities

Footing = Literal["probabilities", "logits", "logs"]


@dataclass(frozen=True, eq=False)
class Held:
    """p and q on one footing, in one library, in one dtype; not yet checked for their values.

    Attributes
    ----------
    footing : str
        What the arrays p and q are.
    p, q : array, shape (*batch, k)
        As given (half precision too).
    tolerance : float
        How far from 1 a sum may lie.
    kept : array of bool, or None
        Rows that count, where Labels leave some out.
    """

    footing: Footing
    p: Any
    q: Any
    tolerance: float
    kept: Any = None

    def check(self) -> None:
        """Raise unless both arrays hold distributions."""
        if self.footing == "probabilities":
            check_probabilities(self.p, "p", self.tolerance)
            if self.q is not self.p:
                check_probabilities(self.q, "q", self.tolerance)
        elif self.footing == "logits":
            check_logits(self.p, "p")
            check_logits(self.q, "q")

    def pair(self) -> Pair:
        """Return the pair that questions read their terms from."""
        p, q = common_dtype(widened(self.p), widened(self.q))
        make = {
            "probabilities": pair_of_probabilities,
            "logits": pair_of_logits,
            "logs": pair_of_logs,
        }[self.footing]
        return make(p, q)


def hold(p: Discrete, q: Discrete, axis: int) -> Held:
    """Bring two forms to one footing."""
    kept = None
    if isinstance(p, Labels) or isinstance(q, Labels):
        p_array, q_array, kept = _with_labels(p, q, axis)
    else:
        p_array, q_array = _read(p, axis, "p"), _read(q, axis, "q")
    check_same_home(p_array, q_array)
    check_fit(p_array, q_array)
    tolerance = max(sum_tolerance(p_array), sum_tolerance(q_array))
    if isinstance(p, Logits) and isinstance(q, Logits):
        return Held("logits", p_array, q_array, tolerance, kept)
    if not isinstance(p, (Logits, LogProbs)) and not isinstance(q, (Logits, LogProbs)):
        return Held("probabilities", p_array, q_array, tolerance, kept)
    return Held("logs", _logs(p, p_array, "p"), _logs(q, q_array, "q"), tolerance, kept)


def hold_one(p: Discrete, axis: int) -> Held:
    """Bring one form to a footing, as the pair (p, p)."""
    if isinstance(p, Labels):
        raise InputTypeError("Labels alone put all mass on one outcome each: their entropy is 0.")
    array = _read(p, axis, "p")
    tolerance = sum_tolerance(array)
    if isinstance(p, LogProbs):
        logs = _logs(p, array, "p")
        return Held("logs", logs, logs, tolerance)
    return Held("logits" if isinstance(p, Logits) else "probabilities", array, array, tolerance)


def _read(form: Discrete, axis: int, name: str) -> Any:
    if isinstance(form, Counts):
        return form.frequencies(axis, name)
    return form.checked(axis, name)


def _with_labels(p: Discrete, q: Discrete, axis: int) -> tuple[Any, Any, Any]:
    if isinstance(p, Labels) and isinstance(q, Labels):
        raise InputTypeError(
            "p and q are both Labels, so the number of classes is unknown. Pass one of them as "
            "one-hot Probs."
        )
    labels, other, names = (p, q, "pq") if isinstance(p, Labels) else (q, p, "qp")
    assert isinstance(labels, Labels)
    array = _read(other, axis, names[1])
    check_same_home(labels.array, array)
    check_labels_fit(labels.array, array, names)
    hot, kept = labels.one_hot(array.shape[-1], widened(array), names[0])
    return (hot, array, kept) if labels is p else (array, hot, kept)


def check_labels_fit(labels: Any, array: Any, names: str = "pq") -> None:
    """Raise unless there is one label for each row."""
    if tuple(labels.shape) != tuple(array.shape[:-1]):
        raise ShapeError(
            f"{names[0]} holds labels of shape {tuple(labels.shape)}, but {names[1]} has the batch "
            f"shape "
            f"{tuple(array.shape[:-1])} (outcomes last: {tuple(array.shape)}). One label a row is "
            f"needed."
        )


def _logs(form: Discrete, array: Any, name: str) -> Any:
    """Return log-probabilities of a checked form."""
    array = widened(array)
    if isinstance(form, Logits):
        check_logits(array, name)
        return log_softmax(array)
    if isinstance(form, LogProbs):
        check_logits(array, name, "log-probabilities")
        peak, total = softmax_scale(array)
        log_total = (peak + total)[..., 0]
        check_log_probabilities(array, log_total, name, sum_tolerance(form.array))
        return array
    if not isinstance(form, Labels):
        check_probabilities(array, name, sum_tolerance(array))
    xp = namespace(array)
    some = array > 0
    log = xp.log(xp.where(some, array, xp.ones_like(array)))
    return xp.where(some, log, xp.full_like(array, -float("inf")))


def check_form(form: Discrete, axis: int, name: str) -> None:
    """Raise unless the form holds distributions."""
    array = _read(form, axis, name)
    if isinstance(form, (Logits, LogProbs)):
        _logs(form, array, name)
    elif not isinstance(form, (Counts, Labels)):
        check_probabilities(array, name)


def probabilities_of(form: Discrete, axis: int, name: str) -> Any:
    """Return a form's probabilities, outcomes last."""
    if isinstance(form, Labels):
        raise InputTypeError(
            f"{name} holds Labels, so the number of classes is unknown. Pass one-hot Probs."
        )
    array = _read(form, axis, name)
    if isinstance(form, (Logits, LogProbs)):
        return namespace(array).exp(_logs(form, array, name))
    return array
