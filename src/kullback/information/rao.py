"""How far two laws of one family are apart: the geodesic distance of the Fisher metric."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, library_of, namespace
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError
from kullback.forms.coerce import coerce
from kullback.forms.discrete import Discrete
from kullback.forms.families import (
    Dirichlet,
    Exp,
    Family,
    Log,
    MultivariateNormal,
    Sigmoid,
    VonMises,
)
from kullback.forms.families.family import together
from kullback.forms.families.outcomes import as_numpy
from kullback.information import arcs
from kullback.information.fisher import information_of, varying
from kullback.information.geodesics import (
    FORMULA,
    INTEGRAL,
    between_gaussians,
    coordinates_of,
    length_of_geodesic,
    length_of_line,
)
from kullback.information.metrics import METRICS
from kullback.information.rao_registry import DISTANCES
from kullback.methods.exact.held import hold

_MOST = 4


def fisher_rao(P: Any, Q: Any, /, *, of: Sequence[str] | None = None, rtol: float = 1e-6) -> Any:
    """The length of the shortest path between two laws within their family, in Fisher's metric.

    Near each other it is √(2 KL(p ‖ q)); unlike KL it is a metric, and no change of parameters
    changes it.

    Parameters
    ----------
    P, Q : law, or array of probabilities, shape (*batch, k)
        Two of one family; batches broadcast. For probabilities it is 2 arccos Σ √(p q).
    of : sequence of str, optional
        Which parameters vary along the path; the others must be equal in P and Q. If left out, all
        but whole numbers and those that the support depends on (a Binomial's n, Pareto's minimum).
    rtol : float
        The relative error that a distance without a formula may have.

    Returns
    -------
    array, shape (*batch,)
        In the library and dtype of the parameters, a float where all were plain numbers. With
        gradients where there is a formula: Normal and other laws of location and scale, LogNormal,
        Weibull, InverseGaussian, probabilities, Binomial, Poisson, Geometric, Exponential, and
        Gaussian vectors of independent coordinates, of one mean or of one covariance. For other
        Gaussian vectors and for families of up to four parameters (Gamma, Beta, StudentT …) the
        geodesic is searched.

    Raises
    ------
    InvalidInputError
        For laws that differ in a parameter that is not to vary.
    AccuracyError
        Where the search missed rtol.
    NoMethodError
        For two families, or one that has neither a formula nor few enough parameters.

    References
    ----------
    Rao, Information and the accuracy attainable in the estimation of statistical parameters, Bull.
    Calcutta Math. Soc. 37 (1945); Atkinson and Mitchell, Rao's distance measure, Sankhyā A 43
    (1981).

    >>> import kullback as kb
    >>> from kullback.information import fisher_rao
    >>> fisher_rao(kb.families.Normal(0, 1), kb.families.Normal(1, 2))
    1.1893809...
    >>> fisher_rao([0.5, 0.5], [0.9, 0.1])
    0.9272952...
    """
    if isinstance(of, str):
        raise InputTypeError(f"of={of!r}: a list of names is needed, as in of=[{of!r}].")
    p, q = coerce(P, "P"), coerce(Q, "Q")
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        return _of_tables(p, q, of)
    if not isinstance(p, Family) or not isinstance(q, Family):
        raise InputTypeError(
            f"P is {p!r} and Q is {q!r}: two laws of one family are needed, or two tables of "
            "probabilities."
        )
    listed = p.listed and q.listed
    p, q = together(*_of_one_family(p, q))
    with np.errstate(all="ignore"):
        value = _between(p, q, None if of is None else tuple(of), rtol)
    return float(value) if listed and not value.shape else value


def _of_tables(p: Discrete, q: Discrete, of: Sequence[str] | None) -> Any:
    if of not in (None, ["probs"], ("probs",)):
        raise InvalidInputError(f"of={of!r}: tables have only probs to vary.")
    held = hold(p, q, -1)
    held.check()
    with np.errstate(all="ignore"):
        pair = held.pair()
        value = arcs.of_probabilities(pair.p, pair.q)
    return float(value) if p.listed and q.listed and not value.shape else value


def _of_one_family(p: Family, q: Family) -> tuple[Family, Family]:
    while type(p) is type(q) and type(p) in {Exp, Log, Sigmoid}:
        p, q = p.law, q.law  # type: ignore[attr-defined]
    if type(p) is not type(q):
        a, b = p.canonical(), q.canonical()
        if type(a) is not type(b):
            raise NoMethodError(
                f"P is {type(p).__name__} and Q is {type(q).__name__}: the distance is one within "
                "a family. Write both as members of one."
            )
        return a, b
    return p, q


def _between(p: Any, q: Any, of: tuple[str, ...] | None, rtol: float) -> Any:
    if isinstance(p, MultivariateNormal):
        return _between_gaussians(p, q, of)
    names = varying(p, of)
    _check_fixed(p, q, names)
    closed = DISTANCES.get((type(p), names))
    if closed is not None:
        return closed.function(p, q)
    return _searched(p, q, names, rtol)


def _check_fixed(p: Any, q: Any, names: tuple[str, ...]) -> None:
    """Raise where a parameter that is to stay differs."""
    for f in p.parameters():
        a, b = getattr(p, f.name), getattr(q, f.name)
        if f.name in names or is_traced(a) or is_traced(b):
            continue
        xp = namespace(a)
        if not bool(xp.all(a == b)):
            raise InvalidInputError(
                f"P has {f.name}={_shown(a)} and Q {f.name}={_shown(b)}: the distance along "
                f"{', '.join(names)} is one between laws of one {f.name}."
            )


def _shown(x: Any) -> Any:
    return x.tolist() if hasattr(x, "tolist") and x.ndim < 2 else f"<{tuple(x.shape)}>"


def _between_gaussians(p: Any, q: Any, of: tuple[str, ...] | None) -> Any:
    names = ("mean", p.spread) if of is None else of
    if set(names) - {"mean", p.spread, q.spread}:
        raise InvalidInputError(f"of={list(names)!r}: the laws have mean and {p.spread}.")
    same_mean, same_spread = _equal(p.mean, q.mean), _equal(p.root, q.root)
    if "mean" not in names:
        _check_same(same_mean, "mean")
        return arcs.of_spreads(p, q)
    if len(names) == 1:
        _check_same(same_spread, "covariance")
        return arcs.mahalanobis(p, q)
    if p.spread == q.spread == "variances" or p.size == 1:
        return arcs.diagonal(p, q)
    if same_mean:
        return arcs.of_spreads(p, q)
    if same_spread:
        return arcs.of_one_covariance(p, q)
    return _like(_gaussian_search(p, q), p.home)


def _equal(a: Any, b: Any) -> bool:
    return not is_traced(a) and not is_traced(b) and bool(namespace(a).all(a == b))


def _check_same(same: bool, name: str) -> None:
    if not same:
        raise InvalidInputError(f"P and Q differ in {name}, which is not among of=.")


def _gaussian_search(p: Any, q: Any) -> Any:
    _refuse_traced(p, q)
    batch = np.broadcast_shapes(p.batch, q.batch)
    z = np.broadcast_to(as_numpy(p.whitened(q.mean - p.mean)), (*batch, p.size))
    x = np.linalg.solve(as_numpy(p.root), as_numpy(q.root))
    covariance = np.broadcast_to(x @ np.swapaxes(x, -1, -2), (*batch, p.size, p.size))
    out = np.empty(batch)
    for index in np.ndindex(*batch):
        out[index] = between_gaussians(z[index], covariance[index])
    return out


def _like(value: Any, like: Any) -> Any:
    if library_of(like) == "numpy":
        return np.asarray(value, like.dtype)[()]
    return namespace(like).asarray(value, dtype=like.dtype)


def _refuse_traced(p: Any, q: Any) -> None:
    if is_traced(p.home) or is_traced(q.home):
        raise NoMethodError(
            f"The Fisher–Rao distance of {type(p).__name__} has no formula; the search for it "
            "needs numbers, which a traced function does not have."
        )


def _searched(p: Any, q: Any, names: tuple[str, ...], rtol: float) -> Any:
    """Return the distances by search, one element of the batch after another."""
    _refuse_traced(p, q)
    chart = _chart(p, names)
    batch = np.broadcast_shapes(p.batch, q.batch)
    first, second = (law.moved(np.empty(0)) for law in (p, q))
    out = np.empty(batch)
    for index in np.ndindex(*batch):
        a, b = (_at(law, index, batch) for law in (first, second))
        out[index] = chart(a, b, rtol)
    return _like(out, p.home)


def _at(law: Any, index: tuple[int, ...], batch: tuple[int, ...]) -> Any:
    given = {}
    for f in law.parameters():
        x = np.asarray(getattr(law, f.name), np.float64)
        own = f.metadata["domain"].event
        given[f.name] = np.broadcast_to(x, (*batch, *x.shape[x.ndim - own :]))[index]
    return replace(law, **given)


def _chart(p: Any, names: tuple[str, ...]) -> Callable[[Any, Any, float], float]:
    """Return the function that measures between two single laws of p's family."""
    if isinstance(p, VonMises) and len(names) == 2:
        return _between_von_mises
    if isinstance(p, Dirichlet) and p.concentration.shape[-1] <= _MOST:
        return _between_dirichlets
    domains = {f.name: f.metadata["domain"] for f in p.parameters()}
    if len(names) > _MOST or any(domains[n].event for n in names):
        raise NoMethodError(
            f"The Fisher–Rao distance of {type(p).__name__} along {', '.join(names)} has no "
            f"formula here, and a search takes up to {_MOST} numbers. Fewer may do: of=[…]."
        )
    family = type(p).__name__
    axes = [coordinates_of(domains[n], family, n) for n in names]

    def between(a: Any, b: Any, rtol: float) -> float:
        def field(x: Any) -> Any:
            moved = {
                n: axis.outward(x[:, i])
                for i, (n, axis) in enumerate(zip(names, axes, strict=True))
            }
            slopes = np.stack([axis.slope(x[:, i]) for i, axis in enumerate(axes)], axis=-1)
            matrix = information_of(replace(a, **moved), names)
            return matrix * slopes[:, :, None] * slopes[:, None, :]

        ends = [
            np.asarray(
                [axis.inward(float(getattr(law, n))) for n, axis in zip(names, axes, strict=True)]
            )
            for law in (a, b)
        ]
        if not np.all(np.isfinite(ends)):
            raise InvalidInputError(
                f"{a!r} or {b!r} lies on the edge of its family; the path has no start there."
            )
        if len(names) == 1:
            return length_of_line(
                lambda x: np.sqrt(field(x[:, None])[:, 0, 0]), ends[0][0], ends[1][0], rtol
            )
        care = FORMULA if type(p) in METRICS else INTEGRAL
        return length_of_geodesic(field, ends[0], ends[1], rtol, care)

    return between


def _between_dirichlets(a: Any, b: Any, rtol: float) -> float:
    def field(x: Any) -> Any:
        c = np.exp(x)
        return information_of(Dirichlet(c), None) * c[:, :, None] * c[:, None, :]

    return length_of_geodesic(field, np.log(a.concentration), np.log(b.concentration), rtol)


def _between_von_mises(a: Any, b: Any, rtol: float) -> float:
    """In the coordinates κ (cos μ, sin μ), in which the metric is smooth at κ = 0 too."""

    def field(x: Any) -> Any:
        kappa = np.maximum(np.sqrt(np.sum(x * x, axis=-1)), 1e-12)
        u = x / kappa[:, None]
        matrix = information_of(VonMises(0 * kappa, kappa), None)
        across, along = matrix[:, 0, 0] / kappa**2, matrix[:, 1, 1]
        outer = u[:, :, None] * u[:, None, :]
        return across[:, None, None] * (np.eye(2) - outer) + along[:, None, None] * outer

    ends = [
        float(law.concentration) * np.asarray([np.cos(float(law.loc)), np.sin(float(law.loc))])
        for law in (a, b)
    ]
    return length_of_geodesic(field, ends[0], ends[1], rtol)
