"""The divergences a column is compared by: the library's own questions, asked of shares of rows.

p is the current table's share of an outcome and q the reference's, so `kl` is
KL(current ‖ reference); `reverse` is the other way round. PSI is Jeffreys' divergence, in nats as
is customary. `smoothed` is KL with ½ added to every count (Jeffreys' prior), so it is finite.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kullback import questions
from kullback.forms.pair import Pair, pair_of_probabilities

Numbers = npt.NDArray[np.float64]

PRIOR = 0.5
PRIOR_NAME = "Jeffreys"


@dataclass(frozen=True)
class Measure:
    """A question of the form close(Σ terms), as it is asked of a column.

    Attributes
    ----------
    name : str
    of : Divergence
        The question.
    swapped : bool
        Whether it is asked of (reference, current).
    prior : float
        Added to every count.
    in_nats : bool
        Whether it is stated in nats whatever the unit of the comparison.
    """

    name: str
    of: questions.Divergence
    swapped: bool = False
    prior: float = 0.0
    in_nats: bool = False

    def unit(self, base: float) -> float:
        """How many nats make one of the unit in which it is stated."""
        return math.log(base) if self.of.information and not self.in_nats else 1.0

    def terms(self, pair: Pair) -> Numbers:
        """Its terms in nats."""
        return np.asarray(self.of.terms(pair.swapped() if self.swapped else pair))

    def close(self, total: Numbers | float) -> Numbers:
        """The stated value of a sum; of a negative one, where a bias was taken off, negative."""
        found = np.asarray(total, dtype=np.float64)
        return np.asarray(np.sign(found) * self.of.close(np.abs(found)))


KL = Measure("kl", questions.KL())
REVERSE = Measure("reverse", questions.KL(), swapped=True)
JS = Measure("js", questions.JensenShannon())
TV = Measure("tv", questions.TotalVariation())
PSI = Measure("psi", questions.Jeffreys(), in_nats=True)
HELLINGER = Measure("hellinger", questions.Hellinger())
SMOOTHED = Measure("smoothed", questions.KL(), prior=PRIOR)

MEASURES = (KL, REVERSE, JS, TV, PSI, HELLINGER, SMOOTHED)


def terms(
    current: Numbers,
    reference: Numbers,
    values: Numbers | None = None,
    measures: Sequence[Measure] = MEASURES,
) -> Mapping[str, Numbers]:
    """Each measure's terms in nats, never negative, from counts of rows (…, outcomes).

    Parameters
    ----------
    current, reference
        Rows of each outcome, of one table or of several.
    values
        How many outcomes each place stands for; one where it is not given.

    >>> coin = np.asarray([9.0, 1.0]), np.asarray([5.0, 5.0])
    >>> round(float(terms(*coin)["kl"].sum()), 6)
    0.368064
    """
    each = np.ones(current.shape[-1]) if values is None else values
    held: dict[float, Pair] = {}
    found = {}
    for measure in measures:
        if measure.prior not in held:
            held[measure.prior] = paired(
                shares(current, each, measure.prior), shares(reference, each, measure.prior)
            )
        found[measure.name] = measure.terms(held[measure.prior])
    return found


def paired(p: Numbers, q: Numbers) -> Pair:
    """Shares of rows as questions read them; an infinite ratio is no cause for a warning."""
    with np.errstate(divide="ignore"):
        return pair_of_probabilities(p, q)


def sums(
    current: Numbers,
    reference: Numbers,
    values: Numbers | None = None,
    measures: Sequence[Measure] = MEASURES,
) -> Mapping[str, Numbers]:
    """The sum of each measure's terms over all outcomes, before it is closed."""
    found = terms(current, reference, values, measures)
    if values is None:
        return {name: np.asarray(each.sum(axis=-1)) for name, each in found.items()}
    return {name: np.asarray((each * values).sum(axis=-1)) for name, each in found.items()}


def shares(counts: Numbers, values: Numbers, prior: float = 0.0) -> Numbers:
    """Each outcome's share of all rows, the prior added to every count."""
    total = (counts * values).sum(axis=-1, keepdims=True) + prior * values.sum()
    return np.asarray((counts + prior) / total)


def sums_of_many(current: Numbers, reference: Numbers) -> Mapping[str, Numbers]:
    """The sums of very many drawn tables (tables, outcomes), by textbook formulas.

    Rounding leaves 1e-15 of absolute error, which no draw shows; `sums` keeps every digit.
    """
    p, q = (counts / counts.sum(axis=-1, keepdims=True) for counts in (current, reference))
    log_p, log_q = _log(p), _log(q)
    forth = (p * (log_p - log_q)).sum(axis=-1) + _infinite((p > 0) & (q == 0))
    back = (q * (log_q - log_p)).sum(axis=-1) + _infinite((q > 0) & (p == 0))
    ones = np.ones(current.shape[-1])
    r, s = shares(current, ones, PRIOR), shares(reference, ones, PRIOR)
    return {
        KL.name: forth,
        REVERSE.name: back,
        JS.name: _js(p, q, log_p, log_q),
        TV.name: np.abs(p - q).sum(axis=-1) / 2,
        PSI.name: forth + back,
        HELLINGER.name: 1 - np.sqrt(p * q).sum(axis=-1),
        SMOOTHED.name: (r * np.log(r / s)).sum(axis=-1),
    }


def js_of_many(current: Numbers, reference: Numbers) -> Numbers:
    """JS of very many drawn tables, in nats."""
    p, q = (counts / counts.sum(axis=-1, keepdims=True) for counts in (current, reference))
    return _js(p, q, _log(p), _log(q))


def _js(p: Numbers, q: Numbers, log_p: Numbers, log_q: Numbers) -> Numbers:
    x = (p + q) / 2
    return np.asarray(((p * log_p + q * log_q) / 2 - x * _log(x)).sum(axis=-1))


def _log(p: Numbers) -> Numbers:
    return np.log(p, out=np.zeros_like(p), where=p > 0)


def _infinite(lost: npt.NDArray[np.bool_]) -> Numbers:
    return np.where(lost.any(axis=-1), np.inf, 0.0)
