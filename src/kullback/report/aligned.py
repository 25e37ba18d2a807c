"""Lines of words set under each other with spaces alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def aligned(lines: Sequence[Sequence[str]], right: frozenset[int]) -> Iterator[str]:
    """Each line with its words in columns, those at the places in `right` flush right.

    >>> list(aligned([("a", "10"), ("bcd", "9")], frozenset({1})))
    ['a    10', 'bcd   9']
    """
    widths = [max(map(len, words)) for words in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(
            f"{word:{'>' if place in right else '<'}{width}}"
            for place, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
