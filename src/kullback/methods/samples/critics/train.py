"""Training with an eye on rows that are not trained on: the best so far is what is returned."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kullback.methods.samples.critics.network import Network
from kullback.methods.samples.progress import watched

EVERY = 10
"""Steps between two looks at the rows that are not trained on."""
PATIENCE = 15
"""Looks without a gain before training ends."""
STOPPED = "Training was interrupted by hand: the critic is the best that there was until then."


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes
    ----------
    steps : int
        At most.
    rate : float
        Adam's, falling to a tenth along a cosine.
    decay : float
        How much weights are pulled towards 0.
    """

    steps: int
    rate: float
    decay: float = 1e-3


def trained(
    network: Network,
    objective: Callable[[], Any],
    judged: Callable[[], float],
    schedule: Schedule,
) -> tuple[str, ...]:
    """Raise the objective, and leave the weights that were judged best; return what happened.

    Parameters
    ----------
    network : Network
        Changed in place.
    objective : callable
        Returns what is raised, a tensor, for a new batch at each call.
    judged : callable
        Returns the value for rows that are not trained on.
    schedule : Schedule
        How long and how fast.
    """
    torch = network.torch
    climber = torch.optim.AdamW(network.weights, lr=schedule.rate, weight_decay=schedule.decay)
    best, kept, since = judged(), network.copied(), 0
    try:
        for step in watched(_steps(schedule), "training a critic", schedule.steps):
            for group in climber.param_groups:
                group["lr"] = schedule.rate * (0.55 + 0.45 * math.cos(math.pi * step))
            climber.zero_grad()
            (-objective()).backward()
            climber.step()
            if round(step * schedule.steps) % EVERY:
                continue
            now = judged()
            since = 0 if now > best else since + 1
            if now > best:
                best, kept = now, network.copied()
            if since >= PATIENCE:
                break
    except KeyboardInterrupt:
        network.restore(kept)
        return (STOPPED,)
    network.restore(kept)
    return ()


def _steps(schedule: Schedule) -> Iterator[float]:
    """How far training is, from 0 to 1."""
    for step in range(1, schedule.steps + 1):
        yield step / schedule.steps
