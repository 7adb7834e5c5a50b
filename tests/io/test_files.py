"""
Files: tolerant reading, every bad cell listed, writing whole or not at all.
"""

from __future__ import annotations

import os
import threading

import pytest

from wfm.errors import DataError, SettingsError
from wfm.io import columns as sheets
from wfm.io import files
from wfm.io.files import apart, csv_text, read_table, write_files, write_folder

ROWS = [("1999-02-28T08:00", "banking", "12"), ("1999-02-28T08:30", "stocks", "3")]


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings(tmp_path, mark, encoding):
    """
    The same rows, whatever separates them and however letters are stored.
    """
    lines = [mark.join(row) for row in [("start", "queue", "contacts"), *ROWS, ("", "", "")]]
    lines[1] = lines[1].replace("banking", "crédit")
    table = read_table(write(tmp_path / "h.csv", "\r\n".join(lines), encoding), sheets.HISTORY)

    assert table.columns["queue"] == ["crédit", "stocks"]
    assert table.columns["contacts"] == [12, 3]


def test_aliases_and_extra_columns(tmp_path):
    """
    timestamp, Offered and answered_within_20s are known; a colour is let pass.
    """
    text = "Timestamp,Queue Name,Offered,colour,answered_within_20s\n1999-02-28 08:00,a,5,red,4\n"
    table = read_table(write(tmp_path / "h.csv", text), sheets.HISTORY)

    assert table.columns["contacts"] == [5]
    assert table.header["answered_in_threshold"] == "answered_within_20s"


def test_a_missing_column_names_the_nearest_header(tmp_path):
    """
    'contcts' is what was meant by contacts.
    """
    path = write(tmp_path / "h.csv", "start,queue,contcts\n1999-02-28 08:00,a,5\n")

    with pytest.raises(DataError, match=r"h\.csv, row 1: column 'contacts'.*\n.*'contcts'"):
        read_table(path, sheets.HISTORY)


def test_every_bad_cell_is_listed_with_row_and_column(tmp_path):
    """
    Three bad cells in two rows: three faults, rows counted from the header, blank lines too.
    """
    text = "start,queue,offered\n1999-02-28 08:00,a,-1\n\nsoon,,x\n"
    table = read_table(write(tmp_path / "h.csv", text), sheets.HISTORY)

    with pytest.raises(DataError) as caught:
        table.check()

    assert {problem.place for problem in caught.value.problems} == {
        "h.csv, row 2, column offered",
        "h.csv, row 4, column start",
        "h.csv, row 4, column queue",
        "h.csv, row 4, column offered",
    }


def test_rows_of_another_length_are_listed(tmp_path):
    """
    A comma too many, a cell too few, and beside them a bad cell: one list.
    """
    text = "start,queue,contacts\n1999-02-28 08:00,a,1,2\n1999-02-28 08:30,a\nsoon,a,3\n"

    with pytest.raises(DataError) as caught:
        read_table(write(tmp_path / "h.csv", text), sheets.HISTORY).check()

    assert [problem.place for problem in caught.value.problems] == [
        "h.csv, row 2",
        "h.csv, row 3",
        "h.csv, row 4, column start",
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01", b"start,queue\x81\x8d"])
def test_what_is_no_table_is_refused(tmp_path, data):
    """
    Empty files, binary files, bytes that are no letters.
    """
    (tmp_path / "h.csv").write_bytes(data)

    with pytest.raises(DataError, match=r"h\.csv"):
        read_table(tmp_path / "h.csv", sheets.HISTORY)


def test_a_missing_file_names_a_near_one(tmp_path):
    """
    histroy.csv is meant to be history.csv.
    """
    write(tmp_path / "history.csv", "x")

    with pytest.raises(DataError, match=r"history\.csv"):
        read_table(tmp_path / "histroy.csv", sheets.HISTORY)


def test_an_excel_workbook_is_read(tmp_path):
    """
    The first sheet of a workbook is a table like any other.
    """
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["start", "queue", "contacts"])
    book.active.append([datetime(1999, 2, 28, 8, 0), "a", 5])
    book.save(tmp_path / "h.xlsx")

    assert read_table(tmp_path / "h.xlsx", sheets.HISTORY).columns["contacts"] == [5]


def test_columns_are_written_in_the_order_of_the_sheet():
    """
    Whatever the order of the dict, and without columns that the sheet does not know.
    """
    text = csv_text(sheets.EVENTS, {"name": ["Purim"], "date": ["1999-03-02"], "_at": [1]})

    assert text == "date,name\n1999-03-02,Purim\n"


def test_several_files_appear_together_or_not_at_all(tmp_path, monkeypatch):
    """
    A disk that fills up at the second file leaves neither, and no rest of either.
    """
    (tmp_path / "a.csv").write_text("old")
    written = files._beside

    def full(path, content):
        if path.name == "b.csv":
            raise OSError(28, "no space left on device", str(path))
        return written(path, content)

    monkeypatch.setattr(files, "_beside", full)

    with pytest.raises(SettingsError, match="no space left"):
        write_files({tmp_path / "a.csv": "new", tmp_path / "b.csv": "new"})

    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "old"


def test_a_folder_is_replaced_whole(tmp_path):
    """
    A file of the older folder is gone with it.
    """
    write_folder(tmp_path / "plan", {"a.csv": "1", "b.csv": "1"})
    write_folder(tmp_path / "plan", {"a.csv": "2"})

    assert [path.name for path in tmp_path.iterdir()] == ["plan"]
    assert {path.name: path.read_text() for path in (tmp_path / "plan").iterdir()} == {"a.csv": "2"}


def test_a_folder_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    """
    What stood there before still does.
    """
    write_folder(tmp_path / "plan", {"a.csv": "1"})

    def full(path, content):
        raise OSError(28, "no space left on device", str(path))

    monkeypatch.setattr(files, "_beside", full)

    with pytest.raises(SettingsError, match="no space left"):
        write_folder(tmp_path / "plan", {"a.csv": "2"})

    assert (tmp_path / "plan" / "a.csv").read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_a_cell_of_endless_length_names_its_row(tmp_path):
    """
    A quote left open in row 3 swallows the rest of a long file.
    """
    text = 'start,queue,contacts\n1999-02-28 08:00,a,5\n1999-02-28 08:30,"a' + "x" * 140_000 + "\n"

    with pytest.raises(DataError, match=r"h\.csv, row 3: a cell of more than 131,072"):
        read_table(write(tmp_path / "h.csv", text), sheets.HISTORY)


@pytest.mark.parametrize("data", [b"start,queue,contacts\n", b"PK\x03\x04 cut short"])
def test_a_workbook_that_is_none_names_the_file_and_a_remedy(tmp_path, data):
    """
    CSV text named .xlsx, and a workbook cut short.
    """
    path = tmp_path / "h.xlsx"
    path.write_bytes(data)

    with pytest.raises(DataError, match=r"h\.xlsx: is no Excel workbook.*\n.*name it \.csv"):
        read_table(path, sheets.HISTORY)


@pytest.mark.parametrize("cell", ["9999-12-31T08:00", "31/12/9999 08:00", "0026-01-05T08:00"])
def test_years_that_nobody_means_are_bad_cells(tmp_path, cell):
    """
    9999 and 26 lie outside 1900 to 2100.
    """
    table = read_table(
        write(tmp_path / "h.csv", f"start,queue,contacts\n{cell},a,5\n"), sheets.HISTORY
    )

    with pytest.raises(DataError, match=r"row 2, column start: .* a year from 1900 to 2100"):
        table.check()


def test_control_characters_in_a_name_are_a_bad_cell(tmp_path):
    """
    An escape sequence is refused, and the message does not send it to the terminal.
    """
    text = "start,queue,contacts\n1999-02-28 08:00,a\x1b[2Jb,5\n"
    table = read_table(write(tmp_path / "h.csv", text), sheets.HISTORY)

    with pytest.raises(DataError, match=r"row 2, column queue: 'a\\x1b\[2Jb', expected") as caught:
        table.check()
    assert "\x1b" not in str(caught.value)


def test_a_header_that_stands_twice_is_named(tmp_path):
    """
    Two columns contacts: which one is meant?
    """
    text = "start,queue,contacts,contacts\n1999-02-28 08:00,a,5,6\n"

    with pytest.raises(DataError, match=r"h\.csv, row 1: column contacts stands twice"):
        read_table(write(tmp_path / "h.csv", text), sheets.HISTORY)


def test_a_pipe_is_written_to_and_stays(tmp_path):
    """
    What reads the pipe gets the text; the pipe is not replaced by a file.
    """
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_files({pipe: "text"})
    reader.join()

    assert got == [b"text"]
    assert pipe.is_fifo()


def test_a_full_device_is_told(tmp_path):
    """
    /dev/full takes nothing.
    """
    link = tmp_path / "out.csv"
    link.symlink_to("/dev/full")

    with pytest.raises(SettingsError, match="no space left"):
        write_files({link: "text"})
    assert link.is_symlink()


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    """
    The text lands in the file that the link names.
    """
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_files({tmp_path / "link.csv": "new"})

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_a_folder_or_a_missing_one_is_told(tmp_path):
    """
    Neither is a folder replaced nor one made up; one that may be made is.
    """
    with pytest.raises(SettingsError, match="is a folder"):
        write_files({tmp_path: "text"})
    with pytest.raises(SettingsError, match="there is no folder"):
        write_files({tmp_path / "nowhere" / "a.csv": "text"})
    assert not (tmp_path / "nowhere").exists()

    write_files({tmp_path / "new" / "a.csv": "text"}, folders=[tmp_path / "new"])
    assert (tmp_path / "new" / "a.csv").read_text() == "text"


def test_an_output_that_is_read_is_refused(tmp_path):
    """
    By another name of the same file too.
    """
    source = write(tmp_path / "h.csv", "text")
    link = tmp_path / "link.csv"
    link.symlink_to(source)

    with pytest.raises(SettingsError, match="is read by this command"):
        apart([link], [source])
    apart([tmp_path / "other.csv", None], [source, None])
