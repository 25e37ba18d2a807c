"""The posterior under a mixture of Dirichlet priors that says nothing about the entropy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kullback.estimate import Answer, Asked
from kullback.forms import Counts, Form
from kullback.methods.counts.bootstrap import Spread, normal_interval, slope_error
from kullback.methods.counts.concentration import Concentrations, concentrations
from kullback.methods.counts.delta import has_slopes
from kullback.methods.counts.dirichlet import entropy_moments, sampled_mean
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.posterior import credible, has_closed_mean, posterior_draws
from kullback.methods.counts.reading import read_tables
from kullback.methods.counts.tables import Numbers, Side, Tables, margins
from kullback.questions import CrossEntropy, Entropy, Jeffreys, JointQuestion, Question


@dataclass(frozen=True, repr=False)
class NSB(CountsMethod):
    """The posterior mean under symmetric Dirichlet priors, mixed so that the entropy is flat.

    One concentration β says almost surely what the entropy is; here β has the density dξ/dβ,
    ξ = ψ(Kβ + 1) − ψ(β + 1) the mean entropy, for each law on its own. K counts all outcomes of the
    table, seen or not. Questions other than entropy, KL, cross-entropy and mutual information are
    means over posterior draws, and need rng.

    References
    ----------
    Nemenman, Shafee and Bialek, Entropy and inference, revisited, NIPS 14 (2002).

    >>> import kullback as kb
    >>> y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
    >>> float(kb.measure(y, of=kb.Entropy(), by=kb.NSB()).value)
    2.18777...
    """

    centred: ClassVar[bool | None] = None

    def refuse_question(self, _of: Question, p: Form, q: Form | None, /) -> str | None:
        """Refuse tables of one outcome."""
        for name, form in (("p", p), ("q", q)):
            if isinstance(form, Counts) and max(form.array.shape, default=0) < 2:
                return f"{name} has one outcome, and a prior over its entropy is none"
        return None

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the posterior mean, one row at a time."""
        assert has_closed_mean(of)
        flat = [(side.seen if side.counted else side.frequencies) for side in t.sides]
        batch, k = flat[0].shape[:-1], flat[0].shape[-1]
        rows = [x.reshape(-1, k) for x in flat]
        found = [_mean(of, t, [x[i] for x in rows]) for i in range(rows[0].shape[0])]
        return np.asarray(found, dtype=np.float64).reshape(batch)

    def floors_of(self, _of: Question, /) -> bool:
        """Each table would cost an integral."""
        return False

    def corrects(self, _of: Question, /) -> str:
        """What the prior says."""
        return (
            "The mean of the posterior under a prior that is flat in the entropy (NSB), for the "
            "outcomes of the table, seen or not; it suits laws whose outcomes are of like kind."
        )

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the posterior mean, its standard deviation and credible interval."""
        t = read_tables(of, p, q, asked.axis, asked.threads)
        if has_closed_mean(of):
            return self.described(of, t, self.estimate(of, t), asked)
        return self.described(of, t, sampled_mean(self, of, t, asked), asked)

    def draws(self, of: Question, t: Tables, rng: np.random.Generator) -> Numbers:
        """Return sorted posterior draws of the answer."""
        return posterior_draws(of, t, _parameters(), self.redraws(t), rng)

    def spread(
        self, of: Question, t: Tables, value: Numbers, rng: np.random.Generator | None
    ) -> tuple[Spread | None, list[str]]:
        """Return the posterior's standard deviation and credible interval."""
        if rng is not None:
            found = credible(self.draws(of, t, rng))
            return found, [f"Interval: credible, from {self.redraws(t)} draws of the posterior."]
        if isinstance(of, Entropy):
            error = np.sqrt(_over_rows(t.p.seen, _entropy_variance))
        elif has_slopes(of):
            error = slope_error(of, t)
        else:
            return None, ["rng=0 gives an interval."]
        words = ["The interval is that of the normal law; rng=0 gives the posterior's own."]
        return Spread(error, normal_interval(of, t, value, error)), words


def _parameters() -> Callable[[Side, int, np.random.Generator], Numbers]:
    """Return counts + β with β drawn from its posterior, whose grid is made once for each side."""
    made: dict[int, list[Concentrations]] = {}

    def given(side: Side, size: int, rng: np.random.Generator) -> Numbers:
        rows = side.seen.reshape(-1, side.seen.shape[-1])
        grids = made.setdefault(id(side), [concentrations(x) for x in rows])
        beta = [rng.choice(grid.beta, size=size, p=grid.weights) for grid in grids]
        shape = (size, *side.seen.shape[:-1], 1)
        return np.asarray(side.seen + np.stack(beta, axis=-1).reshape(shape))

    return given


def _over_rows(x: Numbers, f: Callable[[Concentrations], Numbers]) -> Numbers:
    rows = x.reshape(-1, x.shape[-1])
    return np.asarray([f(concentrations(row)) for row in rows]).reshape(x.shape[:-1])


def _entropy_variance(grid: Concentrations) -> Numbers:
    mean, variance = entropy_moments(grid.counts + grid.beta[:, None], grid.times)
    return grid.mean(variance + mean * mean) - grid.mean(mean) ** 2


def _mean(of: Question, t: Tables, rows: list[Numbers]) -> Numbers:
    counted = [side.counted for side in t.sides]
    grids = [concentrations(x) if yes else None for x, yes in zip(rows, counted, strict=True)]
    if isinstance(of, Entropy):
        return _entropy(grids[0], rows[0])
    if isinstance(of, JointQuestion):
        return _information(grids[0], rows[0], t)
    forth = _cross(grids[0], grids[1], rows[0], rows[1])
    if isinstance(of, CrossEntropy):
        return forth
    one_way = forth - _entropy(grids[0], rows[0])
    if isinstance(of, Jeffreys):
        return one_way + _cross(grids[1], grids[0], rows[1], rows[0]) - _entropy(grids[1], rows[1])
    return one_way


def _entropy(grid: Concentrations | None, law: Numbers) -> Numbers:
    if grid is None:
        return np.asarray(-np.sum(law * np.log(np.where(law > 0, law, 1.0))))
    return grid.mean(entropy_moments(grid.counts + grid.beta[:, None], grid.times)[0])


def _information(grid: Concentrations | None, row: Numbers, t: Tables) -> Numbers:
    """E H(X) + E H(Y) − E H(X, Y), or its kin given Z: margins of Dirichlet laws are such laws."""
    assert grid is not None
    prior = grid.beta[:, None]

    def mean(margin: Numbers) -> Numbers:
        counts, times = np.unique(margin, return_counts=True)
        a = counts + row.size // margin.size * prior
        return grid.mean(entropy_moments(a, times)[0])

    plus, minus = margins(row, t)
    return np.asarray(sum(map(mean, plus)) - sum(map(mean, minus)))


def _cross(
    of_p: Concentrations | None, of_q: Concentrations | None, p: Numbers, q: Numbers
) -> Numbers:
    """−Σ E p E log q."""
    from scipy.special import digamma

    if of_p is not None:
        totals = of_p.n + of_p.k * of_p.beta
        p = p * of_p.mean(1 / totals) + of_p.mean(of_p.beta / totals)
    if of_q is None:
        with np.errstate(all="ignore"):
            return np.asarray(-np.sum(np.where(p > 0, p * np.log(q), 0.0)))
    nodes = digamma(of_q.counts + of_q.beta[:, None])
    log_q = of_q.mean(nodes - digamma(of_q.n + of_q.k * of_q.beta)[:, None])
    return np.asarray(-np.sum(p * log_q[np.searchsorted(of_q.counts, q)]))
