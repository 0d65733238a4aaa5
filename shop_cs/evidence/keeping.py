"""The private storage, on disk or elsewhere: whole files or none, and one worker at a time with the same bytes."""

import errno
import os
import uuid
from contextlib import contextmanager

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection, transaction

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StorageAwayError(Exception):
    """The storage does not answer, or not as it should."""


class StorageFullError(StorageAwayError):
    """The storage has no room left."""


def storage():
    return storages["evidence"]


@contextmanager
def _telling():
    """A file that is not there stays FileNotFoundError; all else that goes wrong is the storage's."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise (StorageFullError if error.errno in FULL else StorageAwayError)(str(error)) from error


@contextmanager
def alone_with(sha256):
    """A transaction in which nobody else stores, names or collects these bytes."""
    with transaction.atomic():
        # On SQLite whoever has begun a transaction is the only writer.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:16], 16) - 2**63])
        yield


def put(file, path):
    """Writes the bytes to `path`, whole or not at all; the caller keeps `file`. Raises StorageAwayError.

    Writes also what is there already: how long it takes tells nobody that it was, and the file is as young as if new.
    """
    with _telling():
        # Wrapped, so that the storage copies: an upload's temporary file is still the caller's.
        copied = File(file, name=path)
        if not isinstance(storage(), FileSystemStorage):
            # Object storage shows an object only when all of it has arrived.
            storage().save(path, copied)
            return
        _put_on_disk(copied, path)


def _put_on_disk(copied, path):
    part, target = f"{path}.{uuid.uuid4().hex}.part", storage().path(path)
    try:
        storage().save(part, copied)
        _to_disk(storage().path(part))
        os.replace(storage().path(part), target)
        _to_disk(os.path.dirname(target))
    except BaseException:
        storage().delete(part)
        raise


def _to_disk(path):
    """Waits until a file, or the names in a folder, have reached the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def opened(path):
    """The file, to be read. Raises FileNotFoundError, StorageAwayError."""
    with _telling():
        try:
            return storage().open(path)
        except FileNotFoundError as error:
            if isinstance(storage(), FileSystemStorage) and not os.path.isdir(storage().location):
                raise StorageAwayError(str(error)) from error
            raise


def is_there(path):
    """Whether there is such a file. Raises StorageAwayError."""
    with _telling():
        return storage().exists(path)


def delete(path):
    """Removes the file; nothing where there is none. Raises StorageAwayError."""
    with _telling():
        storage().delete(path)


def written_at(path):
    """When the file was written, None where there is none. Raises StorageAwayError."""
    with _telling():
        return storage().get_modified_time(path) if storage().exists(path) else None


def listed():
    """(path, when it was written) of every file. Raises StorageAwayError."""
    with _telling():
        if hasattr(storage(), "walk"):
            yield from storage().walk()
        elif os.path.isdir(storage().location):
            yield from _listed_in("")


def _listed_in(folder):
    folders, files = storage().listdir(folder)
    for name in files:
        path = f"{folder}{name}"
        try:
            yield path, storage().get_modified_time(path)
        except FileNotFoundError:
            # Finished or collected in the meantime.
            continue
    for name in folders:
        yield from _listed_in(f"{folder}{name}/")
