"""Markdown, sentences, plain text and the documented JSON, from a comparison made by hand."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kullback.report import Limits
from kullback.report.as_markdown import escaped
from kullback.report.explained import render as render_explained
from kullback.report.explanation import Explanation, Part, Split
from kullback.report.sentences import headline, sentences
from kullback.report.text import render

from .made import HOSTILE, comparison

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def result():
    return comparison(20)


def keys_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    if isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


def test_every_field_of_the_json_is_documented(result):
    told = json.loads(result.to_json(limits=Limits({"js": 0.02})))
    words = set(re.findall(r"[a-z_]+", (DOCS / "json.md").read_text(encoding="utf-8")))
    estimates = {"kl", "reverse", "js", "tv", "psi", "hellinger", "smoothed"}
    assert set(keys_of(told)) - estimates <= words


def test_a_sentence_names_the_cell_its_change_and_its_part(result):
    column = result[HOSTILE]
    assert sentences(column, "bits") == (
        f"{HOSTILE} = b & c rose from 25.9 % to 59.2 % of rows: 63.6 % of the divergence.",
    )
    assert headline(column) == "b & c rose from 25.9 % to 59.2 % of rows: 63.6 % of the divergence."
    origin = sentences(result["origin"], "bits")
    assert origin[0] == f"origin = {HOSTILE} is new, in 3.4 % of rows: 96.9 % of the divergence."
    assert origin[1] == (
        f"Infinite: 3.4 % of current rows hold 1 value never seen in the reference ({HOSTILE})."
    )
    assert origin[2] == (
        "KL is 4.2500 bits when smoothed: the Jeffreys prior adds 0.5 to every count."
    )
    calm = replace(column, js=0.0, kl=0.0, cells=(), unseen=None)
    assert (sentences(calm, "bits"), headline(calm)) == ((), "–")


def test_markdown_leads_with_the_verdict_and_stays_short(result):
    text = result.to_markdown(limits=Limits({"js": 0.02}))
    assert "❌ **Breached by 4 of 20 columns" in text
    table = [line for line in text.splitlines() if line.startswith("| **")]
    assert len(table) == 12
    assert "… and 8 more columns with a smaller JS." in text
    assert "<" not in text
    rows = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert rows == {7}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a|b", r"a\|b"),
        ("[x](y)", r"\[x\]\(y\)"),
        ("two\nlines", "two lines"),
        ("&lt;", "&amp;lt;"),
        ("http://x.y", "http\u200b://x.y"),
        ("see #12", r"see \#12"),
    ],
)
def test_markdown_leaves_names_as_they_are(text, words):
    assert escaped(text) == words


def test_text_shows_intervals_bars_status_and_verdict(result):
    text = render(result, limits=Limits({"js": 0.02}))
    line = next(line for line in text.splitlines() if line.startswith("column_002"))
    js = result["column_002_of_the_table"].estimates["js"]
    assert f"{js.lower:.4f} to {js.upper:.4f}" in line
    assert "█" in line
    assert "differs" in line
    assert "4 differ" in text or re.search(r"\d+ differ, \d+ undecided, \d+ same", text)
    assert "BREACHED: breached by 4 of 20 columns" in text
    assert "Jointly, 5 columns: KL is at least 1.9800 bits" in text


def test_text_without_rich_says_the_same(result, monkeypatch):
    words = set(re.findall(r"[\w.%→]+", render(result, 400)))
    monkeypatch.setitem(sys.modules, "rich", None)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    plain = render(result, 400)
    assert set(re.findall(r"[\w.%→]+", plain)) == words


def test_an_explanation_reads_as_the_chain_rule(result):
    parts = (Part("Oslo", 0.5, 0.25, 0.06, 0.01), Part("Lima", 0.5, 0.75, 0.04, 0.0))
    split = Split("city", 0.3, 0.2, 0.1, 0.2, 0.1, 0.001, 0.002, 0.0, parts)
    column = result["column_002_of_the_table"]
    words = render_explained(
        Explanation("a", "b", 2.0, "bits", column, (split, replace(split, by="hour"))), 90, splits=1
    )
    assert max(map(len, words.splitlines())) <= 90
    flat = " ".join(words.split())
    assert "0.3000 bits = 0.1000 of city + 0.2000 of column_002_of_the_table within" in flat
    assert "The other way: 0.2000 of column_002_of_the_table + 0.1000 of city" in flat
    assert re.search(r"Oslo +50\.0 % +25\.0 % +0\.0600 +0\.0100", words)
    assert "Splits that account for less: hour" in words
