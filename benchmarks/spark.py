"""What comparing January's and July's flights costs in Spark on local[2]: seconds, and CPU seconds.

Run by the interpreter that has the extra `spark`: .venv-spark/bin/python benchmarks/spark.py
"""

import os
import resource
import subprocess
import time
import warnings
from pathlib import Path

FLIGHTS = Path(__file__).parents[1] / "examples" / "flights"


def spent() -> float:
    """CPU seconds of this process and of the Java process below it."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    below = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "java"], capture_output=True, text=True, check=False
    ).stdout.split()
    ticks = sum(
        sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
        for pid in below
    )
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print a line for the start, the first comparison, and the next one."""
    warnings.simplefilter("ignore")
    wall, cpu = time.perf_counter(), spent()

    def line(what: str) -> None:
        nonlocal wall, cpu
        now, used = time.perf_counter(), spent()
        print(f"{what:28} {now - wall:6.1f} s {used - cpu:6.1f} CPU s", flush=True)
        wall, cpu = now, used

    from pyspark.sql import SparkSession

    from kullback.tables import compare

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "1g")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "OFF")
        .getOrCreate()
    )
    line("session")
    tables = [
        spark.read.parquet(str(FLIGHTS / f"{month}.parquet")) for month in ("january", "july")
    ]
    for what in ("first comparison", "next comparison"):
        found = compare(*tables)
        line(what)
    print(f"{len(found.columns)} columns, {len(found.provenance.queries)} queries")
    spark.stop()


if __name__ == "__main__":
    main()
