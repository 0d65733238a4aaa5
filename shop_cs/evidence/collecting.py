"""Collects files that no piece names: of uploads that did not come to their end. Never one that is named, or young."""

import logging
import re
from datetime import timedelta
from itertools import islice

from django.db import transaction

from .. import sweep
from ..models import Evidence, Heartbeat
from . import keeping

log = logging.getLogger(__name__)
# Long after any upload has ended, and any backup that began before it.
YOUNG = timedelta(hours=24)
EVERY = timedelta(days=1)
HEARTBEAT = "collect_evidence"
BATCH = 500
# Whatever else lies in the storage is not ours to collect.
OURS = re.compile(
    r"(?:[0-9a-f]{2}/|previews/[0-9a-f]{2}/)([0-9a-f]{64})((?:\.[0-9]+\.webp)?)((?:\.[0-9a-f]{32}\.part)?)"
)


def collect(*, now, dry_run=False):
    """Deletes nobody's files older than `YOUNG`; yields the path of each. Raises StorageAwayError."""
    old = ((path, OURS.fullmatch(path)) for path, at in keeping.listed() if at <= now - YOUNG)
    ours = ((path, match[1], bool(match[3])) for path, match in old if match)
    while batch := list(islice(ours, BATCH)):
        named = _named({sha256 for _path, sha256, _is_part in batch})
        for path, sha256, is_part in batch:
            # A part is never read again, whatever became of the file that it was to be.
            if (is_part or sha256 not in named) and (dry_run or _gone(path, sha256, is_part, now)):
                yield path


def _named(hashes):
    return set(Evidence.everything.filter(sha256__in=hashes).values_list("sha256", flat=True))


def _gone(path, sha256, is_part, now):
    """Deletes it unless it has been written again, or named, since it was listed. Whether it did."""
    with keeping.alone_with(sha256):
        at = keeping.written_at(path)
        if at is None or at > now - YOUNG or not is_part and _named({sha256}):
            return False
        keeping.delete(path)
        return True


def connect():
    """Once a day the worker collects."""
    sweep.register(sweep.Job("collect_evidence", _due, _collected, tidies=True))


def _due(now):
    Heartbeat.objects.get_or_create(name=HEARTBEAT, defaults={"at": now})
    return Heartbeat.objects.filter(name=HEARTBEAT, at__lte=now - EVERY)


def _collected(beats, *, now):
    for beat in beats:
        beat.at = now
        beat.save()
    # Looking through the storage takes its time: nobody should wait for a lock meanwhile.
    transaction.on_commit(lambda: _collect_quietly(now))
    return beats


def _collect_quietly(now):
    try:
        count = sum(1 for _path in collect(now=now))
    except keeping.StorageAwayError:
        log.exception("evidence: the storage does not answer, collecting waits for tomorrow")
        return
    if count:
        log.warning("evidence: %d files that no piece names were collected", count)
