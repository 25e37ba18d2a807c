"""Integrals over the plane and over space, each with its error."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms.density import Density
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.methods.answers import as_home, home_of
from kullback.methods.cubature.frame import common, frames
from kullback.methods.cubature.rule import integrate
from kullback.methods.cubature.single import single
from kullback.methods.laws import Numbers, batch_of, constant, is_law
from kullback.methods.quadrature.integrands import Integrand
from kullback.methods.quadrature.solve import closed, mass_missed
from kullback.questions import CrossEntropy, Divergence, Entropy, Question, Renyi

_REACH = math.asinh(40.0)
_KINDS = ("vectors", "box of interval", "product")


@dataclass(frozen=True)
class Cubature(Method):
    """∫ over two or three dimensions, adaptive, in coordinates in which the mass is round.

    It sees 40 standard deviations of the mixture of p and q each way: the stated error adds the
    mass that was missed. Each pair of a batch is integrated on its own; no gradients.

    Attributes
    ----------
    most : int
        How many points a pair may take.
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Family, Density)

    most: int = 2_000_000

    kind: ClassVar[Kind] = "integrated"

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what does not live in two or three dimensions, and what is no integral."""
        if not isinstance(of, (Divergence, Entropy, CrossEntropy)) or isinstance(of, Renyi):
            return f"{of!r} is not one integral of the two densities"
        for form in (p, q):
            if form is None:
                continue
            if not is_law(form):
                return f"needs log-densities, not {type(form).__name__}"
            support = form.support() if form.dimensions == 1 else None
            if form.discrete or support is None:
                return f"integrates over vectors, which {type(form).__name__} has none of"
            if support.kind not in _KINDS:
                return f"integrates over boxes, not over a {support.kind}"
            if math.prod(support.size) not in (2, 3):
                return f"{math.prod(support.size)} dimensions are not 2 or 3"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the integrals, shape (*batch,)."""
        assert is_law(p)
        home, batch = home_of(p, q), batch_of(p, q)
        d = math.prod(p.support().size)
        first, second = constant(p), None if q is None else constant(q)
        value, error = np.empty(batch), np.empty(batch)
        notes: tuple[str, ...] = ()
        for index in np.ndindex(batch):
            pair = (
                single(first, index, batch),
                None if q is None else single(second, index, batch),
            )
            value[index], error[index], notes = self._solved(of, *pair, d, asked.rtol)
        return Answer(as_home(value, home), as_home(error, home), notes)

    def _solved(
        self, of: Question, p: Any, q: Any, d: int, rtol: float
    ) -> tuple[float, float, tuple[str, ...]]:
        all_frames = frames(p, d) + ([] if q is None else frames(q, d))
        frame, integrand = common(all_frames), Integrand(of)
        log_volume = float(np.log(np.diagonal(frame.root)).sum())

        def f(y: Numbers) -> Numbers:
            z = np.sinh(y)
            x = frame.centre + z @ frame.root.T
            log_p = np.asarray(p.log_density(x))
            log_q = log_p if q is None else np.asarray(q.log_density(x))
            slope = log_volume + np.log(np.cosh(y)).sum(axis=1)
            return np.stack(integrand(log_p, log_q, slope))

        edges = _edges(all_frames, frame, d)
        low, high = _boxes(edges)
        with np.errstate(all="ignore"):
            found = integrate(f, low, high, max(1e-12, min(1e-9, 0.1 * rtol)), self.most)
            total, error = found.value[:1], found.error[:1] + 4e-16 * np.abs(found.value[:1])
            missed, notes = mass_missed(found.value[1:, None], total)
            error = error + missed
            if isinstance(of, Divergence):
                total, error = closed(of, total, error)
        return float(total[0]), float(error[0]), (*notes, f"Found with {found.evaluations} points.")


def _edges(all_frames: list[Any], frame: Any, d: int) -> list[Numbers]:
    """Return where to cut each axis of y: around the mass of every component."""
    inverse = np.linalg.inv(frame.root)
    edges = []
    for axis in range(d):
        cuts, apart = [-_REACH, _REACH], 0.5
        for own in all_frames:
            middle = inverse @ (own.centre - frame.centre)
            spread = np.sqrt(((inverse @ own.root) ** 2).sum(axis=1))
            cuts += [math.asinh(middle[axis] + k * spread[axis]) for k in (-7.0, 7.0)]
            apart = min(apart, 0.5 * float(spread[axis]))
        cuts = sorted(c for c in cuts if -_REACH <= c <= _REACH)
        kept = [cuts[0]]
        for cut in cuts[1:]:
            if cut - kept[-1] > apart or cut == _REACH:
                kept.append(cut)
        edges.append(np.array(kept))
    return edges


def _boxes(edges: list[Numbers]) -> tuple[Numbers, Numbers]:
    low = np.stack(np.meshgrid(*[e[:-1] for e in edges], indexing="ij"), -1)
    high = np.stack(np.meshgrid(*[e[1:] for e in edges], indexing="ij"), -1)
    return low.reshape(-1, len(edges)), high.reshape(-1, len(edges))
