"""A training step of a Bayesian network, forward and backward, against bayesian-torch.

bayesian-torch asks for torchvision and so for a torch of its own: `pip install --no-deps
bayesian-torch` beside the torch at hand. Its conversion of the same network, its KL.
"""

import copy
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import torch
from timing import Line, Work, faster, within

from kullback import learn

nn = torch.nn
DATA = 60_000


def dense() -> nn.Module:
    return nn.Sequential(
        nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 400), nn.ReLU(), nn.Linear(400, 10)
    )


def convolutional() -> nn.Module:
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 16, 5, stride=2),
        nn.ReLU(),
        nn.Conv2d(16, 32, 5, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(512, 10),
    )


WAYS = {"by sample": "Flipout", "once": "Reparameterization"}
"""How we draw, and what the peer calls the same: weights for each sample, or for the batch."""


STEPS = 10
"""So many steps in a row, as in training: after a pause the memory of a step is made anew."""


def lines(rows: int = 128, runs: int = 11) -> Iterator[Line]:
    """At most 0.7 times the peer's time; of convolutions, both take most by the same kernels."""
    if find_spec("bayesian_torch") is None:
        return
    torch.manual_seed(0)
    x, y = torch.rand(rows, 784), torch.randint(10, (rows,))
    for draw, way in WAYS.items():
        for name, made in (("784-400-400-10", dense), ("two convolutions", convolutional)):
            network = made()
            ours = step(learn.bayesian(network, prior=1.0, draw=draw), rate, x, y)
            theirs = step(*converted(network, way), x, y)
            work = f'`learn.bayesian(draw="{draw}")`, {name}, {rows} rows, forward + backward'
            peer = f"bayesian-torch, {way}"
            if made is dense:
                yield within(work, ours, peer, theirs, at_most=0.7, runs=runs, times=STEPS)
            else:
                yield faster(work, ours, peer, theirs, runs=runs, times=STEPS)


def rate(network: nn.Module) -> Any:
    return learn.rate(network).per(n_data=DATA).value


def converted(network: nn.Module, way: str) -> tuple[nn.Module, Callable[[nn.Module], Any]]:
    from bayesian_torch.models.dnn_to_bnn import dnn_to_bnn, get_kl_loss

    theirs = copy.deepcopy(network)
    settings = {
        "prior_mu": 0.0,
        "prior_sigma": 1.0,
        "posterior_mu_init": 0.0,
        "posterior_rho_init": -3.0,
        "type": way,
        "moped_enable": False,
        "moped_delta": 0.5,
    }
    dnn_to_bnn(theirs, settings)
    return theirs, lambda network: get_kl_loss(network) / DATA


def step(network: nn.Module, kl: Callable[[nn.Module], Any], x: Any, y: Any) -> Work:
    def work() -> None:
        network.zero_grad()
        out = network(x)
        (nn.functional.cross_entropy(out, y) + kl(network)).backward()

    return work


if __name__ == "__main__":
    for found in lines():
        print(found, flush=True)
