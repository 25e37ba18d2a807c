"""Which of a teacher's habits does a student keep that cannot keep them all?

The teacher's next token has two likely regions; the student can only put one bell on the line of
tokens. KL(teacher ‖ student), β = 0, makes it cover both, KL(student ‖ teacher), β = 1, keep to
one, and `learn.Skew(beta)` runs from the one to the other; here a student that starts wide lets
go of the smaller region between β = 0.8 and 0.9. Below: how large its first gradient is, along β.
Jensen and Shannon's divergence with weights β and 1 − β fades at both ends; divided by β(1 − β),
it arrives at both KLs.

Run it: python examples/skewed_students.py [picture.svg]
"""

import sys

import torch

import kullback as kb
from kullback import learn

TOKENS = torch.arange(60, dtype=torch.float64)
BETAS = (0.0, 0.5, 0.8, 0.9, 1.0)
START = (30.0, 2.5)  # where the bell is, and log of its width
INK, COLOURS = "#333333", ("#4c78a8", "#3f9a8f", "#d6a32e", "#9b5fa5", "#e4572e")


def teacher():
    """Logits of 0.35 of a narrow bell at 14 and 0.65 of a wider one at 42, on the tokens."""
    bells = [
        torch.log(torch.tensor(weight)) - 0.5 * ((TOKENS - at) / width) ** 2 - width.log()
        for weight, at, width in (
            (0.35, 14.0, torch.tensor(3.0)),
            (0.65, 42.0, torch.tensor(5.0)),
        )
    ]
    return torch.logaddexp(*bells)[None]


def student(bell):
    """Logits of one bell."""
    return (-0.5 * ((TOKENS - bell[0]) / bell[1].exp()) ** 2)[None]


def taught(divergence):
    """The bell that a divergence arrives at."""
    bell = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    descent = torch.optim.LBFGS([bell], max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        descent.zero_grad()
        value = learn.distill(student(bell), teacher(), divergence=divergence)
        value.backward()
        return value

    descent.step(loss)
    return bell.detach()


def slope(divergence):
    """The size of the gradient in the logits of the student that all start from."""
    logits = student(torch.tensor(START, dtype=torch.float64)).requires_grad_()
    (g,) = torch.autograd.grad(learn.distill(logits, teacher(), divergence=divergence), logits)
    return float(g.norm())


def slopes(betas):
    """Along β: of the family, and of the same without the division."""
    return (
        [slope(learn.Skew(beta)) for beta in betas],
        [slope(kb.JensenShannon((beta, 1 - beta))) for beta in betas],
    )


def draw(bells, path):
    """Above, the students; below, the sizes of the gradients."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "kullback", "svg.fonttype": "none"})
    mpl.rcParams.update({"axes.spines.top": False, "axes.spines.right": False})
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(8, 6), layout="constrained", height_ratios=[3, 2]
    )
    edges = torch.arange(61) - 0.5
    upper.stairs(teacher().softmax(-1)[0], edges, fill=True, color=INK, alpha=0.18, label="teacher")
    for (beta, bell), colour in zip(bells.items(), COLOURS, strict=True):
        law, style = student(bell).softmax(-1)[0], ":" if beta == 1 else "-"
        upper.plot(TOKENS, law, style, color=colour, linewidth=2.5, label=f"β = {beta:g}")
    upper.set_xlabel("token")
    upper.set_ylabel("probability")
    upper.legend(frameon=False, ncols=2)
    upper.set_title("One bell for a teacher of two, by Skew(β)", loc="left", color=INK)
    betas = torch.logspace(-4, -0.302, 25, dtype=torch.float64)
    betas = torch.cat([betas, 1 - betas.flip(0)[1:]])
    ours, bare = slopes(betas.tolist())
    place = torch.log10(betas / (1 - betas))
    lower.plot(place, ours, color=COLOURS[0], linewidth=2, label="Skew(β)")
    lower.plot(place, bare, "--", color=INK, linewidth=1.5, label="JS with weights β, 1 − β")
    for end, beta in ((place[0], 0.0), (place[-1], 1.0)):
        lower.plot(end, slope(learn.Skew(beta)), "o", color=COLOURS[0])
    lower.set_xticks([-4, -2, 0, 2, 4], ["0.0001", "0.01", "0.5", "0.99", "0.9999"])
    lower.set_yscale("log")
    lower.set_xlabel("β; the dots are KL(teacher ‖ student) and KL(student ‖ teacher)")
    lower.set_ylabel("size of the gradient")
    lower.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None} if path.endswith("svg") else None, dpi=120)
    plt.close(figure)


def main(path=None):
    bells = {beta: taught(learn.Skew(beta)) for beta in BETAS}
    for beta, (at, log_width) in bells.items():
        print(f"beta {beta:g}: a bell at {at:.2f}, {log_width.exp():.2f} wide")
    near = (1e-4, 0.5, 1 - 1e-4)
    for beta, ours, bare in zip(near, *slopes(near), strict=True):
        print(f"beta {beta:g}: gradient {ours:.4f}, without the division {bare:.6f}")
    if path is not None:
        draw(bells, path)


if __name__ == "__main__":
    main(*sys.argv[1:])
