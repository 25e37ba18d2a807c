"""How much one observation tells about each parameter."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError
from kullback.forms.coerce import coerce
from kullback.forms.discrete import Discrete
from kullback.forms.families import Exp, Family, Log, MultivariateNormal, Sigmoid
from kullback.information.metrics import METRICS, Metric
from kullback.information.metrics.vectors import of_probabilities
from kullback.information.scores import (
    flattened,
    information_by_scores,
    moved,
    step_of,
)


def fisher_information(P: Any, /, *, of: Sequence[str] | None = None) -> Any:
    """E[s sᵀ], s the slopes of log p(x) in the parameters: the Hessian of KL(p ‖ ·) at p.

    Parameters
    ----------
    P : law, or array of probabilities, shape (*batch, k)
        A family of `kullback.families`, or anything read as one.
    of : sequence of str, optional
        Of which parameters, the others being known; of all if left out. Whole-number parameters
        (a Binomial's n) are always taken as known.

    Returns
    -------
    array, shape (*batch, d, d)
        Rows in the order of the family's parameters. Vectors take a row an entry; symmetric and
        triangular matrices one for each entry on and below the diagonal, row by row, an entry
        being moved with its mirror image; probabilities one for each but the last, which is 1 less
        the others. A direction on a sphere takes as many rows as it has entries; the matrix is
        that of the tangents, 0 along the direction.
        In the library and dtype of the parameters, with gradients where it is a formula; by
        integration, to a relative 1e-8 and without gradients, for the laws without one.

    Raises
    ------
    NoMethodError
        For parameters that the support depends on, such as Pareto's minimum: the law is not
        regular there, and KL falls off linearly or is infinite. The message says what to ask.

    References
    ----------
    Fisher, On the mathematical foundations of theoretical statistics, Phil. Trans. A 222 (1922).

    >>> from kullback.information import fisher_information
    >>> import kullback as kb
    >>> fisher_information(kb.families.Normal(0, 2))
    array([[0.25, 0.  ],
           [0.  , 0.5 ]])
    >>> fisher_information(kb.families.Pareto(2.0, 1.0), of=["shape"])
    array([[0.25]])
    """
    if isinstance(of, str):
        raise InputTypeError(f"of={of!r}: a list of names is needed, as in of=[{of!r}].")
    form = coerce(P, "P")
    if isinstance(form, Discrete):
        from kullback.methods.exact.held import check_form, probabilities_of

        check_form(form, -1, "P")
        _check_names(of, ("probs",), "P")
        return of_probabilities(probabilities_of(form, -1, "P"))
    if not isinstance(form, Family):
        raise InputTypeError(f"P is {form!r}, which has no parameters to ask about.")
    while isinstance(form, Exp | Log | Sigmoid):  # one-to-one, without parameters of their own
        form = form.law
    return information_of(form, None if of is None else tuple(of))


def information_of(law: Family, of: tuple[str, ...] | None) -> Any:
    """Return the matrix of a law's parameters named, or of all."""
    found = METRICS.get(type(law))
    if found is None:
        return _integrated(law, of)
    names = _named(law, found, of)
    with np.errstate(all="ignore"):  # parameters on the edge: infinite, and meant
        matrix = found.function(law)
    xp = namespace(matrix)
    d = matrix.shape[-1]
    matrix = xp.broadcast_to(matrix, (*law.batch, d, d))
    rows = _rows(law, found, names)
    if rows == list(range(d)):
        return matrix
    return matrix[..., rows, :][..., rows]


def varying(law: Family, of: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the parameters of a law that a path may vary: those named, or all there are."""
    found = METRICS.get(type(law))
    if found is None:
        names = tuple(f.name for f in law.parameters())
        return names if of is None else of
    if of is None:
        own = _names(law, found)
        if not own:
            _named(law, found, None)
        return own
    return tuple(n for n in _names(law, found) if n in _named(law, found, of))


def _named(law: Family, found: Metric, of: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the parameters asked for, or raise where there is no information about one."""
    family = type(law).__name__
    own = _names(law, found)
    every = tuple(f.name for f in law.parameters())
    asked = tuple(n for n in every if n not in found.known) if of is None else of
    _check_names(asked, (*own, *every), family)
    for name in asked:
        reason = found.refused.get(name)
        if name in found.known:
            reason = "it is a whole number, which has no slopes; it is taken as known"
        if reason is not None:
            way = f" Ask of the others: of={list(own)!r}." if own and not found.known else ""
            raise NoMethodError(
                f"{family} has no Fisher information about {name}: {reason}.{way}"
                if own
                else f"{family} has no Fisher information about {name}: {reason}."
            )
    return asked


def _names(law: Family, found: Metric) -> tuple[str, ...]:
    """Return what the rows of the matrix are called; a Gaussian's by what it was given."""
    if isinstance(law, MultivariateNormal):
        return ("mean", law.spread)
    return tuple(n for n in found.parameters if n not in found.refused)


def _rows(law: Family, found: Metric, names: tuple[str, ...]) -> list[int]:
    own, sizes = _names(law, found), found.sizes(law)
    first = dict(zip(own, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
    size = dict(zip(own, sizes, strict=True))
    return [first[n] + i for n in names for i in range(size[n])]


def _check_names(of: Sequence[str] | None, known: tuple[str, ...], family: str) -> None:
    for name in of or ():
        if name not in known:
            raise InvalidInputError(
                f"of={list(of or ())!r}: {family} has no parameter {name!r}, but "
                f"{', '.join(dict.fromkeys(known))}."
            )


def _integrated(law: Family, of: tuple[str, ...] | None) -> Any:
    family = type(law).__name__
    names = tuple(f.name for f in law.parameters())
    if law.dimensions or not names or hasattr(law, "made_of"):
        raise NoMethodError(
            f"The Fisher information of {family} is not known here: no formula, and integration "
            "takes laws of numbers with parameters of their own."
        )
    _check_names(of, names, family)
    asked = names if of is None else of
    for name in asked:
        if _moves_support(law, name):
            raise NoMethodError(
                f"{family} has no Fisher information about {name}: the support depends on it. "
                f"Leave it out: of={[n for n in names if not _moves_support(law, n)]!r}."
            )
    found = information_by_scores(law, asked)
    like = law.home
    if library_of(like) == "numpy":
        return found.astype(like.dtype)
    return namespace(like).asarray(found, dtype=like.dtype)


def _moves_support(law: Family, name: str) -> bool:
    """Tell whether the ends of the support change with a parameter."""
    one = flattened(law)
    here, there = one.support(), moved(one, name, step_of(one, name)).support()
    return any(
        not np.array_equal(getattr(here, end), getattr(there, end)) for end in ("low", "high")
    )
