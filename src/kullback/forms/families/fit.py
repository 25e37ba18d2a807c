"""Whether two laws speak of the same kind of outcome."""

from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.families.family import Family


def check_same_outcomes(p: Family, q: Family) -> None:
    """Raise where no outcome of p could be one of q: by kind, or by shape."""
    if p.discrete != q.discrete:
        one, other = ("p", "q") if q.discrete else ("q", "p")
        raise InvalidInputError(
            f"{one} has a density and {other} has masses ({p!r}, {q!r}): each gives probability 0 "
            "to all that the other lives on, so every f-divergence is at its largest, KL infinite. "
            "Discretise the one with the density into the outcomes of the other, and pass Probs."
        )
    mine, theirs = p.support(), q.support()
    if p.dimensions != q.dimensions or (mine.kind == theirs.kind and mine.size != theirs.size):
        raise ShapeError(
            f"One outcome of p {_said(p, mine.size)} and one of q {_said(q, theirs.size)} ({p!r}, "
            f"{q!r}). Both laws must be of the same outcomes."
        )


def _said(law: Family, size: tuple[int, ...]) -> str:
    if law.dimensions == 0:
        return "is a number"
    return f"has shape {size}" if size else f"has {law.dimensions} axes"
