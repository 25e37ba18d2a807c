"""A student's law of the next token drawn to a teacher's, on fused kernels."""

from typing import Any, Literal

from kullback._measure import value_of
from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.forms import Logits, LogProbs
from kullback.learn._torch import torch
from kullback.learn.distillation.skew import Skew
from kullback.learn.distillation.top_k import TopK, top_k_of
from kullback.questions import KL, Divergence, JensenShannon

_FORWARD = KL()


def distill(
    student: Any,
    teacher: Any,
    /,
    *,
    divergence: Divergence | Skew = _FORWARD,
    direction: Literal["forward", "reverse"] = "forward",
    temperature: float = 1.0,
    scale: Literal["none", "temperature squared"] = "none",
    top_k: int | None = None,
    mask: Any = None,
    labels: Any = None,
    ignore_index: int = -100,
    per: Literal["token", "sample"] | None = "token",
) -> Any:
    """D(teacher ‖ student) of logits, D(student ‖ teacher) in reverse, as a loss in nats.

    The gradient reaches the student only. On the CPU KL and JS run fused: neither softmax is
    written down. A row that is left out is not read: whatever it holds, it has no loss and no
    gradient.

    Parameters
    ----------
    student : tensor, shape (*batch, vocabulary)
        Logits.
    teacher : tensor of that shape, or TopK
        Logits; or the log-probabilities of the likeliest outcomes, where no more is known.
    divergence : question or Skew
        `kb.KL()`, `kb.JensenShannon(weights)`, `kb.TotalVariation()`, …, of (teacher, student);
        `Skew(beta)` runs from forward to reverse KL.
    direction : str
        "reverse" changes the places of teacher and student.
    temperature : float
        T; both logits are divided by it.
    scale : str
        "temperature squared" multiplies by T², so that gradients keep their size as T grows.
    top_k : int, optional
        Compare the teacher's k likeliest outcomes and one bucket of all others: a lower bound.
    mask : tensor of bool, shape (*batch,), optional
        True where a row counts.
    labels : tensor of int, shape (*batch,), optional
        Rows whose label is `ignore_index` do not count.
    per : str or None
        "token": the mean over rows that count; "sample": the sum over the rows of each sample (the
        first axis), and the mean over samples; None: one number a row, 0 where it does not count.

    Returns
    -------
    tensor
        A scalar, or of shape (*batch,) for `per=None`; float32 for half precision.

    Raises
    ------
    ShapeError, InvalidInputError, InputTypeError
        Vocabularies that differ; a temperature that is not positive; NaN in a row that counts.

    References
    ----------
    Hinton, Vinyals and Dean, Distilling the knowledge in a neural network (2015).

    >>> import torch
    >>> import kullback as kb
    >>> teacher, student = torch.tensor([[2.0, 0.0, -1.0]]), torch.zeros(1, 3, requires_grad=True)
    >>> distill(student, teacher)
    tensor(0.5743, grad_fn=<DivBackward0>)
    >>> distill(student, teacher, temperature=2.0, scale="temperature squared", top_k=1)
    tensor(0.7256, grad_fn=<MulBackward0>)
    """
    _check(student, teacher, temperature, direction, scale, per)
    keep = _keep(student, mask, labels, ignore_index)
    if isinstance(teacher, TopK):
        first: Any = teacher if keep is None else teacher.rows(keep)
    else:
        first = teacher.detach() if keep is None else teacher.detach()[keep]
    second = student if keep is None else student[keep]
    if temperature != 1:
        if isinstance(first, TopK):
            raise InvalidInputError(
                "A teacher given by its top k has one temperature, that of its log-probabilities: "
                "what the others would have at another is not known. Take the top k at "
                f"temperature {temperature:g} where the logits are."
            )
        first, second = first / temperature, second / temperature
    if top_k is not None and not isinstance(first, TopK):
        first = top_k_of(first if first.dtype == torch.float64 else first.float(), top_k)
    if isinstance(first, TopK):
        wide = second if second.dtype == torch.float64 else second.float()
        forms: tuple[Any, Any] = LogProbs(first.bucketed().detach()), LogProbs(first.of(wide))
    else:
        forms = Logits(first), Logits(second)
    value = _divergence(divergence, *(forms if direction == "forward" else forms[::-1]))
    loss = _reduced(value, keep, tuple(student.shape[:-1]), per)
    return loss * temperature**2 if scale != "none" else loss


def _divergence(of: Divergence | Skew, p: Any, q: Any) -> Any:
    if not isinstance(of, Skew):
        return value_of(of, p, q, None, -1, None)
    beta = float(of.beta)
    if beta in (0.0, 1.0):
        return value_of(KL(), *((p, q) if beta == 0 else (q, p)), None, -1, None)
    value = value_of(JensenShannon((beta, 1 - beta)), p, q, None, -1, None)
    return value / (beta * (1 - beta))


def _reduced(value: Any, keep: Any, batch: tuple[int, ...], per: str | None) -> Any:
    if per == "token":
        return value.sum() / max(value.numel(), 1)
    if per == "sample":
        return value.sum() / (batch[0] if batch else 1)
    if keep is None:
        return value
    return value.new_zeros(batch).masked_scatter(keep, value)


def _keep(student: Any, mask: Any, labels: Any, ignore_index: int) -> Any:
    """Return which rows count, shape (*batch,); None where all do."""
    batch = tuple(student.shape[:-1])
    keep = None
    for name, given in (("mask", mask), ("labels", labels)):
        if given is None:
            continue
        if tuple(given.shape) != batch:
            raise ShapeError(
                f"{name} has shape {tuple(given.shape)}; one for each row is needed, {batch}."
            )
        counts = given != ignore_index if name == "labels" else given
        if counts.dtype != torch.bool:
            raise InputTypeError(f"mask holds {counts.dtype}; True where a row counts: mask != 0.")
        keep = counts if keep is None else keep & counts
    return None if keep is None or bool(keep.all()) else keep


def _check(
    student: Any, teacher: Any, temperature: float, direction: str, scale: str, per: Any
) -> None:
    for name, x in (("student", student), ("teacher", teacher)):
        if not torch.is_tensor(x) and not (name == "teacher" and isinstance(x, TopK)):
            raise InputTypeError(f"{name} is a {type(x).__name__}; a tensor of logits is needed.")
    if not isinstance(teacher, TopK) and student.shape != teacher.shape:
        raise ShapeError(
            f"student has shape {tuple(student.shape)} and teacher {tuple(teacher.shape)}: the "
            "rows and the vocabulary must be the same. Pad neither; map the tokens first."
        )
    if isinstance(teacher, TopK) and teacher.indices.shape[:-1] != student.shape[:-1]:
        raise ShapeError(
            f"student has rows {tuple(student.shape[:-1])} and the teacher's top k "
            f"{tuple(teacher.indices.shape[:-1])}."
        )
    if not 0 < temperature < float("inf"):
        raise InvalidInputError(f"temperature={temperature!r}: positive and finite.")
    for name, given, known in (
        ("direction", direction, ("forward", "reverse")),
        ("scale", scale, ("none", "temperature squared")),
        ("per", per, ("token", "sample", None)),
    ):
        if given not in known:
            raise InvalidInputError(f"{name}={given!r}: one of {', '.join(map(repr, known))}.")
