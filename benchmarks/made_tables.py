"""Ten mixed columns to measure with, made by DuckDB from a seed, alike whatever the threads.

A uniform number is a hash of the row, the column and the seed, so a row does not depend on which
thread makes it. Between the two sides amounts rise by 5 %, latencies and countries shift, readings
go missing more often (2 % → 6 %) and a device is new; age, share, score, plan and merchant keep
their laws. Merchants follow a power law over 50 000 names.
"""

from pathlib import Path

MERCHANTS = 50_000
WHOLE = 20  # million rows of a file; more are this one under several names

LAWS = {
    "amount": "exp({level} + 0.8 * z)",
    "age": "18 + floor(62 * pow(u3, 1.4))::INTEGER",
    "share": "sqrt(u4)",
    "score": "z / sqrt(-2 * ln(u5) / 3 + zz * zz / 3)",
    "latency": "CASE WHEN u6 < 0.6 THEN 0 ELSE -{latency} * ln(u7 * u8) END",
    "reading": "CASE WHEN u9 >= {missing} THEN (20 + 5 * zz)::FLOAT END",
    "device": "CASE WHEN u10 < {new} THEN 'vision' WHEN u10 < 0.5 THEN 'phone' "
    "WHEN u10 < 0.9 THEN 'desktop' ELSE 'tablet' END",
    "country": "(['NO', 'SE', 'DK', 'FI', 'IS', 'EE', 'LV', 'LT', 'PL', 'DE', 'NL', 'BE'])"
    "[1 + floor(12 * pow(u11, {skew}))::INTEGER]",
    "plan": "CASE WHEN u12 < 0.6 THEN 'free' WHEN u12 < 0.9 THEN 'plus' ELSE 'team' END",
    "merchant": "'m' || (pow({merchants}, u13))::INTEGER",
}
SIDES = {
    "reference": {"level": 0.5, "latency": 40, "missing": 0.02, "new": 0, "skew": 2.0},
    "current": {"level": 0.55, "latency": 44, "missing": 0.06, "new": 0.02, "skew": 1.9},
}
UNIFORMS = 14


def made(folder: Path, millions: int) -> tuple[str, str]:
    """The patterns of both sides of so many million rows, made where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for seed, side in enumerate(SIDES):
        whole = min(millions, WHOLE)
        path = folder / f"{side}-{whole}m.parquet"
        if not path.exists():
            _write(path, side, seed, whole * 1_000_000)
        found.append(str(path) if whole == millions else _repeated(path, millions // whole))
    return found[0], found[1]


def _repeated(path: Path, times: int) -> str:
    """A pattern of the same file under so many names."""
    folder = path.with_suffix(f".{times}")
    folder.mkdir(exist_ok=True)
    for number in range(times):
        name = folder / f"{number}.parquet"
        if not name.exists():
            name.hardlink_to(path)
    return str(folder / "*.parquet")


def _write(path: Path, side: str, seed: int, rows: int) -> None:
    import duckdb

    uniforms = ", ".join(
        f"((hash(i * {UNIFORMS} + {k} + {seed} * 1000000007) >> 11) + 0.5) / pow(2, 53) AS u{k}"
        for k in range(UNIFORMS)
    )
    columns = ", ".join(
        f"{law.format(**SIDES[side], merchants=MERCHANTS)} AS {name}" for name, law in LAWS.items()
    )
    unfinished = path.with_suffix(".part")
    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        connection.execute(
            f"COPY (SELECT {columns} FROM (SELECT *, sqrt(-2 * ln(u0)) * cos(2 * pi() * u1) AS z, "
            f"sqrt(-2 * ln(u0)) * sin(2 * pi() * u1) AS zz FROM (SELECT {uniforms} "
            f"FROM range({rows}) r(i)))) TO '{unfinished}' (FORMAT parquet)"
        )
    unfinished.replace(path)
