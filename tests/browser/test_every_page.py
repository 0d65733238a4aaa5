"""Every page as each of the people who may see it, wide and narrow: it opens, says no error, nothing is cut off."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.browser.conftest import DESK, PHONE
from tests.factories import AfterSaleFactory, OrderFactory, UserFactory
from tests.people import TUESDAY_10, shanghai
from tests.planning_stories import planned
from tests.stories import reply_unsolved, send
from tickets import actions


@pytest.fixture
def records(cast, at):
    """One order with requests in every state, so that no page is empty."""
    at(TUESDAY_10 + timedelta(hours=3))
    order = OrderFactory(shop=cast.shop, no="60210000000000001")
    AfterSaleFactory(order=order)
    pending = send(cast, order=order)
    actions.urge(pending, by=cast.as_pia, now=TUESDAY_10)
    reviewing = reply_unsolved(send(cast, order=order), cast, now=TUESDAY_10 + timedelta(hours=1))
    rejected = reply_unsolved(send(cast), cast, now=TUESDAY_10 + timedelta(hours=1))
    actions.reject(rejected, reason="请补充快递证明", by=cast.as_rita, now=TUESDAY_10 + timedelta(hours=2))
    closed = reply_unsolved(send(cast), cast, now=TUESDAY_10 + timedelta(hours=1))
    actions.approve(closed, by=cast.as_rita, now=TUESDAY_10 + timedelta(hours=2))
    send(cast, now=shanghai("2026-03-02 22:00"))
    to_manage = [f"people/{cast.bob_member.pk}", f"people/{cast.bob_member.pk}/deactivate", f"posts/{cast.clerks.pk}"]
    to_manage += ["staffing", "staffing/new", f"staffing/{planned(cast).pk}"]
    return {"order": order, "pending": pending, "reviewing": reviewing, "to_manage": to_manage}


def merchant_pages(records):
    shop, order = "/s/S001", records["order"].no
    return [
        "/",
        *(f"{shop}/requests/?tab={tab}" for tab in ("all", "pending", "reviewing", "closed")),
        f"{shop}/requests/?order_no=nothing",
        *(f"{shop}/requests/{records[name].no}/" for name in ("pending", "reviewing")),
        f"{shop}/requests/{records['pending'].no}/guide/logistics-stalled/",
        *(f"{shop}/requests/{records['pending'].no}/{part}/" for part in ("phrases", "past")),
        *(f"{shop}/{page}/" for page in ("phrases", "phrases/new")),
        f"{shop}/orders/{order}/",
        *(f"{shop}/{page}/" for page in ("notices", "people", "people/new", "posts/new")),
        *(f"{shop}/{page}/" for page in records["to_manage"]),
        "/password_change/",
    ]


def platform_pages(cast, records):
    request = records["reviewing"].pk
    lists = [
        "tickets/servicerequest/",
        "tickets/inreview/",
        "tickets/playbook/",
        "tickets/phrase/",
        f"tickets/servicerequest/{request}/change/",
        f"tickets/servicerequest/{request}/history/",
        "shop_cs/rulebook/",
        f"shop_cs/rulebook/{records['pending'].rulebook_id}/change/",
        "shop_cs/evidence/",
        "shop_cs/shop/",
        f"shop_cs/order/{records['order'].pk}/change/",
        "shop_cs/order/",
        "shop_cs/aftersale/",
        "shop_cs/member/",
        "shop_cs/post/",
        "shop_cs/consumermessage/",
        "shop_cs/exportlog/",
    ]
    mine = {
        "pia": ["tickets/servicerequest/send/", "import/"],
        "rita": [f"tickets/servicerequest/{request}/{act}/" for act in ("approve", "reject")]
        + ["shop_cs/rulebook/add/", "rehearsals/", f"rehearsals/rulebook/{records['pending'].rulebook_id}/"],
        "olive": [],
        "root": ["shop_cs/user/", "shop_cs/user/add/", f"shop_cs/user/{cast.bob.pk}/change/"],
    }
    setting_up = [f"shop_cs/{page}/" for page in ("shop", "member", "post", "shop/add", "member/add")]
    return {
        who: ["/admin/", *(f"/admin/{page}" for page in (setting_up if who == "root" else lists) + more)]
        for who, more in mine.items()
    }


def visit(page, paths):
    """Opens each; returns what was wrong with any, in words.

    What a page looks like does not depend on the database: on PostgreSQL it is fetched and not drawn.
    """
    if connection.vendor != "sqlite":
        return [f"{path}: {got}" for path in paths if (got := page.request.get(path).status) != 200]
    wrong = []
    for path in paths:
        answer = page.goto(path)
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
        if too_wide > 0:
            wrong.append(f"{path}: {too_wide} px too wide")
    return wrong + page.troubles


# Both languages and both widths for everybody, crosswise: what one does not see in one way the next does.
STRAIGHT, CROSSED = [("zh-CN", DESK), ("en-GB", PHONE)], [("zh-CN", PHONE), ("en-GB", DESK)]


def ways(*people):
    """(who, lang, size): the first, the third … straight, the others crossed."""
    return [(who, *way) for n, who in enumerate(people) for way in (CROSSED if n % 2 else STRAIGHT)]


def named(value):
    return value if isinstance(value, str) else "phone" if value is PHONE else "desk"


@pytest.mark.parametrize(("who", "lang", "size"), ways("alice", "bob"), ids=named)
def test_every_page_of_the_workbench_opens(browse, cast, records, who, size, lang):
    page = browse(getattr(cast, who), size=size, lang=lang)
    pages = merchant_pages(records)
    if who == "bob":
        managed = {f"/s/S001/{page}/" for page in records["to_manage"]}
        pages = [path for path in pages if not path.endswith("/new/") and path not in managed]
    assert visit(page, pages) == []


@pytest.mark.parametrize(("who", "lang", "size"), ways("pia", "rita", "olive", "root"), ids=named)
def test_every_page_of_the_platform_site_opens(browse, cast, records, who, size, lang):
    cast.root = UserFactory(username="root", is_superuser=True, is_staff=True)
    page = browse(getattr(cast, who), size=size, lang=lang)
    assert visit(page, platform_pages(cast, records)[who]) == []
