"""The reader of CSV files: encodings, headers, quoting, lines and cells, each on both sides of its edge."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shop_cs.imports import cells
from shop_cs.imports.table import Column, read_table
from shop_cs.rules import Kind

COLUMNS = (
    Column("no", cells.number, max_length=8),
    Column("text", max_length=10, verbatim=True),
    Column("amount", cells.fen, required=False),
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def read(text, encoding="utf-8"):
    return read_table(text.encode(encoding) if isinstance(text, str) else text, COLUMNS)


def problems(data):
    return [(problem.line, problem.column, problem.reason) for problem in read(data).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_chinese_file_reads_alike_in_each_encoding(encoding):
    rows = read("no,text,amount\nA1,𠮷商品破损,1.5\n", encoding).rows
    assert [(row.line, row.values) for row in rows] == [(2, {"no": "A1", "text": "𠮷商品破损", "amount": 150})]


def test_columns_may_stand_in_any_order_and_lines_may_end_in_any_way():
    rows = read("amount,no,text\r\n1,A1,x\r\n2,A2,y\r3,A3,z\n").rows
    assert [(row.line, row["no"], row["amount"]) for row in rows] == [(2, "A1", 100), (3, "A2", 200), (4, "A3", 300)]


def test_a_row_is_named_by_the_physical_line_on_which_it_begins():
    table = read('no,text,amount\nA1,"a\nb\r\nc",1\n\nA 2,x,1\n')
    assert [row.line for row in table.rows] == [2]
    assert [(p.line, p.column) for p in table.problems] == [(6, "no")]


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("no,text", [(1, "amount", "This column is missing.")]),
        ("no,text,amount,colour", [(1, "colour", "This column is unknown.")]),
        ("no,text,amount,text", [(1, "text", "This column is there twice.")]),
        ("no,text,,amount", [(1, "", "This column is unknown.")]),
        (f"no,text,amount,{'x' * 41}", [(1, f"{'x' * 40}…", "This column is unknown.")]),
        ("No,text,amount", [(1, "no", "This column is missing."), (1, "No", "This column is unknown.")]),
    ],
)
def test_a_wrong_header_names_each_column(header, wrong):
    assert problems(f"{header}\nA1,x,1\n") == wrong


@pytest.mark.parametrize("data", ["", "\n", "  \r\n "])
def test_an_empty_file_is_called_so(data):
    assert problems(data) == [(1, "", "The file is empty.")]


def test_a_header_alone_is_a_file_without_rows():
    table = read("no,text,amount\n")
    assert (table.rows, table.problems) == ([], [])


def test_utf8_cut_within_a_character_is_not_taken_for_gb18030():
    data = "no,text,amount\nA1,x,1\nA2,浙".encode()[:-1]
    assert problems(data) == [(3, "", "The file ends within a character: it was cut off.")]


def test_utf8_with_one_bad_byte_is_not_taken_for_gb18030():
    data = "no,text,amount\nA1,收到破损,1\nA2,商品,1\n".encode().replace("商品".encode(), b"\xe5\x95")
    assert problems(data) == [(3, "", "This is not valid UTF-8.")]


@pytest.mark.parametrize("data", [b"no,text,amount\nA1,\xff\xff,1\n", "no,text,amount\n".encode("utf-16")])
def test_bytes_of_no_known_encoding_are_named_by_line(data):
    (line, column, reason) = problems(data)[0]
    assert (column, reason) == ("", "The file is neither UTF-8 nor GB18030.")
    assert line == (2 if data.startswith(b"no") else 1)


def test_a_workbook_is_told_apart():
    assert problems(b"PK\x03\x04rest") == [(1, "", "This is a workbook: save it as CSV first.")]


def test_an_unterminated_quote_is_named_where_it_opened_and_rows_before_it_are_judged():
    told = problems('no,text,amount\nA 1,x,1\n"A2","two\n""lines""","\nA3,y,1\nA4,z,1\n')
    assert [(line, column) for line, column, _reason in told] == [(2, "no"), (4, "")]
    assert told[1][2] == "The quote that opens on this line is never closed."


def test_an_unterminated_quote_before_a_very_long_rest_is_named_too():
    told = problems('no,text,amount\nA1,"x,1\n' + "A2,y,1\n" * 40_000)
    assert told == [(2, "", "The quote that opens on this line is never closed.")]


def test_where_the_reading_stopped_at_an_open_quote_the_row_before_it_is_not_called_the_last():
    assert read('no,text,amount\nA1,x,1\nA2,"y').note == ""


def test_text_after_a_closing_quote_is_named_and_the_next_rows_are_read():
    table = read('no,text,amount\nA1,"x"y,1\nA2,y,1\n')
    assert [(p.line, p.reason) for p in table.problems] == [(2, "There is text after the quote that closes a cell.")]
    assert [row["no"] for row in table.rows] == ["A2"]


def test_a_half_written_last_row_is_named_as_cut_off():
    cut = "The file ends within this row: it was cut off."
    assert problems("no,text,amount\nA1,x,1\nA2,y") == [(3, "", cut)]
    assert problems("no,text,amount\nA1,x,1\nA2,y,") == [(3, "", cut)]
    assert problems("no,text,amount\nA1,x,1\nA2,y,\n") == []


def test_a_whole_last_row_without_line_end_is_taken_with_a_note():
    table = read("no,text,amount\nA1,x,1\nA2,y,2")
    assert [row["no"] for row in table.rows] == ["A1", "A2"]
    assert "Line 3" in table.note
    assert not read("no,text,amount\nA1,x,1\n").note


def test_a_row_of_the_wrong_width_is_named():
    assert problems("no,text,amount\nA1,x\nA2,x,1,\nA3,x,1\n") == [
        (2, "", "2 cells instead of 3."),
        (3, "", "4 cells instead of 3."),
    ]


def test_nul_empty_and_over_long_cells_are_named_by_column():
    told = problems("no,text,amount\nA1,a\0b,1\n,  ,1\nA23456789,12345678901,1\nA2345678,1234567890,1\n")
    assert told == [
        (2, "text", "This cell holds a NUL character."),
        (3, "no", "This cell is empty."),
        (3, "text", "This cell is empty."),
        (4, "no", "9 characters; at most 8."),
        (4, "text", "11 characters; at most 10."),
    ]


@pytest.mark.parametrize(
    ("cell", "fen"), [("0", 0), ("0.1", 10), ("12.34", 1234), ("100000000.00", 10**10), ("007", 700)]
)
def test_amounts_become_whole_fen(cell, fen):
    assert cells.fen(cell) == fen


@pytest.mark.parametrize("cell", ["-1", "-0.01", "1.234", "100000000.01", "1e3", "1,000", "¥5", "", "٣", ".5", "5."])
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(cells.BadCell):
        cells.fen(cell)


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026-02-28 06:38:00", datetime(2026, 2, 27, 22, 38, tzinfo=UTC)),
        ("2026-02-28T06:38", datetime(2026, 2, 27, 22, 38, tzinfo=UTC)),
        ("2026-02-28T06:38:00Z", datetime(2026, 2, 28, 6, 38, tzinfo=UTC)),
        ("2026-02-28T06:38:00-05:00", datetime(2026, 2, 28, 11, 38, tzinfo=UTC)),
        ("2024-02-29 00:00:00", datetime(2024, 2, 28, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_bare_time_is_shanghais_and_an_offset_is_kept(cell, utc):
    assert cells.moment(cell) == utc


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-29 00:00:00",
        "2026-02-28 24:01:00",
        "2026-02-28",
        "1990-04-15 02:30:00",  # left out by China's summer time
        "0001-01-01 00:00:00",
        "9999-12-31T23:59:59-12:00",
        "yesterday",
        "28/02/2026 06:38",
    ],
)
def test_a_time_that_does_not_exist_is_refused(cell):
    with pytest.raises(cells.BadCell):
        cells.moment(cell)


def test_hours_counts_choices_and_numbers():
    assert cells.hours("1.5") == timedelta(minutes=90)
    assert cells.count("1000000") == 1_000_000
    assert cells.choice(Kind)("urgent") == "urgent"
    assert cells.number("SR-1_2.3") == "SR-1_2.3"


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        (cells.hours, "-2"),
        (cells.hours, "0.001"),
        (cells.hours, "two"),
        (cells.count, "-1"),
        (cells.count, "1.0"),
        (cells.count, "1000001"),
        (cells.choice(Kind), "Urgent"),
        (cells.number, "6.02E+17"),
        (cells.number, "a/b"),
        (cells.number, "-1"),
    ],
)
def test_cells_that_cannot_be_right_are_refused(parse, cell):
    with pytest.raises(cells.BadCell):
        parse(cell)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data):
    table = read_table(b"no,text,amount\n" + data, COLUMNS)
    assert all(problem.line >= 1 and problem.reason for problem in table.problems)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), max_size=5))
def test_any_text_comes_back_as_written_with_its_line(texts):
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    rows.writerow(["no", "text", "amount"])
    wanted, line = [], 2
    for text in texts:
        rows.writerow(["A1", text, 1])
        if text.strip() and len(text) <= 10:
            wanted.append((line, text))
        line += 1 + len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
    assert [(row.line, row["text"]) for row in read(out.getvalue()).rows] == wanted
