"""Questions about images, products and truncations, asked of the laws they were made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.stable import square_root
from kullback.errors import InvalidInputError, NoMethodError, ShapeError
from kullback.estimate import Answer, Asked, Method
from kullback.forms.discrete import Discrete
from kullback.forms.families.derived import (
    Affine,
    Bijection,
    Derived,
    Exp,
    Image,
    Independent,
    Product,
)
from kullback.forms.families.derived.derived import mean_of
from kullback.forms.families.derived.joint import as_product
from kullback.forms.families.derived.tables import Table, as_tables
from kullback.forms.families.family import Family, together
from kullback.forms.form import Form
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Divergence,
    Entropy,
    Hellinger,
    Jeffreys,
    Question,
    Renyi,
    Tsallis,
)

Parts = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, eq=False)
class Reduction:
    """One question, as the same question of simpler laws.

    Attributes
    ----------
    parts : tuple of (p, q)
        The simpler laws; q is None for questions of one law.
    combine : callable
        From the answers for the parts to the answer.
    """

    parts: Parts
    combine: Callable[[Sequence[Any]], Any] = lambda values: values[0]


def reduce(of: Question, p: Form, q: Form | None) -> Reduction | None:
    """Return the question of simpler laws that has the same answer, or None.

    Divergences do not change under a one-to-one map T of both laws, D(T(P) ‖ T(Q)) = D(P ‖ Q), and
    those with a rule for independent parts, KL and Rényi by their sum, are asked part by part.

    References
    ----------
    Cover and Thomas, Elements of Information Theory (2006), theorems 2.5.3 and 8.6.4; van Erven and
    Harremoës 2014, theorems 9 and 28.
    """
    if isinstance(p, Table) or isinstance(q, Table):
        first: Any = p.form if isinstance(p, Table) else p
        second = q.form if isinstance(q, Table) else q
        return reduce(of, first, second) or Reduction(((first, second),))
    if isinstance(p, Discrete) != isinstance(q, Discrete) and q is not None:
        tables = as_tables(p, q) if isinstance(of, (Divergence, Renyi, CrossEntropy)) else None
        return None if tables is None else Reduction((tables,))
    plain_p, plain_q = settled(p), None if q is None else settled(q)
    found = _products(of, plain_p, plain_q)
    if found is None and _sees_maps(of):
        found = _images(of, plain_p, plain_q)
    if found is None and (plain_p is not p or plain_q is not q):
        found = Reduction(((plain_p, plain_q),))
    return found


def settled(law: Any) -> Any:
    """Return a derived law as the family it is, where it is one."""
    for _ in range(8):
        if not isinstance(law, Derived):
            return law
        if isinstance(law, Independent):
            if not isinstance(law.law, Independent):
                return law
            law = Independent(law.law.law, law.axes + law.law.axes)
            continue
        if isinstance(law, Product):
            return law
        simpler = law.canonical()
        if simpler is law:
            return law
        law = simpler
    return law


def _sees_maps(of: Question) -> bool:
    return isinstance(of, (Divergence, Renyi, Entropy, CrossEntropy))


def _images(of: Question, p: Any, q: Any) -> Reduction | None:
    """Return what is left of two laws when the map of one is undone on both."""
    if isinstance(p, Image):
        same = isinstance(q, Image) and p.same_map(q)
        return (
            Reduction(((p.law, q.law),)) if same and isinstance(of, (Divergence, Renyi)) else None
        )
    if q is None:
        return _shifted(of, p, (p.law, None)) if isinstance(p, Bijection) else None
    if not (isinstance(p, Family) and isinstance(q, Family)) or isinstance(q, Image):
        return None
    if isinstance(p, Bijection) and isinstance(q, Bijection) and _same_map(p, q):
        return _shifted(of, p, (p.law, q.law))
    if isinstance(p, Bijection):
        p, q = together(p, q)
        bare = p.undo(q)
        if bare is not None:
            return _shifted(of, p, (p.law, bare))
    if isinstance(q, Bijection):
        p, q = together(p, q)
        bare = q.undo(p)
        if bare is not None:
            return _shifted(of, q, (bare, q.law))
    return None


def _same_map(p: Bijection, q: Bijection) -> bool:
    if type(p) is not type(q):
        return False
    first, second = together(p, q)
    return first.same_map(second)  # type: ignore[attr-defined, no-any-return]


def _shifted(of: Question, law: Bijection, pair: tuple[Any, Any]) -> Reduction | None:
    """Return the reduction to a pair; entropies change by the mean of log |T′|."""
    if not isinstance(of, (Entropy, CrossEntropy)) or law.discrete:
        return Reduction((pair,))
    change = None
    if isinstance(law, Affine):
        change = law.log_slope(law.loc, law.loc)
    elif isinstance(law, Exp):
        change = mean_of(pair[0])
    if change is None:
        return None
    return Reduction((pair,), lambda values: values[0] + change)


def _products(of: Question, p: Any, q: Any) -> Reduction | None:
    """Return the parts of two products, and the rule by which the question combines them."""
    rule = _rule(of)
    if rule is None or not any(isinstance(law, (Independent, Product)) for law in (p, q)):
        return None
    if q is None:
        return _parts_of_one(p, rule)
    p, q = _apart(p), _apart(q)
    if isinstance(p, Independent) and isinstance(q, Independent):
        if p.axes != q.axes:
            return None
        if p.size != q.size:
            raise ShapeError(
                f"p is a law of outcomes of shape {p.size} and q of {q.size}; they must be equal."
            )
        return Reduction(((p.law, q.law),), _over_axes(rule, p.axes, p.law, q.law))
    if not all(isinstance(law, (Independent, Product)) for law in (p, q)):
        return None
    if any(isinstance(law, Independent) and law.dimensions > 1 for law in (p, q)):
        return None
    first, second = (law if isinstance(law, Product) else as_product(law) for law in (p, q))
    if sum(first.sizes) != sum(second.sizes):
        raise ShapeError(
            f"p is a law of vectors of length {sum(first.sizes)}, and q of {sum(second.sizes)}."
        )
    if first.sizes != second.sizes:
        return None
    return Reduction(tuple(zip(first.made_of, second.made_of, strict=True)), _over_parts(rule))


def _parts_of_one(p: Any, rule: "_Rule") -> Reduction:
    if isinstance(p, Independent):
        return Reduction(((p.law, None),), _over_axes(rule, p.axes, p.law, p.law))
    return Reduction(tuple((law, None) for law in p.made_of), _over_parts(rule))


def _apart(law: Any) -> Any:
    """Return a MultivariateNormal of independent numbers as such."""
    if type(law).__name__ != "MultivariateNormal" or law.spread != "variances":
        return law
    from kullback.forms.families import Normal

    xp = namespace(law.variances)
    mean, scale = xp.broadcast_arrays(law.mean, xp.sqrt(law.variances))
    return Independent(Normal(mean, scale), 1)


@dataclass(frozen=True)
class _Rule:
    """How a question of a product follows from that of its parts: close(Σ open(value))."""

    open: Callable[[Any], Any]
    close: Callable[[Any], Any]


def _rule(of: Question) -> _Rule | None:
    if isinstance(of, (KL, Jeffreys, Renyi, Entropy, CrossEntropy)):
        return _Rule(lambda v: v, lambda s: s)
    if isinstance(of, ChiSquare):
        return _growing(1.0)
    if isinstance(of, (Tsallis, Alpha)):
        a = of.alpha
        c = a - 1 if isinstance(of, Tsallis) else a * (a - 1)
        return _growing(c) if c != 0 else _Rule(lambda v: v, lambda s: s)
    if isinstance(of, Hellinger):
        return _Rule(lambda v: _log1p(-v * v), lambda s: square_root(-namespace(s).expm1(s)))
    return None


def _growing(c: float) -> _Rule:
    """1 + c v multiplies."""
    return _Rule(lambda v: _log1p(c * v), lambda s: namespace(s).expm1(s) / c)


def _log1p(x: Any) -> Any:
    """log(1 + x), −∞ at −1 without a warning."""
    xp = namespace(x)
    some = x > -1
    value = xp.log1p(xp.where(some, x, xp.zeros_like(x)))
    return xp.where(some, value, -float("inf"))


def _over_axes(rule: _Rule, axes: int, p: Family, q: Family) -> Callable[[Sequence[Any]], Any]:
    import numpy as np

    shape = np.broadcast_shapes(p.batch, q.batch)

    def combine(values: Sequence[Any]) -> Any:
        xp = namespace(values[0])
        each = xp.broadcast_to(rule.open(values[0]), shape)
        return rule.close(xp.sum(each, axis=tuple(range(-axes, 0))))

    return combine


def _over_parts(rule: _Rule) -> Callable[[Sequence[Any]], Any]:
    def combine(values: Sequence[Any]) -> Any:
        total = rule.open(values[0])
        for value in values[1:]:
            total = total + rule.open(value)
        return rule.close(total)

    return combine


@dataclass(frozen=True)
class Reduced(Method):
    """The same question of the laws that p and q were made from, each answered as it is best."""

    reads: ClassVar[tuple[type[Form], ...]] = (Family,)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse where there is nothing to reduce, or no certain method for what is left."""
        from kullback.methods.choose import CERTAIN, choose

        reduction = reduce(of, p, q)
        if reduction is None:
            return "p and q are no images of one map, no products and no tables"
        for first, second in reduction.parts:
            try:
                choose(of, first, second, CERTAIN)
            except NoMethodError:
                other = "" if second is None else f" and {second!r}"
                return f"what is left, {first!r}{other}, has no certain answer either"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return what the answers for the parts make."""
        from kullback.methods.choose import CERTAIN, choose

        reduction = reduce(of, p, q)
        assert reduction is not None
        if asked.axis != -1 and any(isinstance(a, Discrete) for a, _ in reduction.parts):
            raise InvalidInputError(
                f"axis={asked.axis}: beside a law, a table has its outcomes on the last axis."
            )
        asked = replace(asked, axis=-1)
        found = []
        kinds = set()
        for first, second in reduction.parts:
            method, _ = choose(of, first, second, CERTAIN)
            answer = method.answer(of, first, second, asked)
            found.append(answer)
            kinds.add(answer.kind or method.kind)
        values = [answer.value for answer in found]
        value = reduction.combine(values)
        notes = tuple(dict.fromkeys(note for answer in found for note in answer.notes))
        said = "; ".join(f"{a!r}" if b is None else f"{a!r} and {b!r}" for a, b in reduction.parts)
        return Answer(
            value[()] if library_of(value) == "numpy" else value,
            _error(reduction, found, value),
            (*notes, f"Asked of {said}."),
            kind="integrated" if "integrated" in kinds else None,
        )


def _error(reduction: Reduction, found: Sequence[Answer], value: Any) -> Any:
    """Return how far the answer moves when each part moves by its error."""
    if all(answer.error is None for answer in found):
        return None
    less = [a.value if a.error is None else _lowered(a.value, a.error) for a in found]
    xp = namespace(value)
    finite, zero = xp.isfinite(value), xp.zeros_like(value)
    lower = xp.where(finite, reduction.combine(less), zero)
    return xp.abs(xp.where(finite, value, zero) - lower)


def _lowered(value: Any, error: Any) -> Any:
    xp = namespace(value)
    return value - xp.where(xp.isfinite(value), error, xp.zeros_like(value))
