"""
What a French Excel opens by double click, and what comes back from it.
"""

from __future__ import annotations

import pytest

from wfm.errors import DataError
from wfm.io.columns import COSTS, ROSTER, Kind
from wfm.io.exports.french import french_cell, french_csv, harmless, plain
from wfm.io.exports.sheets import exported, sheet_of

ROSTER_CSV = (
    "agent,date,start,end,activity,queue\n"
    "ada,1999-02-28,1999-02-28T15:30,1999-03-01T00:30,work,banking;stocks\n"
)
COSTS_CSV = (
    "item,rule,agent,date,queue,activity,start,hours,rate,amount\n"
    "base,base,ada,1999-02-28,,work,1999-02-28T15:30,7.5,14.20,106.50\n"
)


def test_form():
    """
    BOM, semicolons, CRLF, day first; a cell with a semicolon is quoted.
    """
    assert french_csv(ROSTER_CSV, ROSTER) == (
        "\ufeffagent;date;start;end;activity;queue\r\n"
        'ada;28/02/1999;28/02/1999 15:30;01/03/1999 00:30;work;"banking;stocks"\r\n'
    )


def test_decimal_comma():
    """
    Numbers and money have a decimal comma.
    """
    assert french_csv(COSTS_CSV, COSTS).endswith(";7,5;14,20;106,50\r\n")


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "+33 1", "-2+3", "@SUM(A1)", "\tx", "\r=1", "=cmd|' /C calc'!A0"]
)
def test_formulas_are_texts(name):
    """
    A name that a spreadsheet would run starts with an apostrophe, and comes back whole.
    """
    assert french_cell(name, Kind.TEXT) == f"'{name}"
    assert plain(harmless(name)) == name


@pytest.mark.parametrize("name", ["ada", "7.5", "1999-02-28", "d'Arc", "'quoted'", ""])
def test_texts_stay_as_they_are(name):
    """
    A text is no number and no date, even if it looks like one.
    """
    assert french_cell(name, Kind.TEXT) == name
    assert plain(name) == name


@pytest.mark.parametrize("text", [ROSTER_CSV, COSTS_CSV, ROSTER_CSV.replace("ada", "=1+1")])
def test_round_trip(tmp_path, text):
    """
    What goes to Excel as csv-fr comes back with csv, to the byte.
    """
    there, back = tmp_path / "there.csv", tmp_path / "back.csv"
    there.write_text(text)
    back.write_bytes(exported(there, "csv-fr").encode())

    assert exported(back, "csv") == text


def test_kind_of_file_by_columns(tmp_path):
    """
    A file under another name is known by its columns.
    """
    path = tmp_path / "semaine.csv"
    path.write_text(ROSTER_CSV)

    assert sheet_of(path) is ROSTER


def test_unknown_file(tmp_path):
    """
    A file of other columns is refused, and what can be exported is said.
    """
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")

    with pytest.raises(DataError, match="no file that wfm writes"):
        sheet_of(path)


def test_missing_column_is_named(tmp_path):
    """
    A roster without its dates is refused as a roster.
    """
    path = tmp_path / "roster.csv"
    path.write_text("agent,start,end,activity\n")

    with pytest.raises(DataError, match="date"):
        exported(path, "csv")
