"""What requests of this kind were answered with before, and how they ended: the own shop's alone."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from tests import stories
from tests.factories import AfterSaleFactory, ConsumerFactory, OrderFactory
from tests.people import TUESDAY_10
from tickets import actions
from tickets.helping import past
from tickets.models import Reply, ServiceRequest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def bob(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def record(cast):
    return stories.send(cast, order=OrderFactory(shop=cast.shop, no="6099", product="面霜"))


def answered(cast, *, text="已补寄", settlement="done", reason="", product="洗发水", shop=None, rounds=1, **more):
    """A closed request: sent, answered within the hour, sent back `rounds` - 1 times, approved two hours later."""
    order = more.pop("order", None) or OrderFactory(shop=shop or cast.shop, product=product)
    request = stories.send(cast, order=order, **more)
    by = cast.as_charlie if shop else cast.as_bob
    said = {"solved": bool(settlement), "settlement": settlement, "reason": reason, "by": by}
    for n in range(1, rounds + 1):
        request = actions.reply(request, text=text, now=TUESDAY_10 + n * HOUR, **said)
        last = n == rounds
        decided = {"by": cast.as_rita, "now": TUESDAY_10 + n * HOUR + HOUR / 2}
        request = actions.approve(request, **decided) if last else actions.reject(request, reason="补充", **decided)
    return stories.fresh(request)


def page(client, record, **headers):
    return client.get(f"/s/S001/requests/{record.no}/past/", **headers)


def test_without_any_it_says_so(bob, record):
    assert "no closed request of this type yet" in page(bob, record).content.decode()


def test_they_are_grouped_with_counts_the_commonest_first(cast, record):
    for rounds in (1, 1, 2):
        answered(cast, rounds=rounds)
    answered(cast, settlement="", reason="courier_fault")
    told = past.past_of(record)
    assert told.total == 4
    assert [(one.label, one.count, one.at_first) for one in told.groups] == [
        ("Done as the consumer wished", 3, 2),
        ("Courier's fault", 1, 1),
    ]


def test_only_closed_ones_of_this_type_and_this_shop_count(cast, record):
    answered(cast, category="price")
    answered(cast, shop=cast.other_shop)
    stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    assert past.past_of(record).total == 0


def test_the_same_product_or_after_sale_comes_first(cast, record):
    AfterSaleFactory(order=record.order)
    record = actions.link_after_sale(record, after_sale=record.order.after_sales.get(), by=cast.as_bob, now=TUESDAY_10)
    order = OrderFactory(shop=cast.shop)
    by_kind = answered(cast, order=order, after_sale=AfterSaleFactory(order=order))
    by_product = answered(cast, product="面霜")
    answered(cast)
    told = past.past_of(record)
    assert told.likes == 2
    assert {one.no for one in told.shown[:2]} == {by_kind.no, by_product.no}


def test_an_overdue_one_without_an_answer_is_told_as_such(cast, record):
    request = stories.send(cast)
    stories.sweep_at(request.deadline + HOUR)
    actions.approve(stories.fresh(request), by=cast.as_rita, now=request.deadline + 2 * HOUR)
    told = past.past_of(record)
    assert [one.label for one in told.groups] == ["No answer in time"]
    assert told.groups[0].at_first == 0
    assert told.shown[0].reply is None


def test_what_the_consumer_said_is_told(cast, record):
    stories.confirming_rules()
    asked = stories.confirming(cast)
    actions.answer_survey(stories.survey_of(asked), satisfied=True, comment="", now=TUESDAY_10 + 2 * HOUR)
    told = past.past_of(record)
    assert (told.groups[0].satisfied, told.groups[0].dissatisfied) == (1, 0)
    assert told.shown[0].satisfied is True


@pytest.mark.parametrize(("took", "days"), [(timedelta(0), 1), (DAY, 1), (DAY + HOUR, 2), (3 * DAY, 3)])
def test_a_begun_day_counts_as_one(took, days):
    one = past.Ended(1, "1", TUESDAY_10, took, "", "", overdue=False)
    assert one.days == days


def test_no_consumers_contact_travels_and_numbers_become_this_requests(cast, bob, record):
    person = ConsumerFactory(name="欧阳修远", phone="13800008000", address="浙江省杭州市余杭区文一西路100号")
    order = OrderFactory(shop=cast.shop, no="6021", consumer=person)
    text = "订单6021：欧阳修远（13800008000、13911112222）在浙江省杭州市余杭区文一西路100号收到补寄"
    answered(cast, order=order, text=text)
    shown = page(bob, record).content.decode()
    reply = Reply.everything.get()
    initial = bob.get(f"/s/S001/requests/{record.no}/?past={reply.pk}").context["reply_form"].initial
    for told in (shown, initial["text"]):
        assert not [raw for raw in ("欧阳修远", "13800008000", "13911112222", "文一西路") if raw in told]
        assert "订单6099：欧**（138****8000" in told


def test_using_a_text_fills_the_form(cast, bob, record):
    answered(cast, text="包裹丢失", settlement="", reason="courier_fault")
    reply = Reply.everything.get()
    assert f"?past={reply.pk}#reply" in page(bob, record).content.decode()
    initial = bob.get(f"/s/S001/requests/{record.no}/?past={reply.pk}").context["reply_form"].initial
    assert (initial["solved"], initial["reason"], initial["text"]) == ("no", "courier_fault", "包裹丢失")


def test_neither_another_shops_nor_an_open_requests_reply_is_used(cast, bob, record):
    answered(cast, shop=cast.other_shop)
    stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    for reply in Reply.everything.all():
        assert bob.get(f"/s/S001/requests/{record.no}/?past={reply.pk}").status_code == 404


def test_where_nothing_can_be_answered_nothing_is_offered_to_use(cast, bob, record):
    answered(cast)
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    shown = page(bob, record).content.decode()
    assert "?past=" not in shown
    assert "Already replied" in shown


def test_by_htmx_it_is_a_piece_without_the_shell(cast, bob, record):
    answered(cast)
    assert "<html" not in page(bob, record, headers={"HX-Request": "true"}).content.decode()
    assert page(bob, stories.send(cast, order=OrderFactory(shop=cast.other_shop))).status_code == 404


def test_it_takes_a_bounded_number_of_statements(cast, bob, record, django_assert_max_num_queries):
    for n in range(past.SHOWN + 2):
        answered(cast, text=f"已补寄{n}")
    with django_assert_max_num_queries(15):
        shown = page(bob, record)
    assert len(shown.context["past"].shown) == past.SHOWN
    assert shown.context["past"].total == past.SHOWN + 2


def test_the_newest_are_found_by_their_index(cast):
    record = SimpleNamespace(shop_id=cast.shop.pk, category="product")
    rows = ServiceRequest.objects.of(record.shop_id).closed().filter(category=record.category).order_by("-closed_at")
    if connection.vendor == "sqlite":
        assert "USING INDEX request_past" in rows.values("pk")[:300].explain()
    else:
        # With a handful of rows every plan costs the same, whatever the statistics say just now: what is asked is only
        # whether the index can serve them, in their order and without sorting.
        with connection.cursor() as cursor:
            for other in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{other} = off")
        assert "request_past" in rows.values("pk")[:300].explain()
