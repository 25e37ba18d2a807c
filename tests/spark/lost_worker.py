"""Compare two tables on a cluster whose worker process dies once, then while it always dies."""

import os
import signal
import sys
from pathlib import Path

os.environ["PYSPARK_PYTHON"] = sys.executable

from pyspark.sql import SparkSession
from pyspark.sql.functions import udf

from kullback.errors import TableError
from kullback.tables import compare

DIED = sys.argv[1]


def side(number, *, always):
    """Heads or tails, by the number; but the Java process above this one is killed first."""
    if always or not os.path.exists(DIED):
        Path(DIED).touch()
        above = os.getppid()
        while Path(f"/proc/{above}/comm").read_text().strip() != "java":
            above = int(Path(f"/proc/{above}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(above, signal.SIGKILL)
    return "heads" if number % 2 else "tails"


def main():
    """Print the KL of a biased coin from a fair one; then what is said where it cannot be."""
    spark = (
        SparkSession.builder.master("local-cluster[1,1,512]")
        .config("spark.executor.memory", "512m")
        .config("spark.driver.memory", "512m")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "OFF")
        .getOrCreate()
    )
    numbers = spark.range(0, 100, 1, 2)
    biased = numbers.selectExpr("if(id % 10 < 9, 'heads', 'tails') AS side")
    for always in (False, True):
        read = udf(lambda number, always=always: side(number, always=always), "string")
        try:
            print(round(compare(numbers.select(read("id").alias("side")), biased)["side"].kl, 6))
        except TableError as error:
            print(error)
    spark.stop()


main()
