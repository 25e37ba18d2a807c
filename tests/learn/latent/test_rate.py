"""The rate of a model: whose it is, of which pass, and where it is refused."""

import copy
import io
import math
import threading
import warnings

import pytest
import torch
from torch.utils.checkpoint import checkpoint

import kullback as kb
from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError, ShapeError

D = torch.distributions


def kl_of(h):
    """½ (m² + s² − 1) − log s."""
    m, log_s = h.chunk(2, -1)
    return 0.5 * (m**2 + torch.exp(2 * log_s) - 1) - log_s


def features(n=5, d=3, seed=0):
    return torch.randn(n, 2 * d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def network(d=3):
    torch.manual_seed(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(4, 2 * d), learn.Latent(learn.GaussianCode(d)), torch.nn.Linear(d, 4)
    )
    return net.double()


X = torch.randn(5, 4, generator=torch.Generator().manual_seed(9), dtype=torch.float64)


def test_it_is_the_divergence_of_each_sample_and_dimension():
    net = network()
    net(X)
    rate = learn.rate(net)
    truth = kl_of(net[0](X)).detach()
    assert torch.allclose(rate.value, truth, rtol=1e-12)
    assert rate.exact
    assert rate.per("sample").value.item() == pytest.approx(float(truth.sum(-1).mean()))
    assert rate.per("dim").value.tolist() == pytest.approx(truth.mean(0).tolist())
    rate.per("sample").value.backward()
    slope = net[0].weight.grad.clone()
    net.zero_grad()
    kl_of(net[0](X)).sum(-1).mean().backward()
    assert torch.allclose(slope, net[0].weight.grad, rtol=1e-10)


def test_of_two_passes_it_is_that_of_the_last():
    net = network()
    net(3 * X)
    net(X)
    assert torch.allclose(learn.rate(net).value, kl_of(net[0](X)))
    assert torch.allclose(learn.rate(net).value, learn.rate(net).value)
    net(X[:2])
    assert learn.rate(net).value.shape == (2, 3)


def test_a_layer_used_twice_in_a_pass_is_paid_for_twice():
    class Twice(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.latent = learn.Latent(learn.GaussianCode(3))

        def forward(self, h, other):
            return self.latent(h) + self.latent(other)

    net = Twice()
    for a, b in ((1, 2), (3, 4), (5, 6)):  # the last, of three passes
        net(features(seed=a), other=features(seed=b))
    truth = kl_of(features(seed=5)) + kl_of(features(seed=6))
    assert torch.allclose(learn.rate(net).value, truth)
    outer = torch.nn.ModuleList([net])
    assert torch.allclose(learn.rate(outer).value, truth)


def test_layers_stand_side_by_side():
    class Two(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.low = learn.Latent(learn.GaussianCode(3))
            self.high = learn.Latent(learn.GaussianCode(1))
            self.skip = False

        def forward(self, h):
            z = self.low(h)
            return z if self.skip else self.high(z[:, :2])

    net = Two()
    net(features())
    rate = learn.rate(net)
    assert rate.axes == ("sample", "dim")
    assert rate.value.shape == (5, 4)
    net.skip = True
    net(features())
    assert learn.rate(net).value.shape == (5, 3)  # the other did not run in this pass


def test_a_model_asked_outside_a_call_is_summed_where_that_is_plain():
    class Loss(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.latent = learn.Latent(learn.GaussianCode(3))
            self.other = learn.Latent(learn.GaussianCode(2))

        def loss(self, h):
            return self.latent(h).sum() + self.other(h[:, :4]).sum()

    net = Loss()
    for seed in (1, 2):
        net.loss(features(seed=seed))
        rate = learn.rate(net)
        assert rate.value.shape == (5, 5)
        assert torch.allclose(rate.value[:, :3], kl_of(features(seed=seed)))
    net.loss(features())
    net.loss(features())
    with pytest.raises(InvalidInputError, match=r"ran 2 times.*cannot be told"):
        learn.rate(net)


def test_gradient_checkpointing_counts_once():
    """Also where the layer is computed again in the backward direction."""
    net = network()
    torch.manual_seed(4)
    h = net(X)
    plain = learn.rate(net)
    (h.sum() + plain.per("sample").value).backward()
    slopes = [p.grad.clone() for p in net.parameters()]
    net.zero_grad()
    torch.manual_seed(4)
    h = checkpoint(net, X, use_reentrant=False)
    rate = learn.rate(net)
    (h.sum() + rate.per("sample").value).backward()
    assert torch.equal(rate.value, plain.value)
    assert all(torch.equal(a, p.grad) for a, p in zip(slopes, net.parameters(), strict=True))
    assert torch.equal(learn.rate(net).value, plain.value)


def test_checkpointing_that_loses_the_gradient_is_refused():
    net = network()
    x = X.clone().requires_grad_()
    checkpoint(net, x, use_reentrant=True)
    with pytest.raises(InvalidInputError, match="use_reentrant=False"):
        learn.rate(net)
    with torch.no_grad():
        net(X)
        assert learn.rate(net).value.shape == (5, 3)
    net.eval()
    with torch.no_grad():
        net(X)
    assert learn.rate(net).value.shape == (5, 3)


def test_compiled_models_keep_their_passes_apart():
    torch._dynamo.reset()
    net = network()
    compiled = torch.compile(net, backend="aot_eager", fullgraph=True)
    for k in (1, 2, 3):
        compiled(k * X)
        rate = learn.rate(compiled)
        assert torch.allclose(rate.value, kl_of(net[0](k * X)))
        net.zero_grad()
        rate.per("sample").value.backward()
        assert float(net[0].weight.grad.norm()) > 0
    compiled(X)
    compiled(2 * X)
    assert torch.allclose(learn.rate(compiled).value, kl_of(net[0](2 * X)))
    assert torch.allclose(learn.rate(compiled).value, kl_of(net[0](2 * X)))


def test_a_compiled_model_knows_its_last_pass_before_the_first_rate():
    torch._dynamo.reset()
    net = network()
    compiled = torch.compile(net, backend="aot_eager")
    torch._dynamo.utils.counters.clear()
    for k in range(1, 12):
        compiled(k * X)
    assert torch.allclose(learn.rate(compiled).value, kl_of(net[0](11 * X)))
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 1


def replicate(net, pieces):
    """Run a net as torch.nn.DataParallel does: shallow copies, each in a thread."""
    replicas = []
    for _ in pieces:
        copies = {m: m._replicate_for_data_parallel() for m in net.modules()}
        for m, replica in copies.items():
            replica._modules = {k: copies[child] for k, child in m._modules.items()}
            replica._parameters = dict(m._parameters)
        replicas.append(copies[net])
    threads = [threading.Thread(target=r, args=(x,)) for r, x in zip(replicas, pieces, strict=True)]
    for thread in threads:
        thread.start()
        thread.join()


class Parallel(torch.nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, *pieces):
        replicate(self.module, pieces)


def test_replicas_are_one_batch():
    net = network()
    parallel = Parallel(net)
    for k in (1, 2):
        parallel(k * X[:2], k * X[2:])
    truth = kl_of(net[0](2 * X))
    assert torch.allclose(learn.rate(parallel).value, truth)
    assert torch.allclose(learn.rate(net).value, truth)


def test_a_copy_and_a_saved_model_begin_without_a_pass():
    net = network()
    net(X)
    for other in (copy.deepcopy(net), reloaded(net)):
        with pytest.raises(InvalidInputError, match="has run"):
            learn.rate(other)
        other(X)
        assert torch.allclose(learn.rate(other).value, learn.rate(net).value)


def reloaded(net):
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


def test_a_law_given_is_held_against_any_prior():
    latent = learn.Latent(D.Normal(1.0, 2.0))
    loc = torch.zeros(4, 3, requires_grad=True)
    z = latent(D.Normal(loc, 1.0))
    rate = learn.rate(latent)
    assert z.shape == (4, 3)
    assert rate.value.detach() == pytest.approx(math.log(2) + 2 / 8 - 0.5)
    rate.per("sample").value.backward()
    assert loc.grad.reshape(-1).tolist() == pytest.approx([-0.25 / 4] * 12)
    latent(kb.families.Normal(torch.zeros(4, 3), torch.ones(4, 3)))
    assert learn.rate(latent).value == pytest.approx(math.log(2) + 2 / 8 - 0.5)


class Mixed(torch.nn.Module):
    """A prior of two bells, whose places are learned."""

    def __init__(self):
        super().__init__()
        self.at = torch.nn.Parameter(torch.tensor([-2.0, 2.0]))

    def forward(self):
        return D.MixtureSameFamily(D.Categorical(torch.ones(2)), D.Normal(self.at, 1.0))


def test_a_learned_prior_without_a_closed_form_is_drawn():
    torch.manual_seed(0)
    latent = learn.Latent(Mixed())
    loc = torch.full((40_000, 1), 0.5, requires_grad=True)
    latent(D.Normal(loc, 0.7))
    rate = learn.rate(latent).per("sample")
    truth = kb.kl(D.Normal(0.5, 0.7), Mixed()()).item()
    assert abs(float(rate.value.detach()) - truth) < 4 * float(rate.error) < 0.1 * truth
    rate.value.backward()
    assert float(latent.prior.at.grad.abs().min()) > 0.05


def test_what_has_no_rate_is_refused():
    with pytest.raises(InvalidInputError, match=r"no random layer.*not a rate of 0"):
        learn.rate(torch.nn.Linear(2, 2))
    with pytest.raises(InvalidInputError, match="has run"):
        learn.rate(network())
    with pytest.raises(InputTypeError, match="function"):
        learn.rate(kl_of)


@pytest.mark.parametrize(("bad", "say"), [(math.nan, "NaN at"), (1e6, "infinite at")])
def test_activations_that_are_not_finite_name_their_layer(bad, say):
    net = network()
    net(X * bad)
    with pytest.raises(InvalidInputError, match=f"The rate of 1 is {say}"):
        learn.rate(net)


def test_supports_that_differ_are_refused():
    latent = learn.Latent(D.Exponential(1.0))
    latent(D.Normal(torch.zeros(4), 1.0))
    with pytest.raises(InvalidInputError, match=r"infinite at 4 of 4.*prior has none"):
        learn.rate(latent)
    with pytest.raises((ShapeError, NoMethodError), match=r"axes|outcomes"):
        learn.Latent(D.Normal(0.0, 1.0))(D.Dirichlet(torch.ones(4, 3)))


def test_what_a_layer_cannot_read_is_refused():
    with pytest.raises(ShapeError, match=r"reads 6 numbers.*\(5, 4\)"):
        learn.Latent(learn.GaussianCode(3))(X)
    with pytest.raises(InputTypeError, match=r"GaussianCode"):
        learn.Latent(D.Normal(0.0, 1.0))(X)
    with pytest.raises(NoMethodError, match="no path"):
        learn.Latent(D.Categorical(torch.ones(3)))(D.Categorical(torch.ones(4, 3)))
    with pytest.raises(InputTypeError, match=r"GaussianCode\(3\)"):
        learn.Latent(3)


def test_uses_of_different_sizes_are_refused():
    latent = learn.Latent(learn.GaussianCode(3))

    class Uneven(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.latent = latent

        def forward(self):
            self.latent(features(5))
            self.latent(features(4))

    net = Uneven()
    net()
    with pytest.raises(ShapeError, match=r"\(5, 3\), \(4, 3\)"):
        learn.rate(net)


def test_what_is_paid_once_for_all_data_has_no_samples():
    class Weights(learn.Paid):
        def forward(self, x):
            self.pay(torch.tensor([1.0, 2.0]), ("dim",), "closed")
            return x

    net = torch.nn.Sequential(Weights(), Weights())
    net(X)
    assert float(learn.rate(net).per(n_data=100).value) == pytest.approx(0.06)
    with pytest.raises(InvalidInputError, match="n_data=N"):
        learn.rate(net).per("sample")
    both = torch.nn.Sequential(Weights(), network())
    both(X)
    with pytest.raises(InvalidInputError, match="once for all data"):
        learn.rate(both)


def test_half_precision_is_paid_in_single():
    net = network().float()
    with torch.autocast("cpu", torch.bfloat16), warnings.catch_warnings():
        net(X.float())
    assert learn.rate(net).value.dtype == torch.float32
