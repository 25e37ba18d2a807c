"""The posterior of laws under a Dirichlet prior."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.errors import InvalidInputError, NoMethodError
from kullback.estimate import Answer, Asked
from kullback.forms import Form
from kullback.methods.counts.bootstrap import Spread, normal_interval, slope_error
from kullback.methods.counts.delta import has_slopes
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.posterior import credible, has_closed_mean, posterior_draws
from kullback.methods.counts.reading import read_tables
from kullback.methods.counts.tables import Numbers, Side, Tables, margins
from kullback.questions import CrossEntropy, Entropy, Jeffreys, JointQuestion, Question


@dataclass(frozen=True, repr=False)
class Dirichlet(CountsMethod):
    """The posterior mean, with a credible interval, where each law has a Dirichlet prior.

    E H = ψ(A + 1) − Σ (a/A) ψ(a + 1) with a = counts + concentration, A = Σ a; KL, cross-entropy
    and mutual information are sums of such terms; other questions are means over posterior draws,
    and need rng. An interval holds 95 % of the posterior: it covers as often as it says for laws
    like those of the prior, not for every law.

    Attributes
    ----------
    concentration : float or array, shape (k,)
        Of the prior, for each outcome: ½ is Jeffreys' prior, 1 the uniform one, 1/K Perks'.

    References
    ----------
    Wolpert and Wolf, Estimating functions of probability distributions from a finite set of
    samples, Phys. Rev. E 52 (1995). Hutter, Distribution of mutual information, NIPS 14 (2001).

    >>> import kullback as kb
    >>> kb.measure(kb.Counts([3, 1]), of=kb.Entropy(), by=kb.Dirichlet(1.0))
    0.5...
    """

    concentration: Any = 0.5

    takes_weights: ClassVar[bool] = True
    centred: ClassVar[bool | None] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        a = np.asarray(self.concentration, dtype=np.float64)
        if a.ndim > 1 or not np.all((a > 0) & np.isfinite(a)):
            raise InvalidInputError(
                f"concentration={self.concentration!r}: a positive number is needed, or one for "
                "each outcome."
            )

    def refuse_question(self, _of: Question, _p: Form, _q: Form | None, /) -> str | None:
        """Every question of tables has a posterior."""
        return None

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the posterior mean, where it is a sum of digammas."""
        assert has_closed_mean(of)
        return posterior_mean(of, t, [self._given(side) for side in t.sides])

    def floors_of(self, of: Question, /) -> bool:
        """Where no draws are needed for a mean."""
        return has_closed_mean(of)

    def corrects(self, _of: Question, /) -> str:
        """What the prior says."""
        return (
            f"The mean of the posterior under a Dirichlet prior of concentration "
            f"{self.concentration}; with few draws for each outcome it says what the prior says."
        )

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the posterior mean, its standard deviation and credible interval."""
        t = read_tables(of, p, q, asked.axis, asked.threads)
        if has_closed_mean(of):
            return self.described(of, t, self.estimate(of, t), asked)
        return self.described(of, t, sampled_mean(self, of, t, asked), asked)

    def draws(self, of: Question, t: Tables, rng: np.random.Generator) -> Numbers:
        """Return sorted posterior draws of the answer."""
        return posterior_draws(of, t, lambda side, _n, _r: self._given(side), self.redraws(t), rng)

    def spread(
        self, of: Question, t: Tables, value: Numbers, rng: np.random.Generator | None
    ) -> tuple[Spread | None, list[str]]:
        """Return the posterior's standard deviation and credible interval."""
        if rng is not None:
            found = credible(self.draws(of, t, rng))
            return found, [f"Interval: credible, from {self.redraws(t)} draws of the posterior."]
        words = ["The interval is that of the normal law; rng=0 gives the posterior's own."]
        if isinstance(of, Entropy):
            error = np.sqrt(entropy_moments(self._given(t.p))[1])
        elif has_slopes(of):
            error = slope_error(of, t)
        else:
            return None, ["rng=0 gives an interval."]
        return Spread(error, normal_interval(of, t, value, error)), words

    def _given(self, side: Side) -> Numbers:
        """Counts + concentration; a known law as it is."""
        return side.seen + self.concentration if side.counted else side.frequencies


def sampled_mean(method: Any, of: Question, t: Tables, asked: Asked) -> Numbers:
    """Return the mean over posterior draws of a question without a closed one."""
    if asked.rng is None:
        raise NoMethodError(
            f"The posterior mean of {of!r} is a mean over draws, and there is no rng: "
            "kb.measure(p, q, by=…, rng=0)."
        )
    with np.errstate(all="ignore"):
        return np.asarray(method.draws(of, t, np.random.default_rng(asked.rng)).mean(axis=0))


def posterior_mean(of: Question, t: Tables, a: list[Numbers]) -> Numbers:
    """Return the mean of the answer for independent Dirichlet laws with parameters a."""
    if isinstance(of, Entropy):
        return mean_entropy(a[0])
    if isinstance(of, JointQuestion):
        plus, minus = margins(a[0], t)
        return np.asarray(sum(map(mean_entropy, plus)) - sum(map(mean_entropy, minus)))
    assert t.q is not None
    forth = _cross(t.p, t.q, a[0], a[1])
    if isinstance(of, CrossEntropy):
        return forth
    one_way = forth - _own(t.p, a[0])
    if isinstance(of, Jeffreys):
        return np.asarray(one_way + _cross(t.q, t.p, a[1], a[0]) - _own(t.q, a[1]))
    return np.asarray(one_way)


def mean_entropy(a: Numbers) -> Numbers:
    """ψ(A + 1) − Σ (a/A) ψ(a + 1)."""
    from scipy.special import digamma

    total = a.sum(axis=-1)
    return np.asarray(digamma(total + 1) - np.sum(a * digamma(a + 1), axis=-1) / total)


def entropy_moments(a: Numbers, times: Any = 1.0) -> tuple[Numbers, Numbers]:
    """Return mean and variance of the entropy of a Dirichlet law, `times` of each parameter."""
    from scipy.special import digamma, polygamma

    total = np.sum(times * a, axis=-1, keepdims=True)
    apart = digamma(a + 1) - digamma(total + 2)
    last = polygamma(1, total + 2)
    pairs = np.sum(times * a * apart, axis=-1) ** 2 - np.sum(times * (a * apart) ** 2, axis=-1)
    pairs = pairs - last[..., 0] * (total[..., 0] ** 2 - np.sum(times * a * a, axis=-1))
    own = (digamma(a + 2) - digamma(total + 2)) ** 2 + polygamma(1, a + 2) - last
    second = pairs + np.sum(times * a * (a + 1) * own, axis=-1)
    second = second / (total * (total + 1))[..., 0]
    mean = digamma(total + 1)[..., 0] - np.sum(times * a * digamma(a + 1), axis=-1) / total[..., 0]
    return mean, np.maximum(second - mean * mean, 0.0)


def _own(side: Side, a: Numbers) -> Numbers:
    if side.counted:
        return mean_entropy(a)
    return np.asarray(-np.sum(a * np.log(np.where(a > 0, a, 1.0)), axis=-1))


def _cross(p: Side, q: Side, a: Numbers, b: Numbers) -> Numbers:
    """−Σ E p E log q."""
    from scipy.special import digamma

    mean = a / a.sum(axis=-1, keepdims=True) if p.counted else a
    if q.counted:
        log_q = digamma(b) - digamma(b.sum(axis=-1, keepdims=True))
        return np.asarray(-np.sum(mean * log_q, axis=-1))
    with np.errstate(all="ignore"):
        return np.asarray(-np.sum(mean * np.where(mean > 0, np.log(b), 0.0), axis=-1))
