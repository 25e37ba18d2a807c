"""A student's law of the next token drawn to a teacher's, on fused kernels."""

from typing import Any, Literal

from kullback._measure import value_of
from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.forms import Logits, LogProbs
from kullback.learn._torch import torch
from kullback.learn.distillation.skew import Skew
from kullback.learn.distillation.top_k import TopK, top_k_of
from kullback.methods.exact import torch_losses as fused
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

    The gradient reaches the student only. On the CPU KL, JS of any weights and Skew run fused:
    neither softmax is written down, and a row's gradient is written while the row is in the cache.
    A row that is left out is not read: whatever it holds, it has no loss and no gradient.

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
        "temperature squared" multiplies by T², so that gradients keep their size as T grows;
        "none" leaves the divergence of the softened laws as it is.
    top_k : int, optional
        Compare the teacher's k likeliest outcomes and one bucket of all others: a lower bound.
    mask : tensor of bool, shape (*batch,), optional
        True where a row counts.
    labels : tensor of int, shape (*batch,), optional
        Rows whose label is `ignore_index` do not count.
    per : str or None
        "token": the mean over rows that count, 0 where none does; "sample": the sum over the rows
        of each sample (the first axis), and the mean over samples; None: one number a row, 0 where
        it does not count.

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
    >>> loss = distill(student, teacher)
    >>> loss.backward()
    >>> loss.detach(), student.grad
    (tensor(0.5743), tensor([[-0.5105,  0.2191,  0.2913]]))
    >>> distill(student, teacher, temperature=2.0, scale="temperature squared", top_k=1).detach()
    tensor(0.7256)
    """
    _check(student, teacher, temperature, direction, scale, per)
    keep = _keep(student, mask, labels, ignore_index)
    of, factor, backwards = _question(divergence)
    student_first = (direction == "reverse") != backwards
    if scale == "temperature squared":
        factor *= temperature**2
    if per is not None and top_k is None and not isinstance(teacher, TopK):
        weights = factor * _weights(student, keep, per)
        loss = fused.weighted_sum(
            of, student, teacher, weights, learner_first=student_first, temperature=temperature
        )
        if loss is not None:
            return loss
    pair = _forms(student, teacher, keep, temperature, top_k)
    value = value_of(of, *(pair[::-1] if student_first else pair), None, -1, None)
    return factor * _reduced(value, keep, tuple(student.shape[:-1]), per)


def _question(divergence: Divergence | Skew) -> tuple[Divergence, float, bool]:
    """Return what is asked, its factor, and whether it asks of the student first."""
    if not isinstance(divergence, Skew):
        return divergence, 1.0, False
    beta = float(divergence.beta)
    if beta in (0.0, 1.0):
        return KL(), 1.0, beta == 1
    return JensenShannon((beta, 1 - beta)), 1 / (beta * (1 - beta)), False


def _forms(
    student: Any, teacher: Any, keep: Any, temperature: float, top_k: int | None
) -> tuple[Any, Any]:
    """Return the laws of teacher and student, of the rows that count."""
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
        return LogProbs(first.bucketed().detach()), LogProbs(first.of(wide))
    return Logits(first), Logits(second)


def _weights(student: Any, keep: Any, per: str) -> Any:
    """Return what each row counts in the loss, shape (*batch,)."""
    batch = tuple(student.shape[:-1])
    counts = torch.ones(batch, dtype=torch.bool, device=student.device) if keep is None else keep
    total = int(counts.sum()) if per == "token" else (batch[0] if batch else 1)
    dtype = torch.float64 if student.dtype == torch.float64 else torch.float32
    return counts.to(dtype) / max(total, 1)


def _reduced(value: Any, keep: Any, batch: tuple[int, ...], per: str | None) -> Any:
    if per == "token":
        return value.sum() / max(value.numel(), 1)
    if per == "sample":
        return value.sum() / (max(batch[0], 1) if batch else 1)
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
