"""The file: what is saved comes back; anything else is refused in one line, without harm."""

import hashlib
import json
import struct
import zlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kullback as kb
from kullback.errors import KullbackError, TableError
from kullback.tables.profiles.file import MAGIC, START, SUM

from .made import mixed


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("profiles") / "a.kbp"
    kb.profile(mixed(6_000, 1), block="day").save(path)
    return path


def test_what_is_saved_comes_back(path):
    found = kb.Profile.load(path)
    found.save(path.with_name("b.kbp"))
    assert path.with_name("b.kbp").read_bytes() == path.read_bytes()
    assert repr(found) == repr(kb.Profile.load(path.with_name("b.kbp")))
    result = kb.compare(found, path.with_name("b.kbp"))
    assert {(column.kl, column.js) for column in result.columns} == {(0, 0)}


def test_names_are_data(tmp_path):
    names = ['"; DROP TABLE x; --', "<script>", "a\nb", "ß", "", "c0"]
    table = pa.table({name: [f"{name}{i % 2}" for i in range(40)] for name in names})
    kb.profile(table).save(tmp_path / "a.kbp")
    found = kb.Profile.load(tmp_path / "a.kbp")
    assert [column.name for column in found.columns] == names
    assert found["a\nb"].hashed.named() == ["a\nb0", "a\nb1"]
    assert "\\n" in repr(found)


def inflated(path):
    """Everything that a file holds, in plain bytes."""
    header, parts = opened(path.read_bytes())
    found = [json.dumps(header).encode()]
    while parts:
        inflate = zlib.decompressobj()
        found.append(inflate.decompress(parts))
        parts = inflate.unused_data
    return b"".join(found)


def test_no_values_are_kept_by_name(tmp_path):
    table = pa.table({"city": ["secret place"] * 50 + ["rare"], "on": [True] * 51})
    kb.profile(table).save(tmp_path / "named.kbp")
    kb.profile(table, values=False).save(tmp_path / "hashed.kbp")
    named, hashed = (inflated(tmp_path / f"{name}.kbp") for name in ("named", "hashed"))
    assert b"secret place" in named
    assert b"rare" not in named
    assert b"secret" not in hashed
    found = kb.compare(tmp_path / "named.kbp", tmp_path / "hashed.kbp")["city"]
    assert (found.kl, found.cells[0].label) == (0, "secret place")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: b"", "is no profile"),
        (lambda data: b"PAR1" + data, "is no profile"),
        (lambda data: data[:-1], "cut off or changed"),
        (lambda data: data[: len(data) // 2], "cut off or changed"),
        (lambda data: data[:30], "ends after 30 bytes"),
        (lambda data: data[:100] + b"!" + data[101:], "cut off or changed"),
        (lambda data: MAGIC + struct.pack("<I", 9) + data[12:], "layout 9.*install a newer"),
    ],
)
def test_a_foreign_or_damaged_file_is_refused(path, tmp_path, spoil, said):
    spoilt = tmp_path / "spoilt.kbp"
    spoilt.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(TableError, match=said):
        kb.Profile.load(spoilt)
    with pytest.raises(TableError, match=said):
        kb.compare(spoilt, path)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"cannot read .*absent\.kbp"):
        kb.Profile.load(tmp_path / "absent.kbp")


def test_a_failed_save_leaves_the_old_file(path, tmp_path, monkeypatch):
    old = tmp_path / "old.kbp"
    profile = kb.Profile.load(path)
    profile.save(old)
    before = old.read_bytes()

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TableError, match="No space left"):
        profile.save(old)
    assert old.read_bytes() == before
    assert list(tmp_path.iterdir()) == [old]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=300))
def test_random_bytes(tmp_path_factory, noise):
    path = tmp_path_factory.getbasetemp() / "noise.kbp"
    path.write_bytes(noise)
    with pytest.raises(TableError):
        kb.Profile.load(path)


def signed(header, parts):
    said = json.dumps(header).encode()
    content = START.pack(MAGIC, 1, len(said)) + said + parts
    return content + hashlib.sha256(content).digest()


def opened(data):
    length = START.unpack_from(data)[2]
    return json.loads(data[START.size :][:length]), data[START.size + length : -SUM]


VALUES = st.none() | st.integers(-5, 1 << 70) | st.text(max_size=3) | st.just([]) | st.just({})


def places(said, at=()):
    """Every place in a header at which something could be changed."""
    yield at
    inside = (
        said.items()
        if isinstance(said, dict)
        else enumerate(said)
        if isinstance(said, list)
        else ()
    )
    for key, held in inside:
        yield from places(held, (*at, key))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_a_forged_file_gives_an_answer_or_our_error(path, tmp_path_factory, data):
    """Header and parts changed, and the checksum made to fit."""
    header, parts = opened(path.read_bytes())
    forged = bytearray(parts)
    for _ in range(data.draw(st.integers(0, 2))):
        *above, last = data.draw(st.sampled_from([at for at in places(header) if at]))
        inner = header
        for key in above:
            inner = inner[key]
        inner[last] = data.draw(VALUES)
    for _ in range(data.draw(st.integers(0, 2))):
        forged[data.draw(st.integers(0, len(forged) - 1))] = data.draw(st.integers(0, 255))
    spoilt = tmp_path_factory.getbasetemp() / "forged.kbp"
    spoilt.write_bytes(signed(header, bytes(forged)))
    said = ""
    try:
        found = kb.Profile.load(spoilt)
        assert repr(found)
        kb.compare(found, path, columns=["normal", "text"])
        found.merge(found)
    except KullbackError as error:
        said = str(error)
    assert "\n" not in said


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_spoilt_sketches_never_reach_the_library(data):
    from kullback.tables.profiles.kll import empty, line_of, merged

    sketch = empty(64)
    sketch.update(np.random.default_rng(0).normal(size=2_000))
    held = bytearray(sketch.serialize())
    for _ in range(data.draw(st.integers(1, 3))):
        held[data.draw(st.integers(0, 80))] = data.draw(st.integers(0, 255))
    spoilt = bytes(
        held[: data.draw(st.integers(0, len(held)))] if data.draw(st.booleans()) else held
    )
    try:
        line = line_of(spoilt)
        merged(spoilt, spoilt)
    except KullbackError:
        return
    assert np.all(np.diff(line.values) >= 0)
    assert np.all(np.diff(line.ranks) >= 0)
