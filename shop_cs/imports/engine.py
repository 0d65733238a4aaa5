"""The machine of every import: judge all rows, then write them in one transaction, or nothing."""

from dataclasses import dataclass, field
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ..models import acting
from .table import Problem, read_table

# Small enough for one statement of either database (SQLite takes 999 values), large enough to need few.
CHUNK = 400
_LOCK = 0x5348_4F50  # any number of our own


@dataclass(slots=True)
class Report:
    """What an import did, or would do: rows written, rows that were here already, problems by line."""

    imported: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    note: str = ""
    dry_run: bool = False

    @property
    def rejected(self):
        """Rows, not problems: one row may have several."""
        return len({problem.line for problem in self.problems})


class Importer:
    """A kind of file. One object serves one import; `now` is the import's moment.

    `key` names the columns that tell one record from another.
    """

    label = ""
    columns = ()
    key = ()

    def __init__(self, *, by, now, name):
        self.by, self.now, self.name = by, now, name

    def judge(self, rows):
        """(row, plan) for each row of a chunk; a plan is None (here already), a list of problems, or what to write."""
        raise NotImplementedError

    def write(self, plans):
        """Writes the plans of a chunk, with history, in few statements."""
        raise NotImplementedError

    def note(self):
        """What else is to be said of the rows that were judged."""
        return ""

    def finish(self):
        """After the last chunk, in the same transaction."""


def run(importer, data, *, name, by, now, dry_run=False, progress=None) -> Report:
    """Imports the bytes of a CSV file, all or nothing. `name` is the file's, for the trail; `by` acts in role IMPORT.

    `progress(done, total)` is told rows. Raises nothing for what a file may hold: it is in the report.
    """
    progress = progress or (lambda done, total: None)
    table = read_table(data, importer.columns)
    report = Report(problems=table.problems, note=table.note, dry_run=dry_run)
    rows = _once_each(table.rows, importer.key, report)
    # Neighbours of one shop: then a look-up of a chunk asks for few shops and stays on the index.
    rows.sort(key=lambda row: row.values.get("shop_no", ""))
    judging = importer(by=by, now=now, name=name)
    wanted = []
    for chunk in _chunks(rows):
        wanted += [row for row, _plan in _judged(judging, chunk, report)]
        progress(0, len(rows))
    report.note = " ".join(filter(None, [report.note, judging.note()]))
    if not report.problems and not dry_run and wanted:
        _write(importer(by=by, now=now, name=name), wanted, report, progress)
    if report.problems:
        report.imported = 0
    elif dry_run:
        report.imported = len(wanted)
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _write(writing, rows, report, progress):
    with transaction.atomic(), acting(writing.by, move="import", reason=writing.name, at=writing.now):
        one_at_a_time()
        done = 0
        for chunk in _chunks(rows):
            # Judged anew: since the first look another import may have come first.
            plans = [plan for _row, plan in _judged(writing, chunk, report)]
            if plans and not report.problems:
                writing.write(plans)
            report.imported += len(plans)
            done += len(chunk)
            progress(done, len(rows))
        writing.finish()
        if report.problems:
            transaction.set_rollback(True)


def _judged(importer, chunk, report):
    """The (row, plan) of a chunk that are to be written; the others are counted in the report."""
    wanted = []
    for row, plan in importer.judge(chunk):
        if plan is None:
            report.unchanged += 1
        elif isinstance(plan, list):
            report.problems += plan
        else:
            wanted.append((row, plan))
    return wanted


def _once_each(rows, key, report):
    """The rows without repetitions: an identical one is unchanged, one with other content a problem."""
    first = {}
    for row in rows:
        known = first.setdefault(tuple(row[name] for name in key), row)
        if known is row:
            continue
        differing = [name for name in row.values if row[name] != known[name]]
        report.unchanged += not differing
        report.problems += [
            Problem(
                row.line, name, _("This number is on line %(line)s already, with another value.") % {"line": known.line}
            )
            for name in differing
        ]
    return list(first.values())


def one_at_a_time():
    """Two imports of the same new records wait for each other, and so does whoever erases a person meanwhile; held
    until the transaction ends. SQLite's transactions do so anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _chunks(rows):
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
