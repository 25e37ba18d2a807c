"""Sums over whole numbers, each with a bound on what was left out."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms.density import Density
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.methods.answers import as_home, home_of, in_one_dtype, on_device
from kullback.methods.laws import Held, Numbers, batch_of, constant, has_slope, is_law, slots
from kullback.methods.quadrature.integrands import Integrand
from kullback.methods.quadrature.mass import anchors
from kullback.methods.quadrature.slope import replaced
from kullback.methods.quadrature.solve import closed, mass_missed, uncovered
from kullback.methods.summation.blocks import CHUNK, Blocks, add_up, rule_of
from kullback.methods.summation.start import Sums, start
from kullback.questions import CrossEntropy, Divergence, Entropy, Question, Renyi


@dataclass(frozen=True)
class CertifiedSum(Method):
    """Σ over whole numbers, for a whole batch at once, until a bound certifies the rest.

    Short stretches are added term by term, long smooth ones (a Zipf law's tail, a Poisson law of
    rate 10⁹) by polynomials and the formula of Euler and Maclaurin. The stated error bounds the
    tails by their last ratio, and adds what mass was missed.

    >>> import kullback as kb
    >>> f = kb.families
    >>> kb.measure(f.Poisson(3), f.NegativeBinomial(3, 0.5), by=kb.CertifiedSum())
    0.09229978... ± ... nats, integrated, by CertifiedSum()
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Family, Density)

    kind: ClassVar[Kind] = "integrated"

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not counted in whole numbers, and what is no sum."""
        if not isinstance(of, (Divergence, Entropy, CrossEntropy)):
            return f"{of!r} is not one sum over the two laws"
        if isinstance(of, Renyi) and of.alpha in (0.0, np.inf):
            return f"Rényi's divergence of order {of.alpha:g} is no sum"
        for form in (p, q):
            if form is None:
                continue
            if not is_law(form):
                return f"needs log-probabilities of whole numbers, not {type(form).__name__}"
            if form.dimensions or form.support().kind != "integers":
                return f"adds over whole numbers, where {type(form).__name__} does not live"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the sums, shape (*batch,), in the library of the parameters."""
        batch = batch_of(p, q)
        first = Held(constant(p), batch)
        second = None if q is None else Held(constant(q), batch)
        found = _solved(of, first, second, asked.rtol)
        home = home_of(p, q)
        value, error = (as_home(x.reshape(batch), home) for x in (found.value, found.error))
        if has_slope(p) or (q is not None and has_slope(q)):
            value = _with_slope(value, of, p, q, found)
        return Answer(value, error, found.notes)


@dataclass(frozen=True)
class _Solved:
    value: Numbers
    error: Numbers
    blocks: Blocks
    integrand: Integrand
    notes: tuple[str, ...]


def _solved(of: Question, p: Held, q: Held | None, rtol: float) -> _Solved:
    laws = [p] if q is None else [p, q]
    marks = np.concatenate([anchors(law) for law in laws], axis=1)
    low = np.min([law.ends()[0] for law in laws], axis=0)
    high = np.max([law.ends()[1] for law in laws], axis=0)
    lost = uncovered(of, p, q)
    integrand = Integrand(of)
    sums = Sums(p, q, integrand, low, high)
    laid = start(sums, marks)

    def terms(row: Numbers, k: Numbers) -> Numbers:
        return np.stack(integrand(*sums.logs(row, k), np.zeros_like(k)))

    goal = max(1e-13, min(1e-12, 1e-3 * rtol))
    found = add_up(terms, laid.blocks, p.rows, goal, (1e-300, *([1e-11] * len(laws))))
    value = found.value[0] + laid.left_out
    error = found.error[0] + laid.unsure + _rounding(found.blocks, p.rows) * np.abs(value)
    error = error + 1e-16 * np.sqrt(2 * np.abs(value))
    whole = found.value[1:, ~laid.diverges | integrand.bounded]
    _, notes = mass_missed(whole, np.zeros(whole.shape[1:]))
    error = error + mass_missed(found.value[1:], value)[0]
    diverges = laid.diverges
    if isinstance(of, Divergence):
        total = value
        value, error = closed(of, value, error)
        if isinstance(of, Renyi) and of.alpha != 1:
            rows = ~of.closes(total) & ~lost
            if rows.any():
                again = _powers(of, sums, marks, found.blocks, goal)
                value = np.where(rows, again[0], value)
                error = np.where(rows, again[1], error)
                diverges = np.where(rows, again[2], diverges)
    bounded = isinstance(of, Divergence) and of.upper != np.inf
    infinite = lost | (diverges & (not bounded))
    sign = np.where(found.value[0] < 0, -1.0, 1.0) if integrand.signed else 1.0
    value = np.where(infinite, sign * np.inf, value)
    error = np.where(infinite, 0.0, np.where(np.isnan(value), np.inf, error))
    if lost.any():
        notes += ("p puts mass where q has none, or q where p has none.",)
    if (diverges & ~lost).any():
        notes += ("The terms do not fall off fast enough: the sum diverges.",)
    notes += (f"Found with {found.evaluations // max(1, p.rows)} terms a pair.",)
    return _Solved(value, error, found.blocks, integrand, notes)


def _rounding(blocks: Blocks, rows: int) -> Numbers:
    """Return the relative error of adding up: more where polynomials stood in for terms."""
    long = np.bincount(blocks.row, blocks.length > CHUNK, minlength=rows) > 0
    return np.where(long, 3e-13, 4e-15)


def _powers(
    of: Renyi, sums: Sums, marks: Numbers, blocks: Blocks, goal: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Return log Σ p^α q^(1−α) / (α − 1), its error, and where it diverges."""
    integrand = Integrand(of, power=True)
    sums = Sums(sums.p, sums.q, integrand, sums.low, sums.high)
    rule = rule_of(blocks)
    with np.errstate(all="ignore"):
        size = integrand.envelope(*sums.logs(rule.row, rule.k), np.zeros(()))
        shift = np.full(sums.p.rows, -np.inf)
        np.maximum.at(shift, rule.row, size.max(axis=1))
        shift = np.where(np.isfinite(shift), shift, 0.0)
        laid = start(sums, marks)

        def terms(row: Numbers, k: Numbers) -> Numbers:
            return np.stack(integrand(*sums.logs(row, k), np.zeros_like(k), shift[row][:, None]))

        found = add_up(terms, laid.blocks, sums.p.rows, goal, (1e-300,))
        total = found.value[0]
        value = np.where(total > 0, (np.log(total) + shift) / (of.alpha - 1), np.inf)
        error = (found.error[0] + laid.unsure * np.exp(-shift)) / np.abs(total * (of.alpha - 1))
    return value, np.where(np.isfinite(value), error, 0.0), laid.diverges


def _with_slope(value: Any, of: Question, p: Any, q: Any, found: _Solved) -> Any:
    """Return the value with the gradient of the same sum in the caller's library."""
    xp, batch = namespace(value), tuple(value.shape)
    p, q = in_one_dtype(p, q)
    like = p.home
    rule = rule_of(found.blocks)
    rows = len(found.value)
    slot, depth = slots(rule.row, rows)
    first = np.zeros(rows, np.int64)
    first[rule.row] = np.arange(len(rule.row))
    k = np.empty((depth, rule.k.shape[1], rows))
    weight = np.zeros_like(k)
    k[...] = rule.k[first, 0]
    k[slot, :, rule.row], weight[slot, :, rule.row] = rule.k, rule.weight

    def put(x: Numbers) -> Any:
        table = np.ascontiguousarray(x.reshape((-1, *batch)))
        return xp.asarray(table, dtype=like.dtype, **on_device(like))

    points, weights = put(k), put(weight)
    log_p = p.log_density(points)
    log_q = log_p if q is None else q.log_density(points)
    terms = found.integrand(log_p, log_q, xp.zeros_like(points))[0]
    some = weights != 0
    total = xp.sum(xp.where(some, weights * terms, xp.zeros_like(terms)), axis=0)
    if isinstance(of, Divergence):
        total = of.close(total)
    return replaced(total, value)
