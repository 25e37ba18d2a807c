"""Engines beyond one machine, asked in Ibis expressions: Spark, and whatever Ibis connects to."""
