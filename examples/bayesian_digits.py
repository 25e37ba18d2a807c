"""A Bayesian network knows when it is shown what it has not learned.

A network on the digits of scikit-learn, its weights distributions. The uncertainty of what it
predicts has two parts: aleatoric, digits that look like two classes, and epistemic, inputs that
different draws of the weights read differently. Digits turned by a quarter and images of noise get
more of the second than test digits do; the area under the ROC curve says how well that tells them
apart.

Run it: python examples/bayesian_digits.py [picture.png [steps draws seed]]
"""

import sys

import torch

from kullback import learn

INK, CALM, WARM, PALE = "#333333", "#4c78a8", "#e4572e", "#b8b8b8"


def digits(kept=400):
    """Return images and classes to learn, and others to test; 64 pixels between −1 and 1."""
    from sklearn.datasets import load_digits

    data = load_digits()
    order = torch.randperm(len(data.target), generator=torch.Generator().manual_seed(0))
    x = torch.tensor(data.data / 8 - 1, dtype=torch.float32)[order]
    y = torch.tensor(data.target)[order]
    return x[kept:], y[kept:], x[:kept], y[:kept]


def turned(x):
    """Return the images turned by a quarter."""
    return x.reshape(-1, 8, 8).rot90(1, (1, 2)).reshape(-1, 64)


def noise(x):
    """Return images of the same pixels in any order: nothing to read."""
    source = torch.Generator().manual_seed(1)
    return torch.stack([row[torch.randperm(64, generator=source)] for row in x])


def train(x, y, steps, hidden=100, rows=128):
    """Return a network whose weights are distributions, after so many steps of Adam."""
    plain = torch.nn.Sequential(
        torch.nn.Linear(64, hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, 10),
    )
    net = learn.bayesian(plain, prior=1.0, scale=0.02)
    penalty = learn.Penalty(learn.Anneal(max(steps // 2, 1)))
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        batch = torch.randint(len(y), (rows,))
        optimiser.zero_grad()
        nll = torch.nn.functional.cross_entropy(net(x[batch]), y[batch])
        (nll + penalty(learn.rate(net).per(n_data=len(y)).value)).backward()
        optimiser.step()
        schedule.step()
    return net


def auc(inside, outside):
    """Return the area under the ROC curve: P(a score outside > one inside), ties a half."""
    apart = outside[:, None] - inside[None]
    return ((apart > 0).double() + 0.5 * (apart == 0)).mean().item()


def draw(shown, found, areas, to):
    """How unsure the network is of each kind, and the images it is least and most unsure of."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False})
    figure = plt.figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[5, 4])
    axes = left.subplots()
    edges = torch.linspace(0, torch.log(torch.tensor(10.0)).item(), 47)
    colours = dict(zip(shown, (CALM, WARM, PALE), strict=True))
    for name, each in found.items():
        area = "" if colours[name] == CALM else f": AUC {areas[name]:.3f}"
        axes.hist(each.epistemic.numpy(), edges, color=colours[name], alpha=0.65, label=name + area)
    axes.set_xlabel("epistemic uncertainty, nats")
    axes.set_ylabel("images")
    axes.legend(frameon=False, fontsize=9)
    axes.set_title("What the weights do not know", loc="left", color=INK)
    board, rows = right.subplots(), []
    for k, (name, images) in enumerate(shown.items()):
        order = found[name].epistemic.argsort()
        few = order[torch.linspace(0, len(order) - 1, 8).long()]
        tiles = images[few].reshape(-1, 8, 8)
        rows.append(torch.cat(list(torch.nn.functional.pad(tiles, (1, 1, 6, 3), value=-1)), 1))
        colour = INK if colours[name] == PALE else colours[name]
        board.text(1, 17 * k + 4, name, color=colour, fontsize=10)
        for j, u in enumerate(found[name].epistemic[few].tolist()):
            board.text(10 * j + 4.5, 17 * k + 16, f"{u:.2f}", ha="center", fontsize=8, color=INK)
    board.imshow(torch.cat(rows).numpy(), cmap="gray_r")
    board.set_axis_off()
    figure.savefig(to, metadata={"Date": None} if str(to).endswith("svg") else None, dpi=130)
    plt.close(figure)


def main(picture=None, steps=3000, draws=100, seed=0):
    torch.manual_seed(int(seed))
    torch.set_num_threads(1)
    x, y, kept, classes = digits()
    net = train(x, y, int(steps))
    shown = {"test digits": kept, "turned by a quarter": turned(kept), "noise": noise(kept)}
    found = {name: learn.predict(net, images, draws=int(draws)) for name, images in shown.items()}
    inside = found["test digits"]
    right = (inside.mean.argmax(-1) == classes).float()
    density = inside.log_density(classes).mean()
    print(
        f"{len(y)} digits, {steps} steps; of {len(classes)} others {100 * right.mean():.1f} % are"
    )
    print(f"right, with a log-likelihood of {density:.3f} nats each")
    areas = {}
    for name, each in found.items():
        parts = f"{each.aleatoric.mean():.3f} aleatoric + {each.epistemic.mean():.3f} epistemic"
        areas[name] = auc(inside.epistemic, each.epistemic)
        print(f"{name:20} {each.total.mean():.3f} nats = {parts}, AUC {areas[name]:.3f}")
    if picture is not None:
        draw(shown, found, areas, picture)
    return areas, right.mean().item()


if __name__ == "__main__":
    main(*sys.argv[1:])
