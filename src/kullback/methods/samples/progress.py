"""A progress bar for what takes seconds, where somebody is watching."""

import sys
from collections.abc import Iterable, Iterator, Sized
from importlib import import_module
from time import perf_counter
from typing import Any, TypeVar

T = TypeVar("T")

LONG = 2.0
"""Seconds that pass without a bar."""


def watched(iterable: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield the items, with tqdm's bar if all of them will take more than two seconds.

    There is no bar where stderr is no terminal or tqdm is not installed. The first items are timed,
    and the bar appears once their pace says that all will take longer.

    Parameters
    ----------
    iterable : iterable
        What is worked on.
    what : str
        What the bar calls it.
    total : int, optional
        How many items there are; `len(iterable)` if left out and known.

    >>> list(watched([1, 2, 3], "numbers"))
    [1, 2, 3]
    """
    if total is None and isinstance(iterable, Sized):
        total = len(iterable)
    if not total or not sys.stderr.isatty():
        yield from iterable
        return
    try:
        bars: Any = import_module("tqdm")
    except ModuleNotFoundError:
        yield from iterable
        return
    start = perf_counter()
    bar: Any = None
    try:
        for done, item in enumerate(iterable):
            if bar is None and done and (perf_counter() - start) / done * total > LONG:
                bar = bars.tqdm(total=total, initial=done, desc=what, leave=False, file=sys.stderr)
            yield item
            if bar is not None:
                bar.update()
    finally:
        if bar is not None:
            bar.close()
