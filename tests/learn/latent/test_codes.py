"""Codes: what they cost against other formulas, and draws whose gradient is that of their law."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, special

import kullback as kb
from kullback import learn
from kullback.errors import InvalidInputError
from kullback.learn.latent.codes import cosine

CODES = [learn.GaussianCode(4), learn.VonMisesFisherCode(5), learn.CategoricalCode(3, variables=2)]


def features(code, n=6, seed=0):
    source = torch.Generator().manual_seed(seed)
    return torch.randn(n, code.features, generator=source, dtype=torch.float64)


def test_gaussian_cost_is_that_of_torch_and_its_slopes_too():
    code = learn.GaussianCode(4)
    h = features(code).requires_grad_()
    _, kl = code.encode(h)
    normal = torch.distributions.Normal
    m, log_s = h.chunk(2, -1)
    truth = torch.distributions.kl_divergence(normal(m, log_s.exp()), normal(0.0, 1.0))
    assert torch.allclose(kl, truth, rtol=1e-12)
    (slope,) = torch.autograd.grad(kl.sum(), h)
    assert torch.allclose(slope, torch.cat([m, torch.expm1(2 * log_s)], -1).detach(), rtol=1e-12)


def test_gaussian_cost_is_not_lost_to_rounding_near_the_prior():
    _, kl = learn.GaussianCode(1).encode(torch.tensor([[1e-4, 1e-4]]))
    assert float(kl) == pytest.approx(0.5 * 1e-8 + 1e-8, rel=1e-2)


def test_von_mises_fisher_cost_in_three_dimensions():
    """κ coth κ − 1 + log(κ/sinh κ), with κ = 2 eˢ."""
    h = torch.tensor([[3.0, 0.0, -4.0, 0.5], [0.1, 0.1, 0.0, 2.0]], dtype=torch.float64)
    _, kl = learn.VonMisesFisherCode(3).encode(h)
    for got, s in zip(kl, (0.5, 2.0), strict=True):
        k = 2 * math.exp(s)
        assert float(got) == pytest.approx(k / math.tanh(k) - 1 + math.log(k / math.sinh(k)))


def test_categorical_cost_is_what_the_uniform_law_lacks():
    code = learn.CategoricalCode(3, variables=2)
    h = features(code)
    _, kl = code.encode(h)
    p = h.reshape(6, 2, 3).softmax(-1)
    assert torch.allclose(kl, math.log(3) - torch.special.entr(p).sum(-1))


@pytest.mark.parametrize("code", CODES, ids=lambda c: type(c).__name__)
def test_draws_are_those_of_the_posterior(code):
    torch.manual_seed(3)
    h = features(code, 1)
    z, _ = code.encode(h.expand(40_000, -1))
    assert z.shape == (40_000, code.size)
    law = code.posterior(h)
    if isinstance(code, learn.CategoricalCode):
        mean = law.probs.flatten()
    else:
        mean = torch.as_tensor(law.mean if isinstance(law.mean, torch.Tensor) else law.mean())[0]
    error = z.std(0) / math.sqrt(len(z))
    assert bool(((z.mean(0) - mean).abs() < 4.5 * error).all())


@pytest.mark.parametrize("code", CODES, ids=lambda c: type(c).__name__)
def test_draws_before_data_have_the_prior_mean(code):
    torch.manual_seed(4)
    z = code.draw(20_000)
    want = 1 / 3 if isinstance(code, learn.CategoricalCode) else 0.0
    assert bool(((z.mean(0) - want).abs() < 4.5 * z.std(0) / math.sqrt(len(z))).all())
    if isinstance(code, learn.VonMisesFisherCode):
        assert torch.allclose(z.norm(dim=-1), torch.ones(len(z)))


@pytest.mark.parametrize("d", [3, 4, 17])
@pytest.mark.parametrize("kappa", [0.05, 3.0, 80.0])
def test_the_cosine_keeps_its_quantile_as_the_concentration_moves(d, kappa):
    """dw/dκ = −(∂F/∂κ)/f, against quadrature of F in scipy."""
    torch.manual_seed(d)
    k = torch.full((4,), kappa, dtype=torch.float64)
    o = cosine._drawn(k, d)

    def cdf(w, c):
        def f(t):
            return math.exp(c * (t - 1)) * (1 - t * t) ** ((d - 3) / 2)

        total = integrate.quad(f, -1, 1, limit=200, points=[1 - 3 * d / (c + d)])[0]
        return integrate.quad(f, -1, w, limit=200)[0] / total, f(w) / total

    got = cosine._slope(k, o, d)
    step = 1e-4 * kappa
    for slope, w in zip(got, (1 - o).tolist(), strict=True):
        moved = (cdf(w, kappa + step)[0] - cdf(w, kappa - step)[0]) / (2 * step)
        assert float(slope) == pytest.approx(-moved / cdf(w, kappa)[1], rel=2e-5, abs=1e-9)


@pytest.mark.parametrize("d", [3, 10])
def test_the_gradient_of_a_draw_is_that_of_the_mean_in_expectation(d):
    """d/dκ E w = A′ = 1 − A² − (d − 1) A/κ."""
    torch.manual_seed(1)
    kappa = torch.full((20_000,), 7.0, dtype=torch.float64, requires_grad=True)
    o = cosine.Opening.apply(kappa, d)
    a = special.ive(d / 2, 7.0) / special.ive(d / 2 - 1, 7.0)
    kept = o.detach().numpy()
    assert abs(1 - kept.mean() - a) < 4.5 * kept.std() / math.sqrt(len(kept))
    (slope,) = torch.autograd.grad((1 - o).sum(), kappa)
    truth = 1 - a * a - (d - 1) * a / 7.0
    assert abs(float(slope.mean()) - truth) < 4.5 * float(slope.std()) / math.sqrt(len(kept))
    assert abs(truth) > 0.01


def test_the_whole_path_of_a_point_on_the_sphere():
    """∇ of E cᵀx = A(κ) cᵀm, in the numbers read."""
    torch.manual_seed(2)
    code = learn.VonMisesFisherCode(4)
    h = torch.tensor([0.5, -1.0, 2.0, 0.3, 0.4], dtype=torch.float64)
    c = torch.tensor([1.0, 2.0, -0.5, 0.0], dtype=torch.float64)
    rows = h.expand(40_000, -1).clone().requires_grad_()
    z, _ = code.encode(rows)
    (slopes,) = torch.autograd.grad((z @ c).sum(), rows)
    inputs = h.clone().requires_grad_()
    law = code.posterior(inputs)
    (truth,) = torch.autograd.grad(law.mean() @ c, inputs)
    error = slopes.std(0) / math.sqrt(len(rows))
    assert bool(((slopes.mean(0) - truth).abs() < 4.5 * error + 1e-12).all())
    assert float(truth.norm()) > 0.1


def test_directions_far_from_uniform_stay_on_the_sphere_in_single_precision():
    torch.manual_seed(0)
    h = torch.tensor([[1.0, 0.0, 0.0, 17.0]]).expand(100, -1).clone().requires_grad_()
    z, kl = learn.VonMisesFisherCode(3).encode(h)
    assert torch.allclose(z.norm(dim=-1), torch.ones(100))
    slopes = torch.autograd.grad((z.sum() + kl.sum()), h)[0]
    assert bool(torch.isfinite(slopes).all())


def test_the_classes_drawn_are_whole_and_their_gradient_soft():
    torch.manual_seed(0)
    h = features(learn.CategoricalCode(3, 2)).requires_grad_()
    z, _ = learn.CategoricalCode(3, 2, temperature=0.7).encode(h)
    assert bool(((z == 0) | (z == 1)).all())
    assert z.detach().reshape(6, 2, 3).sum(-1).tolist() == [[1.0, 1.0]] * 6
    (slope,) = torch.autograd.grad(z[:, 0].sum(), h)
    assert float(slope[:, :3].abs().min()) > 0
    assert float(slope[:, 3:].abs().max()) == 0


def test_the_laws_of_a_code_have_its_cost():
    for code in CODES:
        h = features(code)
        _, kl = code.encode(h)
        told = kb.kl(code.posterior(h), code.prior())
        assert np.allclose(kl.numpy(), told.numpy(), rtol=1e-9)


@pytest.mark.parametrize(
    "make",
    [
        lambda: learn.GaussianCode(0),
        lambda: learn.GaussianCode(2.0),
        lambda: learn.VonMisesFisherCode(2),
        lambda: learn.CategoricalCode(1),
        lambda: learn.CategoricalCode(3, variables=0),
        lambda: learn.CategoricalCode(3, temperature=0.0),
    ],
)
def test_senseless_codes_are_refused(make):
    with pytest.raises(InvalidInputError, match=r"Code\(\w+=.*needed"):
        make()
