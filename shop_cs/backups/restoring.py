"""A restore: nothing is touched before all of the archive was read; afterwards all that can be proved is proved."""

import hashlib
import shutil
import tempfile

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .. import guards, ledger
from ..evidence import keeping
from ..models import Evidence, evidence_path
from ..seals import anchors, verifying
from . import archive, engines
from .engines import BackupError

WARNED = {
    "SECRET_KEY": "SECRET_KEY is another: everybody logs in again, and consumers' links of before do not open",
    "CONSUMER_KEY": "CONSUMER_KEY is another: the same consumer is not found again",
    "TRAIL_KEY": "TRAIL_KEY is another: the seals of before cannot be proved",
}


def restore(path, *, folder, replace=False, vouched=True, confirm=lambda manifest: True, progress=lambda many: None):
    """Reads the archive, puts files and database back, migrates. Returns its manifest, or None when not confirmed.

    `folder` has room for the database. Raises BackupError; then the database is as it was.
    """
    there = engines.tables()
    if there and not replace:
        raise BackupError(
            f"The database is not empty ({len(there)} tables): restore into a new one, or replace it with --replace."
        )
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as room:
        found = archive.checked(path, room, vouched=vouched, progress=progress)
        _refuse_unfit(found)
        if not confirm(found.manifest):
            return None
        # Files first: one too many harms nobody, one too few would.
        _put_pieces(found.path)
        engines.load(found.dump)
    ContentType.objects.clear_cache()
    differing = list(_differing(found.manifest))
    call_command("migrate", interactive=False, verbosity=0)
    return {**found.manifest, "differing": differing}


def findings(manifest, *, progress=lambda many: None):
    """What does not hold of what was restored: keys, evidence, the ledger, the guards, the trail."""
    told = [f"{sha256} was not there or damaged when the backup was made" for sha256 in manifest["missing"]]
    mine = archive.fingerprints()
    told += manifest["differing"]
    told += [words for name, words in WARNED.items() if manifest["keys"].get(name) != mine[name]]
    told += _evidence(progress)
    told += ledger.check()
    told += [f"the guard {name} does not stand" for name in guards.missing(connection)]
    known = [anchors.parsed(manifest["head"])] if manifest["head"] else []
    told += [finding.text for finding in verifying.verify(anchors=known, progress=progress)[0]]
    return list(dict.fromkeys(told))


def _refuse_unfit(found):
    engine = found.manifest.get("engine")
    if engine != connection.vendor:
        raise BackupError(f"This is a backup of {engine}, the database here is {connection.vendor}.")
    if found.dump is None or found.dump.name != engines.DUMPS[engine]:
        raise BackupError(f"{found.path}: there is no database in this archive.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := [name for name in found.manifest["migrations"] if name not in known]:
        raise BackupError(f"This backup was made by another version of the product: it has {newer[0]}.")
    engines.check(found.dump)


def _put_pieces(path):
    for sha256, file in archive.pieces(path):
        where = evidence_path(sha256)
        if _hash_of(where) == sha256:
            continue
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            try:
                keeping.delete(where)
                keeping.put(File(copy), where)
            except keeping.StorageAwayError as error:
                raise BackupError(f"The evidence cannot be written: {error}.") from error


def _hash_of(where):
    """The SHA-256 of what lies there, None for nothing."""
    try:
        with keeping.opened(where) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, keeping.StorageAwayError):
        return None


def _differing(manifest):
    """Tables that have not as many rows as were backed up."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, many in manifest["counts"].items():
            cursor.execute(f"SELECT COUNT(*) FROM {quote(table)}")  # noqa: S608 - a table's own name, quoted
            if (found := cursor.fetchone()[0]) != many:
                yield f"{table} has {found} rows after the restore, {many} were backed up"


def _evidence(progress):
    hashes = Evidence.everything.order_by("sha256").values_list("sha256", flat=True).distinct()
    for sha256 in hashes.iterator(chunk_size=2_000):
        progress(1)
        if (found := _hash_of(evidence_path(sha256))) != sha256:
            yield f"evidence {sha256} {'is not what its row says' if found else 'is not there'}"
