"""Rows of logits in torch on the CPU, forward and backward."""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from timing import Line, Work, extra_memory, faster

import kullback as kb

ROWS, VOCABULARY = 256, 128_256
SHAPE = "(256, 128 256) float32"
KL = "`kb.kl(Logits, Logits)`, "


def torch_kl(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    log_p, log_q = F.log_softmax(a, -1), F.log_softmax(b, -1)
    return F.kl_div(log_q, log_p, log_target=True, reduction="none").sum(-1)


def torch_js(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    log_p, log_q = F.log_softmax(a, -1), F.log_softmax(b, -1)
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    from_p = F.kl_div(log_m, log_p, log_target=True, reduction="none").sum(-1)
    return (from_p + F.kl_div(log_m, log_q, log_target=True, reduction="none").sum(-1)) / 2


def our_kl(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return kb.kl(kb.Logits(a), kb.Logits(b))


def our_js(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return kb.js(kb.Logits(a), kb.Logits(b))


def forward_backward(loss: Callable[[], torch.Tensor], leaf: torch.Tensor) -> Work:
    def work() -> None:
        leaf.grad = None
        loss().sum().backward()

    return work


def memory_of(ours: Work, theirs: Work, one: float, leaf: torch.Tensor) -> str:
    used = []
    for work in (ours, theirs):
        leaf.grad = None
        used.append(f"{extra_memory(work):.0f}")
    leaf.grad = None
    return f"{used[0]}, {used[1]} MB (a gradient is {one:.0f})"


def divergences() -> list[Line]:
    torch.manual_seed(0)
    a, b = torch.randn(ROWS, VOCABULARY), torch.randn(ROWS, VOCABULARY)
    leaf = b.clone().requires_grad_()
    torch.testing.assert_close(our_kl(a, b), torch_kl(a, b), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(our_js(a, b), torch_js(a, b), rtol=1e-4, atol=1e-5)
    ours, theirs = (
        forward_backward(lambda: our_kl(a, leaf), leaf),
        forward_backward(lambda: torch_kl(a, leaf), leaf),
    )
    same = "the same in torch"
    cases = [
        (f"{KL}forward", lambda: our_kl(a, b), "`F.kl_div`", lambda: torch_kl(a, b), 20),
        (f"{KL}forward + backward into q", ours, same, theirs, 12),
        ("`kb.js(Logits, Logits)`, forward", lambda: our_js(a, b), same,
         lambda: torch_js(a, b), 12),
    ]  # fmt: skip
    one = a.numel() * 4 / 1e6
    return [
        faster(f"{work}, {SHAPE}", ours, peer, theirs, at_least=least, runs=5,
               memory=memory_of(ours, theirs, one, leaf))
        for work, ours, peer, theirs, least in cases
    ]  # fmt: skip


def classification() -> list[Line]:
    torch.manual_seed(0)
    z = torch.randn(4096, 49_152, requires_grad=True)
    y = torch.randint(0, 49_152, (4096,))
    ours = forward_backward(lambda: kb.cross_entropy(kb.Labels(y), kb.Logits(z)), z)
    theirs = forward_backward(lambda: F.cross_entropy(z, y, reduction="none"), z)
    work = "`kb.cross_entropy(Labels, Logits)`, (4096, 49 152) float32, forward + backward"
    memory = memory_of(ours, theirs, z.numel() * 4 / 1e6, z)
    return [faster(work, ours, "`F.cross_entropy`", theirs, at_least=2, runs=5, memory=memory)]
