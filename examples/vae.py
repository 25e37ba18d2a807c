"""A variational auto-encoder in three layers: encoder, random layer, decoder.

    loss = −log p(x | z) + β KL(q(z | x) ‖ p(z))

The random layer draws z and records its KL; `learn.rate(net)` is what it cost. The likelihood of a
pixel and the kind of code are choices; β = 1 is the evidence bound (ELBO), above 1 a β-VAE.

Images come as an .npz file with `x` of shape (n, rows, columns), values 0 … 255; without one, the
1797 digits of scikit-learn are taken. Four fifths are trained on. Bernoulli pixels are drawn anew
each time an image is shown (dynamic binarisation), in the test too.

Run it: python examples/vae.py [images.npz [folder for pictures]]
"""

import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from kullback import learn

INK, CALM, WARM = "#333333", "#4c78a8", "#e4572e"
LEVELS = 8


class Bernoulli(torch.nn.Module):
    """Pixels black or white: logits."""

    outputs = 1

    def seen(self, x):
        return torch.bernoulli(x)

    def log_likelihood(self, out, x):
        return -functional.binary_cross_entropy_with_logits(out, x, reduction="none").sum(-1)

    def mean(self, out):
        return torch.sigmoid(out)


class Gaussian(torch.nn.Module):
    """Pixels of any brightness: means, and one scale for all."""

    outputs = 1

    def __init__(self):
        super().__init__()
        self.log_scale = torch.nn.Parameter(torch.tensor(-1.0))

    def seen(self, x):
        return x

    def log_likelihood(self, out, x):
        return torch.distributions.Normal(out, self.log_scale.exp()).log_prob(x).sum(-1)

    def mean(self, out):
        return out


class Categorical(torch.nn.Module):
    """Pixels of a few levels: logits of each."""

    outputs = LEVELS

    def seen(self, x):
        return x

    def log_likelihood(self, out, x):
        level = (x * LEVELS).long().clamp_max(LEVELS - 1)
        logits = out.unflatten(-1, (-1, LEVELS)).movedim(-1, 1)
        return -functional.cross_entropy(logits, level, reduction="none").sum(-1)

    def mean(self, out):
        share = out.unflatten(-1, (-1, LEVELS)).softmax(-1)
        return share @ ((torch.arange(LEVELS, dtype=out.dtype) + 0.5) / LEVELS)


class VAE(torch.nn.Module):
    """Images as rows of pixels, by way of a code."""

    def __init__(self, pixels, code, likelihood, hidden=200):
        super().__init__()
        self.likelihood = likelihood
        self.encoder = dense(pixels, hidden, code.features)
        self.latent = learn.Latent(code)
        self.decoder = dense(code.size, hidden, pixels * likelihood.outputs)

    def forward(self, x):
        return self.decoder(self.latent(self.encoder(x)))

    def parts(self, x):
        """Return log p(x | z) and KL of each image."""
        log_likelihood = self.likelihood.log_likelihood(self(x), x)
        kl = learn.rate(self).value
        return log_likelihood, kl


def dense(inputs, hidden, outputs):
    layers = [torch.nn.Linear(inputs, hidden), torch.nn.SiLU()]
    layers += [torch.nn.Linear(hidden, hidden), torch.nn.SiLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(hidden, outputs))


def images(path=None):
    """Return images to train and to test on, rows of pixels between 0 and 1, and their height."""
    if path is None:
        from sklearn.datasets import load_digits

        x = load_digits().images / 16
    else:
        with np.load(path) as held:
            x = held["x"] / 255
    order = np.random.default_rng(0).permutation(len(x))
    x = torch.tensor(x[order], dtype=torch.float32)
    cut = len(x) * 4 // 5
    return x[:cut].flatten(1), x[cut:].flatten(1), x.shape[1]


def train(net, x, epochs, beta=1.0, batch=100, rate=2e-3):
    """Train; return the KL by dimension after each epoch."""
    penalty = learn.Penalty(learn.Fixed(beta))
    descent = torch.optim.Adam(net.parameters(), lr=rate)
    steps = epochs * math.ceil(len(x) / batch)
    pace = torch.optim.lr_scheduler.OneCycleLR(descent, rate, total_steps=steps, pct_start=0.1)
    path = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(x)).split(batch):
            seen = net.likelihood.seen(x[rows])
            log_likelihood = net.likelihood.log_likelihood(net(seen), seen).mean()
            kl = learn.rate(net)
            loss = penalty(kl.per("sample").value) - log_likelihood
            descent.zero_grad()
            loss.backward()
            descent.step()
            pace.step()
            total = total + kl.value.detach().sum(0) / len(x)
        path.append(total)
    return torch.stack(path)


@torch.no_grad()
def bound(net, x, draws=10):
    """Return the mean ELBO over images, and its standard error over them."""
    each = []
    for _ in range(draws):
        log_likelihood, kl = net.parts(net.likelihood.seen(x))
        each.append(log_likelihood - (kl if kl.ndim == 1 else kl.sum(-1)))
    mean = torch.stack(each).mean(0)
    return float(mean.mean()), float(mean.std() / len(x) ** 0.5)


@torch.no_grad()
def importance_bound(net, x, k=200):
    """Return the importance-weighted bound of k draws, of a Gaussian code."""
    x = net.likelihood.seen(x)
    posterior, prior = net.latent.prior.posterior(net.encoder(x)), net.latent.prior.prior()
    log_w = []
    for _ in range(k):
        z = posterior.sample()
        ratio = (prior.log_prob(z) - posterior.log_prob(z)).sum(-1)
        log_w.append(net.likelihood.log_likelihood(net.decoder(z), x) + ratio)
    each = torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
    return float(each.mean()), float(each.std() / len(x) ** 0.5)


@torch.no_grad()
def draw(net, x, height, path, folder):
    """Reconstructions, samples and traversals; and the KL of each dimension over training."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False})

    def shown(z):
        return net.likelihood.mean(net.decoder(z))

    def tiles(axes, rows, title):
        rows = [r.reshape(-1, height, r.shape[-1] // height) for r in rows]
        axes.imshow(np.vstack([np.hstack(list(r.numpy())) for r in rows]), cmap="gray_r")
        axes.set_axis_off()
        axes.set_title(title, loc="left", color=INK, fontsize=10)

    posterior = net.latent.prior.posterior(net.encoder(net.likelihood.seen(x[:100])))
    order = path[-1].argsort(descending=True)
    figure, (a, b, c) = plt.subplots(1, 3, figsize=(9, 3.3), layout="constrained")
    pairs = [r for i in (0, 8, 16, 24) for r in (x[i : i + 8], shown(posterior.mean[i : i + 8]))]
    tiles(a, pairs, "test images, and from their codes")
    tiles(b, shown(net.latent.prior.draw(64)).split(8), "codes drawn from the prior")
    walk = []
    for j in order[:8]:
        z = posterior.mean[:1].repeat(8, 1)
        z[:, j] = torch.linspace(-2.5, 2.5, 8)
        walk.append(shown(z))
    tiles(c, walk, "one dimension moved, a row each")
    figure.savefig(Path(folder, "vae-images.png"), dpi=130)
    figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
    active = path[-1] > 0.01
    for j in order.tolist():
        axes.plot(range(1, len(path) + 1), path[:, j], color=CALM if active[j] else WARM, lw=1)
    axes.set_xlabel("epochs")
    axes.set_ylabel("KL, nats an image")
    silent = int((~active).sum())
    title = f"What each of {len(active)} dimensions costs"
    axes.set_title(title + (f": {silent} say nothing" if silent else ""), loc="left", color=INK)
    figure.savefig(Path(folder, "vae-rates.svg"), metadata={"Date": None})
    plt.close("all")


def main(data=None, folder=None, epochs=None, dimensions=20, beta=1.0):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    seen, kept, height = images(data)
    epochs = (40 if data else 100) if epochs is None else int(epochs)
    net = VAE(seen.shape[1], learn.GaussianCode(dimensions), Bernoulli())
    with torch.no_grad():  # begin with the mean image, whatever the code
        net.decoder[-1].bias.copy_(torch.logit(seen.mean(0).clamp(0.01, 0.99)))
    begin = time.process_time()
    path = train(net, seen, epochs, beta)
    spent = time.process_time() - begin
    print(f"{len(seen)} images, {epochs} epochs in {spent:.0f} CPU-seconds, β = {beta:g}")
    print("ELBO of {} others:            {:.2f} ± {:.2f} nats".format(len(kept), *bound(net, kept)))
    print("with 200 draws an image:        {:.2f} ± {:.2f}".format(*importance_bound(net, kept)))
    with torch.no_grad():
        posterior = net.latent.prior.posterior(net.encoder(net.likelihood.seen(kept)))
    print(learn.dissect(posterior, net.latent.prior.prior(), rng=0).explain())
    print(f"in all {time.process_time() - begin:.0f} CPU-seconds")
    if folder is not None:
        draw(net, kept, height, path, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
