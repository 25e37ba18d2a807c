"""Two samples that do not overlap, pulled together: where KL is infinite and JS is flat.

No draw of p lies where q has draws, so that every divergence of densities says the same wherever
the samples are: KL = ∞, JS = log 2, slope 0. A transport distance knows how far the mass is, and
which way: its slope in the draws of p moves them onto q. Three of them, in torch.

Run it: python examples/pull_together.py
"""

import math

import torch

import kullback as kb

STEPS = 40


def start(n=60, m=80):
    """A disc of draws at (−3, 0), and a ring at (3, 1) that is to be met."""
    draw = torch.Generator().manual_seed(0)
    angle, radius = 2 * math.pi * torch.rand(n, generator=draw), torch.rand(n, generator=draw)
    disc = torch.stack([angle.cos(), angle.sin()], dim=1) * radius.sqrt()[:, None]
    angle = 2 * math.pi * torch.rand(m, generator=draw)
    ring = torch.stack([angle.cos(), angle.sin()], dim=1)
    return disc.double() + torch.tensor([-3.0, 0.0]), ring.double() + torch.tensor([3.0, 1.0])


def densities_say():
    """KL and JS of two uniform laws, and the slope of JS in where the first one lies."""
    at = torch.tensor(-3.0, dtype=torch.float64, requires_grad=True)
    p, q = kb.families.Uniform(at, at + 1), kb.families.Uniform(3.0, 4.0)
    js = kb.js(p, q)
    (slope,) = torch.autograd.grad(js, at)
    return float(kb.kl(p, q).detach()), float(js.detach()), float(slope)


def pulled(x, y, distance, strength):
    """Follow the slope of half the squared distance; return the draws and the distances passed."""
    x, passed = x.clone(), []
    for _ in range(STEPS):
        x.requires_grad_()
        far = distance(kb.Samples(x), kb.Samples(y))
        (slope,) = torch.autograd.grad(0.5 * far**2, x)
        x = x.detach() - 0.25 * strength * len(x) * slope
        passed.append(float(far.detach()))
    return x, passed


def main():
    x, y = start()
    kl, js, slope = densities_say()
    print(f"Laws apart:  KL = {kl},  JS = {js:.4f} = log 2,  slope of JS = {slope}")

    by = {
        "Sinkhorn": (lambda p, q: kb.wasserstein(p, q, order=2, by=kb.Sinkhorn()), 1.0),
        "sliced": (
            lambda p, q: kb.wasserstein(p, q, order=2, by=kb.SlicedTransport(), rng=0),
            2.0,  # a slice shows half of a move in the plane, on average
        ),
        "one axis": (
            lambda p, q: kb.wasserstein(
                kb.Samples(p.given[0][:, 0]), kb.Samples(q.given[0][:, 0]), order=2
            ),
            1.0,
        ),
    }
    print(f"\nW₂ of {len(x)} draws to {len(y)}, after so many steps along its slope:")
    shown = (0, 5, 10, 20, STEPS - 1)
    print(" " * 11 + "".join(f"{k:>9}" for k in shown))
    for name, (distance, strength) in by.items():
        moved, passed = pulled(x, y, distance, strength)
        print(f"  {name:9}" + "".join(f"{passed[k]:9.4f}" for k in shown))
        if name == "Sinkhorn":
            radius = (moved - torch.tensor([3.0, 1.0])).norm(dim=1)
    print(f"\nThe disc has become the ring: radii {radius.min():.2f} to {radius.max():.2f}, "
          f"mean {radius.mean():.3f}.")  # fmt: skip


if __name__ == "__main__":
    main()
