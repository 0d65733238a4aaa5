"""Tables that leave the house: CSV and XLSX, written row by row, whose text no spreadsheet takes for a formula."""

import csv
from datetime import datetime
from decimal import Decimal
from itertools import islice
from types import NoneType

from rustpy_xlsxwriter import FastExcel

from .clock import SHANGHAI

# What a spreadsheet reads as the start of a formula, in wide characters too, and what it skips before one.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
MOST_CHARACTERS = 32_767  # of one cell, Excel's own limit
TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
_SECONDS = len("2026-03-03 10:00:00")
# Rows that are looked at together, and types that are written as they stand.
_BATCH = 1000
_WHOLE = frozenset({int, NoneType})
_NUMBERS = _WHOLE | {Decimal, float}
_TEXTS = frozenset({str, NoneType})
_MOMENTS = frozenset({datetime, NoneType})
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def neutral(text):
    """The text with an apostrophe before what would begin a formula."""
    return f"'{text}" if text[:1] in FORMULA_STARTS and text else text


def write(fmt, path, header, rows):
    """Writes `rows` (lists of text, numbers, Decimals, aware datetimes, None) under `header` to the file."""
    {"csv": _write_csv, "xlsx": _write_xlsx}[fmt](path, header, rows)


def _write_csv(path, header, rows):
    """UTF-8 with BOM and CRLF, as spreadsheets expect; times as Shanghai's."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(header)
        out.writerows(_converted(rows, _csv_column))


def _converted(rows, column):
    """The rows, each column of so many at a time as `column(cells)` makes it: most cells are right as they are."""
    rows = iter(rows)
    while some := list(islice(rows, _BATCH)):
        yield from zip(*map(column, zip(*some, strict=True)), strict=True)


def _csv_column(cells):
    kinds = set(map(type, cells))
    if kinds <= _NUMBERS:
        return cells
    if kinds <= _TEXTS and FORMULA_STARTS.isdisjoint(cell[:1] for cell in cells if cell):
        return cells
    return map(_in_csv, cells)


def _in_csv(value):
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, datetime):
        # `strftime` takes ten times as long.
        return str(value.astimezone(SHANGHAI))[:_SECONDS]
    return value


def _write_xlsx(path, header, rows):
    """Typed cells: text stays text, numbers and times can be reckoned with. Constant memory."""
    book = FastExcel(str(path), output_format="xlsx").format(datetime_format=TIME_FORMAT, bold_headers=True)
    book.freeze(row=1).sheet("1", _records(header, rows), column_width=18).save()


def _records(header, rows):
    empty = True
    for row in _converted(rows, _xlsx_column):
        empty = False
        yield dict(zip(header, row, strict=True))
    if empty:
        # The writer takes its header from the first record.
        yield dict.fromkeys(header)


def _xlsx_column(cells):
    kinds = set(map(type, cells))
    if kinds <= _WHOLE or (kinds <= _TEXTS and _are_right(list(filter(None, cells)))):
        return cells
    return map(_moment if kinds <= _MOMENTS else _in_xlsx, cells)


def _are_right(texts):
    """Whether they can be written as they are."""
    return "\r\n" not in "".join(texts) and max(map(len, texts), default=0) <= MOST_CHARACTERS


def _moment(at):
    return at and at.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def _in_xlsx(value):
    if isinstance(value, str):
        return value.replace("\r\n", "\n")[:MOST_CHARACTERS]
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Decimal):
        return float(value)
    return value
