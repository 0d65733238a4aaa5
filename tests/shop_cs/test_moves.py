"""The one writer of a status: what it asks, in which order, and that a refusal changes nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop_cs import moves
from shop_cs.actors import CLOCK, Actor, Role
from shop_cs.models import Notice
from tests import stories
from tests.people import TUESDAY_10
from tickets import moves as table
from tickets.models import ServiceRequest

HOUR = timedelta(hours=1)


def test_a_stamp_tells_state_and_round_and_an_old_one_is_stale(cast):
    request = stories.send(cast)
    assert moves.stamp(request) == "pending:1"
    assert moves.stale(request, "pending:1") is None
    assert moves.stale(request, "") is None
    assert moves.stale(request, "pending:2").code == moves.stale(request, "reviewing:1").code == "stale"


def test_the_row_is_read_again_so_what_the_caller_holds_does_not_matter(cast):
    request = stories.send(cast)
    stories.reply_unsolved(request, cast, now=TUESDAY_10)
    request.deadline = None
    with pytest.raises(moves.Refused) as refused:
        moves.make(request, table.REPLY_UNSOLVED, by=cast.as_bob, now=TUESDAY_10)
    assert refused.value.refusal.code == "already_replied"


def test_changes_may_be_a_mapping_or_a_function_of_the_locked_row(cast):
    request = stories.send(cast)
    made = moves.make(request, table.URGE, by=cast.as_pia, now=TUESDAY_10, changes={"urges": 7})
    assert made.urges == 7
    more = moves.make(request, table.URGE, by=cast.as_pia, now=TUESDAY_10, changes=lambda row: {"urges": row.urges + 1})
    assert more.urges == stories.fresh(request).urges == 8


def test_a_refusal_is_words_for_the_user_with_a_status(cast):
    request = stories.send(cast)
    refusal = moves.why_not(request, table.APPROVE, by=cast.as_bob, now=TUESDAY_10)
    assert (refusal.code, refusal.status) == ("role", 403)
    assert str(moves.Refused(refusal)) == str(refusal.text)


def test_the_button_and_the_act_give_the_same_reason(cast):
    request = stories.reach(cast, "reviewing")
    button = moves.why_not(request, table.REPLY_SOLVED, by=cast.as_bob, now=TUESDAY_10)
    with pytest.raises(moves.Refused) as refused:
        moves.hold(request, table.REPLY_SOLVED, by=cast.as_bob, now=TUESDAY_10)
    assert refused.value.refusal == button


def test_of_many_those_that_may_not_are_left_out_in_silence(cast):
    due, answered = stories.send(cast), stories.reach(cast, "reviewing")
    early = stories.send(cast, kind="agreed", agreed=100 * HOUR)
    rows = [stories.fresh(one) for one in (due, answered, early)]
    now = due.deadline + HOUR
    changes = {"overdue_at": due.deadline, "last_overdue_round": 1, "reviewing_since": now, "review_due": now}
    moved = moves.make_many(rows, table.OVERDUE, by=CLOCK, now=now, changes=changes)
    assert moved == [due]
    assert stories.fresh(early).state == "pending"
    assert stories.fresh(answered).overdue_at is None
    assert moves.make_many([], table.OVERDUE, by=CLOCK, now=now) == []


def test_many_at_once_are_written_in_a_few_statements(cast):
    spent = []
    for many in (5, 50):
        rows = [stories.fresh(stories.send(cast)) for _ in range(many)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            moves.make_many(rows, table.DUE_SOON, by=CLOCK, now=rows[0].deadline, changes={})
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 6


def test_a_new_record_begins_by_its_first_move_or_not_at_all(cast):
    template = stories.send(cast)
    template.pk, template.no, template.state = None, "SR-new", ""
    rita = Actor(Role.REVIEWER)
    with pytest.raises(moves.Refused):
        moves.begin(template, table.CREATE, by=rita, now=TUESDAY_10)
    assert not ServiceRequest.everything.filter(no="SR-new").exists()
    template.sent_at = None
    begun = moves.begin(template, table.CREATE, by=cast.as_pia, now=TUESDAY_10, changes={"sent_at": TUESDAY_10})
    assert begun.state == "pending"
    assert begun.history.get().move == "create"


def test_when_the_trail_cannot_be_written_nothing_is(cast, monkeypatch):
    request = stories.send(cast)
    Notice.everything.all().delete()
    monkeypatch.setattr("shop_cs.models.trail.TrailRow.said", staticmethod(lambda: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        stories.reply_unsolved(request, cast, now=TUESDAY_10)
    monkeypatch.undo()
    assert stories.fresh(request).state == "pending"
    assert not request.replies.exists()
    assert not Notice.everything.exists()
