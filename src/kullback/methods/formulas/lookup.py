"""Which formula answers: that of the pair, that of what they are special cases of, or by moments.

An answer is found as a function without arguments, or as the words that say why there is none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.forms.families.family import Family, together
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    W2_FORMULAS,
    Formula,
    Pair,
)
from kullback.methods.formulas.statistics import EXPANSIONS, MOMENTS, Moment, Statistic, Term

Found = Callable[[], Any]
INFINITY = float("inf")


@dataclass(frozen=True, eq=False)
class Pairing:
    """Two laws in one library, and where q's support covers p's.

    Attributes
    ----------
    p, q : Family
        The laws, broadcast against one another by their parameters.
    covers : bool or array of bool
        Where q has density wherever p has.
    """

    p: Family
    q: Family
    covers: Any

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the answer."""
        return np.broadcast_shapes(self.p.batch, self.q.batch)

    def full(self, value: Any) -> Any:
        """Return the value in the shape of the batch, ∞ where q does not cover p."""
        xp = namespace(value)
        if value.shape != self.batch:
            value = xp.broadcast_to(value, self.batch)
        if self.covers is True:
            return value
        return xp.where(self.covers, value, xp.full_like(value, INFINITY))

    def infinite(self) -> Any:
        """Return ∞ in the shape of the batch."""
        xp, home = namespace(self.p.home), self.p.home
        return xp.broadcast_to(xp.full_like(xp.sum(home), INFINITY), self.batch)


def pairing(p: Family, q: Family) -> Pairing | str:
    """Return both laws in one library, or why they cannot be compared."""
    p, q = together(p, q)
    one, other = getattr(type(p), "reach", None), getattr(type(q), "reach", None)
    if one is not None and other is not None:
        return Pairing(p, q, covers=other[0] <= one[0] and one[1] <= other[1])
    mine, theirs = p.support(), q.support()
    if mine.kind != theirs.kind:
        return f"p is a law of {mine.kind} and q of {theirs.kind}"
    if mine.low is None or theirs.low is None:
        return Pairing(p, q, covers=True)
    covers = theirs.covers(mine)
    if not is_traced(covers):
        xp = namespace(covers) if hasattr(covers, "shape") else np
        if bool(xp.all(covers)):
            covers = True
        elif not bool(xp.any(covers)):
            covers = False
    return Pairing(p, q, covers)


def candidates(pair: Pairing) -> Iterator[tuple[Family, Family]]:
    """Yield the pair, then with either or both as the family that they are special cases of."""
    seen = set()
    for p, q in product(_forms(pair.p), _forms(pair.q)):
        if (type(p), type(q)) not in seen:
            seen.add((type(p), type(q)))
            yield p, q


def _forms(law: Family) -> tuple[Family, ...]:
    general = law.canonical()
    return (law,) if general is law else (law, general)


def from_book(book: dict[Pair, Formula], pair: Pairing) -> tuple[Found, Formula] | str:
    """Return the first formula in a book that holds for the pair."""
    reasons = []
    for p, q in candidates(pair):
        formula = book.get((type(p), type(q)))
        if formula is None:
            continue
        reason = formula.refuse(p, q) if formula.refuse is not None else None
        if reason is None:
            return _bound(formula, p, q), formula
        reasons.append(reason)
    names = f"{type(pair.p).__name__} and {type(pair.q).__name__}"
    return f"of {names} " + "; ".join(reasons) if reasons else f"no formula for {names}"


def _bound(formula: Formula, p: Family, q: Family) -> Found:
    return lambda: formula.function(p, q)


def find_kl(pair: Pairing) -> Found | str:
    """Return KL(p ‖ q) as a function of nothing, or why there is none."""
    if pair.covers is False:
        return pair.infinite
    found = from_book(KL_FORMULAS, pair)
    if not isinstance(found, str):
        value, _ = found
        return lambda: pair.full(value())
    by_moments = find_by_moments(pair)
    if not isinstance(by_moments, str):
        return lambda: pair.full(by_moments())
    return found if " only" in found or not by_moments else by_moments


def find_by_moments(pair: Pairing) -> Found | str:
    """Return −H(p) − c − Σ cᵢ E_p Tᵢ as a function of nothing; "" where q has no expansion."""
    reasons = []
    entropy = find_entropy(pair.p)
    for q in _forms(pair.q):
        expansion = EXPANSIONS.get(type(q))
        if expansion is None:
            continue
        constant, terms = expansion.function(q)
        means = [find_moment(pair.p, term.statistic) for term in terms]
        lost = [mean for mean in means if isinstance(mean, str)]
        if not lost and not isinstance(entropy, str):
            return _assembled(entropy, constant, terms, means)
        if any(not isinstance(mean, str) and _everywhere_infinite(mean()) for mean in means):
            return pair.infinite
        reasons += lost if lost else [str(entropy)]
    return "; ".join(dict.fromkeys(reasons))


def _assembled(entropy: Found, constant: Any, terms: list[Term], means: list[Any]) -> Found:
    def kl() -> Any:
        value = -entropy() - constant
        xp = namespace(value)
        for term, found in zip(terms, means, strict=True):
            mean = found()
            exists = xp.isfinite(mean)
            around = xp.where(exists, mean - term.offset, xp.zeros_like(mean - term.offset))
            value = value - term.coefficient * around
            value = xp.where(exists, value, xp.full_like(value, INFINITY))
        return value

    return kl


def _everywhere_infinite(mean: Any) -> bool:
    return not is_traced(mean) and bool(namespace(mean).all(mean == INFINITY))


def find_moment(p: Family, statistic: Statistic) -> Found | str:
    """Return the mean of a statistic under p, or why it is not known."""
    reasons = []
    for law in _forms(p):
        moment = MOMENTS.get((type(statistic), type(law)))
        if moment is None:
            continue
        reason = moment.refuse(law, statistic) if moment.refuse is not None else None
        if reason is None:
            return _mean(moment, law, statistic)
        reasons.append(f"of E {statistic.written()} under {type(law).__name__} {reason}")
    unknown = f"E {statistic.written()} under {type(p).__name__} has no known closed form"
    return "; ".join(reasons) or unknown


def _mean(moment: Moment, law: Family, statistic: Statistic) -> Found:
    return lambda: moment.function(law, statistic)


def find_entropy(p: Family) -> Found | str:
    """Return H(p) as a function of nothing, or why there is none."""
    for law in _forms(p):
        formula = ENTROPY_FORMULAS.get(type(law))
        reason = formula.refuse(law) if formula is not None and formula.refuse else None
        if formula is not None and reason is None:
            return _in_batch(formula, law, p.batch)
    return f"no formula for the entropy of {type(p).__name__}"


def _in_batch(formula: Formula, law: Family, batch: tuple[int, ...]) -> Found:
    def entropy() -> Any:
        value = formula.function(law)
        return value if value.shape == batch else namespace(value).broadcast_to(value, batch)

    return entropy


def find_power(pair: Pairing, alpha: float) -> Found | str:
    """Return log ∫ p^α q^(1−α) as a function of nothing, or why there is none."""
    reasons = []
    for p, q in candidates(pair):
        formula = POWER_FORMULAS.get((type(p), type(q)))
        if formula is None:
            continue
        reason = formula.refuse(p, q) if formula.refuse is not None else None
        if reason is None:
            return _power(pair, formula, p, q, alpha)
        reasons.append(reason)
    names = f"{type(pair.p).__name__} and {type(pair.q).__name__}"
    return "; ".join(reasons) or f"no formula for ∫ p^α q^(1−α) of {names}"


def _power(pair: Pairing, formula: Formula, p: Family, q: Family, alpha: float) -> Found:
    def power() -> Any:
        value = formula.function(p, q, alpha)
        if value.shape != pair.batch:
            value = namespace(value).broadcast_to(value, pair.batch)
        return value

    return power


def find_w2(p: Family, q: Family) -> Found | str:
    """Return the 2-Wasserstein distance as a function of nothing, or why there is none."""
    pair = Pairing(*together(p, q), covers=True)
    found = from_book(W2_FORMULAS, pair)
    if isinstance(found, str):
        return found
    value, _ = found
    return lambda: pair.full(value())
