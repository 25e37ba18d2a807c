"""How well do three families know eight schools?

Eight coaching programmes gained y_j ± σ_j points each (Rubin, 1981). How far they differ, τ, is
known badly: log τ has a long tail to the left, which no Gaussian has. With τ and the mean μ on a
grid the posterior is exact, so that every fit can be held against the truth.

Run it: python examples/eight_schools.py [picture.png [search.png]]
"""

import math
import sys
from time import perf_counter

import torch
from torch.distributions import HalfCauchy, Normal

from kullback import learn

Y = torch.tensor([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0], dtype=torch.float64)
SIGMA = torch.tensor([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0], dtype=torch.float64)
NAMES = (*(f"t[{j}]" for j in range(8)), "mu", "tau")
INK, WARM = "#333333", "#e4572e"
GREYS = ["#eeeeee", "#dddddd", "#c6c6c6", "#a8a8a8", "#8a8a8a"]


def log_density(x):
    """t_j ~ N(0, 1), μ ~ N(0, 5), τ ~ half-Cauchy(5), y_j ~ N(μ + τ t_j, σ_j)."""
    t, mu, tau = x[:, :8], x[:, 8], x[:, 9]
    theta = mu[:, None] + tau[:, None] * t
    prior = Normal(0.0, 1.0).log_prob(t).sum(-1) + Normal(0.0, 5.0).log_prob(mu)
    return prior + HalfCauchy(5.0).log_prob(tau) + Normal(theta, SIGMA).log_prob(Y).sum(-1)


def exact(n, cells=600):
    """Return draws of (θ, μ, τ), the density of (μ, log τ) on a grid, its axes and log Z.

    Without t, y_j ~ N(μ, √(σ_j² + τ²)): two parameters are left. Given them, each t_j is normal.
    """
    mu = torch.linspace(-25, 35, cells, dtype=torch.float64)
    log_tau = torch.linspace(-11, 6, cells, dtype=torch.float64)
    tau = log_tau.exp()
    spread = (SIGMA**2 + tau[:, None] ** 2).sqrt()
    log_p = Normal(mu[:, None, None], spread).log_prob(Y).sum(-1)
    log_p = log_p + Normal(0.0, 5.0).log_prob(mu)[:, None]
    log_p = log_p + HalfCauchy(5.0).log_prob(tau) + log_tau
    cell = float(mu[1] - mu[0]) * float(log_tau[1] - log_tau[0])
    log_z = float(torch.logsumexp(log_p.reshape(-1), 0)) + math.log(cell)
    source = torch.Generator().manual_seed(0)
    chosen = torch.multinomial(
        torch.exp(log_p - log_z).reshape(-1), n, replacement=True, generator=source
    )
    m, s = mu[chosen // cells, None], tau[chosen % cells, None]
    precision = 1 + s**2 / SIGMA**2
    noise = torch.randn(n, 8, generator=source, dtype=torch.float64)
    t = s * (Y - m) / SIGMA**2 / precision + noise / precision.sqrt()
    return torch.cat([m + s * t, m, s], 1), torch.exp(log_p - log_z), (mu, log_tau), log_z


def effects(x):
    """Return (θ, μ, τ) for draws of (t, μ, τ)."""
    return torch.cat([x[:, 8:9] + x[:, 9:] * x[:, :8], x[:, 8:]], 1)


def compare(families, n, **settings):
    """Fit each family; return the fits and print them beside the truth."""
    truth, _, _, log_z = exact(n)
    print(f"log Z = {log_z:.4f} nats, by a grid of μ and log τ\n")
    head = ("KL(q ‖ p)", "k̂", "means off", "sds off", "s")
    print(f"{'family':<12}{'ELBO':>18}" + "".join(f"{name:>12}" for name in head))
    fits = []
    for family in families:
        start = perf_counter()
        found = learn.fit(
            log_density, 10, family, support={9: learn.positive}, names=NAMES, **settings
        )
        seconds = perf_counter() - start
        x = effects(found.draws(n, rng=1))
        away = ((x.mean(0) - truth.mean(0)) / truth.std(0)).abs().max()
        wide = (x.std(0) / truth.std(0) - 1).abs().max()
        print(
            f"{type(family).__name__:<12}{found.elbo:>10.3f} ± {found.elbo_error:.3f}"
            f"{log_z - found.elbo:>12.3f}{found.khat:>12.2f}{away:>9.2f} sd{wide:>12.0%}"
            f"{seconds:>12.1f}"
        )
        fits.append(found)
    return fits


def draw(fits, path, n=3000):
    """A column a family: its draws on the exact density, and the margin of log τ."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False})
    _, density, (mu, log_tau), log_z = exact(1)
    margin = density.sum(0) * float(mu[1] - mu[0])
    figure, panels = plt.subplots(
        2, len(fits), figsize=(3.4 * len(fits), 5.6), sharex=True, sharey="row",
        layout="constrained", height_ratios=[3, 2], squeeze=False,
    )  # fmt: skip
    for found, (upper, lower) in zip(fits, panels.T, strict=True):
        x = found.draws(20 * n, rng=1)
        upper.contourf(
            log_tau, mu, density, levels=[2e-4, 2e-3, 0.01, 0.03, 0.06], colors=GREYS, extend="max"
        )
        upper.plot(x[:n, 9].log(), x[:n, 8], ".", color=WARM, markersize=1.5, alpha=0.4)
        upper.set_title(
            f"{type(found.family).__name__}: KL {log_z - found.elbo:.2f} nats, k̂ {found.khat:.2f}",
            loc="left", fontsize="medium", color=INK,
        )  # fmt: skip
        lower.fill_between(log_tau, margin, color=INK, alpha=0.15, linewidth=0, label="posterior")
        lower.hist(
            x[:, 9].log().numpy(), bins=120, range=(-6, 5), density=True, histtype="step",
            color=WARM, linewidth=1.5, label="fit",
        )  # fmt: skip
        lower.set_xlabel("log τ, how far programmes differ")
    panels[0, 0].set_ylim(-12, 20)
    panels[0, 0].set_xlim(-5.5, 4.5)
    panels[0, 0].set_ylabel("μ, the mean effect")
    panels[1, 0].set_ylabel("density of log τ")
    panels[1, 0].legend(frameon=False, fontsize="small", loc="upper left")
    figure.savefig(path, metadata={"Date": None} if path.endswith("svg") else None, dpi=110)
    plt.close(figure)


def main(path=None, search=None, families=None, n=100_000, **settings):
    families = families or (learn.MeanField(), learn.FullRank(), learn.Flow())
    fits = compare(families, n, **settings)
    print(f"\n{fits[-1]}")
    if path is not None:
        draw(fits, str(path))
    if search is not None:
        fits[-1].plot().figure.savefig(search, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:])
