"""The trail: every change says who, in which role, when, by what, why and under which rulebook; by every path alike."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.test import RequestFactory
from django.urls import reverse

from shop_cs import history
from shop_cs.actors import CLOCK, SYSTEM, Role
from shop_cs.admin.base import ACTIONS
from shop_cs.middleware import RequestIdMiddleware
from shop_cs.models import Consumer, ConsumerMessage, Shop, acting, current
from shop_cs.moves import make, make_many
from tests import stories
from tests.factories import PASSWORD, EvidenceFactory, OrderFactory, UserFactory
from tests.people import TUESDAY_10, platform
from tickets import actions, moves
from tickets.models import Attachment, Reply, Review, ServiceRequest

HOUR = timedelta(hours=1)
NOON = TUESDAY_10 + 2 * HOUR


def last(record):
    return record.history.latest("history_id")


def test_each_row_says_who_in_which_role_when_why_and_under_which_version(cast):
    request = stories.reach(cast, "reviewing")
    actions.reject(request, reason="缺少凭证", by=cast.as_rita, now=NOON)
    row = last(request)
    assert (row.history_user_id, row.actor_name, row.actor_role) == (cast.rita.pk, "丽塔", "reviewer")
    assert (row.move, row.history_change_reason, row.rulebook_name) == ("reject", "缺少凭证", "current")
    assert (row.history_date, row.history_type) == (NOON, "~")
    moves_made = list(request.history.order_by("history_id").values_list("move", flat=True))
    assert moves_made == ["create", "reply_unsolved", "reject"]


def test_what_belongs_to_a_request_has_its_own_rows_by_the_same_person(cast):
    request = stories.send(cast)
    actions.attach(request, evidence=EvidenceFactory(order=request.order), by=cast.as_bob, now=TUESDAY_10)
    stories.reply_unsolved(request, cast, now=NOON)
    actions.approve(request, by=cast.as_ray, now=NOON)
    told = [last(model.everything.get()) for model in (Attachment, Reply, Review)]
    assert [row.actor_name for row in told] == ["鲍勃", "鲍勃", "雷"]
    assert [row.rulebook_name for row in told] == ["current"] * 3
    assert [row.request_id for row in told] == [request.pk] * 3


def test_the_web_requests_id_is_on_every_row_that_it_wrote(cast):
    request = stories.send(cast)

    def view(web):
        stories.reply_unsolved(request, cast, now=NOON)
        return {}

    answer = RequestIdMiddleware(view)(RequestFactory().get("/"))
    assert len(answer["X-Request-Id"]) == 36
    assert last(request).web_request == last(request.replies.get()).web_request == answer["X-Request-Id"]
    assert request.history.earliest("history_id").web_request == ""
    assert current().request_id == ""


def told(row):
    """All columns but those that tell two records or two rows apart."""
    apart = {"id", "no", "order_id", "history_id"}
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname not in apart
    }


def test_the_bulk_writer_writes_the_same_columns_as_the_single_one(cast):
    one, two = stories.send(cast), stories.send(cast)
    way = {"by": CLOCK, "now": NOON, "reason": "到点", "changes": {"due_soon_told_at": NOON, "due_soon_at": NOON}}
    with acting(request_id="abc"):
        for request in (one, two):
            ServiceRequest.everything.filter(pk=request.pk).update(due_soon_at=NOON)
        make(one, moves.DUE_SOON, **way)
        make_many([stories.fresh(two)], moves.DUE_SOON, **way)
    assert told(last(one)) == told(last(two))
    assert last(two).web_request == "abc"
    assert last(two).history_change_reason == "到点"


def test_in_bulk_the_row_is_told_as_it_stands_for_every_model_written_so(cast):
    orders = [OrderFactory(shop=cast.shop) for _ in range(3)]
    for order in orders:
        order.product = "新名称"
    history.update_many(orders, ["product"])
    with acting(cast.as_pia, move="import", reason="orders.csv", at=NOON):
        history.record_many(orders, created=False)
    for order in orders:
        row = last(order)
        assert (row.product, row.move, row.actor_name, row.history_type) == ("新名称", "import", "皮娅", "~")
        assert row.history_date == NOON


def test_each_row_of_a_bulk_move_carries_its_own_records_version(cast):
    new = stories.send(cast)
    stories.confirming_rules()
    old = stories.send(cast)
    stories.sweep_at(max(new.deadline, old.deadline) + HOUR)
    assert (last(new).rulebook_name, last(old).rulebook_name) == ("current", "2022-12")
    assert (last(new).move, last(new).actor_role) == ("overdue", "clock")


@pytest.mark.parametrize("name", ["bob", "pia", "rita"])
def test_who_has_done_something_cannot_be_deleted_behind_the_trail(cast, name):
    request = stories.send(cast)
    stories.reply_unsolved(request, cast, now=NOON)
    actions.approve(request, by=cast.as_rita, now=NOON)
    with pytest.raises(ProtectedError):
        getattr(cast, name).delete()


def test_who_is_gone_is_still_named(cast):
    request = stories.send(cast)
    actions.urge(request, by=platform(gone := UserFactory(first_name="小李"), Role.AGENT), now=NOON)
    pk = gone.pk
    gone.delete()
    row = last(request)
    assert (row.actor_name, row.history_user_id, row.history_user) == ("小李", pk, None)


def test_a_login_is_no_change_of_the_user(cast, client):
    before = cast.bob.history.count()
    client.login(username="bob", password=PASSWORD)
    cast.bob.refresh_from_db()
    assert cast.bob.last_login and cast.bob.history.count() == before


def test_the_trail_names_who_has_changed_his_own_password(cast, client):
    client.force_login(cast.bob)
    new = "another horse battery"
    said = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("workbench:password_change"), said).status_code == 302
    row = last(cast.bob)
    assert (row.move, row.actor_name, row.actor_role) == ("change_password", "鲍勃", "merchant")


def test_a_consumers_link_is_not_in_the_trail():
    assert "link" not in {field.name for field in ConsumerMessage.history.model._meta.concrete_fields}


def test_a_consumers_name_phone_and_address_are_not_in_the_trail():
    trails = {field.name for field in Consumer.history.model._meta.concrete_fields}
    assert not trails & {"name", "phone", "address"}
    for model in apps.get_models():
        if hasattr(model, "tracked_fields") and model is not Shop.history.model:
            names = {field.name for field in model._meta.concrete_fields}
            assert not names & {"phone", "address", "password", "last_login"}, model


def test_a_rolled_back_change_leaves_no_row(cast):
    request = stories.send(cast)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.urge(request, by=cast.as_pia, now=NOON)
        raise RuntimeError
    assert stories.fresh(request).urges == 0
    assert request.history.count() == 1


def test_nothing_that_is_done_outside_an_act_is_laid_to_anybody(cast):
    shop = Shop.objects.create(no="S009", name="新店", created_at=NOON)
    row = shop.history.get()
    assert (row.actor_role, row.actor_name, row.history_user_id, row.move) == ("system", "", None, "")
    assert current().by == SYSTEM


def test_an_inner_act_keeps_what_the_outer_said_and_gives_it_back():
    with acting(CLOCK, request_id="r1", reason="外"):
        with acting(move="urge"):
            assert (current().by, current().request_id, current().move) == (CLOCK, "r1", "urge")
        assert (current().move, current().reason) == ("", "外")
    assert current().request_id == ""


def test_the_changes_of_a_record_are_told_newest_first_with_what_was_before(cast):
    request = stories.send(cast)
    actions.urge(request, by=cast.as_pia, now=NOON)
    newest, oldest = history.changes_of(request)
    assert (newest.action, newest.who, newest.at) == ("urge", "皮娅", NOON)
    changed = {str(field.label): (field.before, field.after) for field in newest.fields}
    assert (0, 1) in changed.values()
    assert len(changed) == 2
    assert oldest.action == "create"
    assert all(field.before == "" for field in oldest.fields)


def test_every_action_has_words_on_the_trails_page():
    folders = (settings.BASE_DIR / name for name in ("shop_cs", "tickets", "disputes"))
    code = "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    assert set(re.findall(r'move="(\w+)"', code)) <= ACTIONS.keys()
