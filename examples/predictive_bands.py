"""Predictive bands of a regression, their aleatoric and epistemic parts.

A network says a mean and a standard deviation for each x, its weights are distributions. What the
data scatter by is the aleatoric part, and the network learns where there is more of it; what the
draws of the weights disagree about is the epistemic part, and grows where no data are. Five such
networks are asked together: one mean field alone is too sure between data (Foong et al., On the
expressiveness of approximate inference in Bayesian neural networks, 2020).

Run it: python examples/predictive_bands.py [picture.png]
"""

import sys

import torch

from kullback import learn

INK, CALM, WARM = "#333333", "#4c78a8", "#e4572e"


def truth(x):
    """Return the mean and the standard deviation of y at x."""
    return torch.sin(3 * x) + 0.3 * x, 0.03 + 0.25 * torch.sigmoid(4 * x)


def data(n=400):
    """Return x in two stretches with a gap between them, and y."""
    source = torch.Generator().manual_seed(0)
    u = torch.rand(n, generator=source)
    x = torch.where(u < 0.5, -2 + 3 * u, 0.1 + 2.8 * u - 1.0)
    mean, spread = truth(x)
    return x, mean + spread * torch.randn(n, generator=source)


class Bands(torch.nn.Module):
    """From x to a normal law of y."""

    def __init__(self, hidden=50, wide=3.0):
        super().__init__()
        self.hidden, self.head = torch.nn.Linear(1, hidden), torch.nn.Linear(hidden, 2)
        for weights in self.hidden.parameters():
            torch.nn.init.normal_(weights, std=wide)

    def forward(self, x):
        mean, log_spread = self.head(torch.tanh(self.hidden(x[:, None]))).unbind(-1)
        return torch.distributions.Normal(mean, log_spread.exp())


def train(x, y, steps):
    """Return the network after so many steps of Adam on all data."""
    net = learn.bayesian(Bands(), prior=3.0, scale=0.02)
    penalty = learn.Penalty(learn.Anneal(max(steps // 2, 1)))
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        nll = -net(x).log_prob(y).mean()
        (nll + penalty(learn.rate(net).per(n_data=len(y)).value)).backward()
        optimiser.step()
        schedule.step()
    return net


def draw(x, y, at, found, to):
    """The band of each part around the mean, and the standard deviations by themselves."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False})
    figure, (a, b) = plt.subplots(
        2, 1, figsize=(8, 5.4), height_ratios=[3, 1.3], sharex=True, layout="constrained"
    )
    total, aleatoric, epistemic = (
        v.sqrt() for v in (found.total, found.aleatoric, found.epistemic)
    )
    bands = ((total, CALM, 0.3, "total"), (epistemic, WARM, 0.7, "epistemic alone"))
    for spread, colour, alpha, name in bands:
        low, high = found.mean - 2 * spread, found.mean + 2 * spread
        a.fill_between(at, low, high, color=colour, alpha=alpha, lw=0, label=f"± 2 s.d., {name}")
    a.plot(at, truth(at)[0], color=INK, lw=1, ls=":", label="true mean")
    a.plot(at, found.mean, color=INK, lw=1.5, label="predicted mean")
    a.plot(x, y, ".", color=INK, ms=3, alpha=0.6)
    a.set_ylabel("y")
    a.legend(frameon=False, fontsize=9, ncols=2, loc="upper left")
    a.set_title("What is scatter, and what the network does not know", loc="left", color=INK)
    b.plot(at, aleatoric, color=CALM, label="aleatoric")
    b.plot(at, truth(at)[1], color=CALM, lw=1, ls=":", label="true scatter")
    b.plot(at, epistemic, color=WARM, label="epistemic")
    b.set_ylabel("standard deviation")
    b.set_xlabel("x")
    b.set_ylim(bottom=0)
    b.legend(frameon=False, fontsize=9, ncols=3)
    figure.savefig(to, metadata={"Date": None} if str(to).endswith("svg") else None, dpi=130)
    plt.close(figure)


def main(picture=None, steps=1500, draws=200, members=5):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    x, y = data()
    nets = [train(x, y, int(steps)) for _ in range(members)]
    at = torch.linspace(-3.2, 3, 311)
    found, inside = (learn.predict(nets, here, draws=draws) for here in (at, x))
    print(f"{len(y)} data: log-likelihood {inside.log_density(y).mean():.3f} nats each")
    best = torch.distributions.Normal(*truth(x)).log_prob(y).mean()
    print(f"that of the law they were drawn from: {best:.3f}")
    for name, place in (("among the data", -1.0), ("between them", 0.0), ("beyond them", 2.8)):
        i = int((at - place).abs().argmin())
        a, e = found.aleatoric[i].sqrt(), found.epistemic[i].sqrt()
        print(f"{name:15} x = {place:4}: s.d. {a:.3f} aleatoric, {e:.3f} epistemic")
    if picture is not None:
        draw(x, y, at, found, picture)
    return found, at


if __name__ == "__main__":
    main(*sys.argv[1:])
