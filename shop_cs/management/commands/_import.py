"""The base of the import commands: reads a file, shows a bar on a terminal, prints the report."""

import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from shop_cs import moment, sheets
from shop_cs.actors import Actor, Role
from shop_cs.imports import IMPORTERS, run

SHOWN = 50


class ImportCommand(BaseCommand):
    """`manage.py import_… FILE.csv [--dry-run] [--errors FILE.csv]`. Exit 1 when a row is rejected."""

    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV with a header, UTF-8 or GB18030")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, write nothing")
        parser.add_argument("--errors", type=Path, metavar="FILE.csv", help="write all rejected rows to this file")

    def handle(self, *, file, dry_run, errors, **options):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        with translation.override(_language()):
            report = self._run(file, data, dry_run)
            self._tell(report)
        if errors:
            _write_errors(errors, report)
        self.stdout.write(
            f"imported {report.imported}, unchanged {report.unchanged}, rejected {report.rejected}", ending="\n"
        )
        self.stdout.flush()
        if report.rejected:
            sys.exit(1)

    def _run(self, file, data, dry_run):
        by = Actor(Role.IMPORT, name=f"import_{self.kind}")
        with tqdm(unit="", desc=file.name, disable=None, file=sys.stderr) as bar:

            def progress(done, total):
                bar.total = total
                bar.update(done - bar.n)

            return run(
                IMPORTERS[self.kind],
                data,
                name=file.name,
                by=by,
                now=moment.now(),
                dry_run=dry_run,
                progress=progress,
            )

    def _tell(self, report):
        for problem in report.problems[:SHOWN]:
            self.stdout.write(where(problem))
        if len(report.problems) > SHOWN:
            self.stdout.write(_("… and %(n)s more") % {"n": len(report.problems) - SHOWN})
        if report.note:
            self.stdout.write(report.note)
        if report.rejected:
            self.stdout.write(_("Nothing was imported: correct these rows and import the file again."))
        elif report.dry_run:
            self.stdout.write(_("Dry run: nothing was written."))


def where(problem):
    """A problem as one line."""
    words = {"line": problem.line, "column": problem.column, "reason": problem.reason}
    if problem.column:
        return _("line %(line)s, column %(column)s: %(reason)s") % words
    return _("line %(line)s: %(reason)s") % words


def _language():
    """English unless the terminal asks for Chinese."""
    return "zh-hans" if os.environ.get("LANGUAGE", "").lower().startswith("zh") else "en"


def _write_errors(path, report):
    rows = ([problem.line, problem.column, problem.reason] for problem in report.problems)
    try:
        sheets.write("csv", path, ["line", "column", "reason"], rows)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
