"""
Compiled rules kept between runs: the same plan, sooner; a bad file is none.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from tests.scheduling.tiny import Case, person
from wfm.domain.demand import Queue
from wfm.rules.book import load_preset
from wfm.scheduling import lawful, tablecache
from wfm.scheduling.problem import Problem
from wfm.scheduling.tables import Tables, tabulate

LAW = load_preset("fr-2098", queues=[Queue("a")])
PAIR = Case((person("ada", {"a": 1.0}), person("bob", {"a": 1.0})), book=LAW)


def kept(folder) -> Problem:
    return replace(PAIR.problem(), cache=folder)


def same(one: Tables, other: Tables) -> bool:
    parts = zip(
        (*one.kinds, *one.arcs, *one.team), (*other.kinds, *other.arcs, *other.team), strict=True
    )
    return one.frames == other.frames and all(np.array_equal(a, b) for a, b in parts)


def test_tables_from_the_cache_are_those_made_anew(tmp_path):
    """Three runs: nowhere kept, put there, and read; nothing is written the third time."""
    folder = tmp_path / "cache"
    plain = tabulate(PAIR.problem())
    first = tabulate(kept(folder))
    stamps = {path.name: path.stat().st_size for path in folder.glob("*.npz")}
    again = tabulate(kept(folder))

    assert len(stamps) == 2  # the rules of one group, and the frames cut by one law
    assert same(plain, first)
    assert same(plain, again)
    assert {path.name: path.stat().st_size for path in folder.glob("*.npz")} == stamps


def test_what_is_kept_is_not_made_again(tmp_path, monkeypatch):
    """Nobody compiles or cuts a second time."""
    first = tabulate(kept(tmp_path))
    monkeypatch.setattr(lawful, "narrowed", None)
    monkeypatch.setattr("wfm.scheduling.compiling.joined", None)

    assert same(first, tabulate(kept(tmp_path)))


@pytest.mark.parametrize("spoil", [b"", b"PK\x03\x04", b"not a table"])
def test_a_damaged_file_is_a_miss(tmp_path, spoil):
    """Nothing, the head of an archive, or a text in place of each file."""
    tabulate(kept(tmp_path))
    for path in tmp_path.glob("*.npz"):
        path.write_bytes(spoil)

    assert same(tabulate(kept(tmp_path)), tabulate(PAIR.problem()))


def test_half_a_file_and_a_file_of_other_arrays_are_misses(tmp_path):
    """Cut off in the middle; whole, but not what a table needs; with something to unpickle."""
    tablecache.keep(tmp_path, "k", {"a": np.arange(4)})
    (path,) = tmp_path.glob("*.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert tablecache.load(tmp_path, "k") is None

    np.savez(path, packed=np.arange(3), index=np.array([(9, 0, 0)]), names=np.array("a"))
    assert tablecache.load(tmp_path, "k") is None
    np.savez(path, packed=np.arange(9), index=np.array([(9, 0, 7)]), names=np.array("a"))
    assert tablecache.load(tmp_path, "k") is None
    np.savez(path, packed=np.array([object()]), index=np.array([(1, 0, 0)]), names=np.array("a"))
    assert tablecache.load(tmp_path, "k") is None


def test_a_table_of_another_shape_is_a_miss(tmp_path):
    """Under the right name, arrays that are no table: made anew."""
    tabulate(kept(tmp_path))
    for path in tmp_path.glob("*.npz"):
        tablecache.keep(tmp_path, path.stem, {"starts": np.arange(2)})

    assert same(tabulate(kept(tmp_path)), tabulate(PAIR.problem()))


def test_arrays_come_back_as_they_were(tmp_path):
    """Shapes and kinds, also of none and of what needs 64 bits."""
    arrays = {
        "rows": np.arange(6, dtype=np.int64).reshape(2, 3),
        "wide": np.array([2**40], dtype=np.int64),
        "on": np.array([True, False]),
        "none": np.zeros((0, 4), dtype=np.int32),
    }
    tablecache.keep(tmp_path, "k", arrays)
    found = tablecache.load(tmp_path, "k")

    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)
        assert found[name].shape == array.shape


def test_files_used_longest_ago_go(tmp_path, monkeypatch):
    """Two are kept: that which was read last, and the new one."""
    monkeypatch.setattr(tablecache, "MOST", 2)
    for at, name in enumerate(("a", "b")):
        tablecache.keep(tmp_path, name, {"x": np.arange(2)})
        os.utime(tmp_path / f"{name}.npz", (at, at))
    tablecache.load(tmp_path, "a")
    tablecache.keep(tmp_path, "c", {"x": np.arange(2)})

    assert sorted(path.stem for path in tmp_path.glob("*.npz")) == ["a", "c"]


def test_a_file_of_cuts_stays_small(tmp_path, monkeypatch):
    """Beyond a number of frames only those of this run stay."""
    monkeypatch.setattr(lawful, "CUTS", 0)
    tabulate(kept(tmp_path))
    shorter = replace(PAIR, people=(person("ada", {"a": 1.0}),), days=1).problem()
    tabulate(replace(shorter, cache=tmp_path))

    assert same(tabulate(kept(tmp_path)), tabulate(PAIR.problem()))


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    """A file stands in its place: tables are made, nothing is said."""
    place = tmp_path / "cache"
    place.write_text("in the way", encoding="utf-8")

    assert same(tabulate(kept(place)), tabulate(PAIR.problem()))
    assert place.read_text(encoding="utf-8") == "in the way"


def test_version_control_leaves_the_folder_alone(tmp_path):
    """It says so itself."""
    tabulate(kept(tmp_path / "cache"))

    assert (tmp_path / "cache" / ".gitignore").read_text(encoding="utf-8") == "*\n"
