"""Followers of the trail: what is derived from records (figures, words to search) is kept up from what has changed.

Nothing is missed, whoever writes and by whichever path: each change leaves a history row. Nothing is taken for done
that was rolled back, and on PostgreSQL no row is passed over whose writer had not committed yet.
"""

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q

from .models import FollowMark
from .seals.settled import still_written
from .sweep import Job

MOST = 2_000
# Seconds that a follower waits for writers: the sweep, whose job it is, has other work. What they hold comes next time.
PATIENCE = 0.5


def follow(follower, model, take, *, most=MOST):
    """Gives `take(rows)` the next settled history rows of `model`, by their ids, and remembers how far it was.

    One transaction: killed in between, the same rows come again. Returns how many there were; 0 also while another
    process follows. `take` must bear to be given the same change twice.
    """
    history = model.history.model
    FollowMark.objects.get_or_create(follower=follower, table=history._meta.db_table)
    upto = None if connection.vendor == "sqlite" else _settled_upto(history)
    with transaction.atomic():
        mark = (
            FollowMark.objects.select_for_update(skip_locked=True)
            .filter(follower=follower, table=history._meta.db_table)
            .first()
        )
        if mark is None:
            return 0
        new = history.objects.filter(history_id__gt=mark.upto).order_by("history_id")
        rows = list((new if upto is None else new.filter(history_id__lte=upto))[:most])
        if rows:
            take(rows)
            mark.upto = rows[-1].history_id
            mark.save(update_fields=["upto"])
        return len(rows)


def job(name, follower, takes):
    """The sweep's job that follows: `takes()` is {model: take}. A batch is the next rows of one table."""

    def read(marks, *, now):
        given = {model.history.model._meta.db_table: (model, take) for model, take in takes().items()}
        return [mark for mark in marks if follow(follower, *given[mark.table])]

    return Job(name, lambda now: unread(follower, takes()), read, most=1, tidies=True)


def unread(follower, models):
    """The marks of a follower whose tables have rows that it has not read; made when first looked for."""
    pasts = {model.history.model._meta.db_table: model.history.model for model in models}
    marks = FollowMark.objects.filter(follower=follower, table__in=pasts)
    if missing := pasts.keys() - set(marks.values_list("table", flat=True)):
        FollowMark.objects.bulk_create(
            [FollowMark(follower=follower, table=table) for table in sorted(missing)], ignore_conflicts=True
        )
    news = Q(pk__in=[])
    for table, past in pasts.items():
        news |= Q(Exists(past.objects.filter(history_id__gt=OuterRef("upto"))), table=table)
    return marks.filter(news).order_by("pk")


def _settled_upto(history):
    """The greatest id up to which nobody writes any more; 0 while somebody still does."""
    upto = history.objects.order_by().aggregate(Max("history_id"))["history_id__max"] or 0
    return 0 if still_written([history._meta.db_table], PATIENCE) else upto
