"""A progress bar only where somebody is watching, and only for what takes seconds."""

import io
import sys
import time

import pytest

from kullback.methods.samples import progress
from kullback.methods.samples.progress import watched


class Terminal(io.StringIO):
    def isatty(self):
        return True


def slow(items, seconds):
    for item in items:
        time.sleep(seconds)
        yield item


def test_no_terminal_no_bar(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(progress, "LONG", 0.0)
    assert list(watched(slow(range(5), 0.001), "resampling", 5)) == [0, 1, 2, 3, 4]
    assert written.getvalue() == ""


def test_what_is_quick_has_no_bar(monkeypatch):
    written = Terminal()
    monkeypatch.setattr(sys, "stderr", written)
    assert list(watched(range(100), "resampling")) == list(range(100))
    assert written.getvalue() == ""


def test_what_is_long_has_a_bar(monkeypatch):
    pytest.importorskip("tqdm")
    written = Terminal()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(progress, "LONG", 0.01)
    assert list(watched(slow(range(8), 0.02), "resampling", 8)) == list(range(8))
    assert "resampling" in written.getvalue()


def test_without_tqdm_the_items_come_all_the_same(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert list(watched(range(4), "resampling")) == [0, 1, 2, 3]
