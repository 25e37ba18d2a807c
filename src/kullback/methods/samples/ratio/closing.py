"""The last step of a question, from Σ q f(p/q) to its answer, for totals that may be negative."""

import math

from kullback.questions import Divergence, Hellinger, Question, Renyi


def closed(of: Question, total: float) -> float:
    """Return the answer: increasing in the total, so that bounds stay bounds.

    A negative total has no square root; −√|total| keeps its sign for the reader.
    """
    if isinstance(of, Hellinger):
        return math.copysign(math.sqrt(abs(total)), total)
    if isinstance(of, Renyi) and of.alpha != 1:
        inside = of.alpha * (of.alpha - 1) * total
        if inside <= -1:
            return math.copysign(math.inf, total)
        return math.log1p(inside) / (of.alpha - 1)
    return float(of.close(total)) if isinstance(of, Divergence) else total
