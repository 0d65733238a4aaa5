"""Where made files lie: a private storage, on disk or elsewhere, which nothing serves but the view that asks who."""

from django.core.files.base import File
from django.core.files.storage import storages
from django.utils.timezone import localtime

# So the storage of evidence can be the same: it collects no file of this folder.
FOLDER = "exports"


def storage():
    return storages["exports"]


def path_of(job):
    """Where the file of this try lies; who tries again writes another."""
    return f"{FOLDER}/{job.pk}-{job.tries}.{job.format}"


def put(path, job):
    """Keeps the file at `path`, whole; returns its name and its bytes."""
    with open(path, "rb") as content:
        name = storage().save(path_of(job), File(content))
    return name, storage().size(name)


def opened(name):
    """The file, to be read. Raises FileNotFoundError, OSError."""
    return storage().open(name)


def delete(name):
    """Removes the file; nothing where there is none."""
    if name:
        storage().delete(name)


def called(job, kind):
    """What the file is called by who fetches it: what it is, of whom, as of when."""
    whose = f"-{job.shop.no}" if job.shop else ""
    return f"{kind.stem}{whose}-{localtime(job.as_of):%Y%m%d-%H%M%S}.{job.format}"
