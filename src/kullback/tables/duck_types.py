"""DuckDB's types as kinds, and the SQL that reads a column as the kind it is compared as."""

from kullback.tables.engine import Column, Kind, Pair, Side

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_WIDE = {"UBIGINT", "HUGEINT"}
_NUMBERS = {"REAL", "FLOAT", "DOUBLE", "DECIMAL", "UHUGEINT", "BIGNUM", "VARINT"}
_TEXTS = {"VARCHAR", "ENUM", "UUID", "JSON", "BIT"}
LEAST = {"BIGINT": -(1 << 63), "HUGEINT": -(1 << 127)}  # the least value of each whole type
_DAY = 86_400_000_000  # microseconds

_KINDS = {
    **dict.fromkeys(_INTEGERS | _WIDE, Kind.INTEGER),
    **dict.fromkeys(_NUMBERS, Kind.NUMBER),
    **dict.fromkeys(_TEXTS, Kind.TEXT),
    "BOOLEAN": Kind.BOOLEAN,
    "DATE": Kind.DATE,
    "INTERVAL": Kind.DURATION,
    '"NULL"': Kind.MISSING,
    "NULL": Kind.MISSING,
}


def kind_of(name: str) -> Kind:
    """What a type of that name holds.

    >>> kind_of("DECIMAL(10,2)"), kind_of("TIMESTAMP WITH TIME ZONE"), kind_of("INTEGER[]")
    (<Kind.NUMBER: 'number'>, <Kind.TIMESTAMP: 'timestamp'>, <Kind.OPAQUE: 'opaque'>)
    """
    if name.endswith("]"):
        return Kind.OPAQUE
    stem = name.partition("(")[0]
    if stem.startswith("TIMESTAMP"):
        return Kind.TIMESTAMP
    if stem.startswith("TIME"):
        return Kind.TIME
    return _KINDS.get(stem, Kind.OPAQUE)


def place(column: Column) -> str:
    """The column in a query, by its place: never by its name."""
    return f"c{column.index}"


def storage(pair: Pair) -> str:
    """The type that holds the values of both sides without loss, or with the same loss."""
    match pair.kind:
        case Kind.TEXT | Kind.BOOLEAN | Kind.MISSING:
            return "VARCHAR"
        case Kind.NUMBER:
            return "DOUBLE"
        case Kind.INTEGER if _WIDE & {pair.reference.type, pair.current.type}:
            return "HUGEINT"
        case _:
            return "BIGINT"


def value(pair: Pair, side: Side) -> str:
    """The column's values as the kind of the pair; NULL where missing, or beyond the calendar."""
    column = getattr(pair, side)
    held = storage(pair)
    if column.kind is Kind.MISSING:
        return f"NULL::{held}"
    match pair.kind:
        case Kind.NUMBER if "FLOAT" in {pair.reference.type, pair.current.type}:
            return f"{place(column)}::FLOAT::DOUBLE"  # 0.1 of either precision is the same outcome
        case Kind.DATE:
            return f"epoch_us({place(column)}) // {_DAY}"
        case Kind.TIMESTAMP | Kind.TIME | Kind.DURATION:
            return f"epoch_us({place(column)})"
        case _:
            return f"{place(column)}::{held}"


def finite(pair: Pair, side: Side) -> str:
    """The values that have a place on the line; NULL for the others."""
    read = value(pair, side)
    return f"CASE WHEN isfinite({read}) THEN {read} END" if pair.kind is Kind.NUMBER else read


def unplaced(pair: Pair, side: Side) -> tuple[str, str, str]:
    """Conditions that hold for NaN, −∞ and +∞."""
    column, read = getattr(pair, side), value(pair, side)
    if column.kind is Kind.MISSING:
        return "false", "false", "false"
    match pair.kind:
        case Kind.NUMBER:
            return (
                f"isnan({read})",
                f"{read} = '-infinity'::DOUBLE",
                f"{read} = 'infinity'::DOUBLE",
            )
        case Kind.DATE | Kind.TIMESTAMP:  # no microsecond stands for an infinite instant
            beyond = f"{place(column)} IS NOT NULL AND {read} IS NULL"
            later = f"{place(column)} > DATE '2000-01-01'"
            return "false", f"{beyond} AND NOT {later}", f"{beyond} AND {later}"
        case _:
            return "false", "false", "false"
