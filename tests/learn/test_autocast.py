"""The roles in autocast: numbers of half precision are read as what they are, in float32."""

import pytest
import torch

import kullback as kb
from kullback import learn

GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch sees")
HALVES = [
    pytest.param("cpu", torch.bfloat16, id="cpu-bfloat16"),
    pytest.param("cuda", torch.bfloat16, id="cuda-bfloat16", marks=GPU),
    pytest.param("cuda", torch.float16, id="cuda-float16", marks=GPU),
]
ROWS, K = 32, 10


def network(device):
    torch.manual_seed(0)
    layers = torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Linear(16, K)
    return torch.nn.Sequential(*layers).to(device), 3 * torch.randn(ROWS, 6).to(device)


def textbook(old, new):
    """Return the mean KL of softmax rows in float64."""
    log_p, log_q = (x.double().log_softmax(-1) for x in (old, new))
    return (log_p.exp() * (log_p - log_q)).sum(-1).mean()


@pytest.mark.parametrize(("device", "half"), HALVES)
def test_a_penalty_of_half_precision_logits(device, half):
    net, x = network(device)
    penalty = learn.Penalty(learn.Dual(target=0.1, rate=0.5, coefficient=2.0))
    old = torch.randn(ROWS, K, device=device).to(half)
    with torch.autocast(device, half):
        logits = net(x)
        kl = learn.term(kb.Logits(old), kb.Logits(logits), per="sample")
        cost = penalty(kl.value)
    assert logits.dtype == half
    assert cost.dtype == torch.float32
    truth = textbook(old, logits.detach())
    assert float(cost.detach()) == pytest.approx(2 * float(truth), rel=1e-5)
    seen = 2 * float(torch.exp(0.5 * (truth / 0.1 - 1).clamp(max=10)))
    assert penalty.coefficient == pytest.approx(seen, rel=1e-4)
    cost.backward()
    half_slopes = [w.grad.clone() for w in net.parameters()]
    net.zero_grad()
    (2 * textbook(old, net(x))).backward()
    for slope, weight in zip(half_slopes, net.parameters(), strict=True):
        assert float((slope - weight.grad).norm() / weight.grad.norm()) < 0.03


@pytest.mark.parametrize(("device", "half"), HALVES)
def test_distillation_of_half_precision_logits(device, half):
    net, x = network(device)
    teacher = torch.randn(ROWS, K, device=device).to(half)
    with torch.autocast(device, half):
        student = net(x)
        loss = learn.distill(student, teacher)
    assert float(loss.detach().mean()) == pytest.approx(
        float(textbook(teacher, student.detach())), rel=1e-5
    )


@pytest.mark.parametrize(("device", "half"), HALVES)
def test_a_constrained_step_of_a_half_precision_net(device, half):
    net, x = network(device)
    action = torch.arange(ROWS, device=device) % K

    def logits():
        with torch.autocast(device, half):
            return net(x).float()

    old = logits().detach()
    step = learn.constrain(
        net,
        lambda: -torch.nn.functional.cross_entropy(logits(), action),
        lambda: kb.kl(kb.Logits(old), kb.Logits(logits())).mean(),
        delta=0.05,
    )
    assert step.accepted
    assert 0.02 < step.kl <= 0.05
    assert step.gain > 0.1
    assert float(textbook(old, logits().detach())) == pytest.approx(step.kl, rel=1e-4)
