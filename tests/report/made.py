"""Comparisons made by hand with every field filled: reports are tested without an engine."""

import math
from itertools import pairwise

import numpy as np

from kullback.report.result import (
    Cell,
    ColumnComparison,
    Distance,
    Estimated,
    Joint,
    OneSided,
    Provenance,
    Refined,
    Smoothed,
    TableComparison,
)

HOSTILE = '<script>alert("x")</script>'
ROWS = (27_004, 29_425)


def terms(p, q):
    """Each cell's share of KL(p ‖ q) in bits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log2(p / q), 0.0) - (p - q) / math.log(2)


def ranged(name, rng, shift, *, status="differs"):
    """A numeric column in 16 cells, with missing values."""
    before = rng.multinomial(ROWS[0], np.r_[np.full(16, 0.97 / 16), 0.03])
    law = np.r_[np.exp(shift * np.linspace(-1, 1, 16)), 0.03 * 16]
    after = rng.multinomial(ROWS[1], law / law.sum())
    edges = np.round(np.sort(rng.normal(0, 100, 15)), 2)
    ends = [f"{edge:g}" for edge in edges]
    labels = [f"≤ {ends[0]}", *(f"{a} to {b}" for a, b in pairwise(ends))]
    labels = [*labels, f"> {ends[-1]}", "missing"]
    kinds = ["range"] * 16 + ["missing"]
    return column(name, "number", "range", labels, kinds, before, after, edges, status)


def valued(name, values, before, after, *, status="differs"):
    """A text column, value by value."""
    return column(name, "text", "value", values, ["value"] * len(values), before, after, (), status)


def column(name, kind, by, labels, kinds, before, after, edges, status):
    p, q = np.asarray(after) / ROWS[1], np.asarray(before) / ROWS[0]
    half = (p + q) / 2
    js_terms = (terms(p, half) + terms(q, half)) / 2
    kl_terms = terms(p, q)
    kl, back, js = (float(t.sum()) for t in (kl_terms, terms(q, p), js_terms))
    new, old = (before == 0) & (after > 0), (after == 0) & (before > 0)
    names = np.asarray(labels, object)

    def sided(which, share):
        found = tuple(names[which][:5])
        return OneSided(int(which.sum()), float(share[which].sum()), found) if found else None

    def about(value, floor=0.0004):
        return Estimated(value * 0.97 - 0.0002, value * 0.8 - 0.0002, value * 1.2, floor)

    psi = (kl + back) * math.log(2)
    values = {"js": js, "kl": kl, "reverse": back, "tv": float(abs(p - q).sum() / 2), "psi": psi}
    values["hellinger"] = float(np.sqrt(1 - np.sqrt(p * q).sum()))
    infinite = math.isinf(kl)
    smoothed = Smoothed(4.25, 0.5, "Jeffreys") if infinite else None
    estimates = {key: about(v) for key, v in values.items() if math.isfinite(v)}
    if infinite:
        estimates["smoothed"] = about(4.25, 0.1)
    ordered = by == "range"
    return ColumnComparison(
        column=name,
        kind=kind,
        by=by,
        kl=kl,
        js=js,
        tv=values["tv"],
        rows=ROWS,
        missing=(int(before[-1]), int(after[-1])) if ordered else (0, 0),
        cells=tuple(
            Cell(label, int(b), int(a), float(j), 1, float(k), kind)
            for label, b, a, j, k, kind in zip(
                labels, before, after, js_terms, kl_terms, kinds, strict=True
            )
        ),
        unseen=sided(new, p),
        vanished=sided(old, q),
        reverse=back,
        psi=psi,
        hellinger=values["hellinger"],
        smoothed=smoothed,
        estimates=estimates,
        p_value=0.0002 if status == "differs" else 0.31,
        q_value=0.0038 if status == "differs" else 0.62,
        test="G-test of 17 cells, 31 blocks permuted 4999 times",
        status=status,
        ks=Distance(0.1197, 0.1188, 0.1203) if ordered else None,
        wasserstein=Distance(11.24, 11.1, 11.4, "minutes") if ordered else None,
        refinement=tuple(
            Refined(n, kl * 1.01, js, kl * f)
            for n, f in zip(
                (8, 16, 32, 64, 128, 256), (0.91, 0.97, 1.0, 1.02, 1.03, 1.03), strict=True
            )
        )
        if ordered
        else (),
        edges=tuple(float(edge) for edge in edges),
        distinct=None if ordered else len(labels),
        notes=("quantiles come from a fixed sample of 65 536 rows",) if ordered else (),
    )


def comparison(columns=100, *, seed=1):
    """A comparison of that many columns, of every status, with hostile names and infinities."""
    rng = np.random.default_rng(seed)
    letters = ["EWR", "JFK", "LGA", HOSTILE]
    found = [
        valued(
            "origin", letters, np.array([9000, 9000, 9004, 0]), np.array([9000, 9425, 10000, 1000])
        ),
        valued(HOSTILE, ["a", "b & c"], np.array([20000, 7004]), np.array([12000, 17425])),
        valued(
            "same", ["x", "y"], np.array([13502, 13502]), np.array([14713, 14712]), status="same"
        ),
    ]
    statuses = ["differs", "undecided", "same"]
    for place in range(columns - len(found)):
        status = statuses[min(2, 6 * place // columns)]
        shift = {"differs": 0.8, "undecided": 0.12, "same": 0.01}[status] * rng.uniform(0.3, 1)
        found.append(ranged(f"column_{place:03d}_of_the_table", rng, shift, status=status))
    found.sort(key=lambda one: -one.js)
    names = tuple(one.column for one in found[:5])
    return TableComparison(
        reference="data/<b>january</b>.parquet",
        current="data/july.parquet",
        rows=ROWS,
        base=2.0,
        columns=tuple(found),
        notes=("nested or binary, not compared: payload (STRUCT(a INTEGER))",),
        limit=0.02,
        block="day",
        blocks=(31, 31),
        joint=Joint(
            names,
            (("origin", "is text"),),
            2.13,
            1.98,
            0.33,
            1.8,
            (20_000, 20_000),
            5,
            "QuadraticLogistic(), folds by day",
        ),
        provenance=Provenance(
            "DuckDB 2.0.0",
            "0.1.0",
            7,
            tuple(
                f"SELECT histogram(c{i}, $e{i}::DOUBLE[]), count(c{i}) FROM reference"
                for i in range(400)
            ),
            4999,
        ),
    )
