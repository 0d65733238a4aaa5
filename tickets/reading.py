"""A shop's request with all that its page shows, or an act on it needs: read by statements that are composed once."""

from shop_cs.composed import composed, composed_sizes
from shop_cs.evidence import vault
from shop_cs.known import known
from shop_cs.models import AfterSale, Evidence

from .arrivals import send_what_is_due, waiting
from .models import Assignment, Attachment, ContactAttempt, Reply, Review, ServiceRequest, Survey, Tagging


@composed
def _requests(shop_id, no):
    # Neither the shop nor the after-sale, which are there anyway: PostgreSQL thinks longer of each table than it looks.
    beside = ("order__consumer", "rulebook", "assignment__member__user")
    return ServiceRequest.objects.of(shop_id).visible_to_merchant().filter(no=no).select_related(*beside).order_by()


@composed
def _attachments(request_id, order_id):
    return Attachment.everything.filter(request=request_id)


@composed
def _evidence(request_id, order_id):
    return vault.shown_to_merchant(Evidence.everything.filter(order=order_id))


@composed
def _after_sales(request_id, order_id):
    return AfterSale.everything.filter(order=order_id)


@composed
def _taggings(request_id, order_id):
    return Tagging.everything.filter(request=request_id).select_related("tag").order_by("tag__name")


@composed
def _contacts(request_id, order_id):
    return ContactAttempt.everything.filter(request=request_id).select_related("logged_by")


@composed
def _others(request_id, order_id):
    rows = ServiceRequest.everything.filter(order=order_id).exclude(pk=request_id)
    return rows.visible_to_merchant().order_by("-created_at", "-pk")


@composed
def _replies(request_id, order_id):
    return Reply.everything.filter(request=request_id).select_related("replied_by")


@composed
def _reviews(request_id, order_id):
    return Review.everything.filter(request=request_id)


@composed
def _surveys(request_id, order_id):
    return Survey.everything.filter(request=request_id)


@composed
def assigned(request_id, order_id=None):
    """The trail of who gave it to whom."""
    return Assignment.history.filter(request_id=request_id).select_related("member__user").order_by("history_id")


# What may lie around a request, by name.
AROUND = {
    "attachments": _attachments,
    "taggings": _taggings,
    "contacts": _contacts,
    "replies": _replies,
    "reviews": _reviews,
    "surveys": _surveys,
    "evidence": _evidence,
    "after_sales": _after_sales,
    "others": _others,
    "assigned": assigned,
}
OF_ORDER = {"evidence", "after_sales"}
FOR_ACTS = ("attachments", "evidence", "after_sales")


@composed_sizes
def _there(shop_id, now, request_id, order_id, *, names):
    """Whether something is due to be sent; then of each whether there is any. Most requests have none of most, and each
    would be a statement."""
    around = [AROUND[name].asks(request_id, order_id).order_by()[:1] for name in names]
    return [waiting(shop_id, now), *around]


def found(shop, no, *, now, whole=True):
    """The request of this number, for its page if `whole`, else for an act on it; None if there is none.

    What is due is sent before. On its page `others` are the other requests of its order, `assigned` the trail of that.
    """
    names = tuple(AROUND) if whole else FOR_ACTS
    record, there = _found(shop, no, now, names)
    # It may be the one that is due.
    if (record is None or there[0]) and send_what_is_due(shop, now=now):
        record, there = _found(shop, no, now, names)
    return record and _with_what_is_around(record, dict(zip(names, there[1:], strict=True)))


def _found(shop, no, now, names):
    record = next(iter(_requests(shop.pk, no)), None)
    if record is None:
        return None, ()
    record.shop = shop
    return record, _there(shop.pk, now, record.pk, record.order_id, names=names)


def _with_what_is_around(record, there):
    order = record.order
    rows = {name: AROUND[name](record.pk, order.pk) if is_there else [] for name, is_there in there.items()}
    record.others, record.assigned = rows.pop("others", []), rows.pop("assigned", None)
    for name, those in rows.items():
        known(order if name in OF_ORDER else record, name, those)
    for after_sale in rows["after_sales"]:
        if after_sale.pk == record.after_sale_id:
            record.after_sale = after_sale
    return record
