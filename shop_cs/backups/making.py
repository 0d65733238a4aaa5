"""A backup while everybody works: first the database as of one moment, then the evidence that its rows name."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from ..evidence import keeping
from ..models import Evidence, Seal, evidence_path
from ..seals import sealing
from . import archive
from .engines import BackupError, snapshot


def backup(path, *, now, version, progress=lambda done, total: None):
    """Writes the archive `path` (.tar, .tar.gz), which must not be there; whole or not at all.

    `progress` hears the bytes written and, as soon as it is known, their sum. Returns the manifest; what could not
    be read of the evidence is named in its "missing". Raises BackupError.
    """
    path = Path(path)
    if path.exists():
        raise BackupError(f"{path} is there already: choose another name.")
    part = path.with_name(f"{path.name}.part")
    # What is acknowledged by now is under the head that the manifest names.
    sealing.seal_new(now=now)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            manifest = _write(part, folder, now=now, version=version, progress=progress)
        _put_in_place(part, path)
    except OSError as error:
        raise BackupError(f"{path}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(part, folder, *, now, version, progress):
    with snapshot(folder) as (dump, ask):
        wanted = dict(ask(f"SELECT sha256, MAX(size) FROM {_quoted(Evidence)} GROUP BY sha256 ORDER BY sha256"))  # noqa: S608
        manifest = {
            "product": "shop_cs",
            "version": version,
            "engine": connection.vendor,
            "made_at": now.isoformat(),
            "migrations": _migrations(ask),
            "head": _head(ask),
            "counts": _counts(ask),
            "keys": archive.fingerprints(),
        }
    # It holds everybody's data: for nobody but its owner.
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "wb") as file:
        writer = archive.Writer(file, packed=part.name.endswith((".gz.part", ".tgz.part")))
        manifest["missing"] = _add_all(writer, dump, wanted, progress)
        writer.finish(manifest)
        file.flush()
        os.fsync(file.fileno())
    return {**manifest, "files": writer.files}


def _add_all(writer, dump, wanted, progress):
    """Adds the dump and the pieces (`wanted`: SHA-256 → size); returns those that could not be had."""
    done, missing = dump.stat().st_size, []
    total = done + sum(wanted.values())
    with open(dump, "rb") as opened:
        writer.add(dump.name, opened, done)
    progress(done, total)
    for sha256, size in wanted.items():
        if not _add_piece(writer, sha256, dump.parent):
            missing.append(sha256)
        done += size
        progress(done, total)
    return missing


def _add_piece(writer, sha256, folder):
    """Adds a piece when it is what its row says; whether it was."""
    copy, digest = Path(folder) / "piece", hashlib.sha256()
    try:
        with keeping.opened(evidence_path(sha256)) as file, open(copy, "wb") as kept:
            for chunk in iter(lambda: file.read(archive.CHUNK_BYTES), b""):
                digest.update(chunk)
                kept.write(chunk)
    except (FileNotFoundError, keeping.StorageAwayError):
        return False
    if digest.hexdigest() != sha256:
        return False
    with open(copy, "rb") as file:
        writer.add(archive.piece_name(sha256), file, copy.stat().st_size)
    return True


def _put_in_place(part, path):
    """Under its name it is whole, and on the disk; another's file of that name is never overwritten."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise BackupError(f"{path} has come to be there meanwhile: choose another name.") from None
    except OSError:
        # A file system without links.
        os.rename(part, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _quoted(model):
    return connection.ops.quote_name(model._meta.db_table)


def _migrations(ask):
    applied = ask(f"SELECT app, name FROM {_quoted(MigrationRecorder.Migration)} ORDER BY app, name")  # noqa: S608
    return [f"{app}.{name}" for app, name in applied]


def _head(ask):
    """The head of the trail's chain, "" before the first seal."""
    found = ask(f"SELECT no, hash FROM {_quoted(Seal)} ORDER BY no DESC LIMIT 1")  # noqa: S608
    return "{}:{}".format(*found[0]) if found else ""


def _counts(ask):
    names = sorted(connection.introspection.table_names())
    quote = connection.ops.quote_name
    return {name: ask(f"SELECT COUNT(*) FROM {quote(name)}")[0][0] for name in names}  # noqa: S608
