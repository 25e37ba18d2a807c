"""A β-VAE on images whose factors are known: does a higher price take the factors apart?

    loss = −log p(x | z) + β KL(q(z | x) ‖ p(z))

The images are drawn here, after dSprites: every combination of shape, scale, column and row. β = 1
is the evidence bound. Above 1 a nat must earn more, so that dimensions which say things twice are
given up. Whether those left are the factors is measured by MIG, the gap between the two dimensions
that know most of a factor, and by disentanglement, completeness and informativeness (DCI).

A pixel is black with the brightness drawn as its probability; the likelihood is its mean over that.

Run it: python examples/beta_vae.py [picture.png]
"""

import math
import sys
import time

import torch
from torch.nn import functional

from kullback import learn

INK, CALM, WARM = "#333333", "#4c78a8", "#e4572e"
SIDE = 32


def sprites(shapes=3, scales=6, columns=12, rows=8):
    """Return anti-aliased images, rows of pixels between 0 and 1, and what each shows."""
    ranges = (torch.arange(n) for n in (shapes, scales, columns, rows))
    shape, scale, column, row = torch.cartesian_prod(*ranges).T
    pixel = torch.arange(SIDE) - (SIDE - 1) / 2
    u = pixel - 7.6 * (2 * column[:, None, None] / (columns - 1) - 1)
    v = pixel[:, None] - 5.2 * (2 * row[:, None, None] / (rows - 1) - 1)
    r = 4.2 + 4.4 * scale[:, None, None] / (scales - 1)
    square = torch.maximum(u.abs(), v.abs()) - 0.89 * r
    ellipse = (torch.sqrt((u / 0.95) ** 2 + (v / 0.55) ** 2) / r - 1) * 0.55 * r
    slope = math.sqrt(0.75) * u.abs() - 0.5 * v
    triangle = torch.maximum(v, slope) - 0.56 * r
    kinds = torch.stack([x.expand(len(shape), SIDE, SIDE) for x in (square, ellipse, triangle)])
    outside = kinds[shape, torch.arange(len(shape))]  # pixels to the edge, negative within
    factors = {"shape": shape, "scale": scale, "column": column, "row": row}
    return (0.5 - outside).clamp(0, 1).flatten(1), factors


class VAE(torch.nn.Module):
    """Images as rows of pixels, by way of a few numbers."""

    def __init__(self, dimensions=6, hidden=128):
        super().__init__()
        self.encoder = dense(SIDE**2, hidden, 2 * dimensions)
        self.latent = learn.Latent(learn.GaussianCode(dimensions))
        self.decoder = dense(dimensions, hidden, SIDE**2)

    def forward(self, x):
        return self.decoder(self.latent(self.encoder(x)))

    @torch.no_grad()
    def posterior(self, x):
        return self.latent.prior.posterior(self.encoder(x))


def dense(inputs, hidden, outputs):
    layers = [torch.nn.Linear(inputs, hidden), torch.nn.SiLU()]
    layers += [torch.nn.Linear(hidden, hidden), torch.nn.SiLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(hidden, outputs))


def train(net, x, price, epochs, batch=64, rate=3e-3):
    """Train; return −log p(x | z) of the last epoch, and KL by dimension after each."""
    penalty = learn.Penalty(price)
    descent = torch.optim.Adam(net.parameters(), lr=rate)
    steps = epochs * math.ceil(len(x) / batch)
    pace = torch.optim.lr_scheduler.OneCycleLR(descent, rate, total_steps=steps, pct_start=0.1)
    path = []
    for _ in range(epochs):
        error, by_dimension = 0.0, 0.0
        for rows in torch.randperm(len(x)).split(batch):
            seen = x[rows]
            nll = functional.binary_cross_entropy_with_logits(net(seen), seen, reduction="sum")
            kl = learn.rate(net)
            loss = nll / len(rows) + penalty(kl.per("sample").value)
            descent.zero_grad()
            loss.backward()
            descent.step()
            pace.step()
            error += float(nll.detach()) / len(x)
            by_dimension = by_dimension + kl.value.detach().sum(0) / len(x)
        path.append(by_dimension)
    return error, torch.stack(path)


def compare(x, factors, betas, seeds, epochs, trees=None):
    """Train a net for each price and seed; return the best of each price, and all scores."""
    shown, scores = {}, []
    print("       −log p     KL  active    MIG     D      C      I")
    for beta in betas:
        lines = []
        for seed in range(seeds):
            torch.manual_seed(seed)
            net = VAE()
            nll, path = train(net, x, learn.Fixed(beta), epochs)
            posterior = net.posterior(x)
            gap = learn.mig(posterior, factors, rng=seed)
            told = learn.dci(posterior.sample(), factors, rng=seed, model=trees)
            if beta not in shown or gap.value > shown[beta][2].value:
                shown[beta] = (net, path, gap)
            scores.append((beta, gap.value, told))
            three = told.disentanglement, told.completeness, told.informativeness
            active = float((path[-1] > 0.01).sum())
            lines.append([nll, float(path[-1].sum()), active, gap.value, *three])
            say(f"β = {beta:g}", lines[-1])
        say("mean", torch.tensor(lines).mean(0).tolist())
    return shown, scores


def say(name, line):
    print("{:6s} {:6.1f} {:6.1f}  {:6.3g} {:6.3f} {:6.3f} {:6.3f} {:6.3f}".format(name, *line))


@torch.no_grad()
def draw(x, shown, scores, to):
    """Traversals at the lowest price and the best by its mean, KL over training, all scores."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"axes.spines.top": False, "axes.spines.right": False})
    figure = plt.figure(figsize=(9, 5.2), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=[0.95, 1])
    tiles, plots = above.subplots(1, 3), below.subplots(1, 3)

    def tile(axes, images, across, title):
        grid = images.reshape(-1, across, SIDE, SIDE).transpose(1, 2).flatten(2).flatten(0, 1)
        axes.imshow(grid.numpy(), cmap="gray_r", vmin=0, vmax=1)
        axes.set_axis_off()
        axes.set_title(title, loc="left", color=INK, fontsize=10)

    some = torch.randperm(len(x), generator=torch.Generator().manual_seed(1))[:54]
    tile(tiles[0], x[some], 9, f"54 of {len(x)} images")
    total = {beta: sum(value for b, value, _ in scores if b == beta) for beta in shown}
    ends = [min(shown), max(total, key=total.get)]
    most = max(float(shown[beta][1].max()) for beta in ends)
    for beta, axes, under in zip(ends, tiles[1:], plots, strict=False):
        net, path, gap = shown[beta]
        order = path[-1].argsort(descending=True)
        walk = []
        for j in order:
            z = net.posterior(x[len(x) // 2, None]).mean.repeat(9, 1)
            z[:, j] = torch.linspace(-2.2, 2.2, 9)
            walk.append(torch.sigmoid(net.decoder(z)))
        tile(axes, torch.cat(walk), 9, f"β = {beta:g}: one dimension moved, a row each")
        for j in order.tolist():
            active = path[-1, j] > 0.01
            under.plot(range(1, len(path) + 1), path[:, j], color=CALM if active else WARM, lw=1)
        under.set_ylim(-0.1, 1.05 * most)
        under.set_xlabel("epochs")
        under.set_title(
            f"β = {beta:g}, best seed, MIG {gap.value:.2f}", loc="left", color=INK, fontsize=10
        )
    plots[0].set_ylabel("KL of a dimension, nats")
    names = ("MIG", "disentanglement", "completeness")
    for beta, value, told in scores:
        each = (value, told.disentanglement, told.completeness)
        at = [k + 0.5 * list(shown).index(beta) / len(shown) - 0.2 for k in range(3)]
        shade = plt.get_cmap("viridis")(0.85 * list(shown).index(beta) / len(shown))
        plots[2].plot(at, each, "o", ms=4, color=shade, label=f"β = {beta:g}")
    plots[2].set_xticks(range(3), names, fontsize=8)
    plots[2].set_ylim(0, 1)
    handles, labels = plots[2].get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    plots[2].legend(once.values(), once, frameon=False, fontsize=8)
    plots[2].set_title("every seed", loc="left", color=INK, fontsize=10)
    figure.savefig(to, dpi=130)
    plt.close(figure)


def main(picture=None, betas=(1.0, 4.0, 8.0), seeds=4, epochs=30, trees=None):
    torch.set_num_threads(1)
    begin = time.process_time()
    x, factors = sprites()
    shown, scores = compare(x, factors, betas, seeds, epochs, trees)
    for beta, (_, _, gap) in shown.items():
        print(f"β = {beta:g}, the best seed\n{gap.explain()}")
    print(f"in all {time.process_time() - begin:.0f} CPU-seconds")
    if picture is not None:
        draw(x, shown, scores, picture)
    return scores


if __name__ == "__main__":
    main(*sys.argv[1:])
