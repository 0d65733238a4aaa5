"""The way in for other systems of the platform: send a request, ask where it stands. JSON, a key in the header."""

import hashlib
import json
from datetime import timedelta

from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from shop_cs import moment
from shop_cs.access import api_actor
from shop_cs.models import AfterSale, Order
from shop_cs.moves import Refusal, Refused
from shop_cs.rules import Category, Kind

from .. import actions
from ..models import ServiceRequest

MAX_BODY = 64 * 1024
MAX_DETAIL = 2000


def _answer(refusal):
    return JsonResponse({"error": refusal.code, "message": str(refusal.text)}, status=refusal.status)


def _standing(record):
    return {
        "request_no": record.no,
        "status": record.state,
        "status_code": record.open_api_status,
        "round": record.round,
        "sent_at": record.sent_at,
        "deadline": record.deadline,
        "overdue_at": record.overdue_at,
    }


@method_decorator(csrf_exempt, name="dispatch")
class ApiView(View):
    """Asks for the key first; what is refused below is answered as JSON with the refusal's status."""

    def dispatch(self, request, *args, **kwargs):
        self.by = api_actor(request.headers.get("Authorization", ""))
        if self.by is None:
            return _answer(Refusal("key", _("This key is not known or was revoked."), 401))
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            return _answer(refused.refusal)


class Requests(ApiView):
    def post(self, request):
        """Creates a request. The same `Idempotency-Key` twice answers with the same request; with other content 409."""
        said = _read(request)
        key = request.headers.get("Idempotency-Key", "")
        record = actions.create(
            **_checked(said),
            by=self.by,
            now=moment.now(),
            submission=_submission(self.by, key) if key else None,
        )
        return JsonResponse(_standing(record), status=201)


class Request(ApiView):
    def get(self, request, no):
        record = ServiceRequest.everything.filter(no=no).first()
        if record is None:
            return _answer(Refusal("not_found", _("There is no request with this number."), 404))
        return JsonResponse(_standing(record))


def _read(request):
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        raise Refused(Refusal("too_big", _("This is more than a request can be."), 413))
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _bad(_("The body must be one JSON object."))
    return said


def _submission(by, key):
    """The sender's name for it, of whatever length, as one that fits; of another sender it is another."""
    return f"api:{hashlib.sha256(f'{by.name}:{key}'.encode()).hexdigest()[:60]}"


def _bad(text):
    return Refused(Refusal("invalid", text, 400))


def _text(said, name, *, most, wanted=True):
    value = said.get(name, "")
    if not isinstance(value, str) or (wanted and not value.strip()) or len(value) > most or "\0" in value:
        raise _bad(_("“%(field)s” must be a text of 1 to %(most)s characters.") % {"field": name, "most": most})
    return value.strip()


def _checked(said):
    """What `actions.create` takes, from what was said. Raises `Refused` 400, or 404 for an unknown order."""
    kind, category = _text(said, "kind", most=16), _text(said, "category", most=32)
    for name, value, choices in (("kind", kind, Kind), ("category", category, Category)):
        if value not in choices.values:
            raise _bad(_("“%(field)s” must be one of: %(choices)s.") % {"field": name, "choices": ", ".join(choices)})
    shop_no, order_no = _text(said, "shop_no", most=32), _text(said, "order_no", most=64)
    order = Order.everything.filter(shop__no=shop_no, no=order_no).select_related("shop").first()
    if order is None:
        raise Refused(Refusal("not_found", _("There is no such order in this shop."), 404))
    return {
        "order": order,
        "kind": kind,
        "category": category,
        "detail": _text(said, "detail", most=MAX_DETAIL),
        "agreed": _hours(said.get("limit_hours")),
        "after_sale": _after_sale(order, _text(said, "after_sale_no", most=64, wanted=False)),
    }


def _hours(value):
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10_000:
        raise _bad(_("“limit_hours” must be a number of hours."))
    return timedelta(hours=value)


def _after_sale(order, no):
    if not no:
        return None
    found = AfterSale.everything.filter(order=order, no=no).first()
    if found is None:
        raise Refused(Refusal("not_found", _("There is no such after-sale of this order."), 404))
    return found
