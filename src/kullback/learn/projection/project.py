"""The member of a family nearest to a law, in either direction."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from kullback._measure import cross_entropy, kl
from kullback.errors import InvalidInputError, NoMethodError
from kullback.forms.families import MultivariateNormal
from kullback.forms.families.family import Family
from kullback.learn._torch import torch
from kullback.learn.projection.gaussian import mean_and_covariance
from kullback.learn.projection.matching import MATCHED
from kullback.learn.projection.means import UnknownMeanError
from kullback.learn.projection.members import Members, members_of
from kullback.learn.projection.optimum import coded_by, optimum_of
from kullback.learn.projection.points import Mode, Points, modes_of
from kullback.learn.projection.record import Direction, Optimum, Projection
from kullback.learn.projection.search import Minimum, Value, Vector, descend
from kullback.learn.projection.target import Target, target_of

_SAME = 1e-4
"""Descents that end closer than this, in z, ended at one minimum."""


def project(
    p: Any,
    family: type[Family],
    /,
    direction: Direction = "forward",
    *,
    fixed: Mapping[str, float] | None = None,
    starts: int = 2,
    rng: Any = 0,
) -> Projection:
    """Find the member q of a family nearest to p: KL(p ‖ q) forward, KL(q ‖ p) reverse.

    Forward covers every mode. Exponential families match the means of their statistics, which is
    exact; others minimise −E_p log q. Reverse seeks a mode: KL(q ‖ p), integrated with its
    gradient, is descended from the fit to p, from the fit to each of its modes alone, and from
    random stretches of it.

    Parameters
    ----------
    p : law, table or Samples
        What `kb.kl` reads: a law of numbers, or probabilities of the outcomes 0, 1, …, k − 1.
        Forward also draws, `kb.Samples(x)`.
    family : type of Family
        Such as `kb.families.Normal`. `MultivariateNormal` forward, of draws and of normal laws.
    direction : str
        "forward" or "reverse".
    fixed : mapping of str to float, optional
        Parameters of the family to hold, as {"df": 4.0}.
    starts : int
        How many random stretches to start from, beside the modes.
    rng : int or torch.Generator
        Where they come from.

    Returns
    -------
    Projection
        The law, its divergence, every minimum found, and the modes that each leaves out.

    Raises
    ------
    InvalidInputError
        No member is at a finite divergence; draws, backwards; a direction of another name.
    InputTypeError, ShapeError
        What is no family; a batch of laws.

    References
    ----------
    Csiszár and Matúš, Information projections revisited, IEEE Trans. Inf. Theory 49 (2003).

    >>> import kullback as kb
    >>> from kullback import learn
    >>> f = kb.families
    >>> p = f.Mixture([0.3, 0.7], [f.Normal(-3, 0.8), f.Normal(2.5, 1)])
    >>> learn.project(p, f.Normal)
    Normal(loc=0.85, scale=2.69156), KL(p ‖ q) = 0.449266 nats, by matching means
    >>> learn.project(p, f.Normal, "reverse", starts=0)
    Normal(loc=2.49058, scale=1.01492), KL(q ‖ p) = 0.354116 nats, by 3 descents
      drops the mode at -3 (p puts 0.3 there, q 0.0011)
      also a minimum: Normal(loc=-2.98459, scale=0.822128), KL(q ‖ p) = 1.19847 nats
    """
    if direction not in ("forward", "reverse"):
        raise InvalidInputError(
            f"direction={direction!r}: 'forward' for KL(p ‖ q), 'reverse' for KL(q ‖ p)."
        )
    if family is MultivariateNormal:
        return _of_vectors(p, direction)
    members, target = members_of(family, fixed), target_of(p)
    if target.law is None and direction == "reverse":
        raise InvalidInputError(
            "KL(q ‖ p) needs the density of p, and draws have none. Project forward, or first fit "
            "a density to the draws, such as scipy.stats.gaussian_kde wrapped as kb.Density."
        )
    modes = () if target.law is None else modes_of(target.law, target.points)
    if direction == "forward":
        matched = _matched(target, members)
        if matched is not None:
            optimum = optimum_of(target, matched, modes, 1, direction)
            return Projection(direction, (optimum,), "by matching means", coded_by(target, matched))
    value = _forward(target, members) if direction == "forward" else _reverse(target, members)
    stretches = _stretches(target.points, modes, starts, rng)
    found = _descents(value, [_fit(part, members) for part in stretches])
    if not found:
        symbol = "KL(p ‖ q)" if direction == "forward" else "KL(q ‖ p)"
        raise InvalidInputError(
            f"No descent of {symbol} settled: from {len(stretches)} members of "
            f"{family.__name__} it was infinite or went on falling. Where q must cover p (forward) "
            "or stay within it (reverse), its support must too."
        )
    optima = tuple(
        optimum_of(target, members.plain(m.z), modes, count, direction) for m, count in found
    )
    optima = tuple(sorted(optima, key=lambda o: o.kl))
    how = f"by {len(stretches)} descent{'s' if len(stretches) > 1 else ''}"
    coded = coded_by(target, optima[0].law) if direction == "forward" else math.nan
    return Projection(direction, optima, how, coded)


def _matched(target: Target, members: Members) -> Family | None:
    """Return the member with p's means, or None where a mean has no formula."""
    match = None if members.fixed else MATCHED.get(members.family)
    if match is None:
        return None
    try:
        return match(target.mean)
    except UnknownMeanError:
        return None
    except (ValueError, ZeroDivisionError) as reason:
        raise InvalidInputError(
            f"No member of {members.family.__name__} has the means of p ({reason}): p may sit on "
            "one point, or have mass where the family has none."
        ) from None


def _forward(target: Target, members: Members) -> Value:
    """−E_p log q, summed or integrated."""
    if target.summed:
        return _likelihood(target.points, members)
    p = target.in_torch()
    return lambda z: cross_entropy(p, members.at(z))


def _reverse(target: Target, members: Members) -> Value:
    """KL(q ‖ p)."""
    p = target.in_torch()
    return lambda z: kl(members.at(z), p)


def _likelihood(points: Points, members: Members) -> Value:
    """−Σ w log q(x)."""
    some = points.weight > 0
    x, weight = torch.tensor(points.x[some]), torch.tensor(points.weight[some])
    return lambda z: -(weight @ members.at(z).log_density(x))


def _fit(points: Points, members: Members) -> Vector:
    """Return z of the member that fits points best: a start."""
    start = members.start(points.mean(), points.width())
    return descend(_likelihood(points, members), start, steps=40, tolerance=1e-4).z


def _stretches(points: Points, modes: tuple[Mode, ...], starts: int, rng: Any) -> list[Points]:
    """Return p itself, each of several modes alone, and random stretches."""
    generator = rng if isinstance(rng, torch.Generator) else torch.Generator().manual_seed(rng)
    parts = [points]
    if len(modes) > 1:
        parts += [points.between(m.low, m.high) for m in modes]
    for _ in range(starts):
        low, high = points.at_levels(np.sort(torch.rand(2, generator=generator).numpy()))
        if ((points.x >= low) & (points.x <= high) & (points.weight > 0)).sum() > 1:
            parts.append(points.between(float(low), float(high)))
    return parts


def _descents(value: Value, starts: list[Vector]) -> list[tuple[Minimum, int]]:
    """Return the different minima, and how many starts led to each."""
    found: list[tuple[Minimum, int]] = []
    for z in starts:
        end = descend(value, z)
        if not end.settled:
            continue
        for i, (known, count) in enumerate(found):
            if float(np.abs(known.z - end.z).max()) < _SAME:
                found[i] = (min(known, end, key=lambda m: m.value), count + 1)
                break
        else:
            found.append((end, 1))
    return found


def _of_vectors(p: Any, direction: Direction) -> Projection:
    """N(E x, Cov x): the forward projection of what has both."""
    if direction == "reverse":
        raise InvalidInputError(
            "The reverse projection is found by quadrature, on the line; of vectors only the "
            "forward one, which matches mean and covariance, is known. For KL(q ‖ p) of vectors "
            "maximise an evidence lower bound."
        )
    law, form = mean_and_covariance(p)
    try:
        value = math.nan if form is None else float(kl(form, law))
    except NoMethodError:
        value = math.nan
    coded = -float(np.asarray(law.log_density(law.mean))) + 0.5 * law.size
    return Projection(direction, (Optimum(law, value, 1),), "by matching means", coded)
