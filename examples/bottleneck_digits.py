"""What a classifier needs to know of a picture: a variational bottleneck on digits.

    loss = −log q(y | z) + price · KL(q(z | x) ‖ p(z))

after Alemi et al., Deep variational information bottleneck, ICLR 2017: the dearer a nat of the code
z, the less it holds of the picture x; what goes first says nothing of the digit y. One network is
trained, at ever higher prices, and measured on pictures that it has not seen.

Images come as an .npz file with `x` of shape (n, rows, columns), values 0 … 255, and `y`; without
one, the 1797 digits of scikit-learn are taken. Four fifths are trained on.

Run it: python examples/bottleneck_digits.py [images.npz [picture.svg]]
"""

import math
import sys
import time

import numpy as np
import torch
from torch.nn import functional

from kullback import learn

INK, CALM, WARM, PALE = "#333333", "#4c78a8", "#e4572e", "#bbbbbb"
PRICES = (1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 0.6)


def network(pixels, dimensions=32, hidden=256):
    code = learn.GaussianCode(dimensions)
    return torch.nn.Sequential(
        torch.nn.Linear(pixels, hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, code.features),
        learn.Latent(code),
        torch.nn.Linear(dimensions, 10),
    )


def digits(path=None):
    """Return pictures and digits to train and to test on."""
    if path is None:
        from sklearn.datasets import load_digits

        x, y = load_digits(return_X_y=True)
        x = x / 8 - 1
    else:
        with np.load(path) as held:
            x, y = held["x"].reshape(len(held["x"]), -1) / 127.5 - 1, held["y"]
    order = np.random.default_rng(0).permutation(len(x))
    x, y = torch.tensor(x[order], dtype=torch.float32), torch.tensor(y[order]).long()
    cut = len(x) * 4 // 5
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])


def train(net, x, y, price, epochs, batch=200, rate=1e-3):
    penalty = learn.Penalty(learn.Fixed(price))
    descent = torch.optim.Adam(net.parameters(), lr=rate)
    steps = epochs * math.ceil(len(x) / batch)
    pace = torch.optim.lr_scheduler.LinearLR(descent, 1.0, 0.02, total_iters=steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch):
            cross_entropy = functional.cross_entropy(net(x[rows]), y[rows])
            loss = cross_entropy + penalty(learn.rate(net).per("sample").value)
            descent.zero_grad()
            loss.backward()
            descent.step()
            pace.step()


@torch.no_grad()
def measure(net, x, y, draws=12):
    """Return bounds in bits, and the share of digits mistaken by the mean of some draws."""
    log_q = torch.log_softmax(net(x), -1)
    log_p = torch.log(torch.bincount(y) / len(y))[y]
    bounds = learn.bottleneck_bounds(
        learn.rate(net), log_q.gather(1, y[:, None])[:, 0], log_p, base=2
    )
    chances = sum(torch.softmax(net(x), -1) for _ in range(draws))
    return bounds, float((chances.argmax(-1) != y).double().mean())


@torch.no_grad()
def codes(net, x):
    """Return the posteriors of pictures."""
    *encoder, latent, _ = net
    return latent.prior.posterior(torch.nn.Sequential(*encoder)(x))


def sweep(seen, kept, prices=PRICES, epochs=7):
    """One network, ever dearer to code by: give the price and what was measured."""
    torch.manual_seed(0)
    net = network(seen[0].shape[1])
    train(net, *seen, prices[0], 4 * epochs)
    for price in prices:
        train(net, *seen, price, epochs)
        held = learn.code_information(codes(net, kept[0]), rng=0, base=2)
        yield price, measure(net, *seen)[0], *measure(net, *kept), held


def draw(rows, entropy, to):
    """Draw what codes hold of the digit against what they hold of the picture."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "axes.spines.top": False})
    mpl.rcParams.update({"axes.spines.right": False})
    figure, (axes, wrong) = plt.subplots(
        1, 2, figsize=(9, 4), width_ratios=[5, 3], layout="constrained"
    )
    prices = [row[0] for row in rows]
    rates = np.array([found.rate for _, _, found, _, _ in rows])
    lower, upper = np.array([(held.lower, held.upper) for *_, held in rows]).T
    axes.loglog(
        prices, rates, "o-", ms=5, lw=1, color=WARM, label="I(X; Z) is at most this: the rate"
    )
    axes.fill_between(
        prices, lower, np.minimum(upper, rates), color=CALM, alpha=0.4, lw=2,
        label="I(X; Z) lies in here: codes compared",
    )  # fmt: skip
    relevance = [found.relevance for _, _, found, _, _ in rows]
    axes.plot(prices, relevance, "o-", ms=5, lw=1, color=INK, label="I(Z; Y) is at least this")
    axes.axhline(entropy, color=PALE, lw=1, ls="--")
    axes.text(prices[-1], entropy * 1.04, "H(Y)", color="#777777", ha="right")
    ticks = [1, 2, 5, 10, 20, 50, 100]
    axes.set_yticks(ticks, labels=[str(tick) for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set_ylabel("bits")
    axes.set_title("What the code takes and gives", loc="left", color=INK, fontsize=11)
    axes.legend(frameon=False)
    share = np.array([row[3] for row in rows])
    spread = 2 * np.sqrt(share * (1 - share) / rows[0][2].n)
    wrong.errorbar(prices, 100 * share, 100 * spread, fmt="o-", ms=5, lw=1, color=WARM)
    wrong.set(xscale="log", ylim=(0, None), ylabel="%, ± 2 standard errors")
    wrong.set_title("Digits mistaken", loc="left", color=INK, fontsize=11)
    for pane in (axes, wrong):
        pane.set_xlabel("price of a nat of the code")
    figure.savefig(to, metadata={"Date": None} if str(to).endswith("svg") else None, dpi=120)
    plt.close(figure)


def main(data=None, picture=None, **settings):
    torch.set_num_threads(1)
    begin = time.process_time()
    seen, kept = digits(data)
    shares = torch.bincount(kept[1]) / len(kept[1])
    entropy = float(-(shares * torch.log2(shares)).sum())
    print(f"{len(seen[0])} pictures, {len(kept[0])} others; H(Y) = {entropy:.3f} bits")
    print(" price   I(X; Z) ≤   I(X; Z) between    I(Z; Y) ≥        trained on    mistaken")
    rows = []
    for price, own, found, error, held in sweep(seen, kept, **settings):
        rows.append((price, own, found, error, held))
        print(
            f"{price:6g}   {found.rate:7.2f}    {held.lower:6.2f} … {held.upper:7.2f}   "
            f"{found.relevance:.3f} ± {found.error[1]:.3f}    {own.relevance:.3f}    {error:9.2%}"
        )
    print(f"{time.process_time() - begin:.0f} CPU-seconds")
    if picture is not None:
        draw(rows, entropy, picture)
    return rows


if __name__ == "__main__":
    main(*sys.argv[1:])
