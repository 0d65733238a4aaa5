"""A request with what the consumer has shown."""

from django.db import transaction

from .answering import put_in
from .opening import create


def create_with_evidence(*, evidence=(), by, now, **asked):
    """`create`, with pieces of the order's vault attached: `evidence` are (Evidence, what it proves).

    Raises `Refused` as `create` does, and for another order's piece (404) or too many (400); then nothing is sent.
    """
    with transaction.atomic():
        record = create(by=by, now=now, **asked)
        # A submission that was there already keeps what it was sent with.
        if record.created_at == now:
            for piece, *said in evidence:
                put_in(record, piece, *said, by=by, now=now)
    return record
