"""Integrals over the line, each with its error."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms.density import Density
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.methods.answers import as_home, home_of
from kullback.methods.laws import Held, batch_of, constant, has_slope, is_law
from kullback.methods.quadrature.slope import with_slope
from kullback.methods.quadrature.solve import solve
from kullback.questions import CrossEntropy, Divergence, Entropy, Question, Renyi

_INTERVALS = ("interval", "circle")


@dataclass(frozen=True)
class Quadrature(Method):
    """∫ over the line, adaptive, for a whole batch of pairs at once.

    The mass of both laws is found first, by their quantiles or by climbing their densities; around
    it the line is stretched so that tails and singular edges are smooth, and cut where the
    integrand has kinks. The stated error adds what two rules disagree by and what mass was missed.

    >>> import kullback as kb
    >>> kb.measure(kb.families.Normal(100, 1), kb.families.Normal(0, 1000), by=kb.Quadrature())
    6.41275577... ± ... nats, integrated, by Quadrature()
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Family, Density)

    kind: ClassVar[Kind] = "integrated"

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what has no density on the line, and what is no integral."""
        if not isinstance(of, (Divergence, Entropy, CrossEntropy)):
            return f"{of!r} is not one integral of the two densities"
        if isinstance(of, Renyi) and of.alpha in (0.0, np.inf):
            return f"Rényi's divergence of order {of.alpha:g} is no integral"
        for form in (p, q):
            if form is None:
                continue
            if not is_law(form):
                return f"needs log-densities, not {type(form).__name__}"
            if form.dimensions or form.support().kind not in _INTERVALS:
                return f"integrates over the line, where {type(form).__name__} does not live"
            if form.discrete:
                return "integrates over the line; the outcomes are counted"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the integrals, shape (*batch,), in the library of the parameters."""
        batch = batch_of(p, q)
        first = Held(constant(p), batch)
        second = None if q is None else Held(constant(q), batch)
        found = solve(of, first, second, asked.rtol)
        value, error = (x.reshape(batch) for x in (found.value, found.error))
        home = home_of(p, q)
        value, error = as_home(value, home), as_home(error, home)
        if has_slope(p) or (q is not None and has_slope(q)):
            value = with_slope(value, of, p, q, found)
        note = f"Found with {found.evaluations // max(1, first.rows)} points a pair."
        return Answer(value, error, (*found.notes, note))
