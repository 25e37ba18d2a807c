"""What one process, or each of several, makes of the same batches: run by test_ranks.py.

torchrun --nproc-per-node 2 tests/learn/as_ranks.py FOLDER writes FOLDER/rank-R.json.
"""

import json
import sys
from pathlib import Path

import torch

import kullback as kb
from kullback import learn

CONTROLLERS = {
    "fixed": lambda: learn.Fixed(0.7),
    "anneal": lambda: learn.Anneal(steps=4),
    "capacity": lambda: learn.Capacity(0.4, steps=6, coefficient=2.0),
    "free bits": lambda: learn.FreeBits(0.15, coefficient=0.8),
    "adaptive": lambda: learn.Adaptive(target=0.3, horizon=3),
    "dual": lambda: learn.Dual(target=0.3, rate=0.4),
}
ROWS = {0: slice(0, 7), 1: slice(7, 12)}
STEPS = 6


def batch():
    """Twelve rows of which the first rank holds seven."""
    source = torch.Generator().manual_seed(5)
    x = torch.randn(STEPS, 12, 3, generator=source, dtype=torch.float64)
    return x, x @ torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)


def network(wide):
    torch.manual_seed(1)
    return torch.nn.Linear(3, wide, dtype=torch.float64)


def trained(name, rank, distributed):
    """Return loss and price at each step, and the weights reached."""
    penalty = learn.Penalty(CONTROLLERS[name]())
    net = network(4)
    model = torch.nn.parallel.DistributedDataParallel(net) if distributed else net
    seen = []
    rows = ROWS[rank] if distributed else slice(None)
    x_all, y_all = batch()
    for x, y in zip(x_all[:, rows], y_all[:, rows], strict=True):
        loc, log_scale = model(x).chunk(2, -1)
        kl = kb.kl(kb.families.Normal(loc, log_scale.exp()), kb.families.Normal(0.0, 1.0))
        kl = kl.mean(0) if name == "free bits" else kl.sum(-1).mean()
        error = learn.over_ranks(((loc.sum(-1) - y) ** 2).mean(), rows=len(x))
        loss = error + penalty(kl, rows=len(x))
        net.zero_grad()
        loss.backward()
        for weight in net.parameters():
            weight.data -= 0.05 * weight.grad
        seen += [float(loss.detach()), penalty.coefficient]
    return [*seen, *net.weight.detach().reshape(-1).tolist(), *penalty.get_extra_state().values()]


class GivenNoise(learn.GaussianCode):
    """Draws m + s ε with ε that is given, so that one process and several have the same."""

    def encode(self, h):
        m, log_s = h.chunk(2, -1)
        return m + log_s.exp() * self.noise, super().encode(h)[1]


def autoencoded(rank, distributed):
    """Return loss and price at each step of a VAE, and the weights reached."""
    torch.manual_seed(3)
    code = GivenNoise(2)
    encoder, decoder = (torch.nn.Linear(*sizes, dtype=torch.float64) for sizes in ((3, 4), (2, 3)))
    net = torch.nn.Sequential(encoder, learn.Latent(code), decoder)
    model = torch.nn.parallel.DistributedDataParallel(net) if distributed else net
    penalty = learn.Penalty(learn.Dual(target=0.3, rate=0.4))
    rows = ROWS[rank] if distributed else slice(None)
    noise = torch.randn(STEPS, 12, 2, generator=torch.Generator().manual_seed(4)).double()
    seen = []
    for x, code.noise in zip(batch()[0][:, rows], noise[:, rows], strict=True):
        error = learn.over_ranks(((model(x) - x) ** 2).sum(-1).mean(), rows=len(x))
        loss = error + penalty(learn.rate(model).per("sample").value, rows=len(x))
        net.zero_grad()
        loss.backward()
        for weight in net.parameters():
            weight.data -= 0.05 * weight.grad
        seen += [float(loss.detach()), penalty.coefficient]
    return [*seen, *(w for part in net.parameters() for w in part.detach().reshape(-1).tolist())]


def constrained(rank, distributed):
    """Return what a constrained step did, and the weights reached."""
    net = network(3)
    (x, *_), _ = batch()
    x = x[ROWS[rank]] if distributed else x
    old = net(x).detach()
    step = learn.constrain(
        net,
        maximise=lambda: net(x).log_softmax(-1).mean(0)[0],
        kl=lambda: kb.kl(kb.Logits(old), kb.Logits(net(x))).mean(),
        delta=0.02,
        rows=len(x),
    )
    numbers = [step.before, step.after, step.kl, step.scale, float(step.products)]
    return [*numbers, *net.weight.detach().reshape(-1).tolist()]


def told(rank, distributed):
    """Return numbers of a term over all samples, with their errors, and the gradient."""
    source = torch.Generator().manual_seed(2)
    log_p, log_q = -torch.rand(2, 12, 3, generator=source, dtype=torch.float64)
    keep = torch.rand(12, 3, generator=source) < 0.7
    if distributed:
        log_p, log_q, keep = (x[ROWS[rank]] for x in (log_p, log_q, keep))
    log_q.requires_grad_()
    whole = learn.sampled(log_p, log_q, mask=keep).over_ranks()
    sample, token = whole.per("sample"), whole.per("token")
    sample.value.backward()
    slope = torch.zeros(12, 3, dtype=torch.float64)
    slope[ROWS[rank] if distributed else slice(None)] = log_q.grad
    slope = learn.over_ranks(slope)  # each rank's own, and 0 for the others'
    numbers = [float(x.detach()) for t in (sample, token) for x in (t.value, t.error)]
    return [*numbers, *slope.reshape(-1).tolist()]


def coded(rank, distributed):
    """Return the rate of a latent layer over all samples, the parts of its code, and bounds."""
    h = torch.randn(12, 6, generator=torch.Generator().manual_seed(8), dtype=torch.float64)
    h = h[ROWS[rank]] if distributed else h
    latent = learn.Latent(learn.GaussianCode(3))
    latent(h)
    paid = learn.rate(latent).over_ranks().per("dim").value
    code = latent.prior
    parts = learn.dissect(code.posterior(h), code.prior(), rng=0)
    numbers = [parts.rate, parts.mutual_information, parts.total_correlation]
    bounds = learn.bottleneck_bounds(learn.rate(latent), h[:, 0], h[:, 1])
    held = learn.code_information(code.posterior(h), rng=0)
    numbers += [bounds.rate, bounds.relevance, *bounds.error, held.lower, held.upper, *held.error]
    kinds = ["abacbacbcaab"[i] for i in range(12)[ROWS[rank] if distributed else slice(None)]]
    gap = learn.mig(code.posterior(h), {"kind": kinds}, rng=0)
    numbers += [gap.value, gap.error, *gap.entropy.tolist()]
    return [*paid.tolist(), *numbers, *parts.dimensions.tolist()]


def weighed(rank, distributed):
    """Return the loss of a Bayesian network, its rate and gradients; ranks draw for all rows."""
    torch.manual_seed(3)
    net = learn.bayesian(network(4), scale=0.3, prior=0.8)
    model = torch.nn.parallel.DistributedDataParallel(net) if distributed else net
    (x, *_), (y, *_) = batch()
    rows = ROWS[rank] if distributed else slice(None)
    torch.manual_seed(4)
    miss = (model(x).sum(-1) - y)[rows]
    rate = learn.rate(model)
    loss = learn.over_ranks((miss**2).mean(), rows=len(miss))
    loss = loss + learn.Penalty(learn.Fixed(0.7))(rate.per(n_data=12).value)
    loss.backward()
    slopes = [slope for p in net.parameters() for slope in p.grad.reshape(-1).tolist()]
    return [loss.item(), *rate.value.tolist(), *slopes]


def alone(rank, distributed):
    """Return the price of a rank that keeps to itself."""
    penalty = learn.Penalty(learn.Dual(target=1.0, rate=0.5), group="self")
    penalty(2.0 + rank)
    return [penalty.coefficient]


def refused(rank, distributed):
    """Return the price after one rank's divergence was NaN, and after it raised on each."""
    penalty = learn.Penalty(learn.Dual(target=1.0, coefficient=0.3))
    try:
        penalty(torch.tensor(float("nan") if rank == 0 else 1.0, requires_grad=True))
    except kb.errors.InvalidInputError:
        return [penalty.coefficient, float(penalty.controller.steps)]
    return []


def everything(rank=0, distributed=False):
    trainings = {name: trained(name, rank, distributed) for name in CONTROLLERS}
    cases = (autoencoded, constrained, told, coded, weighed, alone, refused)
    others = {f.__name__: f(rank, distributed) for f in cases}
    return {**trainings, **others}


def main(folder):
    torch.distributed.init_process_group("gloo")
    rank = torch.distributed.get_rank()
    found = everything(rank, distributed=True)
    Path(folder, f"rank-{rank}.json").write_text(json.dumps(found))
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(*sys.argv[1:])
