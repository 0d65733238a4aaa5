"""A shop's request with all that its page shows, or an act on it needs: read by statements that are composed once."""

from shop_cs.composed import composed, composed_sizes
from shop_cs.evidence import vault
from shop_cs.known import known
from shop_cs.models import AfterSale, Evidence

from .models import Attachment, ContactAttempt, Reply, Review, ServiceRequest, Survey, Tagging


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


# What may lie around a request, and around its order.
OF_REQUEST = {
    "attachments": _attachments,
    "taggings": _taggings,
    "contacts": _contacts,
    "replies": _replies,
    "reviews": _reviews,
    "surveys": _surveys,
}
OF_ORDER = {"evidence": _evidence, "after_sales": _after_sales}
AROUND = OF_REQUEST | OF_ORDER | {"others": _others}
FOR_ACTS = ("attachments", "evidence", "after_sales")


@composed_sizes
def _there(request_id, order_id, *, names):
    """Of each whether there is any: of most requests there is none of most, and each would be a statement."""
    return [AROUND[name].asks(request_id, order_id).order_by()[:1] for name in names]


def found(shop, no, *, whole=True):
    """The request of this number, for its page if `whole`, else for an act on it; None if there is none yet.

    `others` are the other requests of its order, on its page.
    """
    record = next(iter(_requests(shop.pk, no)), None)
    if record is None:
        return None
    record.shop, order = shop, record.order
    names = tuple(AROUND) if whole else FOR_ACTS
    there = zip(names, _there(record.pk, order.pk, names=names), strict=True)
    rows = {name: AROUND[name](record.pk, order.pk) if is_there else [] for name, is_there in there}
    record.others = rows.pop("others", [])
    for name, those in rows.items():
        known(order if name in OF_ORDER else record, name, those)
    record.after_sale = next((one for one in rows["after_sales"] if one.pk == record.after_sale_id), None)
    return record
