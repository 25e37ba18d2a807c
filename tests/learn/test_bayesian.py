"""Networks with distributions for weights: their KL, the law of their draws, what is refused."""

import copy
import io
import threading

import numpy as np
import pytest

import kullback as kb

torch = pytest.importorskip("torch")

from torch.utils.checkpoint import checkpoint  # noqa: E402

from kullback import learn  # noqa: E402
from kullback.errors import InputTypeError, InvalidInputError, ShapeError  # noqa: E402
from kullback.learn.bayes import gaussian  # noqa: E402

D = torch.distributions
nn = torch.nn
FAMILIES = [learn.MeanField(), learn.LowRank(2)]


def paid(net, n_data=1):
    return learn.rate(net).per(n_data=n_data).value.item()


def covariance(law):
    scales = torch.diag(law.log_scale.detach().exp().reshape(-1) ** 2)
    if law.factor is None:
        return scales
    f = law.factor.detach().flatten(0, -2)
    return scales + f @ f.T


def layer(family, prior, seed=0):
    torch.manual_seed(seed)
    net = learn.bayesian(
        nn.Linear(3, 2, bias=False, dtype=torch.float64), prior=prior, family=family, scale=0.3
    )
    with torch.no_grad():
        net.posteriors[0].log_scale.add_(torch.randn(2, 3) / 2)
    net(torch.zeros(4, 3, dtype=torch.float64))
    return net, net.layer.weight.detach().reshape(-1), covariance(net.posteriors[0])


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_kl_is_that_of_two_gaussians(family):
    """Against torch.distributions, as a sum over weights, over the number of data."""
    net, mean, cov = layer(family, 0.7)
    prior = D.MultivariateNormal(torch.zeros(6, dtype=torch.float64), 0.49 * torch.eye(6))
    truth = float(D.kl_divergence(D.MultivariateNormal(mean, cov), prior))
    assert truth > 1
    assert paid(net) == pytest.approx(truth, rel=1e-7)
    assert paid(net, 50) == pytest.approx(truth / 50, rel=1e-7)


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_empirical_bayes_is_the_best_scale(family):
    net, mean, cov = layer(family, learn.EmpiricalBayes())
    best = float((mean**2 + cov.diagonal()).mean())
    q = D.MultivariateNormal(mean, cov)
    of = [
        float(D.kl_divergence(q, D.MultivariateNormal(torch.zeros_like(mean), s * torch.eye(6))))
        for s in (best, 0.99 * best, 1.01 * best)
    ]
    assert paid(net) == pytest.approx(of[0], rel=1e-6)
    assert of[0] < min(of[1:])


BELLS = D.MixtureSameFamily(
    D.Categorical(torch.tensor([0.5, 0.5])), D.Normal(torch.zeros(2), torch.tensor([1.0, 0.1]))
)


@pytest.mark.parametrize("family", FAMILIES, ids=str)
@pytest.mark.parametrize("prior", [D.Laplace(0.1, 0.4), BELLS], ids=["Laplace", "bells"])
def test_any_law_may_be_the_prior(prior, family):
    """In closed form, or by a draw of each weight: their marginals' KL and total correlation."""
    torch.manual_seed(0)
    net = learn.bayesian(nn.Linear(4, 10_000, bias=False).double(), prior=prior, family=family)
    law = net.posteriors[0]
    with torch.no_grad():
        net.layer.weight.copy_(torch.tensor([-1.0, 0.0, 0.3, 2.0]))
        law.log_scale.fill_(-1.0)
        if law.factor is not None:
            law.factor.copy_(torch.tensor([0.3, -0.2]))
    net(torch.zeros(1, 4, dtype=torch.float64))
    v = np.exp(-2) + (0.13 if law.factor is not None else 0)
    truth = 1e4 * sum(kb.kl(kb.Normal(m, v**0.5), prior).item() for m in (-1.0, 0.0, 0.3, 2.0))
    if law.factor is not None:  # log |D + FFᵀ| by the matrix determinant lemma, F of equal rows
        truth += 2e4 * np.log(v / np.exp(-2)) - 0.5 * np.log1p(4e4 * 0.13 / np.exp(-2))
    drawn = prior is BELLS
    assert learn.rate(net).how == ("reparametrised" if drawn else "closed")
    assert paid(net) == pytest.approx(truth, rel=0.02 if drawn else 1e-6)


def test_a_prior_may_be_learned():
    class Scale(nn.Module):
        def __init__(self):
            super().__init__()
            self.log_s = nn.Parameter(torch.tensor(1.0))

        def forward(self):
            return D.Normal(0.0, self.log_s.exp())

    net = learn.bayesian(nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2)), prior=Scale())
    net(torch.zeros(1, 4))
    truth = sum(
        D.kl_divergence(D.Normal(p, torch.full_like(p, 0.05)), D.Normal(0.0, float(np.e))).sum()
        for m in (net[0], net[1])
        for p in m.layer.parameters()
    )
    assert paid(net) == pytest.approx(truth.item(), rel=1e-5)
    learn.rate(net).per(n_data=1).value.backward()
    assert float(net[0].prior.log_s.grad) > 0  # narrower is better
    assert net[0].prior is net[1].prior


LAYERS = [
    (nn.Linear(4, 3), (4,)),
    (nn.Linear(4, 3, bias=False), (5, 4)),
    (nn.Conv1d(2, 3, 3, padding=1), (2, 5)),
    (nn.Conv2d(4, 2, 2, stride=2, groups=2, padding=1, padding_mode="circular"), (4, 4, 4)),
    (nn.Conv2d(2, 3, 4), (2, 4, 4)),
    (nn.ConvTranspose1d(2, 3, 2), (2, 3)),
]


def covariance_of_outputs(net, x):
    """J Σ Jᵀ of the outputs of one sample, J their slopes in each tensor of weights."""
    means = dict(net.layer.named_parameters())
    call = torch.func.functional_call
    slopes = torch.func.jacrev(lambda w: call(net.layer, w, (x,)).reshape(-1))(means)
    laws = dict(zip(net.names, net.posteriors, strict=True))
    return sum(j.flatten(1) @ covariance(laws[n]) @ j.flatten(1).T for n, j in slopes.items())


@pytest.mark.parametrize("family", FAMILIES, ids=str)
@pytest.mark.parametrize(
    ("module", "shape"), LAYERS, ids=lambda x: x if isinstance(x, str) else type(x).__name__
)
def test_each_sample_has_weights_of_the_posterior(module, shape, family):
    """Mean and covariance of its outputs over draws are those that the weights' law gives."""
    torch.manual_seed(1)
    net = learn.bayesian(module, scale=0.4, family=family)
    x, n = torch.randn(1, *shape), 20_000
    with torch.no_grad():
        draws = torch.func.vmap(net, randomness="different")(x.expand(n, 1, *shape)).flatten(1)
        truth, mean = covariance_of_outputs(net, x), net.layer(x).reshape(-1)
    spread = truth.diagonal().sqrt()
    assert ((draws.mean(0) - mean).abs() < 5 * spread / n**0.5).all()
    assert ((torch.cov(draws.T) - truth).abs() / torch.outer(spread, spread)).max() < 0.05


def test_samples_of_a_batch_draw_apart():
    """In Linear fully; in a convolution up to signs, so that they are uncorrelated."""
    for module, shape in ((nn.Linear(4, 1), (4,)), (nn.Conv1d(2, 1, 2), (2, 4))):
        net = learn.bayesian(module, scale=1.0)
        x = torch.ones(2, *shape)
        with torch.no_grad():
            draw = torch.func.vmap(net, randomness="different")
            drawn = draw(x.expand(5000, *x.shape)).flatten(2)[..., 0]
        assert abs(float(torch.corrcoef(drawn.T)[0, 1])) < 0.08


def test_layers_of_your_own_may_draw_their_outputs():
    class Side(nn.Module):
        """Three networks side by side."""

        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(3, 4, 2))

        def forward(self, x):
            return x @ self.weight

    torch.manual_seed(0)
    net = learn.bayesian(Side(), linear=(Side,), scale=0.5)
    x = torch.randn(3, 1, 4)
    with torch.no_grad():
        drawn = net(x.expand(3, 20_000, 4))
    truth = 0.5 * x.norm(dim=-1, keepdim=True).expand(3, 1, 2)[:, 0]
    assert torch.allclose(drawn.std(1), truth, rtol=0.03)
    neighbours = torch.stack([drawn[0, :-1, 0], drawn[0, 1:, 0]])
    assert abs(float(torch.corrcoef(neighbours)[0, 1])) < 0.03


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.LayerNorm(4), (2, 4)),
        (nn.GRU(4, 3), (5, 2, 4)),
        (nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)), (8, 4)),
        (nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True), (2, 3, 4)),
    ],
    ids=lambda x: type(x).__name__,
)
@pytest.mark.parametrize("draw", ["by sample", "once"])
def test_any_module(module, shape, draw):
    torch.manual_seed(0)
    net = learn.bayesian(module, scale=0.1, draw=draw)
    x = torch.randn(*shape)
    net.eval()
    with torch.no_grad():
        first, second = (net(x) for _ in range(2))
    first, second = (o[0] if isinstance(o, tuple) else o for o in (first, second))
    assert not torch.equal(first, second)
    net.train()
    out = net(x)
    out = out[0] if isinstance(out, tuple) else out
    (out.square().mean() + learn.rate(net).per(n_data=10).value).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in net.parameters())
    tensors = len(list(module.parameters()))
    assert len(list(net.parameters())) == 2 * tensors == 2 * learn.rate(net).value.numel()


def test_parameters_that_are_not_learnt_stay():
    module = nn.Linear(3, 2)
    module.bias.requires_grad_(False)
    net = learn.bayesian(module, scale=1e-9)
    x = torch.randn(5, 3)
    assert torch.allclose(net(x), module(x), atol=1e-6)
    assert learn.rate(net).value.numel() == 1
    frozen = nn.Sequential(nn.Linear(3, 2).requires_grad_(False), nn.Conv1d(2, 2, 1))
    frozen[1].weight.requires_grad_(False)
    assert type(learn.bayesian(frozen)[0]) is nn.Linear
    h = torch.randn(4, 2, 6)
    spread = learn.bayesian(frozen)[1](h) - frozen[1](h)
    assert torch.allclose(spread, spread[..., :1].expand_as(spread), atol=1e-6)  # of the bias alone


def test_slopes_made_by_hand_are_right_twice():
    torch.manual_seed(0)
    log_scale, mean = torch.randn(2, 4, 3, dtype=torch.float64).requires_grad_().unbind(0)
    for made, given in (
        (lambda a, b: gaussian.spread(a, b, 0.7), (log_scale, mean)),
        (lambda a: gaussian.root(a.exp()), (log_scale,)),
    ):
        assert torch.autograd.gradcheck(made, given)
        assert torch.autograd.gradgradcheck(made, given)


def test_the_gradient_is_zero_where_nothing_comes_in():
    net = learn.bayesian(nn.Linear(3, 2, bias=False))
    net(torch.zeros(4, 3)).sum().backward()
    assert all(float(p.grad.abs().max()) == 0 for p in net.parameters())


def regression(draw, family):
    """A network at the best mean field of a conjugate regression; its data, mean and precision."""
    source = torch.Generator().manual_seed(0)
    mix = torch.tensor([[1, 0.6, 0], [0, 1, 0], [0, 0, 1.0]])
    a = torch.randn(40, 3, generator=source) @ mix
    y = a @ torch.tensor([1.0, -2.0, 0.5]) + 0.5 * torch.randn(40, generator=source)
    a, y = a.double(), y.double()
    precision = a.T @ a / 0.25 + torch.eye(3) / 1.5**2
    mean = torch.linalg.solve(precision, a.T @ y / 0.25)
    module = nn.Linear(3, 1, bias=False, dtype=torch.float64)
    net = learn.bayesian(module, prior=1.5, draw=draw, family=family)
    with torch.no_grad():
        net.layer.weight.copy_(mean)
        net.posteriors[0].log_scale.copy_(-0.5 * precision.diagonal().log())
    return net, a, y, mean, precision


def loss_and_slopes(net, a, y, passes, copies):
    """−ELBO a datum and its gradient, a pass a row; each datum is shown several times over."""
    a, y, rows = a.repeat(copies, 1), y.repeat(copies), []
    for _ in range(passes):
        net.zero_grad()
        fit = D.Normal(net(a)[:, 0], 0.5).log_prob(y).mean()
        loss = learn.rate(net).per(n_data=len(y) // copies).value - fit
        loss.backward()
        slopes = [p.grad.reshape(-1) for p in net.parameters()]
        rows.append(torch.cat([loss.detach().reshape(1), *slopes]))
    return torch.stack(rows)


@pytest.mark.parametrize("draw", ["by sample", "once"])
@pytest.mark.parametrize("family", [learn.MeanField(), learn.LowRank(1)], ids=str)
def test_the_bound_of_a_conjugate_regression_and_its_gradient(draw, family):
    """−ELBO = KL(q ‖ posterior) − log evidence; at precisions diag Λ a mean field has no slope."""
    torch.manual_seed(0)
    net, a, y, mean, precision = regression(draw, family)
    rows = loss_and_slopes(net, a, y, 400, 20 if draw == "by sample" else 1)
    found, error = rows.mean(0), rows.std(0) / 20
    everything = D.MultivariateNormal(
        torch.zeros(40, dtype=torch.float64), 0.25 * torch.eye(40) + 1.5**2 * a @ a.T
    )
    posterior = D.MultivariateNormal(mean, precision_matrix=precision)
    law = net.posteriors[0]
    m, s = mean.clone().requires_grad_(), law.log_scale.detach().reshape(-1).requires_grad_()
    f = None if law.factor is None else law.factor.detach().reshape(3, 1).requires_grad_()
    cov = torch.diag((2 * s).exp()) + (0 if f is None else f @ f.T)
    gap = D.kl_divergence(D.MultivariateNormal(m, cov), posterior)
    truth = (gap - everything.log_prob(y)) / 40
    leaves = [m, s] if f is None else [m, s, f]
    slopes = torch.cat([g.reshape(-1) for g in torch.autograd.grad(truth, leaves)])
    assert abs(float(found[0]) - truth.item()) < 4 * float(error[0]) < 0.1
    assert ((found[1:] - slopes).abs() < 4.5 * error[1:]).all()
    assert float(error[1:].max()) < 0.2
    if f is None:
        assert float(slopes.abs().max()) < 1e-9
    else:
        assert (slopes / error[1:]).abs().max() > 4


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 3)

    def forward(self, x):
        return self.inner(torch.tanh(self.inner(x)))


def test_a_layer_used_twice_has_one_draw_and_is_paid_for_once():
    net = learn.bayesian(Twice())
    with pytest.raises(InvalidInputError, match=r'Linear is used 2 times.*draw="once"'):
        net(torch.ones(2, 3))
    torch.manual_seed(0)
    once = learn.bayesian(Twice(), draw="once", scale=0.5)
    x, found = torch.ones(1, 3), []
    w, b = once.layer.inner.weight, once.layer.inner.bias
    for _ in range(2):
        torch.manual_seed(7)
        found.append(once(x))
    torch.manual_seed(7)
    w, b = w + 0.5 * torch.randn(3, 3), b + 0.5 * torch.randn(3)
    linear = nn.functional.linear
    assert torch.allclose(found[0], linear(torch.tanh(linear(x, w, b)), w, b), atol=1e-6)
    assert torch.equal(*found)
    assert learn.rate(once).value.shape == (2,)


def test_tied_weights():
    tied = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    tied[1].weight = tied[0].weight
    with pytest.raises(InvalidInputError, match=r"0\.weight and 1\.weight are one parameter"):
        learn.bayesian(tied)
    net = learn.bayesian(tied, draw="once", scale=2.0)
    net(torch.ones(2, 3))
    assert learn.rate(net).value.numel() == 3


def network():
    torch.manual_seed(3)
    plain = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
    return learn.bayesian(plain.double(), scale=0.3)


X = torch.randn(6, 4, generator=torch.Generator().manual_seed(9), dtype=torch.float64)


def loss_of(net, run):
    torch.manual_seed(5)
    net.zero_grad()
    out = run(net, X)
    value = out.square().mean() + learn.rate(net).per(n_data=20).value
    value.backward()
    return float(value.detach()), [p.grad.clone() for p in net.parameters()]


RUNS = {
    "checkpointed": lambda net, x: checkpoint(net, x, use_reentrant=False),
    "functional": lambda net, x: torch.func.functional_call(
        net, dict(net.named_parameters()), (x,)
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_same_pass_by_other_ways(name):
    net = network()
    value, grads = loss_of(net, lambda net, x: net(x))
    other, others = loss_of(net, RUNS[name])
    assert value == pytest.approx(other, rel=1e-12)
    assert all(torch.allclose(a, b, rtol=1e-12) for a, b in zip(grads, others, strict=True))


def test_parameters_swapped_in_are_paid_for():
    net = network()
    double = {name: 2 * p.detach() for name, p in net.named_parameters()}
    torch.func.functional_call(net, double, (X,))
    truth = sum(
        D.kl_divergence(
            D.Normal(double[f"{i}.layer.{n}"], double[f"{i}.posteriors.{k}.log_scale"].exp()),
            D.Normal(0.0, 1.0),
        ).sum()
        for i in (0, 2)
        for k, n in enumerate(("weight", "bias"))
    )
    assert paid(net) == pytest.approx(float(truth), rel=1e-9)


def test_compiled():
    torch._dynamo.reset()
    net = network()
    compiled = torch.compile(net, backend="aot_eager", fullgraph=True)
    torch._dynamo.utils.counters.clear()
    for _ in range(3):
        out = compiled(X)
        rate = learn.rate(compiled)
        (out.square().mean() + rate.per(n_data=20).value).backward()
    compiled(X)
    compiled(X)
    again = learn.rate(compiled).value
    assert torch.allclose(again, rate.value)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 1
    assert not torch.equal(compiled(X), compiled(X))


class Parallel(nn.Module):
    """Runs a network as torch.nn.DataParallel does: shallow copies, each with some rows."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, *pieces):
        for piece in pieces:
            copies = {m: m._replicate_for_data_parallel() for m in self.module.modules()}
            for m, replica in copies.items():
                replica._modules = {k: copies[child] for k, child in m._modules.items()}
                replica._parameters = dict(m._parameters)
            thread = threading.Thread(target=copies[self.module], args=(piece,))
            thread.start()
            thread.join()


def test_replicas_are_paid_for_once():
    net = network()
    net(X)
    truth = paid(net)
    parallel = Parallel(net)
    for _ in range(2):
        parallel(X[:2], X[2:])
        assert learn.rate(parallel).per(n_data=1).value.item() == truth


def test_saved_and_loaded():
    net = network()
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    other = torch.load(file, weights_only=False)
    fresh = network()
    fresh.load_state_dict(net.state_dict())
    outputs, rates = [], []
    for each in (net, other, fresh, copy.deepcopy(net)):
        torch.manual_seed(0)
        outputs.append(each(X))
        rates.append(paid(each))
    assert all(torch.equal(outputs[0], out) for out in outputs)
    assert len(set(rates)) == 1
    assert "0.posteriors.1.log_scale" in net.state_dict()


def test_autocast_pays_in_single():
    net = network().float()
    with torch.autocast("cpu", torch.bfloat16):
        out = net(X.float())
    assert out.dtype == torch.bfloat16
    assert learn.rate(net).value.dtype == torch.float32


def test_what_is_refused():
    linear = nn.Linear(1, 1)
    for bad, error, say in [
        ({"prior": 0}, InvalidInputError, "prior=0"),
        ({"prior": True}, InputTypeError, "prior=True"),
        ({"prior": D.Exponential(1.0)}, InvalidInputError, "no mass"),
        ({"prior": D.Uniform(-1e9, 1e9)}, InvalidInputError, "no mass"),
        ({"prior": D.Normal(torch.zeros(3), 1.0)}, ShapeError, r"batch of shape \(3,\)"),
        ({"prior": "normal"}, InputTypeError, "prior"),
        ({"family": learn.FullRank()}, InputTypeError, "LowRank"),
        ({"draw": "twice"}, InputTypeError, "by sample"),
        ({"scale": -1.0}, InvalidInputError, r"scale=-1\.0"),
    ]:
        with pytest.raises(error, match=say):
            learn.bayesian(linear, **bad)
    with pytest.raises(InvalidInputError, match="no weight to draw"):
        learn.bayesian(nn.ReLU())
    with pytest.raises(InvalidInputError, match="no weight to draw"):
        learn.bayesian(nn.Linear(1, 1).requires_grad_(False))
    with pytest.raises(InputTypeError, match="int"):
        learn.bayesian(3)
    with pytest.raises(InvalidInputError, match="random layers"):
        learn.bayesian(nn.Sequential(nn.Linear(2, 4), learn.Latent(learn.GaussianCode(2))))
    with pytest.raises(InvalidInputError, match="random layers"):
        learn.bayesian(learn.bayesian(linear))


def test_a_rate_that_is_not_asked_rightly_is_refused():
    net = learn.bayesian(nn.Linear(1, 1))
    with pytest.raises(InvalidInputError, match="has run"):
        learn.rate(net)
    net(torch.ones(1, 1))
    with pytest.raises(InvalidInputError, match="n_data=N"):
        learn.rate(net).per("sample")
    with pytest.raises(InvalidInputError, match="n_data"):
        learn.rate(net).per()
    with torch.no_grad():
        net.layer.weight.fill_(float("nan"))
    net(torch.ones(1, 1))
    with pytest.raises(InvalidInputError, match="NaN"):
        learn.rate(net)


def test_weights_read_from_outside_are_refused():
    net = learn.bayesian(nn.Linear(5, 2))
    assert net.in_features == 5
    with pytest.raises(AttributeError, match=r'weight.*draw="once"'):
        net.weight
    with pytest.raises(AttributeError, match="nothing"):
        net.nothing
