"""One comparison of two tables in a process of its own: `table_jobs.py JOB REFERENCE CURRENT`.

Prints the most resident memory that the process held, in MB. Peers run in their own environments,
so nothing is imported before it is used.
"""

import sys
from pathlib import Path

NUMBERS = ("amount", "age", "share", "score", "latency", "reading")
WORDS = ("device", "country", "plan", "merchant")
CHUNKS = 10


def ours(reference: str, current: str) -> None:
    from kullback.tables import compare

    repr(compare(reference, current))


def counts(reference: str, current: str, cells: int = 1024) -> None:
    """The counts behind a comparison, and nothing else: what a careful DuckDB script asks."""
    import duckdb

    shares = [i / cells for i in range(1, cells)]
    with duckdb.connect() as connection:
        for side, path in (("reference", reference), ("current", current)):
            connection.read_parquet(path).create_view(side)
        rows = connection.execute("SELECT count(*) FROM reference").fetchall()[0][0]
        sample = min(100, 100 * 65_536 / rows)
        edges = connection.execute(
            f"SELECT {', '.join(f'quantile_disc({name}, $shares)' for name in NUMBERS)} "
            f"FROM reference USING SAMPLE {sample} PERCENT (system, 1)",
            {"shares": shares},
        ).fetchall()[0]
        found = {name: sorted(set(held)) for name, held in zip(NUMBERS, edges, strict=True)}
        for side in ("reference", "current"):
            asked = ", ".join(f"histogram({name}, ${name}), count({name})" for name in NUMBERS)
            connection.execute(f"SELECT {asked} FROM {side}", found).fetchall()
        for name in WORDS:
            connection.execute(
                f"SELECT {name}, sum(r), sum(c) FROM ("
                f"SELECT {name}, count(*) AS r, 0 AS c FROM reference GROUP BY {name} UNION ALL "
                f"SELECT {name}, 0, count(*) FROM current GROUP BY {name}) GROUP BY {name}"
            ).fetchall()


def few_counts(reference: str, current: str) -> None:
    counts(reference, current, cells=16)


def evidently(reference: str, current: str) -> None:
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    before, after = pd.read_parquet(reference), pd.read_parquet(current)
    Report([DataDriftPreset(method="kl_div")]).run(after, before).dict()


def nannyml(reference: str, current: str) -> None:
    import nannyml as nml
    import pandas as pd

    before, after = pd.read_parquet(reference), pd.read_parquet(current)
    nml.UnivariateDriftCalculator(
        column_names=[*NUMBERS, *WORDS],
        continuous_methods=["jensen_shannon"],
        categorical_methods=["jensen_shannon"],
        chunk_number=CHUNKS,
    ).fit(before).calculate(after).to_df()


def peak() -> float:
    """The most resident memory so far, in MB (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3


JOBS = {job.__name__: job for job in (ours, counts, few_counts, evidently, nannyml)}

if __name__ == "__main__":
    JOBS[sys.argv[1]](sys.argv[2], sys.argv[3])
    print(peak())
