"""Evidence bounds that a code and its rate make: tight at the exact posterior, below it elsewhere.

log p(x) − ELBO = KL(q ‖ p(z | x)), for laws whose evidence has a closed form or can be enumerated.
"""

import math

import pytest
import torch

from kullback import learn

D = torch.distributions
DRAWS = 40_000


def bounded(code, h, log_likelihood):
    """Return log p(x | z) − KL of many draws of one posterior: its mean, and its error."""
    torch.manual_seed(0)
    latent = learn.Latent(code)
    z = latent(h.double().expand(DRAWS, -1))
    kl = learn.rate(latent).value
    each = log_likelihood(z) - (kl if kl.ndim == 1 else kl.sum(-1))
    return float(each.mean()), float(each.std()) / math.sqrt(DRAWS)


def test_gaussian_code():
    """x = z + 0.5 noise: z | x ~ N(0.8 x, 0.2), x ~ N(0, 1.25)."""
    x = torch.tensor([1.3, -0.4], dtype=torch.float64)
    evidence = float(D.Normal(0.0, math.sqrt(1.25)).log_prob(x).sum())

    def log_likelihood(z):
        return D.Normal(z, 0.5).log_prob(x).sum(-1)

    exact = torch.cat([0.8 * x, torch.full((2,), 0.5 * math.log(0.2))])
    reached, error = bounded(learn.GaussianCode(2), exact, log_likelihood)
    assert abs(reached - evidence) < 4 * error < 0.05
    off = exact + torch.tensor([0.3, 0.0, 0.0, -0.5])
    lost = D.kl_divergence(
        D.Normal(off[:2], off[2:].exp()), D.Normal(exact[:2], exact[2:].exp())
    ).sum()
    reached, error = bounded(learn.GaussianCode(2), off, log_likelihood)
    assert abs(reached + float(lost) - evidence) < 4 * error < 0.05
    assert reached < evidence - 0.3


def test_von_mises_fisher_code():
    """With log p(x | z) = κ xᵀz + c the posterior is the code itself: log(sinh κ/κ) + c."""
    x = torch.tensor([0.6, 0.0, -0.8], dtype=torch.float64)
    kappa = 3.0
    evidence = math.log(math.sinh(kappa) / kappa)
    exact = torch.cat([x, torch.tensor([math.log(kappa / 2)])])
    code = learn.VonMisesFisherCode(3)
    reached, error = bounded(code, exact, lambda z: kappa * (z @ x))
    assert abs(reached - evidence) < 4 * error < 0.05
    turned = torch.cat([x.flip(0), exact[3:]])
    reached, error = bounded(code, turned, lambda z: kappa * (z @ x))
    mean = 1 / math.tanh(kappa) - 1 / kappa
    lost = kappa * mean * (1 - float(x @ x.flip(0)))  # κ A (1 − cosine)
    assert abs(reached + lost - evidence) < 4 * error < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_categorical_code(seed):
    """Nine classes: every expectation is a sum."""
    source = torch.Generator().manual_seed(seed)
    table = 2 * torch.randn(9, generator=source, dtype=torch.float64)  # log p(x | class)
    evidence = float(torch.logsumexp(table, 0)) - math.log(9)
    latent = learn.Latent(learn.CategoricalCode(9))

    def summed(h):
        latent(h[None])
        kl = learn.rate(latent).per("sample").value
        return float(latent.prior.posterior(h[None]).probs[0, 0] @ table - kl)

    assert summed(table) == pytest.approx(evidence, abs=1e-12)
    other = table + torch.randn(9, generator=source, dtype=torch.float64)
    lost = D.kl_divergence(D.Categorical(logits=other), D.Categorical(logits=table))
    assert summed(other) == pytest.approx(evidence - float(lost), abs=1e-12)
    assert float(lost) > 0.01
