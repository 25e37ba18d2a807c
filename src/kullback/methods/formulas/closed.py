"""The closed form, where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.stable import square_root
from kullback.estimate import Answer, Asked, Method
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.methods.answers import home_of
from kullback.methods.formulas.lookup import (
    Found,
    Pairing,
    find_entropy,
    find_kl,
    find_power,
    find_w2,
    pairing,
)
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Entropy,
    Hellinger,
    Jeffreys,
    Question,
    Renyi,
    Tsallis,
    Wasserstein,
)


@dataclass(frozen=True)
class ClosedForm(Method):
    """A formula in the parameters, exact to rounding.

    Infinite by one rule: q does not cover p, or a mean that the formula needs does not exist.
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Family,)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is no pair of families, and pairs that no formula is known for."""
        found = find(of, p, q)
        return found if isinstance(found, str) else None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:  # noqa: ARG002
        """Return what the formula says."""
        found = find(of, p, q)
        assert not isinstance(found, str)
        value = found()
        if library_of(value) == "numpy":
            value = value.astype(home_of(p, q).dtype, copy=False)[()]
        return Answer(value)


def find(of: Question, p: Form, q: Form | None) -> Found | str:
    """Return the answer as a function of nothing, or why there is no formula for it."""
    if not isinstance(p, Family) or not (q is None or isinstance(q, Family)):
        return "needs families with parameters"
    if isinstance(of, Entropy):
        return find_entropy(p)
    if isinstance(of, Wasserstein) and of.order == 2 and q is not None:
        return find_w2(p, q)
    if q is None or not isinstance(of, (*_ORDERS, KL, Jeffreys, CrossEntropy)):
        return f"has no formulas for {of!r}"
    pair = pairing(p, q)
    if isinstance(pair, str):
        return pair
    if isinstance(of, KL):
        return find_kl(pair)
    if isinstance(of, Jeffreys):
        return _sum(find_kl(pair), _swapped(pair))
    if isinstance(of, CrossEntropy):
        return _sum(find_kl(pair), find_entropy(pair.p))
    return _find_order(of, pair)


_ORDERS = (Renyi, Tsallis, Alpha, Hellinger, ChiSquare)


def _swapped(pair: Pairing) -> Found | str:
    back = pairing(pair.q, pair.p)
    return back if isinstance(back, str) else find_kl(back)


def _sum(first: Found | str, second: Found | str) -> Found | str:
    if isinstance(first, str):
        return first
    if isinstance(second, str):
        return second
    return lambda: first() + second()


def _find_order(of: Question, pair: Pairing) -> Found | str:
    """Return a question of ∫ p^α q^(1−α); KL at α = 1, and of q and p at α = 0."""
    alpha = 0.5 if isinstance(of, Hellinger) else getattr(of, "alpha", 2.0)
    if alpha in {float("inf"), float("-inf")}:
        return "has formulas for finite orders only"
    if alpha == 1:
        return find_kl(pair)
    if alpha == 0 and isinstance(of, Alpha):
        return _swapped(pair)
    power = find_power(pair, alpha)
    if isinstance(power, str):
        return power
    close = _closing(of, alpha)
    return lambda: close(power())


def _closing(of: Question, alpha: float) -> Callable[[Any], Any]:
    """Return what makes the answer of log ∫ p^α q^(1−α)."""
    if isinstance(of, Renyi):
        return lambda log: log / (alpha - 1)
    if isinstance(of, Hellinger):
        return lambda log: square_root(-namespace(log).expm1(log))
    scale = 1.0
    if isinstance(of, (Tsallis, Alpha)):
        scale = alpha - 1 if isinstance(of, Tsallis) else alpha * (alpha - 1)
    return lambda log: namespace(log).expm1(log) / scale
