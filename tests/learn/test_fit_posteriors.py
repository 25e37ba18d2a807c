"""Fits against the reference draws of posteriordb, where they are at hand."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.distributions import HalfCauchy, HalfNormal, Normal

from kullback import learn

PLACE = Path(__file__).parents[3] / "shared" / "data" / "posteriordb"
if not PLACE.is_dir():
    pytest.skip(f"no reference draws at {PLACE}", allow_module_level=True)


def load(name):
    data = json.loads((PLACE / f"{name}.data.json").read_text())
    with np.load(PLACE / f"{name}.npz") as kept:
        draws = kept["draws"].reshape(-1, kept["draws"].shape[-1]).astype(float)
    return {
        k: torch.tensor(v, dtype=torch.float64) if isinstance(v, list) else v
        for k, v in data.items()
    }, draws


def linear(x, y, prior):
    """y ~ N(X β, σ), the last parameter σ, with a prior."""

    def log_density(p):
        beta, sigma = p[:, :-1], p[:, -1]
        return Normal(beta @ x.T, sigma[:, None]).log_prob(y).sum(-1) + prior(beta, sigma)

    return log_density, x.shape[1] + 1


def kidiq(d):
    x = torch.stack([torch.ones_like(d["mom_iq"]), d["mom_hs"], d["mom_iq"]], -1)
    return linear(x, d["kid_score"], lambda b, s: HalfCauchy(2.5).log_prob(s))


def mesquite(d):
    logs = [d[k].log() for k in ("diam1", "diam2", "canopy_height", "total_height", "density")]
    x = torch.stack([torch.ones_like(logs[0]), *logs, d["group"]], -1)
    return linear(x, d["weight"].log(), lambda b, s: 0 * s)


def sblrc(d):
    return linear(
        d["X"],
        d["y"],
        lambda b, s: Normal(0.0, 10.0).log_prob(b).sum(-1) + HalfNormal(10.0).log_prob(s),
    )


def ark(d):
    y, k = d["y"], d["K"]
    lags = [y[k - i : len(y) - i] for i in range(1, k + 1)]
    x = torch.stack([torch.ones_like(lags[0]), *lags], -1)
    return linear(
        x, y[k:], lambda b, s: Normal(0.0, 10.0).log_prob(b).sum(-1) + HalfCauchy(2.5).log_prob(s)
    )


def kilpisjarvi(d):
    x = torch.stack([torch.ones_like(d["x"]), d["x"]], -1)

    def prior(b, s):
        first = Normal(d["pmualpha"], d["psalpha"]).log_prob(b[:, 0])
        return first + Normal(d["pmubeta"], d["psbeta"]).log_prob(b[:, 1]) + 0 * s

    return linear(x, d["y"], prior)


NEAR_GAUSSIAN = {
    "kidiq-kidscore_momhsiq": kidiq,
    "mesquite-logmesquite": mesquite,
    "sblrc-blr": sblrc,
    "arK-arK": ark,
    "kilpisjarvi_mod-kilpisjarvi": kilpisjarvi,
}


@pytest.mark.parametrize("name", NEAR_GAUSSIAN)
def test_full_rank_gives_the_reference_moments(name):
    data, draws = load(name)
    log_density, dim = NEAR_GAUSSIAN[name](data)
    found = learn.fit(log_density, dim, learn.FullRank(), support={dim - 1: learn.positive})
    mean, sd = draws.mean(0), draws.std(0)
    assert np.all(np.abs(found.mean.numpy() - mean) < 0.1 * sd)
    assert np.all(np.abs(found.sd.numpy() / sd - 1) < 0.15)
    assert found.khat < 0.7
    assert found.elbo <= found.log_evidence + 4 * found.log_evidence_error


def test_eight_schools_is_told_to_be_harder():
    data, draws = load("eight_schools-eight_schools_noncentered")
    y, sigma = data["y"], data["sigma"]

    def log_density(p):
        t, mu, tau = p[:, :8], p[:, 8], p[:, 9]
        theta = mu[:, None] + tau[:, None] * t
        likelihood = Normal(theta, sigma).log_prob(y).sum(-1) + Normal(0.0, 1.0).log_prob(t).sum(-1)
        return likelihood + Normal(0.0, 5.0).log_prob(mu) + HalfCauchy(5.0).log_prob(tau)

    found = learn.fit(log_density, 10, learn.FullRank(), support={9: learn.positive})
    p = found.draws(20_000, rng=0).numpy()
    theta = p[:, 8:9] + p[:, 9:] * p[:, :8]
    ours = np.column_stack([theta, p[:, 8:]])
    sd = draws.std(0)
    assert np.all(np.abs(ours.mean(0) - draws.mean(0))[:9] < 0.2 * sd[:9])
    assert found.khat > 0.5
    assert -31.8 < found.elbo < -31.2
