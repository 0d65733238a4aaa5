"""The sealer: takes what was written since the last seal into the next link of the chain."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from ..models import Seal, SealedPart
from . import anchors, rows
from .chain import BEGINNING, Digest, Part, hash_of, mac_of
from .settled import still_written

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=1)


def seal_each_minute(*, now):
    """For the worker: seals when the last seal is a minute old. Returns the `Seal`, or None."""
    last = Seal.objects.values_list("at", flat=True).first()
    return seal_new(now=now) if last is None or last + EVERY <= now else None


def seal_new(*, now):
    """Seals all history rows that are settled and not sealed yet. None when there are none, or another was quicker.

    Two sealers at once make one seal: they are numbered.
    """
    try:
        if connection.vendor == "sqlite":
            # Who has the write lock knows that everybody who wrote before has ended.
            with transaction.atomic():
                return _seal(anchors.head(), _pending(), now)
        # The head first: when another seals meanwhile, the number after it is taken, and his spans are not ours.
        head, pending = anchors.head(), _pending()
        for table in still_written(pending):
            del pending[table]
        with transaction.atomic():
            return _seal(head, pending, now)
    except IntegrityError:
        log.info("another sealer was quicker")
        return None


def _pending():
    """{history table: (after, upto)} of the ids not sealed yet, in one statement."""
    quote, parts = connection.ops.quote_name, quoted_parts()
    asked = " UNION ALL ".join(
        f"SELECT '{table}', (SELECT MAX(history_id) FROM {quote(table)}), "  # noqa: S608 - names of our own
        f"(SELECT MAX(upto) FROM {parts} WHERE {quote('table')} = '{table}')"
        for table in sorted(rows.tracked_models())
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = cursor.fetchall()
    return {table: (after or 0, upto) for table, upto, after in found if upto and upto > (after or 0)}


def quoted_parts():
    return connection.ops.quote_name(SealedPart._meta.db_table)


def _seal(head, spans, now):
    if not spans:
        return None
    no, previous = (head.no + 1, head.hash) if head else (1, BEGINNING)
    parts = [_part(table, *span) for table, span in sorted(spans.items())]
    found = hash_of(no, now, previous, parts)
    seal = Seal(no=no, at=now, previous=previous, hash=found, mac=mac_of(found, settings.TRAIL_KEY))
    seal.save(force_insert=True)
    SealedPart.objects.bulk_create(
        SealedPart(seal=seal, **{name: getattr(part, name) for name in Part.__slots__}) for part in parts
    )
    return seal


def _part(table, after, upto):
    columns = rows.columns_of(rows.tracked_models()[table])
    digest = Digest()
    for _id, text in rows.texts(table, columns, after, upto):
        digest.add(text)
    known = SealedPart.objects.filter(table=table).exclude(columns="").order_by("-upto").first()
    told = "" if known and known.columns == columns else columns
    return Part(table, after, upto, digest.rows, digest.hex(), told)
