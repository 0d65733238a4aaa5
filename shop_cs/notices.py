"""In-site notices: written with what they tell of. Texts are registered by the apps, read in one's language."""

from datetime import timedelta

from django.db.models import Count

from .history import update_many
from .models import Member, Notice, NoticeRead

# kind → text; with more than one thing to tell, `<kind>_many` has a %(count)s.
TEXTS = {}
FEW = 3
GATHER = timedelta(hours=1)


def register(**texts):
    """The apps' texts: kind="… %(no)s …". Lazy, filled with the notice's params when shown."""
    TEXTS.update(texts)


def text(notice):
    """The notice in the reader's language."""
    return str(TEXTS.get(notice.kind, notice.kind)) % notice.params


def tell(shop_id, kind, *, now, path="", **params):
    """One notice to a shop. Called inside the transaction of what it tells."""
    return Notice.everything.create(shop_id=shop_id, kind=kind, params=params, path=path, created_at=now)


def tell_some(shop_id, kind, *, to, now, path="", **params):
    """A notice that is for the users `to` (ids) of a shop: all may read it, but for the others it does not ring."""
    notice = tell(shop_id, kind, now=now, path=path, **params)
    others = Member.everything.filter(shop=shop_id, is_active=True).exclude(user__in=to)
    NoticeRead.objects.bulk_create(
        [NoticeRead(notice=notice, user_id=user_id) for user_id in others.values_list("user_id", flat=True)]
    )
    return notice


def tell_many(kind, items, *, now, gathered_path):
    """Notices for many records at once: `items` are (shop_id, path, params).

    A shop that gets more than a few of a kind within the hour gets one that counts the rest (`<kind>_many`), and what
    comes within the hour after is added to it: a thousand old requests, swept in batches, do not ring a thousand times.
    `gathered_path(shop_id)` → its link.
    """
    by_shop = {}
    for item in items:
        by_shop.setdefault(item[0], []).append(item)
    gathered = {
        notice.shop_id: notice
        # Locked in one order by all: two workers wait for each other, never in a ring. Of several the newest counts.
        for notice in Notice.everything.select_for_update(of=("self",))
        .filter(shop__in=by_shop, kind=f"{kind}_many", created_at__gt=now - GATHER)
        .order_by("pk")
    }
    lately = dict(
        Notice.everything.filter(shop__in=by_shop, kind=kind, created_at__gt=now - GATHER)
        .order_by()
        .values_list("shop")
        .annotate(Count("pk"))
    )
    new, newer = [], []
    for shop_id, told in by_shop.items():
        if shop_id in gathered:
            notice = gathered[shop_id]
            notice.params = {**notice.params, "count": notice.params["count"] + len(told)}
            newer.append(notice)
        elif len(told) + lately.get(shop_id, 0) > FEW:
            new.append(_new(shop_id, f"{kind}_many", gathered_path(shop_id), {"count": len(told)}, now))
        else:
            new += [_new(shop_id, kind, path, params, now) for _shop, path, params in told]
    # It says something new: unread again for everybody.
    NoticeRead.objects.filter(notice__in=newer).delete()
    update_many(newer, ["params"])
    Notice.everything.bulk_create(new)


def _new(shop_id, kind, path, params, now):
    return Notice(shop_id=shop_id, kind=kind, params=params, path=path, created_at=now)


def mark_read(notices, *, by):
    """Marks the notices (a queryset of one shop's) as read by the user; again does no harm."""
    unread = notices.unread_by(by).values_list("pk", flat=True)
    NoticeRead.objects.bulk_create(
        [NoticeRead(notice_id=pk, user=by) for pk in unread], ignore_conflicts=True, batch_size=500
    )
