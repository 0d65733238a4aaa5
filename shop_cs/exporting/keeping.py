"""Where made files lie: a private storage, on disk or elsewhere, which nothing serves but the view that asks who."""

import logging
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import storages
from django.utils.timezone import localtime

log = logging.getLogger(__name__)
# So the storage of evidence can be the same: it collects no file of this folder.
FOLDER = "exports"


def storage():
    return storages["exports"]


def path_of(job):
    """Where the file of this try lies; who tries again writes another."""
    return f"{FOLDER}/{job.pk}-{job.tries}.{job.format}"


def put(path, job):
    """Keeps the file at `path`, whole or not at all; returns its name and its bytes."""
    name = path_of(job)
    try:
        with open(path, "rb") as content:
            name = storage().save(name, File(content))
    except BaseException:
        # A full disk leaves a part of it.
        drop(name)
        raise
    return name, Path(path).stat().st_size


def opened(name):
    """The file, to be read. Raises FileNotFoundError, OSError."""
    return storage().open(name)


def delete(name):
    """Removes the file; nothing where there is none."""
    if name:
        storage().delete(name)


def drop(name):
    """As `delete`, where the storage answers: what stays is deleted when the job is over."""
    try:
        delete(name)
    except Exception as error:
        log.warning("export file %s cannot be deleted now: %s", name, error)


def delete_tries(job):
    """Removes the file of the job and what earlier tries may have left. Raises OSError."""
    for tries in range(1, job.tries + 1):
        delete(f"{FOLDER}/{job.pk}-{tries}.{job.format}")
    delete(job.file)


def called(job, kind):
    """What the file is called by who fetches it: what it is, of whom, as of when."""
    whose = f"-{job.shop.no}" if job.shop else ""
    return f"{kind.stem}{whose}-{localtime(job.as_of):%Y%m%d-%H%M%S}.{job.format}"
