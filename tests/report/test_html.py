"""The report in a real browser: looked at, listened to, printed, and compared with the JSON."""

import json
import math
import re
import struct
import zlib
from itertools import pairwise

import pytest

from .made import HOSTILE, comparison

NUMBER = re.compile(r"[<>]?[−-]?(?:\d+(?: \d{3})+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)|[−-]?∞")


def numbers_in(text):
    """Numbers as a reader sees them, each with half a unit of its last digit."""
    found = []
    for word in NUMBER.findall(text):
        bare = word.replace(" ", "").replace("−", "-")
        if "∞" in bare:
            found.append((math.copysign(math.inf, -1 if bare[0] == "-" else 1), 0.0, ""))
            continue
        sign = bare[0] if bare[0] in "<>" else ""
        bare = bare.lstrip("<>")
        mantissa, _, power = bare.partition("e")
        decimals = len(mantissa.partition(".")[2])
        found.append((float(bare), 0.5001 * 10.0 ** (int(power or 0) - decimals), sign))
    return found


def as_float(value):
    return {"inf": math.inf, "-inf": -math.inf}.get(value, value)


def same(shown, value, factor=1.0):
    """Whether a number of the page is that value of the JSON, rounded as it is shown."""
    number, room, sign = shown
    value = as_float(value) * factor
    if sign:
        return value < number if sign == "<" else value > number
    return number == value if math.isinf(value) else abs(number - value) <= room + 1e-9 * abs(value)


def check(text, values, factor=1.0):
    """All the numbers of a text, against these values of the JSON, in order and complete."""
    shown = numbers_in(text)
    assert len(shown) == len(values), (text, values)
    for one, value in zip(shown, values, strict=True):
        assert same(one, value, factor), (text, values)


CARDS = """[...document.querySelectorAll('article')].map(a => ({
  title: a.querySelector('h3').firstChild.textContent.trim(),
  chips: [...a.querySelectorAll('.chips li')].map(l => l.textContent),
  said: [...a.querySelectorAll(':scope > p:not(.test)')].map(p => p.textContent.trim()),
  test: [...a.querySelectorAll('.test')].map(p => p.textContent.trim()),
  measures: [...a.querySelectorAll('dt')].map(
    t => [t.textContent, t.nextElementSibling.textContent]),
  cells: [...a.querySelectorAll('table tr')].slice(1).map(
    r => [...r.children].map(c => c.textContent.trim())),
}))"""

RANKED = """[...document.querySelectorAll('.ranking tbody tr')].map(
  r => [...r.children].map(c => c.textContent.trim()))"""


@pytest.fixture(scope="module")
def shown(chromium, page):
    chromium.show(page)
    return chromium.run(CARDS), chromium.run(RANKED)


@pytest.fixture(scope="module")
def told(made, limits):
    return json.loads(made.to_json(limits=limits))


def ends(estimate):
    return [estimate["value"], estimate["lower"], estimate["upper"]]


def test_every_number_of_a_card_is_in_the_json(shown, told):
    paths = {
        "JS": "js", "KL": "kl", "KL reversed": "reverse", "KL smoothed": "smoothed", "TV": "tv",
        "PSI": "psi", "Hellinger": "hellinger",
    }  # fmt: skip
    cards, columns = shown[0], told["columns"]
    assert len(cards) == len(columns) == 100
    seen = 0
    for card, column in zip(cards, columns, strict=True):
        assert card["title"] == column["column"]
        for name, text in card["measures"]:
            if name in paths and paths[name] in column["estimates"]:
                check(text, ends(column["estimates"][paths[name]]))
            elif name in paths:
                check(text, [column[paths[name]]])
            elif name in {"KS", "Wasserstein"}:
                distance = column[name.lower()]
                check(text, [distance["value"], distance["least"], distance["most"]])
            elif name == "JS noise floor":
                check(text, [column["estimates"]["js"]["floor"]])
            else:
                assert name == "p, q"
                check(text, [column["p_value"], column["q_value"]])
            seen += len(numbers_in(text))
        by_name = {cell["value"]: cell for cell in column["cells"]}
        for before, label, after, part in card["cells"]:
            cell = by_name[label]
            check(before, [cell["reference_share"]], 100)
            check(after, [cell["current_share"]], 100)
            check(part, [cell["part"]], 100)
            seen += 3
        refined = [line for line in card["test"] if line.startswith("KL with")]
        if column["refinement"]:
            curve = column["refinement"]
            check(refined[0], [*(r["cells"] for r in curve), *(r["kl_corrected"] for r in curve)])
    assert seen > 5000


def test_every_sentence_and_chip_is_in_the_json(shown, told):
    for card, column in zip(shown[0], told["columns"], strict=True):
        for said in card["said"]:
            assert said == "Nothing stands out." or any(
                whole.endswith(said) for whole in column["sentences"]
            ), said
        values = {"new": ["unseen"], "vanished": ["vanished"]}
        for chip in card["chips"]:
            kind, text = chip.split(":", 1)
            if kind == "missing":
                check(text, [column["missing_reference"], column["missing_current"]], 100)
            else:
                check(text, [column[values[kind][0]]["share"]], 100)
        assert any(column["test"] in line for line in card["test"])


def test_the_ranking_equals_the_json(shown, told):
    for cells, column in zip(shown[1], told["columns"], strict=True):
        assert cells[0] == column["column"]
        check(cells[2], ends(column["estimates"]["js"]))
        check(cells[3], [column["estimates"].get("kl", {"value": column["kl"]})["value"]])
        assert cells[4] == column["status"]
        assert cells[5] == column["headline"]


def test_the_verdict_the_joint_panel_and_the_appendix_equal_the_json(chromium, page, told):
    chromium.show(page)
    verdict, joint = told["verdict"], told["joint"]
    text = chromium.run("document.querySelector('#verdict').textContent")
    assert verdict["words"][1:] in text
    assert f"Exit status {verdict['exit_status']}" in text
    lines = chromium.run("[...document.querySelectorAll('.findings li')].map(l => l.textContent)")
    worst = [f for f in verdict["findings"] if f["outcome"] != "within"]
    worst.sort(key=lambda f: f["outcome"] != "breached")
    for line, found in zip(lines, worst, strict=False):
        check(
            line.split(": JS ")[1], [found["value"], found["lower"], found["upper"], found["limit"]]
        )
    shown = dict(
        chromium.run(
            "[...document.querySelectorAll('#joint dt')].map("
            "t => [t.textContent, t.nextElementSibling.textContent])"
        )
    )
    for name, key in (
        ("Held-out bound", "bound"),
        ("Less its margin", "lower"),
        ("Sum of the columns' own KLs", "marginals"),
        ("Excess, by dependence", "excess"),
        ("Folds", "folds"),
    ):
        check(shown[name], [joint[key]])
    appendix = chromium.run("document.querySelector('#appendix').textContent")
    asked = told["provenance"]["queries"]
    printed = chromium.run("[...document.querySelectorAll('pre')].map(p => p.textContent)")
    assert printed == asked[: len(printed)]
    assert 10 < len(printed) < len(asked)  # as many as the size of the page allows
    assert f"The first {len(printed)} are here" in appendix
    assert told["provenance"]["engine"] in appendix
    edges = chromium.run(
        "[...document.querySelectorAll('#appendix details dd')].map(d => d.textContent)"
    )
    held = [column["edges"] for column in told["columns"] if column["edges"]]
    for text, values in zip(edges, held, strict=True):
        check(text, values)


def test_the_page_is_small_quiet_and_asks_for_nothing(chromium, page):
    assert page.stat().st_size < 300_000
    chromium.show(page)
    assert chromium.complaints() == []
    source = page.read_text(encoding="utf-8")
    assert "<script>" not in source.replace("&lt;script&gt;", "")
    assert not re.search(r"\bon\w+=|javascript:|https?://", source)


def test_hostile_names_and_values_stay_text(chromium, page, tmp_path):
    chromium.show(page)
    assert chromium.run("document.scripts.length") == 0
    assert chromium.run("document.querySelectorAll('h1 b, article b, img, iframe').length") == 0
    titles = chromium.run("[...document.querySelectorAll('h3')].map(h => h.textContent)")
    assert any(HOSTILE in title for title in titles)
    assert HOSTILE in chromium.run("document.querySelector('#columns').textContent")
    assert "<b>january</b>" in chromium.run("document.title")


def pixels(png):
    """The distinct colours of a PNG's rows, roughly: its bytes before compression."""
    raw, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        if kind == b"IDAT":
            raw += png[place + 8 : place + 8 + length]
        place += length + 12
    return zlib.decompress(raw)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_it_is_drawn_on_every_screen(chromium, page, width, dark):
    chromium.show(page, width=width, height=844, dark=dark)
    assert len(set(pixels(chromium.picture()))) > 100  # a blank screen has one or two
    assert chromium.run("document.documentElement.scrollWidth") <= width
    paper = chromium.run("getComputedStyle(document.body).backgroundColor")
    light = [int(part) for part in re.findall(r"\d+", paper)[:3]]
    assert (sum(light) < 200) == dark
    bars = chromium.run(
        "[...document.querySelectorAll('.bars td')].some(t => "
        "getComputedStyle(t).backgroundImage.includes('gradient'))"
    )
    assert bars


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_from_their_ground(chromium, page, dark):
    """WCAG AA: a contrast of 4.5 for text, measured from the colours that the browser uses."""
    chromium.show(page, dark=dark)
    pairs = chromium.run(
        """['p', '.test', 'dt', 'dd', 'b.differs', 'b.same', '.verdict h2', 'caption', 'summary']
        .map(s => { const e = document.querySelector('main ' + s); let g = e, c;
          do { c = getComputedStyle(g).backgroundColor; g = g.parentElement; }
          while (c === 'rgba(0, 0, 0, 0)');
          return [s, getComputedStyle(e).color, c]; })"""
    )
    for selector, ink, paper in pairs:
        light = sorted(luminance(colour) for colour in (ink, paper))
        assert (light[1] + 0.05) / (light[0] + 0.05) >= 4.5, (selector, ink, paper)


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_it_prints_with_every_card_open(chromium, tmp_path):
    path = tmp_path / "printed.html"
    comparison(20).to_html(path)
    chromium.show(path, media="print")
    pdf = chromium.pdf()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 5
    height = "[...document.querySelectorAll('article table')].map(t => t.offsetHeight)"
    assert min(chromium.run(height)) > 0


def test_it_is_read_by_keyboard_and_ear(chromium, page):
    chromium.show(page)
    chromium.press("Tab", 9)
    assert chromium.run("document.activeElement.textContent") == "Skip to the ranking"
    chromium.press("Enter", 13)
    assert chromium.run("location.hash") == "#ranking"
    chromium.run("document.querySelector('details:not([open]) summary').focus()")
    chromium.press("Enter", 13)
    assert chromium.run("document.activeElement.parentElement.open")
    tree = chromium.call("Accessibility.getFullAXTree")["nodes"]
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree]
    for role, name in [
        ("main", ""), ("banner", ""), ("navigation", "Contents"), ("region", "Verdict"),
        ("region", "Ranking"), ("heading", "Columns"), ("image", "Cumulative shares"),
    ]:  # fmt: skip
        assert any(r == role and name in n for r, n in roles), (role, name)
    unnamed = chromium.run(
        "[...document.querySelectorAll('table')].filter(t => !t.caption?.textContent.trim()).length"
    )
    assert unnamed == 0
    headings = chromium.run("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    body_cells = [r for r, _ in roles if r == "rowheader"]
    assert len(body_cells) >= 100
    anchors = chromium.run(
        "[...document.querySelectorAll('a')].every(a => document.querySelector(a.hash))"
    )
    assert anchors


def test_a_notebook_shows_the_ranking(chromium, made, tmp_path):
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><meta charset=utf-8>{made._repr_html_()}", encoding="utf-8")
    chromium.show(path)
    assert chromium.complaints() == []
    assert chromium.run("document.scripts.length") == 0
    assert chromium.run("document.querySelectorAll('.ranking tbody tr').length") == 100


def test_a_comparison_with_no_more_than_counts_is_drawn_too(chromium, tmp_path):
    """Intervals, statuses and refinement may be missing: None is no number on the page."""
    from dataclasses import replace

    bare = comparison(8)
    bare = replace(
        bare,
        limit=None,
        joint=None,
        block=None,
        blocks=None,
        columns=tuple(
            replace(
                column, estimates={}, status=None, p_value=None, q_value=None, test="", ks=None,
                wasserstein=None, refinement=(), edges=(), reverse=None, psi=None, hellinger=None,
                smoothed=None, notes=(),
            )
            for column in bare.columns
        ),
    )  # fmt: skip
    path = tmp_path / "bare.html"
    bare.to_html(path)
    chromium.show(path)
    assert chromium.complaints() == []
    text = chromium.run("document.body.innerText")
    assert not re.search(r"\b(None|nan|undefined)\b", text)
    assert "No limit was set" in text
    json.loads(bare.to_json())
    assert "None" not in repr(bare) + bare.to_markdown()
