"""Write spark_sketches.json: KLL sketches as Spark's own aggregates make them (Spark 4.1 or newer).

pip install pyspark && python tests/tables/profiles/make_spark_sketches.py
"""

import base64
import json
from pathlib import Path

from pyspark.sql import SparkSession

QUERY = (
    "kll_sketch_agg_double(pow(id / 30000.0D, 2) * 100) AS double",
    "kll_sketch_agg_float(CAST(sqrt(id) AS FLOAT)) AS float",
    "kll_sketch_agg_bigint(id * id) AS bigint",
    "kll_sketch_agg_double(CASE WHEN id % 10 > 0 THEN CAST(id AS DOUBLE) END, 1000) AS holes",
)

if __name__ == "__main__":
    spark = (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    )
    found = spark.range(0, 30_000).selectExpr(*QUERY).collect()[0]
    sketches = {name: base64.b64encode(data).decode() for name, data in found.asDict().items()}
    said = {"spark": spark.version, "query": QUERY, **sketches}
    Path(__file__).with_name("spark_sketches.json").write_text(json.dumps(said, indent=1) + "\n")
