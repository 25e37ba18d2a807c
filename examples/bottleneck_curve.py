"""A variational information bottleneck, against the best that any code can do.

Of four numbers x a network keeps a random code z, from which another predicts two numbers y:

    loss = −log q(y | z) + price · KL(q(z | x) ‖ p(z))

A nat that the code holds of x costs `price` nats of prediction, so that a nat of prediction is
worth β = 1/price nats of code: the β of `kb.bottleneck`. Alemi et al. (2017) write β for the price.

x and y are Gaussian here, which the networks do not know, and the most that I(Z; Y) can be for an
I(X; Z) has a closed form. What is measured lies on that curve or below: KL is at least I(X; Z), and
H(Y) + log q(y | z) at most I(Z; Y).

Run it: python examples/bottleneck_curve.py [picture.svg]
"""

import sys
import time

import numpy as np
import torch

import kullback as kb
from kullback import learn

INK, CALM, WARM, PALE = "#333333", "#4c78a8", "#e4572e", "#bbbbbb"
PLACE = np.arange(4)
COV_X = 0.6 ** abs(PLACE[:, None] - PLACE)
SUMS = np.array([[2.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
COV_XY = COV_X @ SUMS.T
COV_Y = SUMS @ COV_XY + np.eye(2)  # y: two sums of x, each with noise of variance 1
BETAS = (50.0, 20.0, 10.0, 6.0, 4.0, 3.0, 2.5, 2.0, 1.6, 1.4, 1.25)


class Bottleneck(torch.nn.Module):
    """Predict y from a code of x."""

    def __init__(self, dimensions=2, hidden=32):
        super().__init__()
        code = learn.GaussianCode(dimensions)
        self.encoder = torch.nn.Sequential(
            torch.nn.Linear(4, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, code.features)
        )
        self.latent = learn.Latent(code)
        self.mean = torch.nn.Linear(dimensions, 2)
        self.root = torch.nn.Parameter(torch.zeros(2, 2))

    def forward(self, x):
        """Return q(y | z), z drawn from q(z | x)."""
        mean = self.mean(self.latent(self.encoder(x)))
        root = self.root.tril(-1) + self.root.diag().exp().diag()
        return torch.distributions.MultivariateNormal(mean, scale_tril=root)


def gaussian(cov):
    zero = torch.zeros(len(cov))
    return torch.distributions.MultivariateNormal(zero, torch.tensor(cov, dtype=torch.float32))


BOTH = gaussian(np.block([[COV_X, COV_XY], [COV_XY.T, COV_Y]]))


def train(net, beta, steps, batch=1000, rate=0.03):
    """Train on fresh draws."""
    penalty = learn.Penalty(learn.Fixed(1 / beta))
    descent = torch.optim.Adam(net.parameters(), lr=rate)
    pace = torch.optim.lr_scheduler.LinearLR(descent, 1.0, 0.02, total_iters=steps)
    for _ in range(steps):
        x, y = BOTH.sample((batch,)).split([4, 2], -1)
        cross_entropy = -net(x).log_prob(y).mean()
        loss = cross_entropy + penalty(learn.rate(net).per("sample").value)
        descent.zero_grad()
        loss.backward()
        descent.step()
        pace.step()


@torch.no_grad()
def measure(net, n):
    """Return bounds on I(X; Z) and I(Z; Y) in bits, from fresh draws."""
    x, y = BOTH.sample((n,)).split([4, 2], -1)
    log_q = net(x).log_prob(y)
    return learn.bottleneck_bounds(learn.rate(net), log_q, gaussian(COV_Y).log_prob(y), base=2)


def curve(**at):
    return kb.gaussian_bottleneck(COV_X, COV_Y, COV_XY, base=2, **at)


def sweep(betas=BETAS, steps=200, n=200_000):
    """One network, ever dearer to code by: give β, what was measured, and the curve there."""
    torch.manual_seed(0)
    net = Bottleneck()
    train(net, betas[0], 3 * steps)
    for beta in betas:
        train(net, beta, steps)
        found = measure(net, n)
        yield beta, found, curve(rate=found.rate).relevance


def draw(rows, to):
    """Draw what was measured against the curve."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False})
    figure, (axes, below) = plt.subplots(
        1, 2, figsize=(9, 4), width_ratios=[5, 3], layout="constrained"
    )
    widest = max(found.rate for _, found, _ in rows) + 0.8
    exact = curve(rate=np.linspace(0, widest, 400))
    axes.fill_between(exact.rate, exact.relevance, 2.2, color="#f3f3f3", lw=0)
    axes.plot(exact.rate, exact.relevance, color=CALM, lw=1.5, label="the exact curve")
    axes.axhline(exact.information, color=PALE, lw=1, ls="--")
    axes.text(0.05, exact.information + 0.02, "I(X; Y)", color=INK, va="bottom")
    axes.text(0.3, 1.4, "no code\nis here", color="#777777")
    for beta, found, _ in rows:
        axes.annotate(
            f"β = {beta:g}", (found.rate, found.relevance), (5, -11), fontsize=8, color=INK,
            textcoords="offset points",
        )  # fmt: skip
    taken = [found.rate for _, found, _ in rows]
    axes.plot(taken, [found.relevance for _, found, _ in rows], "o", ms=5, color=WARM, label="VIB")
    axes.set(
        xlim=(0, widest), ylim=(0, 2.2), ylabel="I(Z; Y), bits: what the code gives (at least)"
    )
    axes.legend(frameon=False, loc="lower right")
    axes.set_title("One network, coding ever dearer", loc="left", color=INK, fontsize=11)
    short = [(exact - found.relevance, 2 * found.error[1]) for _, found, exact in rows]
    below.axhline(0, color=CALM, lw=1.5)
    below.errorbar(taken, *np.transpose(short), fmt="o", ms=4, lw=1, color=WARM)
    below.set(xlim=(0, widest), ylim=(-0.015, 0.05), ylabel="bits, ± 2 standard errors")
    below.set_title("How far below the curve", loc="left", color=INK, fontsize=11)
    axes.set_xlabel("I(X; Z), bits: what the code takes (at most)")
    below.set_xlabel("I(X; Z), bits (at most)")
    figure.savefig(to, metadata={"Date": None} if str(to).endswith("svg") else None, dpi=120)
    plt.close(figure)


def main(picture=None, **settings):
    torch.set_num_threads(1)
    begin = time.process_time()
    print(f"x tells {curve(beta=1.0).information:.3f} bits of y")
    print("    β   I(X; Z) ≤        I(Z; Y) ≥        exact   short by")
    rows = []
    for beta, found, exact in sweep(**settings):
        rows.append((beta, found, exact))
        (taken_error, given_error), short = found.error, exact - found.relevance
        taken = f"{found.rate:.3f} ± {taken_error:.3f}"
        print(
            f"{beta:5g}   {taken}    {found.relevance:.3f} ± {given_error:.3f}    {exact:.3f}   "
            f"{short:z.3f}"
        )
    print(f"{time.process_time() - begin:.0f} CPU-seconds")
    if picture is not None:
        draw(rows, picture)
    return rows


if __name__ == "__main__":
    main(*sys.argv[1:])
