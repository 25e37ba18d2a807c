"""Mutual information as a bound: pairs that were observed, against pairs of different rows.

The critic T(x, y) is trained on one part of the rows. On the others, with Tᵢⱼ = T(xᵢ, yⱼ),

- NWJ: mean Tᵢᵢ − mean (e^Tᵢⱼ − 1) over i ≠ j, a lower bound in expectation;
- DV:  mean Tᵢᵢ − log mean e^Tᵢⱼ over i ≠ j;
- InfoNCE: mean (Tᵢᵢ − log meanⱼ e^Tᵢⱼ), over all j: a lower bound in expectation, at most log n.

Each is a mean over pairs of rows; its error is that of its projection on single rows.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from kullback.methods.samples.critics.network import Network, Numbers, torch_library
from kullback.methods.samples.critics.train import Schedule, trained
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.ratio.bound import Bound
from kullback.methods.samples.ratio.features import whitened
from kullback.methods.samples.ratio.folds import dealt
from kullback.questions import MutualInformation

if TYPE_CHECKING:
    from kullback.methods.samples.critics.critic import Critic

CEILING = 512
"""The most rows that are compared with each other at once."""
LARGEST = 40.0
"""The largest |T| of a network: e^40 is within float32."""
TRAINED_ON = 32
"""Rows of a batch, each paired with each."""


def information_bound(method: "Critic", draws: Draws, rng: np.random.Generator | None) -> Bound:
    """Return the bound of I(X; Y), each row's critic trained without its fold."""
    rng = np.random.default_rng(0 if rng is None else rng)
    fold = dealt(draws.n, method.folds, rng)
    value, influences = 0.0, np.empty(draws.n)
    words: dict[str, None] = {}
    for k in range(method.folds):
        out = np.flatnonzero(fold == k)
        score = _trained(method, draws.taken(np.flatnonzero(fold != k)), rng)
        words |= dict.fromkeys(score.notes)
        parts = np.array_split(rng.permutation(out), math.ceil(len(out) / CEILING))
        for rows in parts:
            found, influence = _of_pairs(method.bound, score.matrix(draws.x[rows]))
            value += found * len(rows) / draws.n
            influences[rows] = influence
    lost = draws.n / (draws.n - method.folds)
    variance = float(np.mean(influences**2)) * lost / draws.n
    third = float(np.mean(influences**3)) / draws.n**2
    skewness = third / variance**1.5 if variance > 0 else 0.0
    return Bound(value, math.sqrt(variance), skewness, notes=tuple(words))


def _of_pairs(bound: str, t: Numbers) -> tuple[float, Numbers]:
    """Return the value and the influence of each row, from T of all pairs, shape (n, n)."""
    n = len(t)
    own, ratio = np.diag(t), np.exp(t)
    if bound == "infonce":
        sums = ratio.mean(axis=1)
        terms = own - np.log(sums)
        as_other = (ratio / sums[:, None]).mean(axis=0)
        influence = terms - as_other
        return float(terms.mean()), influence - influence.mean()
    apart = ratio - np.diag(np.diag(ratio))
    mean = apart.sum() / (n * (n - 1))
    both = (apart.sum(axis=0) + apart.sum(axis=1)) / (n - 1)
    influence = own - both / (mean if bound == "dv" else 1.0)
    value = own.mean() - (math.log(mean) if bound == "dv" else mean - 1)
    return float(value), influence - influence.mean()


class _Score:
    """T of pairs, by a network on the coordinates of x and y side by side."""

    def __init__(self, network: Network, homes: list[Any], split: tuple[int, ...]) -> None:
        self.network, self.homes, self.split = network, homes, split
        self.notes: tuple[str, ...] = ()

    def matrix(self, rows: Numbers) -> Numbers:
        """Return T(xᵢ, yⱼ) for all pairs of rows, shape (n, n)."""
        torch = self.network.torch
        x, y = self.coordinates(rows)
        with torch.no_grad():
            parts = [pairs(torch, self.network, part, y) for part in torch.split(x, TRAINED_ON)]
        return np.asarray(torch.cat(parts).numpy(), dtype=np.float64)

    def coordinates(self, rows: Numbers) -> tuple[Any, Any]:
        """Return x and y, each in coordinates of its own."""
        cut = self.split[0]
        both = (rows[:, :cut], rows[:, cut:])
        x, y = (
            self.network.torch.as_tensor(home(part), dtype=self.network.torch.float32)
            for home, part in zip(self.homes, both, strict=True)
        )
        return x, y


def pairs(torch: Any, network: Network, x: Any, y: Any) -> Any:
    """Return T of each x with each y, shape (n, m)."""
    n, m = len(x), len(y)
    rows = torch.cat([x[:, None].expand(n, m, -1), y[None].expand(n, m, -1)], dim=-1)
    return network(rows)


def _trained(method: "Critic", draws: Draws, rng: np.random.Generator) -> _Score:
    torch, cut = torch_library(), draws.split[0]
    ones = np.ones(draws.n)
    homes = [
        whitened(part, ones, products=False).coordinates
        for part in (draws.x[:, :cut], draws.x[:, cut:])
    ]
    generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
    most = min(method.largest(MutualInformation(), draws.n), LARGEST)
    network = Network(draws.dimensions, method.hidden, most, generator)
    score = _Score(network, homes, draws.split)
    x, y = score.coordinates(draws.x[rng.permutation(draws.n)])
    aside = draws.n // 5

    def objective() -> Any:
        some = aside + torch.randperm(draws.n - aside, generator=generator)[:TRAINED_ON]
        return _raised(torch, method.bound, pairs(torch, network, x[some], y[some]))

    def judged() -> float:
        with torch.no_grad():
            parts = zip(
                torch.split(x[:aside], TRAINED_ON), torch.split(y[:aside], TRAINED_ON), strict=True
            )
            each = [
                (len(a), float(_raised(torch, method.bound, pairs(torch, network, a, b))))
                for a, b in parts
                if len(a) > 1
            ]
        return sum(n * v for n, v in each) / sum(n for n, _ in each)

    score.notes = trained(network, objective, judged, Schedule(method.steps, method.learning_rate))
    return score


def _raised(torch: Any, bound: str, t: Any) -> Any:
    """Return the bound of a batch of pairs, a tensor."""
    own, n = torch.diagonal(t), len(t)
    if bound == "infonce":
        return (own - t.logsumexp(1)).mean() + math.log(n)
    other = t[~torch.eye(n, dtype=torch.bool)]
    if bound == "dv":
        return own.mean() - other.logsumexp(0) + math.log(len(other))
    return own.mean() - torch.expm1(other).mean()
