"""The pages that are measured, and how many times the floor each may take."""

from datetime import timedelta
from urllib.parse import urlencode

from shop_cs import moment
from shop_cs.models import Member
from tickets.figures.days import ONE_DAY, day_of
from tickets.models import ServiceRequest
from tickets.views.lists import MOST_COUNTED, PAGE_SIZE, Mark

from .measure import WARM, Page

DESK = "/admin/tickets/servicerequest/"


def pages():
    """Lists, records and searches of the large shop, of a usual one, and of the platform."""
    return [*_lists("large"), *_lists("usual"), *_platform(), *_searches(), *_figures()]


def _shop(who):
    shop = Member.everything.get(user__username=who).shop
    return f"/s/{shop.no}", ServiceRequest.everything.filter(shop=shop)


def _lists(who):
    base, mine = _shop(who)
    # The one whose time lasts longest: its page has the forms to answer it.
    lists, pending = f"{base}/requests/", mine.pending().order_by("-deadline", "pk").first()
    last = max(1, mine.count() // PAGE_SIZE - 1)
    return [
        Page(f"{who} shop: pending", who, lists, 2, 12),
        Page(f"{who} shop: all", who, f"{lists}?tab=all", 2, 12),
        Page(f"{who} shop: filtered", who, f"{lists}?tab=all&category=product&urged=yes", 2, 12),
        *_leafed(who, lists, mine, last),
        Page(f"{who} shop: deep page, by its number", who, f"{lists}?tab=all&page={last}", 2, 12),
        Page(f"{who} shop: a request", who, f"{lists}{pending.no}/", 2.5, 20),
    ]


def _leafed(who, lists, mine, page):
    """A page as whoever leafs on from the one before comes there, if it is far enough down for a mark."""
    if page * PAGE_SIZE > MOST_COUNTED:
        before = mine.visible_to_merchant().most_urgent_first()[(page - 1) * PAGE_SIZE - 1]
        yield Page(f"{who} shop: deep page", who, f"{lists}?tab=all&page={page}&after={Mark.of(before)}", 2, 12)


def _platform():
    record = ServiceRequest.everything.pending().order_by("pk").first()
    return [
        Page("platform: all requests", "reviewer", DESK, 8),
        Page("platform: review queue", "reviewer", "/admin/tickets/inreview/", 8),
        Page("platform: a request", "reviewer", f"{DESK}{record.pk}/change/", 4),
    ]


def _searches():
    base, mine = _shop("large")
    no = mine.visible_to_merchant().order_by("pk").first().no

    def asked(path, words):
        return f"{path}?{urlencode({'q': words})}"

    search, desk = f"{base}/search/", "/admin/search/"
    return [
        Page("search: a number", "large", asked(search, no), 1.5, status=302),
        Page("search: the beginning of numbers", "large", asked(search, no[:-3]), 4),
        Page("search: words of many", "large", asked(search, "快递"), 4),
        Page("search: words of few", "large", asked(search, f"编号 {no[2:].lstrip('0')}"), 4),
        Page("platform search: a number", "reviewer", asked(desk, no), 1.5, status=302),
        Page("platform search: words of many", "reviewer", asked(desk, "快递"), 4),
        Page("platform search: words of few", "reviewer", asked(desk, f"编号 {no[2:].lstrip('0')}"), 4),
    ]


def _figures():
    base, today = _shop("large")[0], day_of(moment.now())
    year = urlencode({"since": f"{today - 364 * ONE_DAY}", "until": f"{today}"})
    return [
        Page("large shop: figures of a year", "large", f"{base}/figures/?{year}", None, longest=300),
        Page("platform: figures of a year", "reviewer", f"/admin/figures/?{year}", None, longest=300),
    ]


def replies(rounds):
    """The large shop answers a pending request each time; in a copy of the database."""
    base, mine = _shop("large")
    in_time = moment.now() + timedelta(days=1)
    pending = list(mine.pending().order_by("pk")[: rounds + WARM])
    mine.filter(pk__in=[request.pk for request in pending]).update(deadline=in_time)
    form = {"solved": "no", "reason": "no_agreement", "text": "消费者不同意方案，已说明原因并提供凭证"}
    posts = tuple((f"{base}/requests/{request.no}/reply/", form) for request in pending)
    return Page("large shop: a reply", "large", "", 2, 20, posts=posts)
