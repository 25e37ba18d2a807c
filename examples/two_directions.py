"""What does a single bell become when it is brought close to two?

p has two modes. KL(p ‖ q) is paid where p has mass and q has little: the nearest normal law covers
both modes, and the valley where p has next to nothing. KL(q ‖ p) is paid where q has mass and p has
little: the nearest one keeps to a mode, and there is one such minimum for each.

Run it: python examples/two_directions.py [picture.svg]
"""

import sys

import numpy as np

import kullback as kb
from kullback import learn

P = kb.families.Mixture([0.3, 0.7], [kb.families.Normal(-3, 0.8), kb.families.Normal(2.5, 1)])
INK, CALM, WARM = "#333333", "#4c78a8", "#e4572e"


def draw(forward, reverse, path):
    """Above, the laws; below, where each divergence is paid."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "svg.fonttype": "none"})
    mpl.rcParams.update({"axes.spines.top": False, "axes.spines.right": False})
    x = np.linspace(-8, 8, 161)
    log_p = P.log_density(x)
    log_f, log_r = (found.law.log_density(x) for found in (forward, reverse))
    local = reverse.optima[1].law.log_density(x)
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(8, 5.6), sharex=True, layout="constrained", height_ratios=[3, 2]
    )
    upper.fill(x, np.exp(log_p), color=INK, alpha=0.15, linewidth=0, label="p")
    for log_q, colour, style, name in (
        (log_f, CALM, "-", f"forward: KL(p ‖ q) = {forward.kl:.3f}"),
        (log_r, WARM, "-", f"reverse: KL(q ‖ p) = {reverse.kl:.3f}"),
        (local, WARM, ":", f"reverse, a local minimum: {reverse.optima[1].kl:.3f}"),
    ):
        upper.plot(x, np.exp(log_q), style, color=colour, linewidth=2, label=name)
    upper.set_ylabel("density")
    figure.legend(frameon=False, loc="outside lower center", ncols=2)
    upper.set_title("One bell for two: forward covers, reverse seeks", loc="left", color=INK)
    # p log p/q − p + q: never negative, 0 where the densities agree
    terms = {
        "forward": (np.exp(log_p) * (log_p - log_f) - np.exp(log_p) + np.exp(log_f), CALM),
        "reverse": (np.exp(log_r) * (log_r - log_p) - np.exp(log_r) + np.exp(log_p), WARM),
    }
    for paid, colour in terms.values():
        area = np.r_[x, x[-1], x[0]], np.r_[paid, 0, 0]
        lower.fill(*area, color=colour, alpha=0.35, linewidth=0)
        lower.plot(x, paid, color=colour)
    lower.set_ylabel("nats paid per unit of x")
    lower.annotate("q in the valley", (-0.4, 0.11), (-0.4, 0.125), color=CALM, ha="center")
    lower.annotate("the mode dropped", (-3, 0.15), (-4.2, 0.125), color=WARM, ha="right")
    lower.set_xlabel("x")
    figure.savefig(path, metadata={"Date": None} if path.endswith("svg") else None, dpi=120)
    plt.close(figure)


def main(path=None):
    forward = learn.project(P, kb.families.Normal, "forward")
    reverse = learn.project(P, kb.families.Normal, "reverse", rng=0)
    for found in (forward, reverse):
        print(f"{found.direction}: {found}\n\n{found.explain()}\n")
    if path is not None:
        draw(forward, reverse, path)


if __name__ == "__main__":
    main(*sys.argv[1:])
