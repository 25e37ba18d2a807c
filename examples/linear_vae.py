"""A linear VAE is probabilistic PCA, and its evidence bound is tight.

Encoder and decoder are linear: z | x ~ N(V (x − μ), diag s²), x | z ~ N(W z + μ, σ² I). The best
bound that such a pair can reach is the likelihood of probabilistic PCA, which has a closed form:
that of the eigenvalues (Tipping and Bishop 1999; Lucas et al., Don't blame the ELBO!, 2019).

The expected error of a linear decoder needs no draws: |x − W m − μ|² + Σⱼ sⱼ² |W_j|². So the bound
is climbed without noise, and then measured again with draws.

Run it: python examples/linear_vae.py [picture.svg]
"""

import math
import sys

import torch

from kullback import learn

INK, CALM, WARM = "#333333", "#4c78a8", "#e4572e"


class LinearVAE(torch.nn.Module):
    """Rows of x to rows of x, by a code of k numbers."""

    def __init__(self, x, k):
        super().__init__()
        d = x.shape[1]
        self.mean = torch.nn.Parameter(x.mean(0))
        self.encoder = torch.nn.Linear(d, k, bias=False, dtype=x.dtype)
        self.log_s = torch.nn.Parameter(torch.full((k,), -1.0, dtype=x.dtype))
        self.latent = learn.Latent(learn.GaussianCode(k))
        self.decoder = torch.nn.Linear(k, d, bias=False, dtype=x.dtype)
        self.log_sigma = torch.nn.Parameter(torch.tensor(-1.0, dtype=x.dtype))

    def forward(self, x):
        m = self.encoder(x - self.mean)
        return self.decoder(self.latent(torch.cat([m, self.log_s.expand_as(m)], -1))) + self.mean

    def log_likelihood(self, error):
        """Return log p(x | z), from |x − W z − μ|²."""
        d = len(self.mean)
        return -0.5 * error * torch.exp(-2 * self.log_sigma) - d * (
            self.log_sigma + 0.5 * math.log(2 * math.pi)
        )

    def drawn_bound(self, x):
        """Return the ELBO of each row, by one draw."""
        likelihood = self.log_likelihood(((x - self(x)) ** 2).sum(-1))
        return likelihood - learn.rate(self).value.sum(-1)

    def bound(self, x):
        """Return the mean ELBO, exactly."""
        self(x)  # for its rate
        centred = x - self.mean
        weight = self.decoder.weight
        error = ((centred - centred @ self.encoder.weight.T @ weight.T) ** 2).sum(-1)
        error = error + (torch.exp(2 * self.log_s) * (weight**2).sum(0)).sum()
        return self.log_likelihood(error).mean() - learn.rate(self).per("sample").value


def digits():
    """Return the 1797 digits of scikit-learn, 64 pixels between 0 and 1."""
    from sklearn.datasets import load_digits

    return torch.tensor(load_digits().data / 16)


def climb(net, x, steps):
    """L-BFGS on the exact bound; return the bound after each of its rounds of 20 steps."""
    search = torch.optim.LBFGS(
        net.parameters(), max_iter=20, history_size=100, line_search_fn="strong_wolfe"
    )

    def loss():
        search.zero_grad()
        value = -net.bound(x)
        value.backward()
        return value

    path = [-search.step(loss).item() for _ in range(0, steps, 20)]
    return [*path, float(net.bound(x).detach())]


def principal_likelihood(x, k):
    """Return the mean log-likelihood of probabilistic PCA."""
    from sklearn.decomposition import PCA

    return float(PCA(k).fit(x.numpy()).score(x.numpy()))


def draw(path, limit, net, to):
    """The bound against its limit, and what the directions look like."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False})
    figure = plt.figure(figsize=(8, 3.4), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[5, 4])
    axes = left.subplots()
    axes.semilogy(range(0, 20 * len(path), 20), [limit - b for b in path], color=CALM)
    axes.set_xlabel("steps of L-BFGS")
    axes.set_ylabel("nats below the likelihood of PCA")
    axes.set_title("The bound becomes tight", loc="left", color=INK)
    order = (net.decoder.weight**2).sum(0).argsort(descending=True)
    tiles = right.subplots(2, 5)
    for j, tile in zip(order.tolist(), tiles.flat, strict=False):
        tile.imshow(net.decoder.weight[:, j].detach().reshape(8, 8).numpy(), cmap="RdBu")
        tile.set_axis_off()
    right.suptitle("Columns of W, the longest first", color=INK)
    figure.savefig(to, metadata={"Date": None} if to.endswith("svg") else None, dpi=120)
    plt.close(figure)


def main(picture=None, k=10, steps=800):
    torch.manual_seed(0)
    x = digits()
    net = LinearVAE(x, k)
    path, limit = climb(net, x, steps), principal_likelihood(x, k)
    with torch.no_grad():
        drawn = torch.stack([net.drawn_bound(x).mean() for _ in range(100)])
    print(f"probabilistic PCA, k = {k}: {limit:.4f} nats an image")
    print(f"the ELBO of a linear VAE:    {path[-1]:.4f}")
    print(f"measured with 100 draws:     {drawn.mean():.4f} ± {drawn.std() / 10:.4f}")
    if picture is not None:
        draw(path, limit, net, picture)
    return path[-1], limit


if __name__ == "__main__":
    main(*sys.argv[1:])
