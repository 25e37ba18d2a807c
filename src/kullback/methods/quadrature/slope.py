"""Gradients of an integral: its sum once more in the caller's library, the nodes held.

A node moves with the ends of the supports: x = c₀ + c₁ low + c₂ high with constants c. The sum has
the integral's gradient, and its value is replaced by the one that was found.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace, stop_gradient
from kullback.methods.answers import in_one_dtype, on_device
from kullback.methods.laws import Numbers, slots
from kullback.methods.quadrature.kronrod import KRONROD
from kullback.methods.quadrature.line import BETWEEN, LEFT, LINE
from kullback.methods.quadrature.solve import Solved
from kullback.questions import Divergence, Question, Renyi


@dataclass(frozen=True)
class _Nodes:
    """Nodes as a table: points first, then the batch; shape (n, rows) all.

    Attributes
    ----------
    weight : array
        0 where a row has fewer nodes than the fullest.
    fixed, of_low, of_high : array
        c₀, c₁, c₂.
    log_slope : array
        log dx/dy; without log(high − low) between two ends.
    between : array of bool
        Where that is to be added.
    piece : array
    over : array
        The part of y past the last x.
    """

    weight: Numbers
    fixed: Numbers
    of_low: Numbers
    of_high: Numbers
    log_slope: Numbers
    between: Numbers
    piece: Numbers
    over: Numbers


def with_slope(value: Any, of: Question, p: Any, q: Any, found: Solved) -> Any:
    """Return the value with the gradient in the parameters of p and of q."""
    p, q = in_one_dtype(p, q)
    total = _once_more(value, of, p, q, found)
    if found.by_powers is not None:
        rows, again = found.by_powers
        xp = namespace(value)
        here = xp.asarray(rows.reshape(tuple(value.shape)), **on_device(value))
        total = xp.where(here, _once_more(value, of, p, q, again), total)
    return replaced(total, value)


def replaced(total: Any, value: Any) -> Any:
    """Return the value with the gradient of the total, where both are finite."""
    xp = namespace(value)
    finite = xp.isfinite(value) & xp.isfinite(total)
    slope = xp.astype(total - stop_gradient(total), value.dtype)
    return xp.where(finite, value + xp.where(finite, slope, xp.zeros_like(slope)), value)


def _once_more(value: Any, of: Question, p: Any, q: Any, found: Solved) -> Any:
    """Return the integral by the same nodes, in the library of the value."""
    xp, batch = namespace(value), tuple(value.shape)
    nodes = _nodes(found)
    like = (p if library_of(p.home) == library_of(value) else q).home

    def put(x: Numbers) -> Any:
        table = np.ascontiguousarray(x.reshape((-1, *batch)))
        if x.dtype == bool:
            return xp.asarray(table, **on_device(like))
        return xp.asarray(table, dtype=like.dtype, **on_device(like))

    low, high = _ends(found, nodes, p, q, put)
    x = put(nodes.fixed) + put(nodes.of_low) * low + put(nodes.of_high) * high
    between = put(nodes.between)
    wide = xp.where(between, high - low, xp.ones_like(low))
    log_slope = put(nodes.log_slope) + xp.log(wide)
    log_p = _log(p, x, nodes, found, put)
    log_q = log_p if q is None else _log(q, x, nodes, found, put)
    weight = put(nodes.weight)
    shift = put(np.broadcast_to(found.shift, nodes.weight.shape))
    terms = found.integrand(log_p, log_q, log_slope, shift)[0]
    total = xp.sum(xp.where(weight > 0, weight * terms, xp.zeros_like(terms)), axis=0)
    if isinstance(of, Renyi) and found.integrand.power:
        some = total > 0
        return xp.log(xp.where(some, total, xp.ones_like(total))) / (of.alpha - 1)
    return of.close(total) if isinstance(of, Divergence) else total


def _nodes(found: Solved) -> _Nodes:
    panels, pieces, rows = found.panels, found.field.pieces, found.field.rows
    slot, depth = slots(panels.row, rows)
    y = panels.nodes()
    x, log_slope, over = pieces.place(panels.row, panels.piece, y)
    at = (panels.piece, panels.row)
    kind, low, high = (z[at][:, None] for z in (pieces.kind, pieces.low, pieces.high))
    with np.errstate(all="ignore"):
        wide = np.where(kind == BETWEEN, high - low, 1.0)
        inner = np.clip(y, pieces.first[at][:, None], pieces.last[at][:, None])
        part = 1 / (1 + np.exp(-inner))
        fixed = np.select(
            [kind == LINE, kind == BETWEEN, kind == LEFT], [x, 0.0 * x, x - high], x - low
        )
        of_low = np.select(
            [kind == LINE, kind == BETWEEN, kind == LEFT], [0.0 * x, 1 - part, 0.0 * x], 1.0
        )
        of_high = np.select([kind == BETWEEN, kind == LEFT], [part, 1.0], 0.0 * x)
        log_slope = log_slope - np.log(wide)

    def table(z: Numbers, empty: Any) -> Numbers:
        out = np.empty((depth, 21, rows), np.asarray(z).dtype)
        out[...] = empty
        out[slot, :, panels.row] = z
        return out.reshape(depth * 21, rows)

    half = 0.5 * (panels.high - panels.low)[:, None]
    first = np.zeros(rows, np.int64)
    first[panels.row] = np.arange(len(panels))

    def safe(z: Numbers) -> Numbers:
        return np.asarray(np.broadcast_to(z, y.shape)[first, 10])

    filled = [table(z, safe(z)) for z in (fixed, of_low, of_high, log_slope, kind == BETWEEN)]
    piece = table(np.broadcast_to(panels.piece[:, None], y.shape), panels.piece[first])
    return _Nodes(
        table(half * KRONROD, 0.0), filled[0], filled[1], filled[2], filled[3], filled[4],
        piece, table(over, 0.0),
    )  # fmt: skip


def _ends(found: Solved, nodes: _Nodes, p: Any, q: Any, put: Any) -> tuple[Any, Any]:
    """Return low and high of every node's piece, as the laws' own ends where they are finite."""
    pieces, rows = found.field.pieces, np.arange(found.field.rows)
    laws = [(found.field.p, p)] + ([] if q is None else [(found.field.q, q)])
    out = []
    for constants in (pieces.low, pieces.high):
        at = constants[nodes.piece, rows]
        known = ~np.isfinite(at)
        total = put(np.zeros(at.shape))
        xp = namespace(total)
        for held, law in laws:
            assert held is not None
            support = law.support()
            for number, end in zip(held.ends(), (support.low, support.high), strict=True):
                here = ~known & (at == number)
                known |= here
                if here.any():
                    total = xp.where(put(here), end, total)
        out.append(total)
    return out[0], out[1]


def _log(law: Any, x: Any, nodes: _Nodes, found: Solved, put: Any) -> Any:
    """Return log p(x), extended past the last x as `Field.logs` does."""
    xp = namespace(x)
    log = law.log_density(x)
    if not nodes.over.any():
        return log
    field = found.field
    points, rows = field.limits[3], np.arange(field.rows)
    for piece in range(len(field.pieces)):
        for side in (0, 1):
            here = (nodes.piece == piece) & ((nodes.over < 0) if side == 0 else (nodes.over > 0))
            if not here.any():
                continue
            y = points[piece, side]
            at, _, _ = field.pieces.place(rows, np.full(field.rows, piece), y)
            last, before = law.log_density(put(at[:, 0])), law.log_density(put(at[:, 1]))
            outward = -1.0 if side == 0 else 1.0
            slope = outward * (last - before) / put(field.steps[piece, side])
            sound = xp.isfinite(slope)
            slope = xp.where(sound, slope, xp.zeros_like(slope))
            log = log + xp.where(put(here), put(nodes.over) * slope, xp.zeros_like(x))
    return log
