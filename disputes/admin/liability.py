"""The shops' merchant liability rates in the platform's desk: of a month the highest first, and each shop's page."""

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from shop_cs import moment
from shop_cs.access import platform_actor
from shop_cs.models import Shop
from shop_cs.sites import PLATFORM_URLS, platform
from tickets.quality.months import month_asked

from .. import figures, liability
from ..views.liability import told


def _page(request, template, *, title, status=200, **context):
    request.current_app = platform.name
    context = {**platform.each_context(request), "title": title, **context}
    return TemplateResponse(request, template, context, status=status)


def _asked(request, now):
    """(the month to show, what is wrong with the one that was asked for)."""
    asked, this_month = request.GET.get("month", ""), figures.month_of(now)
    month = month_asked(asked) if asked else this_month
    return month or this_month, "" if month else _("There is no such month. Choose one of those below.")


def all_shops(request):
    """Every shop with orders in a month, the highest rate first; a part of a shop's number or name finds it."""
    platform_actor(request.user, "see_disputes")
    month, problem = _asked(request, moment.now())
    rates = figures.rates_in(month)
    asked = request.GET.get("q", "").strip()[:100]
    shops = Shop.objects.filter(pk__in=rates) if not asked else _called(asked).filter(pk__in=rates)
    rows = sorted(((shop, rates[shop.pk]) for shop in shops), key=lambda row: (-row[1].value, row[0].no))
    try:
        page = Paginator(rows, liability.PAGE_SIZE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(_("The list has no such page.")) from error
    return _page(
        request,
        "admin/disputes/liability_list.html",
        title=_("Merchant liability rate"),
        status=400 if problem else 200,
        problem=problem,
        month=month,
        asked=asked,
        rows=page.object_list,
        page=page,
        query=f"month={month:%Y-%m}",
    )


def _called(asked):
    return Shop.objects.filter(Q(no__icontains=asked) | Q(name__icontains=asked))


def one_shop(request, shop_no):
    """A shop's month as its merchant reads it. Http404 for an unknown shop."""
    platform_actor(request.user, "see_disputes")
    shop = Shop.objects.filter(no=shop_no).first()
    if shop is None:
        raise Http404(_("There is no such shop."))
    now = moment.now()
    month, problem = _asked(request, now)
    page = 1 if problem else request.GET.get("page", 1)
    return _page(
        request,
        "admin/disputes/liability.html",
        title=_("Merchant liability rate of %(shop)s") % {"shop": shop},
        status=400 if problem else 200,
        problem=problem,
        shop=shop,
        desk=True,
        **told(shop, month, now=now, page=page),
    )


PLATFORM_URLS += [
    ("liability/", all_shops, "liability-list"),
    ("liability/<number:shop_no>/", one_shop, "liability"),
]
