"""A profile in words: a line a column, with what is missing, what it holds, and how well."""

from typing import TYPE_CHECKING

from kullback.report.aligned import aligned
from kullback.report.words import grouped, percent, visible
from kullback.report.words import rows as rows_in_words
from kullback.tables.labels import label
from kullback.tables.profiles.column import ColumnProfile

if TYPE_CHECKING:
    from kullback.tables.profiles.profile import Profile

HEAD = ("column", "kind", "missing", "values", "held as")
NAMED = 3  # text values that are shown


def render(profile: "Profile") -> str:
    """The profile as text."""
    title = f"Profile of {visible(profile.name)}: {rows_in_words(profile.rows)}"
    if profile.blocks is not None:
        many = len(profile.blocks.blocks)
        title += f" in {many} block{'' if many == 1 else 's'} by {visible(profile.blocks.name)}"
    lines = [HEAD, *(_words(column, profile.rows) for column in profile.columns)]
    return "\n".join([title, *aligned(lines, frozenset({2}))])


def _words(column: ColumnProfile, rows: int) -> tuple[str, ...]:
    """One column on a line: what is missing, what its values are, how they are held."""
    missing = rows - column.filled
    share = percent(missing / rows) if rows else "–"
    if column.hashed is not None:
        hashed = column.hashed
        how = "pooled by hash" if hashed.pooled else _values(len(hashed.keys))
        named = ", ".join(visible(name) for name in hashed.named()[:3])
        return visible(column.name), str(column.kind), share, named or "not named", how
    if not column.kind.ordered or not column.finite:
        return visible(column.name), str(column.kind), share, "–", "–"
    line = column.line()
    shown = [label(value, column.kind) for value in line.quantiles([0, 0.5, 1])]
    how = (
        _values(len(line.values))
        if line.k is None
        else f"KLL, k = {line.k}, ranks ± {100 * line.bound:.2g} %"
    )
    return visible(column.name), str(column.kind), share, " … ".join(shown), how


def _values(count: int) -> str:
    return f"{grouped(count)} value{'' if count == 1 else 's'}"
