"""The fused loss: digits near equality and near the ends, rows unread, and every way back."""

import mpmath
import numpy as np
import pytest
import torch

import kullback as kb
from kullback import learn
from kullback.errors import InvalidInputError
from kullback.methods.exact import native

BETAS = (0.5, 0.1, 1e-3, 1 - 2**-20)
APART = {"far": None, "close": 1e-2, "next to each other": 1e-5}


def pair(apart, rows=2, k=40, dtype=torch.float64, seed=0):
    g = torch.Generator().manual_seed(seed)
    student, teacher = 2 * torch.randn(2, rows, k, generator=g, dtype=torch.float64)
    if apart is not None:
        student = teacher + apart * student
    return student.to(dtype).requires_grad_(), teacher.to(dtype)


def to_fifty_digits(student, teacher, beta):
    """Skew(β) of one row and its slope in the student, β(1 − β) divided out."""
    with mpmath.workdps(50):
        rows = []
        for x in (teacher, student):
            e = [mpmath.exp(mpmath.mpf(float(v))) for v in x]
            total = mpmath.fsum(e)
            rows.append([v / total for v in e])
        p, q = rows
        b = mpmath.mpf(beta)
        m = [b * x + (1 - b) * y for x, y in zip(p, q, strict=True)]
        from_p = mpmath.fsum(x * mpmath.log(x / z) for x, z in zip(p, m, strict=True))
        from_q = mpmath.fsum(y * mpmath.log(y / z) for y, z in zip(q, m, strict=True))
        value = (b * from_p + (1 - b) * from_q) / (b * (1 - b))
        slopes = [y * (mpmath.log(y / z) - from_q) / b for y, z in zip(q, m, strict=True)]
        return float(value), np.array([float(s) for s in slopes])


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("apart", APART)
@pytest.mark.parametrize(("dtype", "digits"), [(torch.float64, 1e-12), (torch.float32, 5e-6)])
def test_value_and_gradient_keep_their_digits(dtype, digits, apart, beta):
    student, teacher = pair(APART[apart], dtype=dtype)
    loss = learn.distill(student, teacher, divergence=learn.Skew(beta), per="sample")
    (g,) = torch.autograd.grad(loss, student)
    rows = [to_fifty_digits(s, t, beta) for s, t in zip(student.detach(), teacher, strict=True)]
    assert float(loss.detach()) == pytest.approx(sum(v for v, _ in rows) / 2, rel=digits)
    for ours, (_, slopes) in zip(2 * g.double().numpy(), rows, strict=True):
        assert np.abs(ours - slopes).max() <= digits * np.abs(slopes).max()


def test_ends_of_the_family_are_limits_of_value_and_gradient():
    student, teacher = pair(None)
    for end, near in ((0, 1e-9), (1, 1 - 1e-9)):
        both = [learn.distill(student, teacher, divergence=learn.Skew(b)) for b in (end, near)]
        torch.testing.assert_close(*both, rtol=1e-6, atol=0)
        slopes = [torch.autograd.grad(x, student)[0] for x in both]
        torch.testing.assert_close(*slopes, rtol=1e-5, atol=1e-8)
    assert abs(float((both[0] - learn.distill(student, teacher)).detach())) > 0.1


SETTINGS = [
    {},
    {"direction": "reverse"},
    {"divergence": learn.Skew(0.1), "temperature": 2.0, "scale": "temperature squared"},
    {"divergence": kb.JensenShannon((0.3, 0.7)), "direction": "reverse", "temperature": 1.7},
    {"divergence": learn.Skew(1), "per": "sample"},
]


@pytest.mark.parametrize("more", SETTINGS)
@pytest.mark.parametrize("masked", [False, True])
def test_without_kernels_the_array_path_says_the_same(monkeypatch, more, masked):
    student, teacher = pair(None, rows=6)
    student, teacher = student.detach().view(2, 3, 40).requires_grad_(), teacher.view(2, 3, 40)
    mask = torch.tensor([[True, False, True], [True, True, False]]) if masked else None
    fused = learn.distill(student, teacher, mask=mask, **more)
    assert type(fused.grad_fn).__name__ == "_WeightedSumBackward"
    (a,) = torch.autograd.grad(fused, student)
    monkeypatch.setattr(native, "kernels", None)
    plain = learn.distill(student, teacher, mask=mask, **more)
    torch.testing.assert_close(fused, plain, rtol=1e-12, atol=0)
    torch.testing.assert_close(a, torch.autograd.grad(plain, student)[0], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("more", SETTINGS)
def test_second_derivatives(more):
    student, teacher = pair(None, k=5)

    def loss(s):
        return learn.distill(s, teacher, mask=torch.tensor([True, False]), **more)

    assert torch.autograd.gradcheck(loss, student)
    assert torch.autograd.gradgradcheck(loss, student)


def test_a_graph_may_be_walked_twice_and_a_loss_scaled():
    student, teacher = pair(None)
    loss = learn.distill(student, teacher)
    (once,) = torch.autograd.grad(3 * loss, student, retain_graph=True)
    (again,) = torch.autograd.grad(loss, student)
    torch.testing.assert_close(once, 3 * again)
    with torch.no_grad():
        torch.testing.assert_close(learn.distill(student, teacher), loss.detach())


def test_strides_and_half_precision_are_read_in_place():
    student, teacher = pair(None, rows=8, dtype=torch.float32)
    whole = learn.distill(student[::2], teacher[::2].bfloat16())
    copied = learn.distill(
        student.detach()[::2].contiguous().requires_grad_(), teacher[::2].bfloat16().float()
    )
    torch.testing.assert_close(whole, copied)
    half = student.detach().bfloat16().requires_grad_()
    learn.distill(half, teacher.bfloat16(), divergence=learn.Skew(0.1)).backward()
    wide = half.detach().float().requires_grad_()
    learn.distill(wide, teacher.bfloat16().float(), divergence=learn.Skew(0.1)).backward()
    assert half.grad.dtype == torch.bfloat16
    torch.testing.assert_close(half.grad.float(), wide.grad, rtol=1e-2, atol=1e-5)


def test_long_rows_are_shared_by_threads_and_say_the_same():
    student, teacher = pair(None, rows=1, k=70_001, dtype=torch.float64)
    loss = learn.distill(student, teacher, divergence=learn.Skew(0.25))
    (g,) = torch.autograd.grad(loss, student)
    log_q, log_p = student.detach().log_softmax(-1), teacher.log_softmax(-1)
    log_m = (0.25 * log_p.exp() + 0.75 * log_q.exp()).log()
    to_m = (log_q.exp() * (log_q - log_m)).sum()
    expected = ((log_p.exp() * (log_p - log_m)).sum() / 0.75 + to_m / 0.25).item()
    assert float(loss.detach()) == pytest.approx(expected, rel=1e-12)
    torch.testing.assert_close(
        g, log_q.exp() * (log_q - log_m - to_m) / 0.25, rtol=1e-9, atol=1e-16
    )


def test_a_bad_row_that_counts_is_named_and_one_that_does_not_is_not_read():
    student, teacher = pair(None, rows=3)
    with torch.no_grad():
        teacher[1, 4] = torch.nan
    with pytest.raises(InvalidInputError, match=r"p\[1, 4\] is nan"):
        learn.distill(student, teacher)
    keep = torch.tensor([True, False, True])
    loss = learn.distill(student, teacher, mask=keep)
    torch.testing.assert_close(loss, learn.distill(student[keep], teacher[keep]))


def test_a_student_without_a_token_of_the_teacher_is_infinitely_far():
    student, teacher = pair(None)
    with torch.no_grad():
        student[:, 3] = -torch.inf
    assert float(learn.distill(student, teacher).detach()) == torch.inf
    skew = learn.distill(student, teacher, divergence=learn.Skew(0.5))
    (g,) = torch.autograd.grad(skew, student)
    assert 0.1 < float(skew.detach()) < 4 * np.log(2)
    assert bool(torch.isfinite(g).all())
    assert bool((g[:, 3] == 0).all())
