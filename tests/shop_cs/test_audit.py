"""The auditor's desk below its pages: the search, a record as it stood, a person's day, the export's lines."""

from datetime import timedelta

import pytest

from shop_cs.actors import Role
from shop_cs.audit import days, export, search
from shop_cs.audit.standing import standing
from shop_cs.audit.tables import table_of, tables
from shop_cs.models import Consumer, Order, Post, Shop, User, acting
from shop_cs.moves import Refused
from tests import stories
from tests.case_stories import compensated
from tests.factories import OrderFactory, UserFactory
from tests.people import TUESDAY_10, platform, shanghai
from tickets import actions
from tickets.models import Reply, ServiceRequest

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def asked_for(cast):
    """A request that Bob answered at 11, Pia urged at 12; its order was there before."""
    with acting(cast.as_pia, move="import", at=TUESDAY_10 - HOUR):
        order = OrderFactory(shop=cast.shop, no="6021777")
    with acting(request_id="web-1"):
        request = stories.send(cast, order=order)
    actions.urge(request, by=cast.as_pia, now=TUESDAY_10 + 2 * HOUR)
    stories.reply_unsolved(request, cast, now=TUESDAY_10 + 3 * HOUR)
    return stories.fresh(request)


def found(**asked):
    """[(model's name, action)] of a search, newest first."""
    where = search.conditions(search.Asked(**asked))
    return [(entry.table.split("_")[-1], entry.action) for entry in search.page(where).entries]


def the(entries, table, action):
    return next(one for one in entries if (one.table, one.action) == (table, action))


def test_a_row_tells_who_did_what_to_which_record_from_what_to_what(cast, asked_for):
    entries = search.page(search.conditions(search.Asked(record=asked_for.no))).entries
    urged = the(entries, "tickets_servicerequest", "urge")
    assert (urged.who, urged.user_id, urged.role) == ("皮娅", cast.pia.pk, "Platform agent")
    assert (urged.at, urged.called, urged.rulebook) == (TUESDAY_10 + 2 * HOUR, asked_for.no, "current")
    assert {step.name: (step.before, step.after) for step in urged.fields} == {
        "urges": (0, 1),
        "last_urged_at": ("", TUESDAY_10 + 2 * HOUR),
    }
    made = {step.name: step.after for step in the(entries, "tickets_servicerequest", "create").fields}
    assert (made["shop"], made["order"], made["kind"]) == ("向日葵家居 (S001)", "6021777", "General")
    assert "id" not in made and "last_urged_at" not in made


def test_every_kind_of_record_is_searched_and_none_twice():
    models = [table.model for table in tables().values()]
    assert len(models) == len(set(models)) >= 30
    assert {User, Order, ServiceRequest, Reply} <= set(models)
    assert all(not model._meta.proxy and hasattr(model, "history") for model in models)


def test_by_number_a_record_is_found_with_what_points_at_it(cast, asked_for):
    other = stories.send(cast)
    assert set(found(record=asked_for.no)) == {
        ("servicerequest", "create"),
        ("servicerequest", "urge"),
        ("servicerequest", "reply_unsolved"),
        ("reply", "reply"),
    }
    assert ("order", "import") in found(record="6021777")
    assert found(record=other.no) == [("servicerequest", "create")]
    assert found(record=asked_for.no[:-1]) == []


def test_by_kind_and_key_only_the_record_itself_is_found(asked_for):
    of_it = found(table="tickets_servicerequest", pk=asked_for.pk)
    assert of_it == [("servicerequest", "reply_unsolved"), ("servicerequest", "urge"), ("servicerequest", "create")]
    assert found(table="tickets_servicerequest", pk=2**63 - 1) == []


def test_money_is_found_by_the_number_of_what_moved_it_and_by_its_shop(cast):
    compensation = compensated(cast)
    causes = found(record=compensation.no)
    assert [kind for kind, _action in causes].count("transfer") == 2
    mine = search.count(search.conditions(search.Asked(table="shop_cs_transfer", shops=frozenset([cast.shop.pk]))))
    # The deposit that came in, and what was taken from it; what the platform paid the consumer is its own.
    assert mine == 2
    assert found(table="shop_cs_transfer", shops=frozenset([cast.other_shop.pk])) == []


def test_a_person_is_found_by_name_and_by_user_name_also_when_he_is_gone(cast, asked_for):
    gone = UserFactory(username="xiaoli", first_name="小李")
    with acting(platform(gone, Role.AGENT), move="change", at=TUESDAY_10 + 4 * HOUR):
        cast.shop.save()
    pk = gone.pk
    gone.delete()
    for name in ("小李", "xiaol"):
        people = search.people_called(name)
        assert people == {pk}
        assert ("shop", "change") in found(people=people, person=name, table="shop_cs_shop")
    assert found(people=search.people_called("bob"), person="bob", table="tickets_servicerequest") == [
        ("servicerequest", "reply_unsolved")
    ]
    assert search.people_called("nobody") == frozenset()
    assert found(people=frozenset(), person="nobody") == []


def test_a_field_is_found_where_it_changed_and_nowhere_else(asked_for):
    where = {"table": "tickets_servicerequest", "pk": asked_for.pk}
    assert found(field="urges", **where) == [("servicerequest", "urge"), ("servicerequest", "create")]
    assert found(field="state", **where) == [("servicerequest", "reply_unsolved"), ("servicerequest", "create")]
    assert found(field="last_urged_at", **where) == [("servicerequest", "urge")]
    assert found(field="overdue_at", **where) == []
    assert {kind for kind, _action in found(field="permissions")} == {"post"}


def test_time_counts_both_ends_in_and_role_action_and_web_request_narrow(asked_for):
    at, where = TUESDAY_10 + 2 * HOUR, {"table": "tickets_servicerequest"}
    assert found(since=at, until=at, **where) == [("servicerequest", "urge")]
    assert found(since=at + SECOND, until=at + HOUR - SECOND, **where) == []
    assert found(action="urge") == [("servicerequest", "urge")]
    assert found(role="merchant", **where) == [("servicerequest", "reply_unsolved")]
    assert found(request_id="web-1") == [("servicerequest", "create")]
    assert found(request_id="web-") == []


def test_a_shop_is_named_by_number_or_by_a_part_of_its_name(cast):
    assert search.shops_called("S001") == {cast.shop.pk}
    assert search.shops_called("蓝海") == {cast.other_shop.pk}
    assert search.shops_called("S00") == frozenset()
    mine = search.conditions(search.Asked(shops=frozenset([cast.other_shop.pk])))
    assert {entry.table for entry in search.page(mine).entries} == {"shop_cs_shop", "shop_cs_member"}


def test_pages_follow_each_other_without_a_gap_or_a_row_twice_within_one_instant(cast):
    with acting(move="import", at=TUESDAY_10):
        for _n in range(7):
            OrderFactory(shop=cast.shop)
    where, after, seen = search.conditions(search.Asked(action="import")), None, []
    while True:
        page = search.page(where, after=after, size=3)
        seen += [(one.table, one.version) for one in page.entries]
        if page.older is None:
            break
        after = search.Place.read(str(page.older))
    assert len(seen) == len(set(seen)) == 14 == search.count(where)
    assert seen == [(one.table, one.version) for one in search.whole(where, size=5)]
    assert search.count(where, most=13) == 14 and search.count(where, most=5) == 6


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-03-03T10:00:00+00:00~shop_cs_order", "2026-03-03T10:00:00~shop_cs_order~1",
     "2026-03-03T10:00:00+00:00~auth_group~1", "0001-01-01T00:00:00+00:00~shop_cs_order~1",
     f"2026-03-03T10:00:00+00:00~shop_cs_order~{2**63}", "2026-03-03T10:00:00+00:00~shop_cs_order~0"],
)  # fmt: skip
def test_a_page_that_was_made_up_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - which kind of nonsense it is does not matter
        search.Place.read(text)


def test_a_page_takes_few_statements_however_many_kinds_it_shows(cast, asked_for, django_assert_num_queries):
    where = search.conditions(search.Asked())
    with django_assert_num_queries(3):
        page = search.page(where)
    assert len({entry.table for entry in page.entries}) >= 8


def test_what_is_personal_or_secret_is_not_told(cast, asked_for):
    consumer, user = table_of(Consumer), table_of(User)
    assert not {"name", "phone", "address", "key", "fingerprint"} & consumer.names
    assert not {"password", "last_login"} & user.names
    entries = list(search.whole(search.conditions(search.Asked())))
    told = {str(value) for one in entries for step in one.fields for value in (step.before, step.after)}
    told |= {one.called for one in entries}
    mark = cast.bob.history.latest().password_mark
    assert len(mark) == 64 and mark not in told
    assert not any("王小明" in one or asked_for.order.consumer.phone in one for one in told)


def test_a_record_stands_as_it_was_written_last_before_the_instant(cast, asked_for):
    table, at = table_of(ServiceRequest), TUESDAY_10 + 2 * HOUR
    told = standing(table, asked_for.pk, at=at)
    values = {one.name: one for one in told.values}
    assert (told.entry.action, told.number, told.total) == ("urge", 2, 3)
    assert (values["urges"].then, values["urges"].differs) == (1, False)
    assert (values["state"].then, values["state"].today, values["state"].differs) == (
        "Pending",
        "Platform processing",
        True,
    )
    assert values["order"].then == "6021777"
    before = standing(table, asked_for.pk, at=at - SECOND)
    assert (before.entry.action, before.later, before.earlier) == ("create", told.entry.version, None)
    assert standing(table, asked_for.pk, version=told.entry.version).entry == told.entry


def test_before_its_making_and_after_its_end_nothing_stands(cast):
    with acting(cast.as_alice, move="add_post", at=TUESDAY_10):
        post = Post.everything.create(shop=cast.shop, name="夜班")
    pk, table = post.pk, table_of(Post)
    with acting(cast.as_alice, move="delete_post", at=TUESDAY_10 + HOUR):
        post.delete()
    early, there = standing(table, pk, at=TUESDAY_10 - SECOND), standing(table, pk, at=TUESDAY_10)
    late = standing(table, pk, at=TUESDAY_10 + HOUR)
    assert (early.entry, early.values, early.first) == (None, [], TUESDAY_10)
    assert there.entry.action == "add_post" and not there.is_there and not any(one.differs for one in there.values)
    assert (late.is_deleted, late.values, late.entry.action) == (True, [], "delete_post")


def test_what_the_trail_does_not_know_does_not_stand(cast, asked_for):
    table, post = table_of(ServiceRequest), cast.clerks.history.latest()
    assert standing(table, 10**6, at=TUESDAY_10) is None
    assert standing(table, 2**80, at=TUESDAY_10) is None
    assert standing(table, asked_for.pk, version=asked_for.history.latest().history_id + 1) is None
    assert standing(table_of(Post), cast.interns.pk, version=post.history_id) is None


def test_a_change_behind_the_trails_back_shows_as_different_today(cast):
    Shop.objects.filter(pk=cast.shop.pk).update(name="改名店")
    told = standing(table_of(Shop), cast.shop.pk, version=cast.shop.history.latest().history_id)
    assert [(one.name, one.then, one.today) for one in told.values if one.differs] == [("name", "向日葵家居", "改名店")]


def test_a_persons_day_is_told_by_hour_and_record_and_counted(cast, asked_for):
    day = days.day_of(cast.pia.pk, TUESDAY_10.date())
    assert [hour.hour for hour, _groups in day.hours] == [9, 10, 12]
    assert dict(day.counts) == {"import": 2, "create": 1, "urge": 1}
    last = day.hours[-1][1]
    assert [(one.called, [entry.action for entry in one.entries]) for one in last] == [(asked_for.no, ["urge"])]
    assert days.day_of(cast.pia.pk, TUESDAY_10.date() + timedelta(days=1)).total == 0


def test_a_day_is_a_day_in_shanghai(cast):
    first, last = shanghai("2026-03-03 00:00"), shanghai("2026-03-03 23:59") + 59 * SECOND
    for at in (first - SECOND, first, last, last + SECOND):
        with acting(cast.as_rita, move="change", at=at):
            cast.shop.save()
    assert days.day_of(cast.rita.pk, first.date()).total == 2


def test_who_is_gone_has_his_name_and_his_day(cast):
    gone = UserFactory(username="xiaoli", first_name="小李")
    with acting(platform(gone, Role.AGENT), move="change", at=TUESDAY_10):
        cast.shop.save()
    pk = gone.pk
    gone.delete()
    person = days.person(pk)
    assert (person.name, person.username, person.is_there) == ("小李", "xiaoli", False)
    assert days.day_of(pk, TUESDAY_10.date()).counts == [("change", 1)]
    assert days.person(10**6) is None and days.person(2**80) is None


def test_an_export_has_one_line_a_changed_field(asked_for):
    where = search.conditions(search.Asked(table="tickets_servicerequest", pk=asked_for.pk, action="urge"))
    lines = [dict(zip(export.header(), row, strict=True)) for row in export.rows(where, {"urge": "催单"})]
    assert sorted((one["Column"], one["From"], one["To"]) for one in lines) == [
        ("last_urged_at", "", "2026-03-03 12:00:00"),
        ("urges", 0, 1),
    ]
    assert {(one["By"], one["Action"], one["Record"]) for one in lines} == {("皮娅", "催单", asked_for.no)}


def test_an_export_of_too_much_is_refused_before_it_is_begun(cast, asked_for, monkeypatch):
    where = search.conditions(search.Asked(table="tickets_servicerequest"))
    monkeypatch.setattr(export, "MOST", 3)
    export.check(where)
    monkeypatch.setattr(export, "MOST", 2)
    with pytest.raises(Refused) as refused:
        export.check(where)
    assert refused.value.refusal.status == 400
