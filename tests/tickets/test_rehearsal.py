"""A version of the rulebook rehearsed on requests made by hand: whose deadline moves, and who would have missed it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop_cs import sweep
from shop_cs.models import Rulebook
from shop_cs.moves import Refused
from shop_cs.rules import URGENT_CATEGORIES, Category
from tests.people import TUESDAY_10, shanghai
from tests.stories import confirming_rules, fresh, reach, reply_unsolved, send, sweep_at
from tickets import actions
from tickets.models import Rehearsal, ServiceRequest, State
from tickets.planning import rehearsals, rehearsing

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
TUESDAY_20 = TUESDAY_10 + 10 * HOUR
MONDAY_10 = TUESDAY_10 - DAY


def draft(hours=None, **changed):
    """A version to come: the current one, with another limit for products where `hours` says one."""
    book = Rulebook.objects.get(name="current")
    book.pk, book.name, book.effective_from = None, "draft", shanghai("2027-01-01 00:00")
    if hours:
        book.categories = {**book.categories, "product": {"kind": "general", "minutes": hours * 60}}
    for name, value in changed.items():
        setattr(book, name, value)
    book.save()
    return book


def rehearsed(cast, book, *, now=TUESDAY_20, days=90):
    """The findings of a rehearsal that a worker has brought to its end."""
    asked = rehearsals.ask(rulebook=book, days=days, by=cast.as_rita, now=now)
    while not asked.ended_at:
        sweep_at(now)
        asked.refresh_from_db()
    return asked


def counts(rehearsal):
    return {name: number for name, number in rehearsal.findings["counts"].items() if number}


def test_a_shorter_limit_moves_the_deadline_earlier_by_its_working_time(cast):
    request = send(cast)
    told = rehearsed(cast, draft(hours=14))
    assert (counts(told), told.total, told.done) == ({"earlier": 1}, 1, 1)
    (example,) = told.findings["examples"]["earlier"]
    assert (example["no"], example["minutes"]) == (request.no, 600)
    assert rehearsing.instant(example["old"]) == request.deadline == shanghai("2026-03-05 10:00")
    assert rehearsing.instant(example["new"]) == shanghai("2026-03-04 12:00")
    assert told.findings["buckets"]["earlier"]["720"] == 1
    assert told.findings["largest"] == {"earlier": example}
    assert told.findings["types"]["product general"]["earlier"] == 1


@pytest.mark.parametrize(
    ("hours", "bucket"), [(25, "60"), (26, "240"), (28, "240"), (29, "720"), (48, "1440"), (49, "more")]
)
def test_a_longer_limit_moves_it_later_and_the_buckets_have_edges(cast, hours, bucket):
    send(cast)
    told = rehearsed(cast, draft(hours=hours))
    assert counts(told) == {"later": 1}
    assert [key for key, number in told.findings["buckets"]["later"].items() if number] == [bucket]


def test_other_hours_move_what_is_scheduled_too(cast):
    request = reach(cast, State.SCHEDULED)
    told = rehearsed(cast, draft(windows=["10:00-21:00"]), now=request.created_at + HOUR)
    (example,) = told.findings["examples"]["later"]
    assert rehearsing.instant(example["old"]) == shanghai("2026-03-04 21:00")
    assert rehearsing.instant(example["new"]) == shanghai("2026-03-05 12:00")


@pytest.mark.parametrize(("after", "missed"), [(2 * HOUR, 0), (2 * HOUR + SECOND, 1)])
def test_a_past_reply_would_have_been_late_or_at_the_very_instant_in_time(cast, after, missed):
    reply_unsolved(send(cast), cast, now=TUESDAY_10 + after)
    told = rehearsed(cast, draft(hours=2))
    assert told.findings["counts"]["newly"] == missed


@pytest.mark.parametrize(("hours", "relieved"), [(24, 0), (25, 1), (23, 0)])
def test_what_was_overdue_would_have_had_more_time(cast, hours, relieved):
    request = send(cast, now=TUESDAY_10 - 7 * DAY)
    sweep_at(TUESDAY_10)
    assert fresh(request).overdue_at
    assert rehearsed(cast, draft(hours=hours)).findings["counts"]["relieved"] == relieved


@pytest.mark.parametrize(("now", "over"), [(TUESDAY_10 + 2 * HOUR, 0), (TUESDAY_10 + 2 * HOUR + SECOND, 1)])
def test_an_open_request_would_be_overdue_after_the_new_deadline_only(cast, now, over):
    send(cast)
    assert rehearsed(cast, draft(hours=2), now=now).findings["counts"]["over_now"] == over


def test_an_open_request_that_is_over_would_not_be(cast):
    send(cast, now=TUESDAY_10 - 3 * DAY)
    told = rehearsals.ask(rulebook=draft(hours=100), days=90, by=cast.as_rita, now=TUESDAY_10)
    # No worker has noticed yet that its time is over.
    rehearsals.go_on([told], now=TUESDAY_10)
    assert counts(told) == {"later": 1, "not_over_now": 1}


def test_a_later_round_is_replayed_from_its_rejection(cast):
    request = reply_unsolved(send(cast), cast, now=TUESDAY_10 + HOUR)
    night = shanghai("2026-03-03 22:00")
    request = actions.reject(request, reason="补充", by=cast.as_rita, now=night)
    told = rehearsed(cast, draft(windows=["08:00-21:00"]), now=night)
    (example,) = told.findings["examples"]["earlier"]
    assert rehearsing.instant(example["old"]) == request.deadline == shanghai("2026-03-06 09:00") - 12 * HOUR
    assert rehearsing.instant(example["new"]) == shanghai("2026-03-05 19:00")


@pytest.mark.parametrize(("at_least", "refused"), [(5 * 60, 0), (5 * 60 + 1, 1)])
def test_an_agreed_limit_stays_where_the_version_allows_it(cast, at_least, refused):
    send(cast, kind="agreed", agreed=5 * HOUR)
    told = rehearsed(cast, draft(hours=2, agreed_min_minutes=at_least))
    assert counts(told) == ({"refused": 1} if refused else {})
    assert told.findings["same"] == 1 - refused


def test_a_type_that_becomes_urgent_has_the_urgent_limit(cast):
    send(cast)
    book = draft()
    book.categories["product"] = {"kind": "urgent", "minutes": 120}
    book.save()
    told = rehearsed(cast, book)
    assert told.findings["examples"]["earlier"][0]["minutes"] == 22 * 60


@pytest.mark.parametrize(("days", "seen"), [(1, 1), (2, 2)])
def test_the_period_counts_from_its_very_instant_and_what_is_open_counts_always(cast, days, seen):
    now = TUESDAY_10 + 2 * HOUR
    closed = [reply_unsolved(send(cast, now=at), cast, now=at + HOUR) for at in (now - DAY, now - DAY - SECOND)]
    for request in closed:
        actions.approve(request, by=cast.as_rita, now=now)
    assert rehearsed(cast, draft(), now=now, days=days).total == seen
    send(cast, now=now - 10 * DAY)
    assert rehearsals._to_replay(Rehearsal.objects.get()).count() == seen + 1


def test_what_comes_after_the_question_is_not_in_it(cast):
    asked = rehearsals.ask(rulebook=draft(), days=90, by=cast.as_rita, now=MONDAY_10)
    send(cast)
    sweep_at(TUESDAY_20)
    asked.refresh_from_db()
    assert (asked.total, asked.ended_at) == (0, TUESDAY_20)


MOMENTS = st.integers(0, 14 * 24 * 60).map(lambda minutes: TUESDAY_10 - timedelta(minutes=minutes))
KINDS = st.sampled_from([*Category.values])


def lived(cast, story):
    """A request that was replied to, forgotten or rejected some times."""
    created_at, category, agreed, steps = story
    kind = "urgent" if category in URGENT_CATEGORIES else "general"
    request = send(
        cast,
        now=created_at,
        category=category,
        **({"kind": "agreed", "agreed": 7 * HOUR} if agreed else {"kind": kind}),
    )
    for at in (created_at + n * 25 * HOUR for n in range(1, steps + 1)):
        sweep_at(at)
        request = fresh(request)
        if request.state == State.PENDING:
            reply_unsolved(request, cast, now=at)
        elif request.state == State.REVIEWING:
            actions.reject(request, reason="补充", by=cast.as_rita, now=at)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(MOMENTS, KINDS, st.booleans(), st.integers(0, 3)), min_size=1, max_size=3))
def test_a_version_that_says_the_same_moves_nothing(cast, stories):
    with transaction.atomic():
        for story in stories:
            lived(cast, story)
        told = rehearsals.ask(rulebook=draft(), days=90, by=cast.as_rita, now=TUESDAY_10 + 30 * DAY)
        rehearsals.go_on([told], now=told.asked_at)
        assert counts(told) == {}
        assert told.findings["same"] == told.total == ServiceRequest.everything.count()
        transaction.set_rollback(True)


def test_requests_of_another_version_are_compared_with_their_own_deadline(cast):
    confirming_rules()
    send(cast)
    told = rehearsed(cast, Rulebook.objects.get(name="2022-12"))
    assert (counts(told), told.findings["same"]) == ({}, 1)


@pytest.fixture
def small(monkeypatch):
    """Portions of two requests, two portions a pass."""
    monkeypatch.setattr(rehearsals, "PORTION", 2)
    monkeypatch.setattr(rehearsals, "PORTIONS", 2)


def test_a_pass_does_some_portions_and_the_next_goes_on(cast, small):
    for _n in range(5):
        send(cast)
    asked = rehearsals.ask(rulebook=draft(hours=2), days=90, by=cast.as_rita, now=TUESDAY_20)
    for done in (4, 5):
        sweep_at(TUESDAY_20)
        asked.refresh_from_db()
        assert (asked.done, asked.total, asked.ended_at is None) == (done, 5, done == 4)


@pytest.mark.parametrize("many", [4, 5, 6])
def test_resumed_after_a_kill_it_finds_what_one_run_finds(cast, small, monkeypatch, many):
    for n in range(many):
        send(cast, now=TUESDAY_10 - n * HOUR * 7)
    whole = rehearsed(cast, draft(hours=2))
    Rehearsal.objects.filter(pk=whole.pk).update(ended_at=None, done=0, upto=0, total=None)
    Rehearsal.objects.filter(pk=whole.pk).update(findings={**rehearsing.nothing(), "rules": whole.findings["rules"]})
    true, calls = rehearsing.add, []

    def killed(*args):
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt
        true(*args)

    monkeypatch.setattr(rehearsing, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        sweep_at(TUESDAY_20)
    broken = Rehearsal.objects.get(pk=whole.pk)
    assert (broken.done, broken.ended_at) == (2, None)
    while not broken.ended_at:
        sweep_at(TUESDAY_20)
        broken.refresh_from_db()
    assert (broken.findings, broken.done, broken.upto) == (whole.findings, whole.done, whole.upto)


def test_what_is_closed_between_two_portions_is_not_missing_at_the_end(cast, small):
    for _n in range(5):
        send(cast)
    asked = rehearsals.ask(rulebook=draft(), days=1, by=cast.as_rita, now=TUESDAY_20)
    sweep_at(TUESDAY_20)
    ServiceRequest.everything.order_by("pk").filter(pk__gt=Rehearsal.objects.get().upto).delete()
    sweep_at(TUESDAY_20)
    asked.refresh_from_db()
    assert (asked.done, asked.total, asked.ended_at, "cancelled" in asked.findings) == (4, 4, TUESDAY_20, False)


def test_a_portion_that_breaks_ends_the_rehearsal_as_failed(cast, small, monkeypatch, caplog):
    for _n in range(5):
        send(cast)
    asked = rehearsals.ask(rulebook=draft(hours=2), days=90, by=cast.as_rita, now=TUESDAY_20)
    true, calls = rehearsing.add, []

    def broken(*args):
        calls.append(args)
        if len(calls) == 4:
            raise ValueError("broken")
        true(*args)

    monkeypatch.setattr(rehearsing, "add", broken)
    for _n in range(2):
        sweep_at(TUESDAY_20)
    asked.refresh_from_db()
    assert (asked.done, asked.ended_at, asked.findings["failed"]) == (2, TUESDAY_20, True)
    assert (counts(asked), caplog.text.count("Traceback")) == ({"earlier": 2, "over_now": 2}, 1)


def test_a_database_that_is_away_ends_no_rehearsal(cast, monkeypatch):
    def away(*args, **said):
        raise OperationalError

    send(cast)
    asked = rehearsals.ask(rulebook=draft(), days=90, by=cast.as_rita, now=TUESDAY_20)
    monkeypatch.setattr(rehearsals, "_portion", away)
    with pytest.raises(OperationalError):
        rehearsals.go_on([asked], now=TUESDAY_20)
    assert Rehearsal.objects.get().ended_at is None


def test_changing_the_draft_meanwhile_changes_no_rehearsal(cast):
    send(cast)
    book = draft(hours=14)
    asked = rehearsals.ask(rulebook=book, days=90, by=cast.as_rita, now=TUESDAY_20)
    Rulebook.objects.filter(pk=book.pk).update(categories=Rulebook.objects.get(name="current").categories)
    sweep_at(TUESDAY_20)
    asked.refresh_from_db()
    assert counts(asked) == {"earlier": 1}


def test_one_of_a_version_runs_at_a_time_and_can_be_cancelled(cast):
    book = draft()
    said = {"rulebook": book, "days": 90, "by": cast.as_rita, "now": TUESDAY_20}
    first = rehearsals.ask(**said)
    with pytest.raises(Refused) as error:
        rehearsals.ask(**said)
    assert error.value.refusal.status == 409
    assert rehearsals.cancel(first, by=cast.as_rita, now=TUESDAY_20).ended_at == TUESDAY_20
    with pytest.raises(Refused):
        rehearsals.cancel(first, by=cast.as_rita, now=TUESDAY_20)
    second = rehearsals.ask(**said)
    assert not any(job.name == "rehearsals" and first in job.due(TUESDAY_20) for job in sweep.JOBS)
    rehearsals.delete(second, by=cast.as_rita)
    with pytest.raises(Refused):
        rehearsals.delete(second, by=cast.as_rita)


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (3660, True), (3661, False)])
def test_the_period_has_bounds(cast, days, fits):
    said = {"rulebook": draft(), "days": days, "by": cast.as_rita, "now": TUESDAY_20}
    if fits:
        assert rehearsals.ask(**said).created_from == TUESDAY_20 - days * DAY
    else:
        with pytest.raises(Refused):
            rehearsals.ask(**said)


@pytest.mark.parametrize("who", ["as_pia", "as_olive", "as_alice"])
def test_only_reviewers_rehearse(cast, who):
    with pytest.raises(Refused) as error:
        rehearsals.ask(rulebook=draft(), days=90, by=getattr(cast, who), now=TUESDAY_20)
    assert error.value.refusal.status == 403
