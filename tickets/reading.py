"""A shop's request with all that its page shows, or an act on it needs: read by statements that are composed once."""

from shop_cs.composed import composed
from shop_cs.evidence import vault
from shop_cs.known import known
from shop_cs.models import AfterSale, Evidence

from .models import Attachment, ContactAttempt, Reply, Review, ServiceRequest, State, Survey, Tagging


@composed
def _requests(shop_id, no):
    # Neither the shop nor the after-sale, which are there anyway: PostgreSQL thinks longer of each table than it looks.
    beside = ("order__consumer", "rulebook", "assignment__member__user")
    return ServiceRequest.objects.of(shop_id).visible_to_merchant().filter(no=no).select_related(*beside).order_by()


@composed
def _attachments(request_id):
    return Attachment.everything.filter(request=request_id)


@composed
def _evidence(order_id):
    return vault.shown_to_merchant(Evidence.everything.filter(order=order_id))


@composed
def _after_sales(order_id):
    return AfterSale.everything.filter(order=order_id)


@composed
def _taggings(request_id):
    return Tagging.everything.filter(request=request_id).select_related("tag").order_by("tag__name")


@composed
def _contacts(request_id):
    return ContactAttempt.everything.filter(request=request_id).select_related("logged_by")


@composed
def _others(order_id):
    return ServiceRequest.everything.filter(order=order_id).visible_to_merchant().order_by("-created_at", "-pk")


@composed
def _replies(request_id):
    return Reply.everything.filter(request=request_id).select_related("replied_by")


@composed
def _reviews(request_id):
    return Review.everything.filter(request=request_id)


@composed
def _surveys(request_id):
    return Survey.everything.filter(request=request_id)


def found(shop, no, *, whole=True):
    """The request of this number, for its page if `whole`, else for an act on it; None if there is none yet."""
    record = next(iter(_requests(shop.pk, no)), None)
    if record is None:
        return None
    record.shop, order = shop, record.order
    known(record, "attachments", _attachments(record.pk))
    known(order, "evidence", _evidence(order.pk))
    after_sales = _after_sales(order.pk)
    known(order, "after_sales", after_sales)
    record.after_sale = next((one for one in after_sales if one.pk == record.after_sale_id), None)
    if whole:
        known(record, "taggings", _taggings(record.pk))
        known(record, "contacts", _contacts(record.pk))
        known(order, "requests", _others(order.pk))
        # What nobody has answered yet has none of these.
        unanswered = record.state == State.PENDING and record.round == 1
        for name, rows in (("replies", _replies), ("reviews", _reviews), ("surveys", _surveys)):
            known(record, name, [] if unanswered else rows(record.pk))
    return record
