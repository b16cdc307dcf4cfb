"""Files that are not what they should be: a sentence each, in constant memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from console.domain.text import BadInput
from console.machine.csv_file import Row, read_rows

KNOWN = ("a", "b")


def _rows(path: Path, content: bytes, encoding: str = "utf-8") -> list[Row]:
    path.write_bytes(content)
    return list(read_rows(path, KNOWN, ("a",), encoding=encoding))


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\r\n1,2\r\n",
        b'A;B\n"1";2',
        b"a\tb\n1\t2\n\n \t \n",
    ],
)
def test_usual_kinds_of_csv(tmp_path: Path, content: bytes) -> None:
    assert [(row.line, row.cells) for row in _rows(tmp_path / "f.csv", content)] == [(2, {"a": "1", "b": "2"})]


def test_lines_are_counted_where_a_row_begins(tmp_path: Path) -> None:
    rows = _rows(tmp_path / "f.csv", b'a,b\n1,"x\ny\nz"\n3,4\n')
    assert [row.line for row in rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "is a spreadsheet"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"a,b\n1,\xe9\n", "line 2 holds byte 0xe9"),
        (b"b\n1\n", "no column a"),
        (b"a,dob\n1,2\n", "unknown column 'dob'"),
        (b"a,a\n1,2\n", "column a twice"),
        (b"a,b\r1,2\r3,4\r", "its lines end with CR alone"),
        (b'a,b\n1,2\n3,"open\n5,6\n', "a quote that opens on line 3 is never closed"),
    ],
)
def test_what_spoils_the_whole_file(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        _rows(tmp_path / "f.csv", content)
    assert "Nothing was imported." in str(refused.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="could not be read"):
        list(read_rows(tmp_path / "none.csv", KNOWN, ()))


def test_another_encoding_when_it_is_said(tmp_path: Path) -> None:
    assert _rows(tmp_path / "f.csv", b"a,b\nZo\xeb,2\n", "cp1252")[0].cells["a"] == "Zo\u00eb"
    with pytest.raises(BadInput, match="no encoding"):
        _rows(tmp_path / "f.csv", b"a,b\n1,2\n", "martian")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"1\n", "it has 1 cells, and the first line names 2"),
        (b"1,2,3\n", "it has 3 cells"),
        (b'1,"x"y\n', "a quote stands inside a cell"),
        (b"1,x\ry\n", "a line end (CR) stands inside a cell"),
    ],
)
def test_one_bad_row_does_not_spoil_the_next(tmp_path: Path, content: bytes, said: str) -> None:
    bad, good = _rows(tmp_path / "f.csv", b"a,b\n" + content + b"8,9\n")
    assert said in bad.wrong
    assert bad.line == 2
    assert (good.line, good.cells) == (3, {"a": "8", "b": "9"})


def test_ten_megabytes_in_one_field_are_refused_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\n1," + b"x" * 10_000_000 + b"\n8,9\n")
    tracemalloc.start()
    bad, good = read_rows(path, KNOWN, ("a",))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "longer than 100,000" in bad.wrong
    assert (good.line, good.cells["a"]) == (3, "8")
    assert most < 3_000_000


def test_a_field_of_many_lines_that_never_ends(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="never closed"):
        _rows(tmp_path / "f.csv", b'a,b\n1,"' + b"x" * 90 + b"\n" * 200_000)
