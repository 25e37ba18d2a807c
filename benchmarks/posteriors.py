"""Two posteriors, each written as its users would in torch, NumPyro, Pyro and PyMC."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from torch.distributions import HalfCauchy, Normal

from kullback import learn
from kullback.learn.variational.draws import Noise, Use
from kullback.learn.variational.support import Map, Support
from kullback.learn.variational.target import Target

Y = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
SIGMA = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])


@dataclass(frozen=True)
class Posterior:
    """A posterior; its coordinates on the whole line are the same in every library."""

    name: str
    dim: int
    log_density: Callable[[Any], Any]
    numpyro: Callable[[], None]
    pyro: Callable[[], None]
    pymc: Callable[[], Any]
    sites: tuple[str, ...]
    support: dict[int, Map] = field(default_factory=dict)

    @cached_property
    def _judge(self) -> tuple[Target, Any]:
        where = Support(self.support, self.dim)
        start = where.forward(torch.zeros(1, self.dim, dtype=torch.float64))[0]
        return Target(self.log_density, where, start), Noise(self.dim, 1, start).even(
            2**15, Use.JUDGE
        )[0]

    def elbo(self, mean: Any, root: Any) -> float:
        """The ELBO of N(mean, root rootᵀ) on 32 768 draws, the same for every library."""
        target, noise = self._judge
        mean, root = (torch.as_tensor(np.array(v), dtype=torch.float64) for v in (mean, root))
        entropy = 0.5 * self.dim * (1 + np.log(2 * np.pi)) + root.diagonal().log().sum()
        return float(target.values(mean + noise @ root.mT).mean() + entropy)


def breast_cancer() -> Posterior:
    """Logistic regression: an intercept and 30 standardised features, N(0, 1) prior."""
    data = load_breast_cancer()
    x = (data.data - data.data.mean(0)) / data.data.std(0)
    x, y = np.column_stack([np.ones(len(x)), x]), data.target.astype(float)
    x64, y64 = torch.tensor(x), torch.tensor(y)
    x32, y32 = x64.float(), y64.float()
    sign, prior = 2 * y64 - 1, Normal(0.0, 1.0)

    def log_density(w: Any) -> Any:
        likelihood = torch.nn.functional.logsigmoid(sign * (w @ x64.T)).sum(-1)
        return likelihood + prior.log_prob(w).sum(-1)

    def in_numpyro() -> None:
        import numpyro
        from numpyro import distributions as dist

        w = numpyro.sample("w", dist.Normal(0, 1).expand([31]).to_event(1))
        numpyro.sample("y", dist.Bernoulli(logits=x.astype("f4") @ w).to_event(1), obs=y)

    def in_pyro() -> None:
        import pyro
        from pyro import distributions as dist

        w = pyro.sample("w", dist.Normal(0.0, 1.0).expand([31]).to_event(1))
        pyro.sample("y", dist.Bernoulli(logits=x32 @ w).to_event(1), obs=y32)

    def in_pymc() -> Any:
        import pymc

        with pymc.Model() as model:
            w = pymc.Normal("w", 0, 1, shape=31)
            pymc.Bernoulli("y", logit_p=x @ w, observed=y)
        return model

    return Posterior("breast cancer", 31, log_density, in_numpyro, in_pyro, in_pymc, ("w",))


def eight_schools() -> Posterior:
    """Eight schools, not centred: eight deviations, their mean, the logarithm of their spread."""
    y, sigma = torch.tensor(Y), torch.tensor(SIGMA)
    wide = torch.tensor(5.0, dtype=torch.float64)

    def log_density(p: Any) -> Any:
        away, mu, tau = p[:, :8], p[:, 8], p[:, 9]
        likelihood = Normal(mu[:, None] + tau[:, None] * away, sigma).log_prob(y).sum(-1)
        prior = Normal(0.0, 1.0).log_prob(away).sum(-1) + Normal(0.0, 5.0).log_prob(mu)
        return likelihood + prior + HalfCauchy(wide).log_prob(tau)

    def in_numpyro() -> None:
        import numpyro
        from numpyro import distributions as dist

        with numpyro.plate("schools", 8):
            away = numpyro.sample("away", dist.Normal(0, 1))
        mu = numpyro.sample("mu", dist.Normal(0, 5))
        tau = numpyro.sample("tau", dist.HalfCauchy(5))
        numpyro.sample("y", dist.Normal(mu + tau * away, SIGMA).to_event(1), obs=Y)

    def in_pyro() -> None:
        import pyro
        from pyro import distributions as dist

        away = pyro.sample("away", dist.Normal(0.0, 1.0).expand([8]).to_event(1))
        mu = pyro.sample("mu", dist.Normal(0.0, 5.0))
        tau = pyro.sample("tau", dist.HalfCauchy(5.0))
        pyro.sample("y", dist.Normal(mu + tau * away, sigma.float()).to_event(1), obs=y.float())

    def in_pymc() -> Any:
        import pymc

        with pymc.Model() as model:
            away = pymc.Normal("away", 0, 1, shape=8)
            mu, tau = pymc.Normal("mu", 0, 5), pymc.HalfCauchy("tau", 5)
            pymc.Normal("y", mu + tau * away, SIGMA, observed=Y)
        return model

    return Posterior(
        "eight schools",
        10,
        log_density,
        in_numpyro,
        in_pyro,
        in_pymc,
        ("away", "mu", "tau"),
        {9: learn.positive},
    )
