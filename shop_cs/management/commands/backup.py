"""`manage.py backup FILE`: database and evidence into one archive, while everybody works."""

import sys
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from shop_cs import moment
from shop_cs.backups.engines import BackupError
from shop_cs.backups.making import backup

KEYS = "SECRET_KEY, CONSUMER_KEY and TRAIL_KEY are not in it: keep them elsewhere, without them a restore is not whole."


class Command(BaseCommand):
    help = "Writes database and evidence into one archive, while everybody works. The keys are not in it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a new .tar, or .tar.gz to pack it")

    def handle(self, *, file, **options):
        if not file.name.endswith((".tar", ".tar.gz", ".tgz")):
            raise CommandError(f"{file}: the name must end with .tar, .tar.gz or .tgz.")
        try:
            with tqdm(unit="B", unit_scale=True, desc=file.name, disable=None, file=sys.stderr) as bar:

                def progress(done, total):
                    bar.total = total
                    bar.update(done - bar.n)

                manifest = backup(file, now=moment.now(), version=version(), progress=progress)
        except (BackupError, DatabaseError) as error:
            raise CommandError(str(error)) from error
        rows, pieces = sum(manifest["counts"].values()), len(manifest["files"]) - 1
        self.stdout.write(
            f"{file}: {rows} rows, {pieces} files of evidence, trail up to {manifest['head'] or 'nothing'}"
        )
        self.stdout.write(KEYS)
        for sha256 in manifest["missing"]:
            self.stderr.write(f"evidence {sha256} is not there or not what its row says: it is not in the backup")
        if manifest["missing"]:
            sys.exit(1)


def version():
    with open(settings.BASE_DIR / "pyproject.toml", "rb") as file:
        return tomllib.load(file)["project"]["version"]
