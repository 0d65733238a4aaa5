"""The list reads by statements that are composed once: whatever is asked, by whom and when, they say what the plain
filter says."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from shop_cs.counting import Counts
from shop_cs.kept import Kept
from tests import stories
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.tickets.test_list_page import listed
from tickets import actions, filters
from tickets.actions import organizing
from tickets.hands import offers
from tickets.models import SavedView, ServiceRequest, State, Survey, Tag, Tagging

DAY = timedelta(days=1)
# The day on which the first are due.
THURSDAY_09 = TUESDAY_10 + 2 * DAY - timedelta(hours=1)
# One of everything that a filter could be asked; “me”, members and tags are filled in.
SAID = {
    "order": ["6021", "nothing"],
    "no": ["SR", "x"],
    "category": ["product", "price"],
    "kind": ["general", "urgent"],
    "created_from": ["2026-03-03", "2026-03-05"],
    "created_to": ["2026-03-02", "2026-03-04"],
    "overdue": ["yes", "no"],
    "urged": ["yes", "no"],
    "round": ["1", "2+", "2"],
    "due": ["today"],
    "open": ["yes", "no"],
    "in_review": ["0-1", "1-3", "3-7", "7+"],
    "answer": ["any", "none", "solved"],
    "consumer": ["asked", "answered", "satisfied", "dissatisfied"],
    "assignee": ["me", "nobody", "bob"],
    "tag": ["late"],
}


@pytest.fixture
def world(cast):
    """Requests of both shops in every state, on two days; some urged, tagged, taken, answered twice."""
    made = []
    for shop in (cast.shop, cast.other_shop):
        for n, at in enumerate((TUESDAY_10, TUESDAY_10 + DAY)):
            order = OrderFactory(shop=shop, no=f"6021{n}")
            made.append(stories.send(cast, now=at, order=order, category=("product", "price")[n]))
    mine = [one for one in made if one.shop_id == cast.shop.pk]
    stories.reply_unsolved(mine[1], cast, now=TUESDAY_10 + DAY)
    again = stories.reply_solved(stories.send(cast), cast, now=TUESDAY_10)
    actions.reject(again, reason="没有凭证", by=cast.as_rita, now=TUESDAY_10 + timedelta(minutes=20))
    done = stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    actions.approve(done, by=cast.as_rita, now=TUESDAY_10 + timedelta(minutes=30))
    actions.urge(mine[0], by=cast.as_pia, now=TUESDAY_10)
    tag = Tag.objects.create(shop=cast.shop, name="晚", colour=Tag.Colour.values[0])
    Tagging.objects.create(shop=cast.shop, request=mine[0], tag=tag, tagged_at=TUESDAY_10)
    late = TUESDAY_10 + DAY
    Survey.objects.create(shop=cast.shop, request=again, round=1, send_at=late, sent_at=late, expires_at=late + DAY)
    organizing.assign([mine[0].pk], member=cast.bob_member, by=cast.as_alice, now=TUESDAY_10)
    return {"late": str(tag.pk)}


@pytest.fixture
def browser(cast):
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.bob)
    return client


def asked(cast, world, name, value):
    return {name: {"late": world["late"], "bob": str(cast.bob_member.pk)}.get(value, value)}


def test_every_filter_is_tried():
    assert set(SAID) == set(filters.RequestFilter.base_filters) - {"tab"}


@pytest.mark.parametrize("name", SAID)
def test_they_say_what_the_plain_filter_says(cast, at, world, browser, name):
    there = 0
    # Twice at each time: the first composes, the second fills in.
    for now in (TUESDAY_10 + timedelta(hours=1), THURSDAY_09, TUESDAY_10 + 3 * DAY, TUESDAY_10 + timedelta(hours=1)):
        at(now)
        for value in SAID[name]:
            said = {"tab": "all", **asked(cast, world, name, value)}
            answer = browser.get("/s/S001/requests/", said)
            query = QueryDict(mutable=True)
            query.update(said)
            _chosen, rows = filters.filtered(cast.shop, query, now, cast.bob.pk)
            assert listed(answer) == [record.no for record in rows], (value, now)
            counts = answer.context["counts"]
            assert counts == Counts(
                {state: n for state in State if (n := rows.filter(state=state).count())}, counts.most
            )
            there += len(rows)
    assert there


def test_another_shops_list_is_its_own(cast, at, world, browser):
    at(TUESDAY_10)
    alien = Client(headers={"accept-language": "en"})
    alien.force_login(cast.charlie)
    for query in ({}, {"tab": "all"}, {"tab": "all", "urged": "yes"}):
        mine, others = (
            listed(one.get(f"/s/{no}/requests/", query)) for one, no in ((browser, "S001"), (alien, "S002"))
        )
        assert mine and not set(mine) & set(others)


def test_me_is_who_asks(cast, at, world, browser):
    at(TUESDAY_10)
    other = Client(headers={"accept-language": "en"})
    other.force_login(cast.alice)
    query = {"tab": "all", "assignee": "me"}
    assert len(listed(browser.get("/s/S001/requests/", query))) == 1
    assert listed(other.get("/s/S001/requests/", query)) == []
    assert len(listed(browser.get("/s/S001/requests/", query))) == 1


def test_what_is_offered_anew_stands_in_the_filters_at_once(cast, at, world, browser):
    at(TUESDAY_10)
    assert "新标签" not in browser.get("/s/S001/requests/").content.decode()
    Tag.objects.create(shop=cast.shop, name="新标签", colour=Tag.Colour.values[0])
    SavedView.objects.create(shop=cast.shop, owner=cast.bob_member, name="新视图", query="tab=all")
    page = browser.get("/s/S001/requests/").content.decode()
    assert page.count("新标签") >= 2 and "新视图" in page


@pytest.mark.parametrize("typed", [{"order": '"' * 70}, {"no": "x"}, {"category": "x" * 1_000}])
def test_what_is_typed_freely_or_at_length_is_not_kept(cast, at, world, browser, monkeypatch, typed):
    at(TUESDAY_10)
    monkeypatch.setattr(filters, "_FORMS", kept := Kept(10))
    browser.get("/s/S001/requests/", {"tab": "all", **typed})
    assert not kept._made
    browser.get("/s/S001/requests/", {"tab": "all", "category": "product"})
    assert len(kept._made) == 1


@pytest.mark.parametrize("page", ["0", "x", "", " 1", "1_0", "9" * 10])
def test_what_is_no_page_is_404(cast, at, world, browser, page):
    at(TUESDAY_10)
    assert browser.get("/s/S001/requests/", {"page": page}).status_code == 404


def test_who_offers_nothing_leaves_nothing_to_choose():
    assert [*offers.NOTHING.assignees()][0][0] == offers.ME and len(offers.NOTHING.assignees()) == 2


def test_a_row_is_drawn_anew_when_it_says_something_else(cast, at, world, browser):
    at(TUESDAY_10)
    page = browser.get("/s/S001/requests/", {"tab": "all"}).content.decode()
    assert "urged once" in page and "urged 2 times" not in page
    urged = ServiceRequest.everything.get(shop=cast.shop, urges=1)
    actions.urge(urged, by=cast.as_pia, now=TUESDAY_10 + timedelta(minutes=5))
    page = browser.get("/s/S001/requests/", {"tab": "all"}).content.decode()
    assert "urged 2 times" in page
    chinese = browser.get("/s/S001/requests/", {"tab": "all"}, headers={"accept-language": "zh-hans"}).content.decode()
    assert "urged" not in chinese.replace("urged=", "").replace('name="urged"', "").replace("id_urged", "")
