"""Distillation of a vocabulary's logits in torch on the CPU, forward and backward.

The peer is what training code writes: `log_softmax` of both, `F.kl_div` with log targets, and
`logaddexp` for a mixture.
"""

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from timing import Line, Work, extra_memory, mark, once

from kullback import learn

ROWS, VOCABULARY = 4096, 49_152
Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def rows_of(student: torch.Tensor, teacher: torch.Tensor, beta: float) -> torch.Tensor:
    """The loss of each row, of the family from KL(teacher ‖ student) to KL(student ‖ teacher)."""
    log_q, log_p = F.log_softmax(student, -1), F.log_softmax(teacher, -1)
    if beta == 0:
        return F.kl_div(log_q, log_p, log_target=True, reduction="none").sum(-1)
    if beta == 1:
        return F.kl_div(log_p, log_q, log_target=True, reduction="none").sum(-1)
    log_m = torch.logaddexp(log_p + math.log(beta), log_q + math.log1p(-beta))
    from_p = F.kl_div(log_m, log_p, log_target=True, reduction="none").sum(-1)
    from_q = F.kl_div(log_m, log_q, log_target=True, reduction="none").sum(-1)
    return from_p / (1 - beta) + from_q / beta


def family(beta: float) -> tuple[Loss, Loss]:
    """The mean over rows."""
    of = learn.Skew(beta)
    return (
        lambda student, teacher: learn.distill(student, teacher, divergence=of),
        lambda student, teacher: rows_of(student, teacher, beta).mean(),
    )


def prompts_left_out(keep: torch.Tensor) -> tuple[Loss, Loss]:
    """Forward KL at temperature 2, times 4, of the rows that count."""
    return (
        lambda student, teacher: learn.distill(
            student, teacher, mask=keep, temperature=2.0, scale="temperature squared"
        ),
        lambda student, teacher: (
            4 * (rows_of(student / 2, teacher / 2, 0.0) * keep).sum() / keep.sum()
        ),
    )


def lines(rows: int = ROWS, vocabulary: int = VOCABULARY, runs: int = 2) -> Iterator[Line]:
    """At least 3 times as fast, at half the memory."""
    torch.manual_seed(0)
    student = torch.randn(rows, vocabulary, requires_grad=True)
    teacher = torch.randn(rows, vocabulary)
    cases = {
        "KL(teacher ‖ student)": family(0.0),
        "KL(student ‖ teacher)": family(1.0),
        "4 JS": family(0.5),
        "`Skew(0.1)`": family(0.1),
        "KL, T = 2, half the rows left out": prompts_left_out(torch.arange(rows) % 2 == 0),
    }
    check(cases, student, teacher)
    for name, losses in cases.items():
        ours, theirs = (trained(loss, student, teacher) for loss in losses)
        ours()
        pairs = [(measured(ours, student), measured(theirs, student)) for _ in range(runs)]
        yield line(f"{name}, ({rows}, {vocabulary}) float32", pairs)


def measured(work: Work, student: torch.Tensor) -> tuple[float, float]:
    """Seconds, and the peak of memory in MB, of one and the same run: the peer's take long."""
    student.grad = None
    gc.collect()
    time.sleep(0.1)
    taken: list[float] = []
    memory = extra_memory(lambda: taken.append(once(work)))
    return taken[0], memory


def line(name: str, pairs: list[tuple[tuple[float, float], tuple[float, float]]]) -> Line:
    """The medians, and that of the paired ratios."""
    (a, b), (ours, theirs) = (
        [statistics.median(pair[side][field] for pair in pairs) for side in (0, 1)]
        for field in (0, 1)
    )
    ratio = statistics.median(peer[0] / own[0] for own, peer in pairs)
    share = ours / theirs if theirs else math.nan
    return Line(
        f"`learn.distill`, {name}, forward + backward",
        a,
        "the same in torch",
        b,
        f"{ratio:.1f} × faster",
        f"≥ 3 × {mark(ratio >= 3)}, half the memory {mark(share <= 0.5)}",
        f"{ours:.0f}, {theirs:.0f} MB ({share:.2f} of it)",
    )


def check(
    cases: dict[str, tuple[Loss, Loss]], student: torch.Tensor, teacher: torch.Tensor
) -> None:
    """Both must mean the same: the value and the gradient of some rows."""
    few = slice(0, 2)
    for name, losses in cases.items():
        if "left out" not in name:
            leaves = [student.detach()[few].clone().requires_grad_() for _ in losses]
            values = [f(x, teacher[few]) for f, x in zip(losses, leaves, strict=True)]
            torch.testing.assert_close(*values, rtol=1e-4, atol=1e-6)
            grads = [torch.autograd.grad(v, x)[0] for v, x in zip(values, leaves, strict=True)]
            torch.testing.assert_close(*grads, rtol=1e-3, atol=1e-9)


def trained(loss: Loss, student: torch.Tensor, teacher: torch.Tensor) -> Work:
    def work() -> None:
        student.grad = None
        loss(student, teacher).backward()

    return work


if __name__ == "__main__":
    import sys

    for found in lines(*map(int, sys.argv[1:])):
        print(found, flush=True)
