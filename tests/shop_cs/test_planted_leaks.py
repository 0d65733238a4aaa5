"""The walk along the fences bites: each leak that is planted here is found, and named."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.urls import path, re_path

from shop_cs import sites
from shop_cs.composed import composed_sizes
from shop_cs.models import Notice, Order, Shop
from shop_cs.pages import MerchantPage
from tests import fences
from tests.fences import Browser, Visitor, nowhere, walk

ANYTHING = range(200, 500)


def at(world, name, shop_no=None):
    """[(address, path)] of Alice's address of that name; under another shop's number."""
    told = [(one, where) for one, where in world.told if one.name == name and not one.space]
    own = f"/s/{world.mine.shop.no}/"
    return [(one, where.replace(own, f"/s/{shop_no}/") if shop_no else where) for one, where in told]


def charlie(world, right=frozenset({404})):
    return Visitor("charlie", Browser(world.cast.charlie), lambda address, method: right)


def ivy(world):
    return Visitor("ivy", Browser(world.cast.ivy), lambda address, method: ANYTHING, lambda label: True)


def everybodys(model):
    """A stand-in for a model whose `objects.of(shop)` forgets the shop."""
    return SimpleNamespace(objects=SimpleNamespace(of=lambda shop: model.everything.all()))


def test_a_view_that_forgets_the_shop(world, monkeypatch):
    browser, told = Browser(world.cast.charlie), at(world, "order", shop_no="S002")
    stranger = Visitor("charlie", browser, lambda address, method: nowhere(browser))
    assert walk(stranger, told, world.canaries, ("GET",)) == []
    monkeypatch.setattr("tickets.views.orders.Order", everybodys(Order))
    found = " ".join(walk(stranger, told, world.canaries, ("GET",)))
    assert "200, not 404" in found
    assert "tells" in found
    assert "Order.product" in found


def test_a_refusal_that_names_what_it_refuses(world, monkeypatch):
    def told_too_much(user, shop_no):
        raise PermissionDenied(f"You do not work for {Shop.objects.get(no=shop_no).name}.")

    monkeypatch.setattr("shop_cs.pages.member_of", told_too_much)
    found = walk(charlie(world), at(world, "cases"), world.canaries, ("GET",))
    assert [words.split(": ", 2)[2] for words in found] == ["403, not [404]", "tells Shop.name"]


def test_a_redirect_that_tells(world, monkeypatch):
    away = HttpResponse(status=302, headers={"Location": f"/?from={world.mine.order.product}"})
    monkeypatch.setattr(MerchantPage, "dispatch", lambda page, *args, **kwargs: away)
    found = walk(charlie(world, {302}), at(world, "home"), world.canaries, ("GET",))
    assert [words.split(": ", 2)[2] for words in found] == ["tells Order.product"]


def test_a_look_that_writes(world, monkeypatch):
    def look(page, request, **kwargs):
        Notice.everything.create(shop=page.shop, kind="looked", created_at=page.now)
        return HttpResponse()

    assert walk(ivy(world), at(world, "home"), world.canaries, ("GET", "HEAD")) == []
    monkeypatch.setattr("shop_cs.views.home.ShopHome.get", look)
    found = walk(ivy(world), at(world, "home"), world.canaries, ("GET",))
    assert len(found) == 1
    assert "wrote: INSERT INTO" in found[0]


def test_a_write_that_nobody_watches(world, monkeypatch):
    def look(page, request, **kwargs):
        connection.connection.execute("UPDATE shop_cs_notice SET path = '/changed'")
        return HttpResponse()

    monkeypatch.setattr("shop_cs.views.home.ShopHome.get", look)
    assert walk(ivy(world), at(world, "home"), world.canaries, ("GET",)) == ["ivy: changed shop_cs_notice"]


def test_a_page_that_breaks(world, monkeypatch):
    def look(page, request, **kwargs):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("shop_cs.views.home.ShopHome.get", look)
    found = walk(ivy(world), at(world, "home"), world.canaries, ("GET",))
    assert len(found) == 1
    assert "500 ZeroDivisionError('planted')" in found[0]


def test_a_page_that_takes_any_method(world, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("MethodMiddleware")]
    desk = [(one, where) for one, where in world.told if one.name == "shop_cs_order_changelist"]
    rita = Visitor("rita", Browser(world.cast.rita), lambda address, method: ANYTHING, lambda label: True)
    found = walk(rita, desk, world.canaries, ("PUT", "DELETE"))
    assert len(found) == 2
    assert all(words.endswith("200, not 405") for words in found)


def test_a_figure_that_counts_other_shops_rows(world, monkeypatch):
    told = [(one, where) for one, where in world.charlies if one.name == "requests"]
    before = {where: world.before[where] for _one, where in told}
    assert fences.seen(Browser(world.cast.charlie), told) == before
    # The badge of unread notices in the sidebar.
    monkeypatch.setattr("shop_cs.sites.Notice", everybodys(Notice))
    # What was composed before the leak does not have it.
    monkeypatch.setattr("shop_cs.sites._sizes", composed_sizes(sites._sizes.asks))
    assert fences.seen(Browser(world.cast.charlie), told) != before


def test_an_untyped_parameter():
    def view(request):
        raise NotImplementedError

    patterns = [
        path("typed/<int:pk>/<slug:fmt>/", view),
        path("a/<x>/", view),
        path("b/<str:x>/", view),
        path("c/<path:x>", view),
        re_path(r"^d/(?P<x>\d+)/$", view),
    ]
    assert fences.untyped(patterns=patterns) == [r"^d/(?P<x>\d+)/$: x", "a/<x>/: x", "b/<str:x>/: x", "c/<path:x>: x"]


def test_an_address_of_which_the_walk_knows_nothing(world):
    new, strange = fences.addresses([path("s/<number:shop_no>/new/<int:other>/", print), path("strange/", print)])
    with pytest.raises(fences.NoValue, match="no value for other"):
        fences.value(world.mine, new, "other")
    with pytest.raises(fences.NoValue, match="of no known kind"):
        assert strange.area
