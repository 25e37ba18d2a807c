"""The atlas: every closed form that is known here, as a table."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from kullback.errors import InvalidInputError, MissingExtraError
from kullback.forms import families
from kullback.forms.families.family import Family
from kullback.methods.formulas.closed import find
from kullback.methods.formulas.examples import EXAMPLES
from kullback.methods.formulas.lookup import find_moment
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    W2_FORMULAS,
    Formula,
    Pair,
)
from kullback.methods.formulas.statistics import EXPANSIONS, MOMENTS, Expansion, Moment
from kullback.questions import KL, Question, Wasserstein


class AtlasRow(NamedTuple):
    """One closed form.

    Attributes
    ----------
    question : str
        "KL", "Renyi" (with all that follow from ∫ p^α q^(1−α)), "Wasserstein" (order 2), "Entropy".
    p, q : str
        The families; q is "" for questions of one law.
    states, source, domain : str
        The formula, where it comes from, and where it is finite or holds.
    canonical : bool
        Whether neither family is a special case of another: an Erlang is a gamma.
    """

    question: str
    p: str
    q: str
    states: str
    source: str
    domain: str
    canonical: bool


@dataclass(frozen=True, eq=False)
class Atlas:
    """All closed forms; prints as a summary.

    Attributes
    ----------
    table : tuple of AtlasRow
        One row for each question and ordered pair with a finite closed form.
    """

    table: tuple[AtlasRow, ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The table as a list of dicts."""
        return [row._asdict() for row in self.table]

    def of(self, p: str, q: str = "") -> "Atlas":
        """Return the rows of one pair of families, or of all pairs that begin with p.

        >>> import kullback as kb
        >>> kb.atlas().of("Rayleigh", "Rayleigh").rows[0]["states"]
        'ψ(2 log σ/σ′)'
        """
        known = {row.p for row in self.table} | {row.q for row in self.table}
        for name in (p, q):
            if name and name not in known:
                have = ", ".join(sorted(known - {""}))
                raise InvalidInputError(f"The atlas has no family {name!r}; it has {have}.")
        return Atlas(tuple(row for row in self.table if row.p == p and q in {"", row.q}))

    def to_frame(self) -> Any:
        """Return the table as a pandas DataFrame."""
        try:
            import pandas as pd  # type: ignore[import-untyped]
        except ImportError:
            raise MissingExtraError("to_frame needs pandas: pip install pandas.") from None
        return pd.DataFrame(self.table, columns=list(AtlasRow._fields))

    def __repr__(self) -> str:
        """Count the rows of each question, and list them if they are few."""
        if len(self.table) <= 12:
            return "\n".join(_line(row) for row in self.table) or "no closed form"
        said = []
        for question in dict.fromkeys(row.question for row in self.table):
            own = [row for row in self.table if row.question == question]
            canonical = sum(row.canonical for row in own)
            said.append(f"{question}: {len(own)} closed forms, {canonical} of them canonical")
        return "\n".join([*said, "Look at .rows, .to_frame() or .of('Gamma', 'LogNormal')."])


def _line(row: AtlasRow) -> str:
    names = f"{row.p} ‖ {row.q}" if row.q else row.p
    where = f" [{row.domain}]" if row.domain else ""
    return f"{row.question}({names}) = {row.states}{where}  ({row.source})"


def atlas() -> Atlas:
    """Return the table of all closed forms.

    >>> import kullback as kb
    >>> table = kb.atlas()
    >>> sum(row["question"] == "KL" for row in table.rows) > 150
    True
    """
    return Atlas(tuple(atlas_rows()))


@cache
def atlas_rows() -> tuple[AtlasRow, ...]:
    """Return every question and ordered pair with a finite closed form."""
    rows = [*_kl_rows(), *_from_book("Renyi", POWER_FORMULAS)]
    rows += _from_book("Wasserstein", W2_FORMULAS)
    rows += [
        AtlasRow("Entropy", p.__name__, "", f.states, f.source, f.domain, p not in _special())
        for p in _listed()
        if (f := _of_either(ENTROPY_FORMULAS, p)) is not None
    ]
    return tuple(rows)


@cache
def _listed() -> tuple[type[Family], ...]:
    """Return the families, but for those that are made of other laws."""
    every = (getattr(families, name) for name in sorted(families.__all__))
    return tuple(
        f
        for f in every
        if isinstance(f, type)
        and issubclass(f, Family)
        and f is not Family
        and ".derived" not in f.__module__
    )


@cache
def _special() -> dict[type[Family], type[Family]]:
    """Return the families that are special cases, each with what it is a case of."""
    general = {}
    for family, examples in _examples().items():
        kinds = {type(law.canonical()) for law in examples}
        if family not in kinds:
            general[family] = kinds.pop()
    return general


@cache
def _examples() -> dict[type[Family], tuple[Family, ...]]:
    return {
        getattr(families, name): tuple(getattr(families, name)(*x) for x in parameters)
        for name, parameters in EXAMPLES.items()
    }


def _either(family: type[Family]) -> tuple[type[Family], ...]:
    general = _special().get(family)
    return (family,) if general is None else (family, general)


def _of_either(book: dict[type[Family], Formula], family: type[Family]) -> Formula | None:
    return next((book[f] for f in _either(family) if f in book), None)


def _explicit(book: dict[Pair, Formula], p: type[Family], q: type[Family]) -> Formula | None:
    pairs = ((a, b) for a in _either(p) for b in _either(q))
    return next((book[pair] for pair in pairs if pair in book), None)


def _from_book(question: str, book: dict[Pair, Formula]) -> Iterator[AtlasRow]:
    for p in _listed():
        for q in _listed():
            formula = _explicit(book, p, q)
            transport = question == "Wasserstein"
            if formula is not None and (not transport or _tells(Wasserstein(2), p, q)):
                yield _row(question, p, q, formula)


def _row(question: str, p: type[Family], q: type[Family], formula: Any) -> AtlasRow:
    canonical = not {p, q} & set(_special())
    return AtlasRow(
        question, p.__name__, q.__name__, formula.states, formula.source, formula.domain, canonical
    )


def _kl_rows() -> Iterator[AtlasRow]:
    for p in _listed():
        for q in _listed():
            explicit = _explicit(KL_FORMULAS, p, q)
            on_the_line = p in _examples() and q in _examples()
            formula = explicit or (_by_moments(p, q) if on_the_line else None)
            if formula is not None and p not in _ALONE and _tells(KL(), p, q):
                yield _row("KL", p, q, formula)


_ALONE = {families.Delta, families.SphereUniform}
"""Two of one kind are equal or infinitely far apart: no formula to count."""


def _tells(of: Question, p: type[Family], q: type[Family]) -> bool:
    """Tell whether the formula is finite for some examples that differ; true without examples."""
    examples = _examples()
    if p not in examples or q not in examples:
        return True
    for first in examples[p]:
        for second in (*examples[q], *(_moved(first) if p is q else ())):
            found = find(of, first, second)
            if not isinstance(found, str) and 0 < float(found()) < math.inf:
                return True
    return False


def _moved(law: Family) -> Iterator[Family]:
    """Return the law with one parameter changed, for each that may be."""
    names = [f.name for f in law.parameters()]
    values = {name: float(getattr(law, name)) for name in names}
    for name in names:
        try:
            yield type(law)(**{**values, name: 1.25 * values[name] or 0.25})
        except InvalidInputError:
            continue


def _by_moments(p: type[Family], q: type[Family]) -> Formula | None:
    """Return what the atlas says of −H(p) − E log q, where all the means are known."""
    entropy = _of_either(ENTROPY_FORMULAS, p)
    for family in _either(q):
        expansion = EXPANSIONS.get(family)
        if expansion is None or entropy is None:
            continue
        means = [_mean(p, kind) for kind in expansion.kinds]
        if all(mean is not None for mean in means):
            return _told(entropy, expansion, [mean for mean in means if mean is not None])
    return None


def _mean(p: type[Family], kind: Any) -> Moment | None:
    return next((MOMENTS[kind, f] for f in _either(p) if (kind, f) in MOMENTS), None)


def _told(entropy: Formula, expansion: Expansion, means: list[Moment]) -> Formula:
    under_p = "; ".join(
        f"E {kind.written()} = {mean.states}"
        for kind, mean in zip(expansion.kinds, means, strict=True)
    )
    sources = dict.fromkeys([entropy.source, *(mean.source for mean in means)])
    domains = dict.fromkeys(mean.domain for mean in means if mean.domain)
    return Formula(
        find_moment,
        f"−H(p) − E log q; q: log q(x) = {expansion.states}; p: H = {entropy.states}"
        + (f"; {under_p}" if under_p else ""),
        "by moments: " + "; ".join(sources),
        "; ".join(domains),
    )
