"""Distillation against the textbook formulas, their gradients, and what a tail bucket promises."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F

import kullback as kb
from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn.distillation.top_k import top_k_of


def logits(*shape, seed=0, dtype=torch.float64):
    g = torch.Generator().manual_seed(seed)
    student, teacher = torch.randn(2, *shape, generator=g, dtype=dtype) * 2
    return student.requires_grad_(), teacher


def kl(log_p, log_q):
    return (log_p.exp() * (log_p - log_q)).sum(-1)


def naive(student, teacher, beta, temperature=1.0):
    """The normalised JS of weights β, 1 − β; at the ends both KLs, written out."""
    q, p = F.log_softmax(student / temperature, -1), F.log_softmax(teacher / temperature, -1)
    if beta in (0, 1):
        return kl(p, q) if beta == 0 else kl(q, p)
    m = (beta * p.exp() + (1 - beta) * q.exp()).log()
    return (beta * kl(p, m) + (1 - beta) * kl(q, m)) / (beta * (1 - beta))


@pytest.mark.parametrize("beta", [0, 0.1, 0.5, 0.9, 1])
def test_value_and_gradient_are_the_naive_formulas(beta):
    student, teacher = logits(3, 4, 11)
    ours = learn.distill(student, teacher, divergence=learn.Skew(beta), temperature=1.7)
    theirs = naive(student, teacher, beta, 1.7).mean()
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=0)
    (a,), (b,) = (torch.autograd.grad(x, student) for x in (ours, theirs))
    torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-13)


def test_directions_and_js_are_kullbacks():
    student, teacher = logits(5, 7, seed=1)
    rows = {
        "forward": learn.distill(student, teacher, per=None),
        "reverse": learn.distill(student, teacher, direction="reverse", per=None),
    }
    torch.testing.assert_close(rows["forward"], naive(student, teacher, 0))
    torch.testing.assert_close(rows["reverse"], naive(student, teacher, 1))
    assert float((rows["forward"] - rows["reverse"]).detach().abs().min()) > 1e-3
    js = learn.distill(student, teacher, divergence=kb.JensenShannon())
    torch.testing.assert_close(js, 0.25 * naive(student, teacher, 0.5).mean())


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"direction": "reverse"},
        {"divergence": kb.JensenShannon((0.3, 0.7))},
        {"divergence": learn.Skew(0.2)},
        {"top_k": 2},
        {"top_k": 3, "direction": "reverse", "temperature": 2.0},
        {"mask": torch.tensor([True, False])},
    ],
)
def test_gradcheck(more):
    student, teacher = logits(2, 5, seed=2)
    assert torch.autograd.gradcheck(lambda s: learn.distill(s, teacher, **more), student)


def test_the_family_is_continuous_at_both_ends():
    student, teacher = logits(6, 20, seed=3)
    at = {
        b: float(learn.distill(student, teacher, divergence=learn.Skew(b)).detach())
        for b in (0, 1e-6, 1 - 1e-6, 1)
    }
    assert at[1e-6] == pytest.approx(at[0], rel=1e-4)
    assert at[1 - 1e-6] == pytest.approx(at[1], rel=1e-4)
    assert abs(at[0] - at[1]) > 0.1


def test_temperature_squared_keeps_the_size_of_gradients():
    """For small logits T² ∇KL does not depend on T: Hinton's limit, ∇ = (z_S − z_T)/V, centred."""
    student, teacher = logits(1, 9, seed=4)
    loss = learn.distill(student, teacher, temperature=1e4, scale="temperature squared")
    (g,) = torch.autograd.grad(loss, student)
    apart = (student - teacher).detach()
    torch.testing.assert_close(g, (apart - apart.mean()) / 9, rtol=1e-3, atol=1e-6)
    plain = learn.distill(student, teacher, temperature=3.0)
    squared = learn.distill(student, teacher, temperature=3.0, scale="temperature squared")
    torch.testing.assert_close(squared, 9 * plain)


@pytest.mark.parametrize("of", [kb.KL(), kb.JensenShannon(), kb.TotalVariation()])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_tail_bucket_bounds_from_below_and_grows_with_k(of, direction):
    student, teacher = logits(40, 30, seed=5)

    def rows(k):
        return learn.distill(
            student, teacher, divergence=of, direction=direction, top_k=k, per=None
        )

    whole = learn.distill(student, teacher, divergence=of, direction=direction, per=None)
    few, many, most = rows(3), rows(10), rows(29)
    assert bool((few > 0).all())
    assert bool((few <= many + 1e-12).all())
    assert bool((many <= whole + 1e-12).all())
    torch.testing.assert_close(most, whole)


def test_a_top_k_is_the_divergence_of_the_coarser_laws_a_bound_from_below():
    """Every choice of 2 of 6 outcomes, summed by hand: each a bound, the loss one of them."""
    student, teacher = logits(1, 6, seed=8)
    p, q = (x.detach().softmax(-1)[0].tolist() for x in (teacher, student))

    def coarse(chosen):
        parts = [(p[i], q[i]) for i in chosen]
        parts.append((1 - sum(a for a, _ in parts), 1 - sum(b for _, b in parts)))
        return sum(a * math.log(a / b) for a, b in parts)

    whole = sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))
    bounds = {c: coarse(c) for c in itertools.combinations(range(6), 2)}
    assert len(bounds) == 15
    assert all(0 < bound < whole for bound in bounds.values())
    likeliest = tuple(sorted(sorted(range(6), key=lambda i: -p[i])[:2]))
    loss = learn.distill(student, teacher, top_k=2)
    assert float(loss.detach()) == pytest.approx(bounds[likeliest], rel=1e-12)
    for chosen, bound in bounds.items():
        at = torch.tensor([chosen])
        known = learn.TopK(teacher.log_softmax(-1).gather(-1, at), at)
        assert float(learn.distill(student, known).detach()) == pytest.approx(bound, rel=1e-9)


def test_a_tail_bucket_leaves_the_tail_the_teachers_mass():
    """Minimised, a truncated KL moves all mass onto the top k; this one only what is due."""
    student, teacher = logits(1, 200, seed=6)
    known = top_k_of(teacher, 20)
    mass = float(known.log_probs.exp().sum())
    step = torch.optim.LBFGS([student], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        step.zero_grad()
        loss = learn.distill(student, known)
        loss.backward()
        return loss

    step.step(closure)
    found = float(student.softmax(-1).gather(-1, known.indices).sum().detach())
    assert 0.2 < mass < 0.95
    assert found == pytest.approx(mass, abs=1e-4)


def test_rows_left_out_have_no_loss_and_no_gradient_whatever_they_hold():
    student, teacher = logits(2, 3, 6, seed=7)
    labels = torch.tensor([[1, -100, 2], [-100, -100, 0]])
    clean = naive(student, teacher, 0)[labels != -100]
    with torch.no_grad():
        student[0, 1], teacher[1, 0] = torch.nan, torch.nan
    loss = learn.distill(student, teacher, labels=labels)
    torch.testing.assert_close(loss, clean.sum() / 3)
    (g,) = torch.autograd.grad(loss, student)
    assert bool((g[labels == -100] == 0).all())
    assert bool((g[labels != -100].abs().sum(-1) > 0).all())
    per_sample = learn.distill(student, teacher, mask=labels != -100, per="sample")
    torch.testing.assert_close(per_sample, clean.sum() / 2)
    rows = learn.distill(student, teacher, labels=labels, per=None)
    assert rows.shape == (2, 3)
    assert rows[labels == -100].tolist() == [0, 0, 0]


def test_no_row_at_all_is_a_loss_of_zero():
    student, teacher = logits(2, 6)
    loss = learn.distill(student, teacher, mask=torch.zeros(2, dtype=torch.bool))
    (g,) = torch.autograd.grad(loss, student)
    assert float(loss.detach()) == 0.0
    assert bool((g == 0).all())


def test_masked_tokens_of_the_vocabulary_cost_nothing():
    student, teacher = logits(3, 6)
    with torch.no_grad():
        student[:, 4], teacher[:, 4] = -torch.inf, -torch.inf
    loss = learn.distill(student, teacher)
    (g,) = torch.autograd.grad(loss, student)
    keep = [0, 1, 2, 3, 5]
    torch.testing.assert_close(loss, naive(student[:, keep], teacher[:, keep], 0).mean())
    assert bool(torch.isfinite(g).all())


def test_the_teacher_gets_no_gradient():
    student, teacher = logits(3, 6)
    teacher.requires_grad_()
    learn.distill(student, teacher).backward()
    assert teacher.grad is None
    assert student.grad is not None


def test_half_precision_sums_in_single():
    student, teacher = logits(4, 50, dtype=torch.float32)
    half, other = student.detach().bfloat16(), teacher.bfloat16()
    loss = learn.distill(half, other)
    assert loss.dtype == torch.float32
    expected = naive(half.double(), other.double(), 0).mean()
    assert float(loss) == pytest.approx(float(expected), rel=1e-5)


def test_bad_input_is_refused_with_numbers():
    student, teacher = logits(3, 6)
    with pytest.raises(ShapeError, match=r"\(3, 6\).*\(3, 5\)"):
        learn.distill(student, teacher[:, :5])
    with pytest.raises(InvalidInputError, match="temperature=0"):
        learn.distill(student, teacher, temperature=0)
    with pytest.raises(InvalidInputError, match="top_k=6"):
        learn.distill(student, teacher, top_k=6)
    with pytest.raises(InvalidInputError, match=r"beta=1\.5"):
        learn.Skew(1.5)
    with pytest.raises(InvalidInputError, match="per='mean'"):
        learn.distill(student, teacher, per="mean")
    with pytest.raises(InputTypeError, match="mask holds"):
        learn.distill(student, teacher, mask=torch.ones(3))
    with pytest.raises(InvalidInputError, match="sum to 2:"):
        learn.TopK(torch.zeros(1, 2), torch.tensor([[0, 1]]))
    with pytest.raises(InvalidInputError, match="is nan"):
        learn.distill(student.detach() * torch.nan, teacher)
