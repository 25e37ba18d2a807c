"""What a unit of information is called."""

import math


def unit_name(unit: float) -> str:
    """Return the name of a unit of so many nats."""
    named = {1.0: "nats", math.log(2): "bits", math.log(10): "hartleys"}
    return named.get(unit, f"units of {unit:g} nats")
