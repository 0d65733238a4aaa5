"""`manage.py restore FILE`: an archive of `backup` into an empty database, and proof that it is whole."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from shop_cs.backups.engines import BackupError
from shop_cs.backups.restoring import findings, restore


class Command(BaseCommand):
    help = "Restores an archive of `backup` and verifies evidence, ledger and trail. Exit 1 on a finding."
    # The database may not have a single table yet.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="in the place of what is there; asks first")
        parser.add_argument("--yes", action="store_true", help="with --replace: do not ask")
        parser.add_argument("--without-key", action="store_true", help="also one made under another TRAIL_KEY")

    def handle(self, *, file, replace, yes, without_key, **options):
        if not file.is_file():
            raise CommandError(f"{file}: there is no such file.")

        def confirm(manifest):
            return not replace or yes or self._asked(manifest)

        try:
            with tqdm(unit="B", unit_scale=True, desc="checking", disable=None, file=sys.stderr) as bar:
                manifest = restore(
                    file,
                    folder=settings.VAR_DIR,
                    replace=replace,
                    vouched=not without_key,
                    confirm=confirm,
                    progress=bar.update,
                )
            if manifest is None:
                raise CommandError("Nothing was changed.")
            with tqdm(desc="verifying", disable=None, file=sys.stderr) as bar:
                found = findings(manifest, progress=bar.update)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        self._tell(manifest, found)

    def _asked(self, manifest):
        self.stdout.write(f"All that is in the database is replaced by the backup of {manifest.get('made_at')}.")
        if not sys.stdin.isatty():
            raise CommandError("Nobody is there to be asked: say --yes too.")
        return input("Write “replace” to go on: ").strip() == "replace"

    def _tell(self, manifest, found):
        for finding in found:
            self.stderr.write(finding)
        rows, pieces = sum(manifest["counts"].values()), len(manifest["files"]) - 1
        self.stdout.write(f"restored the backup of {manifest.get('made_at')}: {rows} rows, {pieces} files of evidence")
        if found:
            sys.exit(1)
        self.stdout.write("evidence, ledger and trail hold")
