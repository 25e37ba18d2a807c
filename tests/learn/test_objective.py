"""Objectives against conjugate models and against every outcome of small discrete ones."""

import itertools
import math

import pytest
import torch

import kullback as kb
from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError, ShapeError

D = torch.distributions
F64 = torch.float64
SEEN = 1.7
EVIDENCE = -0.5 * math.log(2 * math.pi * 2) - SEEN**2 / 4  # x ~ N(0, 1), SEEN ~ N(x, 1): N(0, 2)


def number(x):
    return torch.tensor(x, dtype=F64)


def leaf(x):
    return number(x).requires_grad_()


def log_likelihood(x):
    return D.Normal(x, 1.0).log_prob(number(SEEN))


def log_joint(x):
    return D.Normal(number(0.0), 1.0).log_prob(x) + log_likelihood(x)


def exact_elbo(mean, sd):
    """log Z − KL(q ‖ N(SEEN/2, ½))."""
    return EVIDENCE - kb.kl(D.Normal(mean, sd), D.Normal(number(SEEN / 2), number(0.5**0.5)))


@pytest.mark.parametrize("family", [D.Normal, kb.families.Normal])
def test_at_the_posterior_sticking_has_no_noise_at_all(family):
    mean, sd = leaf(SEEN / 2), leaf(0.5**0.5)
    for seed in range(3):
        bound = learn.elbo(log_joint, family(mean, sd), estimator="sticking", n=4, rng=seed)
        assert float(bound.value.detach()) == pytest.approx(EVIDENCE, abs=1e-12)
        assert float(bound.error) < 1e-12
        slopes = torch.autograd.grad(bound.value, (mean, sd))
        assert max(abs(float(x)) for x in slopes) < 1e-12
    noisy = learn.elbo(log_joint, family(mean, sd), estimator="monte_carlo", n=4, rng=0)
    assert max(abs(float(x)) for x in torch.autograd.grad(noisy.value, (mean, sd))) > 0.01


@pytest.mark.parametrize("estimator", ["analytic", "monte_carlo", "sticking"])
@pytest.mark.parametrize("with_prior", [False, True])
def test_each_estimator_is_unbiased_in_value_and_gradient(estimator, with_prior):
    size = 4000
    mean, sd = (torch.full((size,), x, dtype=F64, requires_grad=True) for x in (0.2, 1.1))
    target = log_likelihood if with_prior else log_joint
    prior = D.Normal(number(0.0), 1.0) if with_prior else None
    bound = learn.elbo(target, D.Normal(mean, sd), estimator=estimator, prior=prior, n=4, rng=0)
    one, wide = leaf(0.2), leaf(1.1)
    exact = exact_elbo(one, wide)
    slopes = torch.autograd.grad(exact, (one, wide))
    found = (bound.value.detach(), *torch.autograd.grad(bound.value.sum(), (mean, sd)))
    for got, want in zip(found, (exact.detach(), *slopes), strict=True):
        assert float((got.mean() - want).abs()) < 4.5 * float(got.std()) / size**0.5
    assert float(bound.per("sample").error) == pytest.approx(
        float(found[0].std()) / size**0.5, rel=0.06
    )


def test_a_vector_with_a_full_covariance_meets_its_evidence():
    """x ~ N(0, I) in 2 dimensions, y ~ N(A x, I): evidence N(0, I + A Aᵀ)."""
    a, y = torch.tensor([[1.0, 0.5], [-0.3, 2.0]], dtype=F64), torch.tensor([0.7, -1.0], dtype=F64)
    eye = torch.eye(2, dtype=F64)

    def joint(x):
        prior = D.MultivariateNormal(torch.zeros(2, dtype=F64), eye).log_prob(x)
        return prior + D.MultivariateNormal(x @ a.T, eye).log_prob(y)

    evidence = D.MultivariateNormal(torch.zeros(2, dtype=F64), eye + a @ a.T).log_prob(y)
    precision = eye + a.T @ a
    mean = torch.linalg.solve(precision, a.T @ y)
    for q in (
        D.MultivariateNormal(mean, precision_matrix=precision),
        kb.families.MultivariateNormal(mean, precision=precision),
    ):
        bound = learn.elbo(joint, q, estimator="sticking", rng=0)
        assert float(bound.value) == pytest.approx(float(evidence), abs=1e-10)
        assert float(bound.error) < 1e-10


def test_another_divergence_from_the_prior():
    q, prior = D.Normal(number(0.2), number(0.8)), D.Normal(number(0.0), number(1.0))
    of = kb.Renyi(0.5)
    kl = learn.elbo(log_likelihood, q, prior=prior, rng=0)
    other = learn.elbo(log_likelihood, q, prior=prior, of=of, rng=0)
    apart = float(kb.kl(q, prior)) - float(kb.renyi(q, prior, alpha=0.5))
    assert float(other.value - kl.value) == pytest.approx(apart, abs=1e-12)
    assert abs(apart) > 0.005
    with pytest.raises(NoMethodError, match="prior"):
        learn.elbo(log_joint, q, of=of, rng=0)


class Preset(D.Categorical):
    """A categorical law whose draws are given, so that all of them can be gone through."""

    def __init__(self, draws, logits):
        super().__init__(logits=logits)
        self.draws = draws

    def sample(self, shape=()):
        assert tuple(shape) == tuple(self.draws.shape)
        return self.draws


JOINT = torch.tensor([-2.0, -3.5, -1.3], dtype=F64)
START = torch.tensor([0.5, 0.0, -0.4], dtype=F64)


def over_all_draws(make, n):
    """Return the expected value of make(Preset, table) over all n draws, and its leaves."""
    logits, table = START.clone().requires_grad_(), JOINT.clone().requires_grad_()
    value = 0.0
    for draws in itertools.product(range(3), repeat=n):
        x = torch.tensor(draws)
        chance = START.log_softmax(0)[x].sum().exp()
        value = value + chance * make(Preset(x, logits), table).value
    return value, logits, table


def agree(got, want, leaves):
    assert float((got - want).detach()) == pytest.approx(0, abs=1e-12)
    assert abs(float(want.detach())) > 0.1
    for a, b in zip(*(torch.autograd.grad(x, leaves) for x in (got, want)), strict=True):
        assert torch.allclose(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize("estimator", ["analytic", "monte_carlo"])
def test_the_elbo_of_a_table_over_all_draws(estimator):
    value, logits, table = over_all_draws(
        lambda q, t: learn.elbo(lambda x: t[x], q, n=3, estimator=estimator, rng=0), 3
    )
    log_q = logits.log_softmax(0)
    agree(value, (log_q.exp() * (table - log_q)).sum(), (logits, table))


@pytest.mark.parametrize("alpha", [0.0, 0.5, -1.0, 2.0])
@pytest.mark.parametrize("k", [1, 2])
def test_bounds_of_several_draws_over_all_of_them(k, alpha):
    value, logits, table = over_all_draws(
        lambda q, t: learn.importance_bound(lambda x: t[x], q, k=k, n=2, alpha=alpha, rng=0), 2 * k
    )
    log_q, want = logits.log_softmax(0), 0.0
    for draws in itertools.product(range(3), repeat=k):
        x = torch.tensor(draws)
        w = (table - log_q)[x].exp()
        want = want + log_q[x].sum().exp() * (w ** (1 - alpha)).mean().log() / (1 - alpha)
    agree(value, want, (logits, table))


def test_more_draws_bring_the_bound_nearer_to_the_evidence():
    q = D.Normal(number(0.2), number(1.1))
    bounds = [learn.importance_bound(log_joint, q, k=k, n=20_000, rng=0) for k in (1, 2, 8, 32)]
    values = [float(b.value) for b in bounds]
    assert abs(values[0] - float(exact_elbo(number(0.2), number(1.1)))) < 4 * bounds[0].error
    for low, high in itertools.pairwise(range(4)):
        gap = math.hypot(float(bounds[low].error), float(bounds[high].error))
        assert values[high] - values[low] > 2 * gap
    assert abs(values[-1] - EVIDENCE) < 0.02
    assert values[-1] < EVIDENCE + 4 * float(bounds[-1].error)


def test_renyis_bound_tends_to_its_divergence():
    """log Z − D_½(q ‖ p), with many draws at once."""
    q = D.Normal(number(0.2), number(1.1))
    found = learn.importance_bound(log_joint, q, k=2000, n=500, alpha=0.5, rng=0)
    posterior = D.Normal(number(SEEN / 2), number(0.5**0.5))
    truth = EVIDENCE - float(kb.renyi(q, posterior, alpha=0.5))
    assert abs(float(found.value) - truth) < 4 * float(found.error) + 1e-3
    assert float(found.error) < 2e-3


def test_the_forward_divergence_and_its_gradient():
    mean, sd = leaf(0.2), leaf(1.1)
    posterior = D.Normal(number(SEEN / 2), number(0.5**0.5))
    want = kb.kl(posterior, D.Normal(mean, sd))
    slopes = torch.autograd.grad(want, (mean, sd))
    for proposal in (None, D.StudentT(number(5.0), number(0.8), number(1.0))):
        kl = learn.forward_kl(log_joint, D.Normal(mean, sd), proposal=proposal, n=200_000, rng=0)
        assert abs(float(kl.value.detach()) - float(want.detach())) < 4 * float(kl.error)
        assert 0 < float(kl.error) < 3e-3
        assert kl.notes == ()
        for got, true in zip(torch.autograd.grad(kl.value, (mean, sd)), slopes, strict=True):
            assert float(got) == pytest.approx(float(true), abs=0.01)


def test_the_forward_error_covers():
    posterior = D.Normal(number(SEEN / 2), number(0.5**0.5))
    q = D.Normal(number(0.2), number(1.1))
    truth = float(kb.kl(posterior, q))
    rng = torch.Generator().manual_seed(1)
    inside = 0
    for _ in range(300):
        kl = learn.forward_kl(log_joint, q, n=1000, rng=rng)
        inside += abs(float(kl.value) - truth) < 1.96 * float(kl.error)
    assert 0.91 < inside / 300 < 0.985


def test_a_proposal_that_misses_is_told():
    kl = learn.forward_kl(lambda x: -0.5 * (x / 5) ** 2, D.Normal(number(0.0), 1.0), rng=0, n=1000)
    assert "k̂" in kl.notes[0]


def test_what_cannot_be_answered_is_refused_in_words():
    q = D.Normal(number(0.0), 1.0)
    with pytest.raises(InvalidInputError, match="nan"):
        learn.elbo(lambda x: x * math.nan, q, rng=0)
    with pytest.raises(InvalidInputError, match=r"−inf, q must"):
        learn.elbo(lambda x: torch.where(x > 0, x, -math.inf), q, rng=0)
    with pytest.raises(ShapeError, match="Independent"):
        learn.elbo(lambda x: x.sum(-1), D.Normal(torch.zeros(3), 1.0), rng=0)
    vector = D.MultivariateNormal(torch.zeros(2), torch.eye(2))
    with pytest.raises(ShapeError, match="Outcomes of q have 1 axes and those of prior 0"):
        learn.elbo(
            lambda x: x.sum(-1),
            vector,
            prior=D.Normal(torch.zeros(2), 1.0),
            estimator="sticking",
            rng=0,
        )
    with pytest.raises(InvalidInputError, match="Generator"):
        learn.elbo(log_joint, q)
    with pytest.raises(NoMethodError, match="path"):
        learn.elbo(lambda x: JOINT[x], D.Categorical(logits=START), estimator="sticking", rng=0)
    with pytest.raises(InputTypeError, match="sticking"):
        learn.elbo(log_joint, q, estimator="stick", rng=0)
    with pytest.raises(InvalidInputError, match="limit at 1"):
        learn.importance_bound(log_joint, q, alpha=1.0, rng=0)
    with pytest.raises(InvalidInputError, match="none lies"):
        learn.forward_kl(lambda x: x - math.inf, q, rng=0)
    with pytest.raises(InputTypeError, match="function"):
        learn.elbo(1.0, q, rng=0)
