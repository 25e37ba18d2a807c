"""Values in words: short, exact enough to tell neighbours apart, safe to print."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from kullback.tables.engine import Kind
from kullback.tables.partition import Number

MISSING = "missing"
SECOND = 1_000_000  # instants and lengths of time are held in microseconds
DAY = 86_400 * SECOND


def label(value: object, kind: Kind) -> str:
    """How a value of that kind is printed.

    >>> label(15_706, Kind.DATE), label(0.1 + 0.2, Kind.NUMBER), label("", Kind.TEXT)
    ('2013-01-01', '0.3', "''")
    """
    if value is None:  # an instant outside the calendar
        return "infinite"
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, (int, float)):
        raise TypeError(f"a {kind} value arrived as {type(value).__name__}")
    match kind:
        case Kind.DATE:
            return _instant(value * DAY).removesuffix(" 00:00")
        case Kind.TIMESTAMP:
            return _instant(value)
        case Kind.TIME:
            return _clock(int(value))
        case Kind.DURATION:
            return _length(int(value))
        case _:
            return str(value) if isinstance(value, int) else _rounded(value, 6)


def shower(edges: Sequence[Number], kind: Kind) -> Callable[[Number], str]:
    """A way to print edges that is short and still tells each from the next.

    >>> [shower((1.23456, 1.2348, 250_000.1), Kind.NUMBER)(edge) for edge in (1.23456, 250_000.1)]
    ['1.2346', '250000']
    """
    if kind is not Kind.NUMBER:
        return lambda edge: label(edge, kind)
    for digits in range(4, 17):
        if len({_rounded(edge, digits) for edge in edges}) == len(edges):
            break
    return lambda edge: _rounded(edge, digits)


def _rounded(value: Number, digits: int) -> str:
    return f"{float(f'{value:.{digits}g}') + 0.0:.15g}"


def _text(value: str) -> str:
    bare = value.isprintable() and value == value.strip() and value not in {"", MISSING}
    return value if bare else repr(value)


def _instant(microseconds: Number) -> str:
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    except OverflowError:
        return f"{microseconds / DAY / 365.2425 + 1970:.0f} (year)"
    if microseconds % SECOND:
        return f"{at:%Y-%m-%d %H:%M:%S.%f}".rstrip("0")
    return (
        f"{at:%Y-%m-%d %H:%M}" if microseconds % (60 * SECOND) == 0 else f"{at:%Y-%m-%d %H:%M:%S}"
    )


def _clock(microseconds: int) -> str:
    minutes, rest = divmod(microseconds, 60 * SECOND)
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return clock if rest == 0 else f"{clock}:{rest / SECOND:09.6f}".rstrip("0").rstrip(".")


def _length(microseconds: int) -> str:
    sign = "-" if microseconds < 0 else ""
    days, rest = divmod(abs(microseconds), DAY)
    return f"{sign}{f'{days} d ' if days else ''}{_clock(rest)}"
