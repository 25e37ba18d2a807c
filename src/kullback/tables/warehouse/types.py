"""Ibis's types as kinds, and the expression that reads a column as the kind it is compared as."""

import sys
from collections.abc import Mapping, Sequence

from kullback.tables.engine import Kind, Pair, Side
from kullback.tables.warehouse.backend import DAY, Backend, Expression, ibis

LEAST = -(1 << 63)  # the least whole number that a column of 64 bits holds
MOST = sys.float_info.max  # beyond it is only infinity; and NaN, where systems put it at an end
WIDE = "decimal(38, 0)"  # holds the whole numbers of 64 bits without a sign, too


def kind_of(held: Expression, *, lengths: bool) -> Kind:
    """What a type of Ibis holds; `lengths` says whether intervals can be read."""
    found = {
        Kind.INTEGER: held.is_integer(),
        Kind.NUMBER: held.is_floating() or held.is_decimal(),
        Kind.BOOLEAN: held.is_boolean(),
        Kind.TEXT: held.is_string() or held.is_uuid(),
        Kind.DATE: held.is_date(),
        Kind.TIMESTAMP: held.is_timestamp(),
        Kind.TIME: held.is_time(),
        Kind.DURATION: held.is_interval() and lengths,
        Kind.MISSING: held.is_null(),
    }
    return next((kind for kind, is_it in found.items() if is_it), Kind.OPAQUE)


class Reader:
    """Reads both sides' columns as the kind of their pair."""

    def __init__(self, backend: Backend, types: Mapping[Side, Sequence[Expression]]) -> None:
        self._backend = backend
        self._types = types

    def held(self, pair: Pair, side: Side) -> Expression:
        """The type of the column itself."""
        return self._types[side][getattr(pair, side).index]

    def storage(self, pair: Pair) -> str:
        """The type that holds the values of both sides without loss, or with the same loss."""
        types = [self.held(pair, side) for side in ("reference", "current")]
        match pair.kind:
            case Kind.TEXT | Kind.BOOLEAN | Kind.MISSING:
                return "string"
            case Kind.NUMBER:
                return "float64"
            case Kind.INTEGER if any(str(held).endswith("uint64") for held in types):
                return WIDE
            case _:
                return "int64"

    def value(self, table: Expression, pair: Pair, side: Side) -> Expression:
        """The column's values as the kind of the pair; NULL where missing."""
        column = getattr(pair, side)
        x, held, storage = table[f"c{column.index}"], self.held(pair, side), self.storage(pair)
        if column.kind is Kind.MISSING:
            return ibis().null(storage)
        match pair.kind:
            case Kind.NUMBER if any(
                self.held(pair, each).is_float32() for each in ("reference", "current")
            ):
                return x.cast("float32").cast("float64")  # 0.1 of either precision is one outcome
            case Kind.BOOLEAN:
                return ibis().cases((x, "true"), (~x, "false"))
            case Kind.DATE:
                return x.epoch_days().cast("int64")
            case Kind.TIMESTAMP if held.is_date():
                return x.epoch_days().cast("int64") * DAY
            case Kind.TIMESTAMP:
                return self._backend.micros(x)
            case Kind.TIME:
                return self._backend.clock(x)
            case Kind.DURATION:
                return self._backend.length(x)
            case _:
                return x.cast(storage)

    def missing(self, table: Expression, pair: Pair, side: Side) -> Expression:
        """Whether there is no value; a NaN is one, whatever the system thinks."""
        column = getattr(pair, side)
        x = table[f"c{column.index}"]
        if not self._may_be_odd(pair, side):
            return x.isnull()
        return x.isnull() & ~x.isnan().fill_null(False)

    def finite(self, table: Expression, pair: Pair, side: Side) -> Expression:
        """The values that have a place on the line; NULL for the others."""
        x = self.value(table, pair, side)
        if not self._may_be_odd(pair, side):
            return x
        return ibis().ifelse(x.abs() <= MOST, x, ibis().null("float64"))

    def odd(
        self, table: Expression, pair: Pair, side: Side
    ) -> tuple[Expression, Expression, Expression] | None:
        """Conditions that tell NaN, then −∞, then +∞; None where there can be none of them."""
        if not self._may_be_odd(pair, side):
            return None
        x = self.value(table, pair, side)
        return x.isnan(), x < -MOST, x > MOST

    def _may_be_odd(self, pair: Pair, side: Side) -> bool:
        column = getattr(pair, side)
        floating: bool = self.held(pair, side).is_floating()
        return floating and column.kind is not Kind.MISSING
