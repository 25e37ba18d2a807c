"""One question of one batch of pairs on the line: find the mass, lay panels, integrate."""

import math
from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Held, Numbers
from kullback.methods.quadrature.field import Field
from kullback.methods.quadrature.integrands import Integrand
from kullback.methods.quadrature.kronrod import Integral, Panels, integrate
from kullback.methods.quadrature.line import pieces_of
from kullback.methods.quadrature.mass import anchors
from kullback.methods.quadrature.panels import at_crossings, start
from kullback.questions import Divergence, Question, Renyi

_MASS = 1e-9
"""How far from 1 the mass found may be before it counts as missed."""


@dataclass(frozen=True)
class Solved:
    """What was found, shape (rows,) all.

    Attributes
    ----------
    value, error : array
        The answer, and how wrong it may be.
    panels : Panels
        Where the integrand was looked at.
    field : Field
        The laws on their pieces.
    integrand : Integrand
        What was integrated last.
    shift : array
        The logarithm that was taken out of the integrand; 0 if none.
    evaluations : int
        How many points each law was asked at.
    notes : tuple of str
        What a reader should know.
    by_powers : (array of bool, Solved), optional
        For Rényi: which rows were found from the powers, and how.
    """

    value: Numbers
    error: Numbers
    panels: Panels
    field: Field
    integrand: Integrand
    shift: Numbers
    evaluations: int
    notes: tuple[str, ...]
    by_powers: "tuple[Numbers, Solved] | None" = None


def solve(of: Question, p: Held, q: Held | None, rtol: float) -> Solved:
    """Return the answers to a question, one for each row."""
    second = [] if q is None else [q]
    marks = [anchors(law) for law in (p, *second)]
    centre, scale = _middle(marks[0])
    field = Field(p, q, pieces_of([p, *second], centre, scale))
    integrand = Integrand(of)
    lost = uncovered(of, p, q)
    found = _integrated(field, marks, integrand, np.zeros(p.rows), rtol)
    value = found.value
    error = found.error + found.missed + _rounding(field, marks[0], integrand, value)
    notes = found.notes
    if isinstance(of, Divergence):
        value, error = closed(of, value, error)
    by_powers = None
    if isinstance(of, Renyi) and of.alpha != 1:
        powers = ~of.closes(found.value) & ~lost
        if powers.any():
            again = _powers(field, marks, of, found, rtol)
            value, error = (
                np.where(powers, new, old)
                for new, old in ((again.value, value), (again.error, error))
            )
            by_powers = powers, again
    diverges = found.diverges
    if by_powers is not None:
        diverges = diverges & ~by_powers[0]
    infinite = lost | (diverges & (not isinstance(of, Divergence) or of.upper == math.inf))
    sign = np.where(found.value < 0, -1.0, 1.0) if integrand.signed else 1.0
    value = np.where(infinite, sign * np.inf, value)
    error = np.where(infinite, 0.0, np.where(np.isnan(value), np.inf, error))
    if lost.any():
        notes += (f"{_rows(lost)}p puts mass where q has none, or q where p has none.",)
    if (found.diverges & ~lost).any():
        notes += (f"{_rows(found.diverges & ~lost)}The integrand does not fall off in a tail, "
                  "so the integral diverges.",)  # fmt: skip
    return Solved(
        value, error, found.integral.panels, field, integrand, found.shift,
        found.integral.evaluations, notes, by_powers,
    )  # fmt: skip


@dataclass(frozen=True)
class _Found:
    value: Numbers
    error: Numbers
    missed: Numbers
    diverges: Numbers
    integral: Integral
    shift: Numbers
    notes: tuple[str, ...]


def _integrated(
    field: Field, marks: list[Numbers], integrand: Integrand, shift: Numbers, rtol: float
) -> _Found:
    laid = start(field, marks, integrand, shift)
    panels = laid.panels
    kink = integrand.crossing()
    if kink is not None:

        def excess(row: Numbers, piece: Numbers, y: Numbers) -> Numbers:
            log_p, log_q, _ = field.logs(row, piece, y)
            return log_p - log_q - kink

        panels = at_crossings(panels, excess)

    def parts(row: Numbers, piece: Numbers, y: Numbers) -> Numbers:
        logs = field.logs(row, piece, y)
        return np.stack(integrand(*logs, shift[row][:, None]))

    masses = 0 if integrand.power else 1 if field.q is None else 2
    goal = max(1e-13, min(1e-11, 1e-2 * rtol))
    atol = (1e-300, *([1e-11] * masses))
    integral = integrate(parts, panels, field.rows, goal, atol)
    value = integral.value[0] + laid.left_out
    error = integral.error[0] + laid.unsure
    missed, notes = mass_missed(integral.value[1:], value)
    return _Found(value, error, missed, laid.diverges, integral, shift, notes)


def mass_missed(masses: Numbers, value: Numbers) -> tuple[Numbers, tuple[str, ...]]:
    """Return what the mass that was not found may add to the error, and a note if it is much."""
    missed = np.zeros(value.shape)
    notes: tuple[str, ...] = ()
    for name, mass in zip("pq", masses, strict=False):
        off = np.abs(mass - 1)
        with np.errstate(all="ignore"):
            missed = missed + np.where(off > _MASS, off * (1 + np.abs(value)), 0.0)
        if (off > 1e-6).any():
            worst = int(np.nanargmax(np.where(np.isnan(off), -1, off)))
            notes += (f"{name} adds up to {mass[worst]:.6g}, not 1: it is not normalised, or "
                      "mass was missed.",)  # fmt: skip
    return missed, notes


def _powers(field: Field, marks: list[Numbers], of: Renyi, found: _Found, rtol: float) -> Solved:
    """Find log ∫ p^α q^(1−α) / (α − 1), its top taken out of the exponential."""
    integrand = Integrand(of, power=True)
    panels = found.integral.panels
    with np.errstate(all="ignore"):
        size = integrand.envelope(*field.logs(panels.row, panels.piece, panels.nodes()))
        shift = np.full(field.rows, -np.inf)
        np.maximum.at(shift, panels.row, size.max(axis=1))
        shift = np.where(np.isfinite(shift), shift, 0.0)
        powers = _integrated(field, marks, integrand, shift, rtol)
        log = np.log(powers.value) + shift
        value = np.where(powers.value > 0, log / (of.alpha - 1), np.inf)
        error = powers.error / np.abs(powers.value * (of.alpha - 1))
        error = error + 4 * np.finfo(float).eps * (1 + np.abs(log)) / abs(of.alpha - 1)
    value = np.where(powers.diverges, np.inf, value)
    error = np.where(np.isfinite(value), error, 0.0)
    integral = powers.integral
    return Solved(value, error, integral.panels, field, integrand, shift, integral.evaluations, ())


def closed(of: Divergence, total: Numbers, error: Numbers) -> tuple[Numbers, Numbers]:
    """Return close(total), and how far its error reaches."""
    with np.errstate(all="ignore"):
        value = of.close(total)
        up, down = of.close(total + error), of.close(np.maximum(total - error, 0.0))
        reach = np.maximum(np.abs(up - value), np.abs(value - down))
    return value, np.where(np.isnan(reach), error, reach)


def _rounding(field: Field, marks: Numbers, integrand: Integrand, value: Numbers) -> Numbers:
    """Return what rounding of the log-densities can do, three times what it does on average.

    Where the terms are p x²/2 they change by p x δ for an error δ of x = log q/p, and
    ∫ p |x| ≤ √(∫ p x²); over a few hundred nodes such errors cancel to about a fifteenth.
    """
    rows = np.arange(field.rows)
    with np.errstate(all="ignore"):
        log = np.abs(field.p.at(rows, marks))
        typical = np.nanmedian(np.where(np.isfinite(log), log, np.nan), axis=1)
        delta = np.finfo(float).eps * (1 + np.where(np.isnan(typical), 1.0, typical))
        slack = 4 * np.finfo(float).eps * np.abs(value)
        slack = slack + 0.5 * _lost_in_x(marks) * np.abs(value)
        if integrand.signed or integrand.crossing() is not None:
            return np.asarray(0.2 * delta + slack)
        return np.asarray(0.2 * delta * np.sqrt(2 * np.abs(value)) + slack)


def _lost_in_x(marks: Numbers) -> Numbers:
    """Return the rounding of x where the mass is, in units of how widely it is spread."""
    centre, scale = _middle(marks)
    return np.asarray(np.finfo(float).eps * np.abs(centre) / scale)


def _middle(marks: Numbers) -> tuple[Numbers, Numbers]:
    """Return a centre and a scale for the line."""
    n = marks.shape[1]
    centre = np.nanmedian(marks, axis=1)
    sides = np.sort(marks, axis=1)
    scale = sides[:, n // 2 + 1] - sides[:, n // 2 - 1]
    sound = np.isfinite(scale) & (scale > 0)
    return np.where(np.isfinite(centre), centre, 0.0), np.where(sound, scale, 1.0)


def uncovered(of: Question, p: Held, q: Held | None) -> Numbers:
    """Return where one law has mass that the question weighs infinitely."""
    lost = np.zeros(p.rows, bool)
    if q is None:
        return lost
    (low_p, high_p), (low_q, high_q) = p.ends(), q.ends()
    slope = of.slope_at_infinity if isinstance(of, Divergence) else math.inf
    at_zero = of.at_zero if isinstance(of, Divergence) else 0.0
    if slope == math.inf:
        lost |= (low_p < low_q) | (high_p > high_q)
    if at_zero == math.inf:
        lost |= (low_q < low_p) | (high_q > high_p)
    return lost


def _rows(where: Numbers) -> str:
    return "" if len(where) == 1 else f"In {int(where.sum())} of {len(where)} rows: "
