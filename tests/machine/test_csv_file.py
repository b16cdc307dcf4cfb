"""Files that are not what they should be: a sentence each, in constant memory."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from console.domain.text import BadInput
from console.machine.csv_file import Row, read_rows

KNOWN = ("a", "b")


def _rows(path: Path, content: bytes, encoding: str = "utf-8") -> list[Row]:
    path.write_bytes(content)
    return list(read_rows(path, KNOWN, ("a",), blocks=("b",), encoding=encoding))


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\r\n1,2\r\n",
        b"\xef\xbb\xbf\xef\xbb\xbfa,b\r\n1,2\r\n",
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


OPEN = """id,family,given,home
R1,Ames,Ann,
R2,"Bull,Bob,
R3,Cole,Cat,
R4,Dunn,Dan,
R5,{},Eve,
R6,Fox,Fay,
"""


@pytest.mark.parametrize(
    ("fifth", "why"),
    [
        ('"Eyre"', "a quote stands inside a cell without another quote beside it"),
        ('Eyre"', "family cannot hold a line end"),
        ('Eyre",x', "it has 5 cells, and the first line names 4 columns"),
    ],
)
def test_what_an_open_quote_swallows_is_refused_line_by_line(tmp_path: Path, fifth: str, why: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(OPEN.format(fifth))
    rows = list(read_rows(path, ("id", "family", "given", "home"), ("id",), blocks=("home",)))
    assert [(row.line, row.cells.get("id")) for row in rows] == [
        (2, "R1"), (3, None), (4, None), (5, None), (6, None), (7, "R6"),
    ]  # fmt: skip
    if "family" in why:  # its lines look like rows before anybody asks what a cell may hold
        why = "a line inside its quotes looks like a row of its own"
    assert rows[1].wrong == f"a quote in it makes one row of lines 3 to 6: {why}"
    assert rows[2].wrong == "it stands inside a quote that opens on line 3"


def test_a_line_end_stands_only_where_a_cell_can_hold_one(tmp_path: Path) -> None:
    bad, swallowed, good = _rows(tmp_path / "f.csv", b'a,b\n"1\n2",x\n3,"y\nz"\n')
    assert bad.wrong == "a quote in it makes one row of lines 2 to 3: a cannot hold a line end"
    assert (swallowed.line, good.line, good.cells) == (3, 4, {"a": "3", "b": "y\nz"})


def test_rows_inside_an_address_are_not_taken_for_an_address(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('id,home,town\nR1,"1 Larch Court,Cosham\nR2,2 Larch Court,Cosham\nR3,3 Larch Court",Cosham\n')
    rows = list(read_rows(path, ("id", "home", "town"), ("id",), blocks=("home",)))
    assert [row.line for row in rows] == [2, 3, 4]
    assert rows[0].wrong.endswith("a line inside its quotes looks like a row of its own")
    path.write_text('id,home,town\nR1,"1 Larch Court\nCosham",Portsmouth\n')
    assert next(read_rows(path, ("id", "home", "town"), (), blocks=("home",))).cells["home"] == "1 Larch Court\nCosham"


@pytest.mark.parametrize("encoding", ["punycode", "undefined", "martian", "idna"])
def test_an_encoding_that_is_none_is_said(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadInput, match="no encoding|is not"):
        _rows(tmp_path / "f.csv", b"a,b\n\xff1,2\n", encoding)


@pytest.mark.needs("linux")
def test_a_pipe_is_refused_in_a_sentence(tmp_path: Path) -> None:
    read, write = os.pipe()
    try:
        with pytest.raises(BadInput, match="is a pipe"):
            list(read_rows(Path(f"/dev/fd/{read}"), KNOWN, ("a",)))
    finally:
        os.close(read)
        os.close(write)
