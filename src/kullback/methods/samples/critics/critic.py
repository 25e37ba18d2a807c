"""A neural network as the ratio, trained on one half of the rows and held out on the other."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np

from kullback.errors import InvalidInputError
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.samples.critics.information import CEILING, LARGEST, information_bound
from kullback.methods.samples.critics.network import Network, Numbers, torch_library
from kullback.methods.samples.critics.train import Schedule, trained
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.ratio.bound import Bound, LogRatio
from kullback.methods.samples.ratio.conjugate import cost, critic
from kullback.methods.samples.ratio.features import whitened
from kullback.methods.samples.ratio.method import RatioMethod
from kullback.questions import (
    KL,
    Divergence,
    HockeyStick,
    JensenShannon,
    MutualInformation,
    Question,
    TotalVariation,
)

BOUNDS = ("f", "nwj", "dv", "infonce")
WATCHED = 5
"""One row in so many of the training half is not trained on, and says when to end."""


@dataclass(frozen=True, repr=False)
class Critic(RatioMethod):
    """A neural critic, held out: a lower bound of any f-divergence, or of mutual information.

    The rows are halved; a network trained on one half is applied to the other, and the other way
    round. Training ends when rows set aside within the half no longer gain, and keeps the best
    weights; so does Ctrl-C. The same `rng` gives the same answer. Needs torch.

    Parameters
    ----------
    bound : str
        "f": E_p f′(r) − E_q f*(f′(r)), the bound of the question's own convex conjugate (f-GAN);
        total variation and the hockey-stick train the log-loss instead, for theirs has no slope.
        "nwj": the same for KL and mutual information only. "dv": E_p log r − log E_q r for these
        (MINE); tighter, but its log of a mean reads high by about half the relative variance of
        that mean, so that it is a bound only for many rows. "infonce": for mutual information; can
        not exceed the log of how many rows are compared.
    hidden : tuple of int
        The widths of the layers.
    steps : int
        How long to train at most.
    batch : int
        How many rows of each sample a step looks at.
    learning_rate : float
        Of Adam, to begin with.
    folds, reach, permutations
        As for `QuadraticLogistic`.

    Raises
    ------
    MissingExtraError
        Without torch.

    References
    ----------
    Nowozin, Cseke and Tomioka, f-GAN (2016); Belghazi et al., Mutual information neural estimation
    (2018); van den Oord, Li and Vinyals, Representation learning with contrastive predictive coding
    (2018); McAllester and Stratos, Formal limitations on the measurement of mutual information
    (2020).

    >>> import kullback as kb, numpy as np
    >>> rng, of = np.random.default_rng(0), kb.JensenShannon()
    >>> x, y = rng.normal(3, 1, 500), rng.normal(0, 1, 500)  # JS = 0.5268
    >>> found = kb.measure(kb.Samples(x), kb.Samples(y), of=of, by=kb.Critic(steps=60), rng=0)
    >>> round(float(found.value), 1), bool(0.4 < found.interval()[0] < 0.5268)
    (0.5, True)
    """

    bound: str = "f"
    hidden: tuple[int, ...] = (64, 64)
    steps: int = 500
    batch: int = 512
    learning_rate: float = 5e-3
    folds: int = field(default=2, kw_only=True)

    needs_rng: ClassVar[bool] = True
    spread_by: ClassVar[Literal["subsampling", "bootstrap", "own"]] = "own"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.bound not in BOUNDS:
            raise InvalidInputError(f"bound={self.bound!r}: one of {', '.join(BOUNDS)} is needed.")
        numbers = (*self.hidden, self.steps, self.batch)
        if not all(isinstance(x, int) and x > 0 for x in numbers) or not self.learning_rate > 0:
            raise InvalidInputError(
                f"hidden={self.hidden!r}, steps={self.steps!r}, batch={self.batch!r}, "
                f"learning_rate={self.learning_rate!r}: positive numbers are needed, whole ones "
                "but for the rate."
            )

    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Refuse what the bound is not one of."""
        if isinstance(of, MutualInformation):
            if len(p.variables) != 2:
                return f"needs two variables observed together, and there are {len(p.variables)}"
            if p.block is not None:
                return "pairs each row with others, and rows of a block depend on each other"
            return None
        if self.bound == "infonce":
            return "bounds mutual information by 'infonce'; 'f' bounds f-divergences"
        if self.bound in ("nwj", "dv") and not isinstance(of, KL):
            return f"bounds KL and mutual information by {self.bound!r}; 'f' bounds {of!r}"
        return super().refuse_question(of, p, q)

    def minimum(self, _draws: Draws, /) -> int:
        """Enough rows to train on, to watch, and to hold out."""
        return 10 * self.folds

    def held_out(
        self,
        of: Question,
        draws: Draws,
        rng: np.random.Generator | None,
        on_fold: Callable[[int], None] = lambda _fold: None,
    ) -> Bound:
        """Return the bound, each row's critic trained without its half."""
        if isinstance(of, MutualInformation):
            return information_bound(self, draws, rng)
        return super().held_out(of, draws, rng, on_fold)

    def terms(self, of: Divergence, of_x: Numbers, of_y: Numbers) -> tuple[Numbers, Numbers]:
        """Return T(x) and f*(T(y)); for "dv" the terms whose mean is log E r, to first order."""
        if self.bound != "dv":
            return super().terms(of, of_x, of_y)
        ratio = np.exp(of_y)
        mean = ratio.mean()
        return of_x, np.log(mean) + ratio / mean - 1

    def fit(self, of: Divergence, draws: Draws, rng: np.random.Generator | None, /) -> LogRatio:
        """Return log r, by a network."""
        assert draws.y is not None
        rng = np.random.default_rng(0 if rng is None else rng)
        torch = torch_library()
        home = whitened(
            np.vstack([draws.x, draws.y]), np.ones(draws.n + draws.m), products=False
        ).coordinates
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        most = min(self.largest(of, draws.least), LARGEST)
        network = Network(draws.dimensions, self.hidden, most, generator)
        sets = [_parted(torch, home(rows), rng) for rows in (draws.x, draws.y)]

        def objective() -> Any:
            batches = (_some(torch, rows, self.batch, generator) for rows, _ in sets)
            return self.objective(of, *(network(rows) for rows in batches))

        def judged() -> float:
            with torch.no_grad():
                return float(self.objective(of, *(network(rows) for _, rows in sets)))

        notes = trained(network, objective, judged, Schedule(self.steps, self.learning_rate))
        return Trained(network, home, notes)

    def objective(self, of: Divergence, of_x: Any, of_y: Any) -> Any:
        """Return what training raises, from log r of both samples."""
        if self.bound == "dv":
            return of_x.mean() - of_y.logsumexp(0) + math.log(len(of_y))
        if isinstance(of, (TotalVariation, HockeyStick)):
            of = JensenShannon()
        return critic(of, of_x).mean() - cost(of, of_y).mean()

    def notes(self, of: Question, draws: Draws, _value: float, /) -> tuple[str, ...]:
        """Say what the bound cannot do."""
        if self.bound == "dv":
            return (
                "The log of a mean reads high by about half its relative variance: the value is a "
                "lower bound for many rows only. 'nwj' is one for any number.",
            )
        if isinstance(of, MutualInformation) and self.bound == "infonce":
            rows = min(CEILING, draws.n // self.folds)
            return (
                f"InfoNCE compares {rows} rows with each other and cannot exceed log {rows} = "
                f"{math.log(rows):.3f} nats; a value near that says only that there is as much.",
            )
        return ()


@dataclass(frozen=True, eq=False)
class Trained:
    """A network in its coordinates.

    Attributes
    ----------
    network : Network
        From coordinates to log r.
    home : callable
        From rows to coordinates.
    notes : tuple of str
        What happened in training.
    """

    network: Network
    home: LogRatio
    notes: tuple[str, ...]

    def __call__(self, rows: Numbers) -> Numbers:
        """Return log r of rows."""
        torch = self.network.torch
        with torch.no_grad():
            found = self.network(_tensor(torch, self.home(rows)))
        return np.asarray(found.numpy(), dtype=np.float64)


def _parted(torch: Any, rows: Numbers, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return rows to train on, and rows to watch."""
    order, aside = rng.permutation(len(rows)), len(rows) // WATCHED
    return _tensor(torch, rows[order[aside:]]), _tensor(torch, rows[order[:aside]])


def _some(torch: Any, rows: Any, batch: int, generator: Any) -> Any:
    if len(rows) <= batch:
        return rows
    return rows[torch.randint(len(rows), (batch,), generator=generator)]


def _tensor(torch: Any, rows: Numbers) -> Any:
    return torch.as_tensor(rows, dtype=torch.float32)
