"""Reads a CSV file: encoding, header and cells; names every bad row by its physical line."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice

from django.utils.translation import gettext as _

from . import cells

MAX_UPLOAD = 100 * 1024 * 1024

_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_PLAIN = re.compile(r"[^,\r\n]*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, what its cells hold, whether they may be empty, how long they may be.

    `verbatim` keeps blanks at both ends. `empty` is the value of an empty cell. A file may come without a column that
    `may_lack`: its rows then say nothing of it, and have no value by its name. Of a file with a column that is
    `private` no cell is quoted: what slipped into another column may be a person's.
    """

    name: str
    parse: Callable = cells.text
    required: bool = True
    max_length: int = 100
    verbatim: bool = False
    empty: object = None
    may_lack: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused. `line` counts the file's lines from 1; `column` is "" where it is the whole row."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A good row: the line it begins on and its values by column."""

    line: int
    values: dict

    def __getitem__(self, name):
        return self.values[name]


@dataclass(slots=True)
class Table:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    note: str = ""


class Unreadable(ValueError):
    """The file as a whole cannot be read; carries its problems."""

    def __init__(self, *problems):
        super().__init__(problems)
        self.problems = list(problems)


def read_table(data: bytes, columns) -> Table:
    """The rows of a CSV file with a header, in any order of columns. Never raises for what a file may hold."""
    table = Table()
    try:
        text = decode(data)
        records = _records(text, table)
        order = _header(records, columns)
    except Unreadable as error:
        table.problems += error.problems
        return table
    has_nul = "\0" in text
    unfinished = not text.endswith(("\n", "\r"))
    last = None
    for line, found in records:
        last = (line, found)
        if len(found) != len(order):
            reason = _("%(found)s cells instead of %(wanted)s.") % {"found": len(found), "wanted": len(order)}
            table.problems.append(Problem(line, "", reason))
        else:
            _read_row(table, line, found, order, has_nul)
    # Where the reading stopped before the end, at a quote that is never closed, the last row is not the file's last.
    if unfinished and last and not any(problem.line > last[0] for problem in table.problems):
        _judge_ending(table, *last, len(order))
    return table


def _judge_ending(table, line, found, wanted):
    """A last line without its end: surely cut off where cells are missing or the last is empty, else perhaps."""
    reason = _("The file ends within this row: it was cut off.")
    if len(found) != wanted:
        table.problems = [problem for problem in table.problems if problem.line != line]
        table.problems.append(Problem(line, "", reason))
    elif not found[-1]:
        table.rows = [row for row in table.rows if row.line != line]
        table.problems.append(Problem(line, "", reason))
    else:
        table.note = _("Line %(line)s has no line end: look whether the file is whole.") % {"line": line}


def decode(data: bytes) -> str:
    """UTF-8 with or without BOM, else GB18030, both strict. Raises `Unreadable` with the line of the first bad byte."""
    if not data.strip():
        raise Unreadable(Problem(1, "", _("The file is empty.")))
    if data.startswith(b"PK\x03\x04"):
        raise Unreadable(Problem(1, "", _("This is a workbook: save it as CSV first.")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = error
    if not _is_broken_utf8(data, broken):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as error:
            line = _line_of(data, error.start)
            raise Unreadable(Problem(line, "", _("The file is neither UTF-8 nor GB18030."))) from None
    cut = broken.reason == "unexpected end of data"
    reason = _("The file ends within a character: it was cut off.") if cut else _("This is not valid UTF-8.")
    raise Unreadable(Problem(_line_of(data, broken.start), "", reason))


def _is_broken_utf8(data, error):
    """Whether bytes that are not UTF-8 were meant to be: read as GB18030 they would become other characters."""
    if data.startswith(b"\xef\xbb\xbf") or error.reason == "unexpected end of data":
        return True
    read = data.decode("utf-8", errors="replace")
    return len(_CHINESE.findall(read)) >= read.count("\ufffd")


def _line_of(data, offset):
    return len(re.findall(rb"\r\n|\r|\n", data[:offset])) + 1


def _header(records, columns):
    """The columns in the file's order. Raises `Unreadable` that names each missing, unknown and repeated one."""
    line, names = next(records, (1, []))
    names = [name.strip() for name in names]
    known = {column.name: column for column in columns}
    is_private = any(column.private for column in columns)
    wanted = (column.name for column in columns if not column.may_lack)
    wrong = [(name, _("This column is missing.")) for name in wanted if name not in names]
    for name in dict.fromkeys(names):
        if name not in known:
            wrong.append((name, _("This column is unknown.")))
        elif names.count(name) > 1:
            wrong.append((name, _("This column is there twice.")))
    if wrong:
        # Without a header the first row stands in its place, and a person's name is no name of a column.
        raise Unreadable(*(Problem(line, _called(name, known, is_private), reason) for name, reason in wrong))
    return [known[name] for name in names]


def _called(name, known, is_private):
    """A column's name as a message tells it: of a private file only what looks like one."""
    if is_private and name not in known and not get_close_matches(name, known, n=1):
        return cells.guarded(name)
    return cells.short(name)


def _read_row(table, line, found, order, has_nul):
    values, before = {}, len(table.problems)
    is_private = any(column.private for column in order)
    for column, cell in zip(order, found, strict=True):
        if not column.verbatim:
            cell = cell.strip()
        if not cell or (column.verbatim and not cell.strip()):
            values[column.name] = column.empty
            if column.required:
                table.problems.append(Problem(line, column.name, _("This cell is empty.")))
        elif len(cell) > column.max_length:
            reason = _("%(length)s characters; at most %(most)s.") % {"length": len(cell), "most": column.max_length}
            table.problems.append(Problem(line, column.name, reason))
        elif has_nul and "\0" in cell:
            table.problems.append(Problem(line, column.name, _("This cell holds a NUL character.")))
        else:
            try:
                values[column.name] = column.parse(cell)
            except cells.BadCell as error:
                told = error.told(cells.guarded if is_private else cells.short)
                table.problems.append(Problem(line, column.name, told))
    if len(table.problems) == before:
        table.rows.append(Row(line, values))


def _records(text, table):
    """(first line, cells) of each record; what breaks the quoting goes to the table's problems."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            found = next(reader)
        except StopIteration:
            return
        except csv.Error:
            opened, closed = _quote_at(text, line)
            if opened is None or not closed:
                reason = _("The quote that opens on this line is never closed.")
                table.problems.append(Problem(opened or line, "", reason if opened else _("This cell is too long.")))
                return
            table.problems.append(Problem(opened, "", _("There is text after the quote that closes a cell.")))
            continue
        if found:
            yield line, found


def _quote_at(text, line):
    """(line, whether it is closed) of the quote that spoils the record beginning on `line`; (None, …) without one."""
    rest = "".join(islice(io.StringIO(text, newline=""), line - 1, None))
    at = 0
    while at < len(rest):
        quoted = rest[at] == '"'
        match = (_QUOTED if quoted else _PLAIN).match(rest, at)
        end = match.end() if match else len(rest)
        if match is None or (quoted and rest[end : end + 1] not in {"", ",", "\r", "\n"}):
            return line + len(_LINE_END.findall(rest, 0, at)), match is not None
        if rest[end : end + 1] != ",":
            return None, True
        at = end + 1
    return None, True
