"""The shops' money in the platform's desk: whose it is, and each shop's statement as the merchant reads it."""

from django.core.paginator import InvalidPage, Paginator
from django.db.models import BigIntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from shop_cs import moment
from shop_cs.access import platform_actor
from shop_cs.admin.navigation import entry
from shop_cs.ledger import Balances
from shop_cs.models import Account, Shop
from shop_cs.sites import PLATFORM_URLS, platform

from ..addresses import of_causes
from ..views.money import PAGE_SIZE, Statement
from .desk import DISPUTES

Kind = Account.Kind


def _page(request, template, *, title, status=200, **context):
    request.current_app = platform.name
    context = {**platform.each_context(request), "title": title, **context}
    return TemplateResponse(request, template, context, status=status)


@require_safe
def shop_money(request, shop_no):
    """The statement of one shop. Http404 for an unknown one, 400 for filters that are not understood."""
    platform_actor(request.user, "see_money")
    shop = Shop.objects.filter(no=shop_no).first()
    if shop is None:
        raise Http404(_("There is no such shop."))
    statement = Statement(shop, request.GET, now=moment.now())
    told = statement.context()
    lines, held = told.get("lines", ()), told["held"]
    addresses = of_causes({*(line.reference for line in lines), *(one.no for one, _can in held)})
    return _page(
        request,
        "admin/disputes/money.html",
        title=_("Money of %(shop)s") % {"shop": shop},
        status=200 if statement.is_valid else 400,
        shop=shop,
        rows=[(line, addresses.get(line.reference, "")) for line in lines],
        held_rows=[(one, can_appeal, addresses.get(one.no, "")) for one, can_appeal in held],
        **told,
    )


@require_safe
def all_money(request):
    """Every shop's balances, who owes first; a part of a shop's number or name finds it."""
    platform_actor(request.user, "see_money")
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    shops = Shop.objects.annotate(**{kind.value: _balance(kind) for kind in (Kind.OWED, *_OTHERS)})
    if asked:
        shops = shops.filter(Q(no__icontains=asked) | Q(name__icontains=asked))
    try:
        page = Paginator(shops.order_by("owed", "no"), PAGE_SIZE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(_("The list has no such page.")) from error
    rows = [(shop, Balances(shop.deposit, shop.other, -shop.owed, shop.held)) for shop in page]
    title = _("Shops' money")
    return _page(request, "admin/disputes/money_list.html", title=title, rows=rows, page=page, asked=asked)


_OTHERS = (Kind.DEPOSIT, Kind.OTHER, Kind.HELD)


def _balance(kind):
    rows = Account.everything.filter(shop=OuterRef("pk"), kind=kind).order_by().values("shop")
    total = Subquery(rows.annotate(total=Sum("balance_fen")).values("total"))
    return Coalesce(total, Value(0), output_field=BigIntegerField())


PLATFORM_URLS += [
    ("money/", all_money, "money-list"),
    ("money/<number:shop_no>/", shop_money, "money"),
]
DISPUTES[1].append(entry("see_money", gettext_lazy("Shops' money"), "account_balance", "money-list"))
