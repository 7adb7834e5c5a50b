"""
A page for each person.
"""

from __future__ import annotations

import pytest
import sample
from test_pages import HOSTILE, read

from wfm.reporting.pages.agents import agent_pages, file_name


@pytest.fixture(scope="module")
def pages():
    return dict(agent_pages(sample.results(4)))


def test_one_each(pages):
    """
    Everybody has a page of their own name.
    """
    assert list(pages) == [f"ada000{at}.html" for at in range(4)]


def test_nothing_of_others(pages):
    """
    A page names nobody else.
    """
    assert "ada0001" not in pages["ada0000.html"]


def test_sound(pages):
    """
    Every element is closed, and no address leaves the page.
    """
    for text in pages.values():
        assert read(text).open == []
        assert "://" not in text


def test_hostile_name():
    """
    A name is text on the page and harmless as a file.
    """
    ((name, text),) = agent_pages(sample.results(1, prefix=HOSTILE))

    assert "<script" not in text
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("../../etc/passwd", "etc_passwd.html"),
        ("a b", "a_b.html"),
        ("..", "agent.html"),
        ("Zoë", "Zoë.html"),
        ("con", "con-2.html"),
    ],
)
def test_file_names(agent, name):
    """
    No name leads out of the folder.
    """
    assert file_name(agent, set()) == name


def test_names_that_fall_together():
    """
    Two people whose names make the same file have two files.
    """
    assert file_name("a?", {"a.html"}) == "a-2.html"
    assert file_name("A", {"a.html", "a-2.html"}) == "A-3.html"
