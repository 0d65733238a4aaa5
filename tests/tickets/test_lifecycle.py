"""The lifecycle against a table of its own, cell by cell; and its laws under any sequence of acts and hours."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop_cs import clock
from shop_cs.actors import Actor, Role
from shop_cs.clock import SHANGHAI
from shop_cs.models import PERMISSIONS, Rulebook
from shop_cs.moves import Refused, why_not
from tests import stories
from tests.people import TUESDAY_10
from tickets import actions, moves
from tickets.models import ServiceRequest, State

HOUR = timedelta(hours=1)
STATES = ("", "scheduled", "pending", "confirming", "reviewing", "closed")
# Written from the table of the domain, not from the code: by whom; then for each state where it leads (">"), or the
# reason why it does not (`SHORT` spells it out). Before "|" the rulebook has the confirming stage, behind it has not.
TABLE = """
move            by               new                scheduled pending               confirming  reviewing  closed
create          agent+import+api >scheduled|pending -         -                     -           -          -
send            clock            -                  >pending  -                     -           -          -
reply_solved    merchant         -                  -         >confirming|reviewing replied     replied    closed
reply_unsolved  merchant         -                  -         >reviewing            replied     replied    closed
overdue         clock            -                  -         >reviewing            -           -          -
satisfied       consumer         answered           answered  answered              >closed     answered   answered
dissatisfied    consumer         answered           answered  answered              >reviewing  answered   answered
unconfirmed     clock            -                  -         -                     >reviewing  -          -
approve         reviewer         -                  -         -                     -           >closed    decided
reject          reviewer         -                  -         -                     -           >pending   decided
attach          merchant         -                  -         >pending              replied     replied    closed
log_contact     merchant         -                  -         >pending              replied     replied    closed
link_after_sale merchant         -                  -         >pending              replied     replied    closed
urge            agent            -                  -         >pending              >confirming >reviewing -
due_soon        clock            -                  -         >pending              -           -          -
send_survey     clock            -                  -         -                     >confirming -          -
remind          merchant         answered           answered  answered              >confirming answered   answered
platform_late   clock            -                  -         -                     -           >reviewing -
"""
SHORT = {"-": "state", "replied": "already_replied"}
ROWS = {name: (by.split("+"), cells) for name, by, *cells in map(str.split, TABLE.strip().splitlines()[1:])}
MOVES = {move.name: move for move in moves.LIFECYCLE + moves.BESIDE}


def expected(name, state, *, stage):
    """The state to which the move leads there, or None and the reason why it does not."""
    cell = ROWS[name][1][STATES.index(state)]
    if not cell.startswith(">"):
        return None, SHORT.get(cell, cell)
    with_stage, _bar, without = cell[1:].partition("|")
    return with_stage if stage or not without else without, None


def standing(state, name, *, stage):
    """A request in memory in that state for which time speaks neither against the move nor for another."""
    late = name in {"overdue", "unconfirmed", "platform_late"}
    moment = TUESDAY_10 - HOUR if late else TUESDAY_10 + HOUR
    opens_tomorrow = stage and name == "create"
    return ServiceRequest(
        no="SR1",
        shop_id=1,
        state=state,
        rulebook=Rulebook(name="r", windows=["09:00-21:00"], confirming_stage=stage),
        created_at=TUESDAY_10 - HOUR,
        send_at=TUESDAY_10 + HOUR if opens_tomorrow else TUESDAY_10 - HOUR,
        sent_at=None,
        deadline=moment,
        confirm_until=None if name == "send_survey" else moment,
        review_due=moment,
        due_soon_at=TUESDAY_10,
    )


def actor(role):
    return Actor(Role(role), shop_id=1, post="岗位", permissions=frozenset(PERMISSIONS))


@pytest.mark.parametrize("stage", [True, False], ids=["with-confirming", "without"])
@pytest.mark.parametrize("name", ROWS)
def test_each_role_in_each_state_may_make_the_move_or_hears_why_not_as_the_table_says(name, stage):
    move = MOVES[name]
    now = TUESDAY_10 + HOUR if name == "send" else TUESDAY_10
    for role, state in product(Role.values, STATES):
        record = standing(state, name, stage=stage)
        target, reason = expected(name, state, stage=stage)
        refusal = why_not(record, move, by=actor(role), now=now)
        if role not in ROWS[name][0]:
            assert (refusal.code, refusal.status) == ("role", 403), (role, state)
        elif target:
            assert refusal is None, (role, state)
            assert move.target_of(record) == target
        else:
            assert (refusal.code, refusal.status) == (reason, 409), (role, state)


def test_the_table_has_every_move_and_nothing_else():
    assert ROWS.keys() == MOVES.keys()
    assert set(STATES[1:]) == set(State.values) == set(moves.TURN)


def test_a_reviewer_hears_of_a_decision_only_where_there_was_one():
    again = standing("pending", "approve", stage=False)
    again.round = 2
    assert why_not(again, moves.APPROVE, by=actor("reviewer"), now=TUESDAY_10).code == "decided"
    assert why_not(again, moves.REJECT, by=actor("reviewer"), now=TUESDAY_10).code == "decided"


@pytest.mark.parametrize("name", [name for name, (by, _cells) in ROWS.items() if by == ["merchant"]])
def test_another_shops_merchant_is_told_that_there_is_nothing_and_a_post_without_leave_is_named(name):
    record = standing("confirming" if name == "remind" else "pending", name, stage=True)
    stranger = Actor(Role.MERCHANT, shop_id=2, permissions=frozenset(PERMISSIONS))
    assert why_not(record, MOVES[name], by=stranger, now=TUESDAY_10).status == 404
    intern = Actor(Role.MERCHANT, shop_id=1, post="实习生", permissions=frozenset({"export_requests"}))
    refusal = why_not(record, MOVES[name], by=intern, now=TUESDAY_10)
    assert (refusal.code, refusal.status) == ("permission", 403)
    assert "实习生" in str(refusal.text)


@pytest.fixture(params=[True, False], ids=["with-confirming", "without"])
def stage(request, cast):
    if request.param:
        stories.confirming_rules()
    return request.param


LATER = TUESDAY_10 + timedelta(hours=3)


def acts(cast):
    """Each lifecycle move as the act that makes it: from which state, and how."""
    silence = timedelta(days=40)
    return {
        "send": ("scheduled", lambda r: stories.sweep_at(TUESDAY_10)),
        "reply_solved": ("pending", lambda r: stories.reply_solved(r, cast, now=LATER)),
        "reply_unsolved": ("pending", lambda r: stories.reply_unsolved(r, cast, now=LATER)),
        "overdue": ("pending", lambda r: actions.mark_overdue([r], now=TUESDAY_10 + silence)),
        "satisfied": ("confirming", lambda r: answer(r, satisfied=True)),
        "dissatisfied": ("confirming", lambda r: answer(r, satisfied=False)),
        "unconfirmed": ("confirming", lambda r: actions.unconfirmed([r], now=TUESDAY_10 + silence)),
        "approve": ("reviewing", lambda r: actions.approve(r, by=cast.as_rita, now=LATER)),
        "reject": ("reviewing", lambda r: actions.reject(r, reason="缺凭证", by=cast.as_rita, now=LATER)),
        "urge": ("pending", lambda r: actions.urge(r, by=cast.as_pia, now=LATER)),
        "due_soon": ("pending", lambda r: actions.tell_due_soon([r], now=TUESDAY_10 + timedelta(days=1))),
        "remind": ("confirming", lambda r: actions.remind(r, by=cast.as_bob, now=LATER)),
        "platform_late": ("reviewing", lambda r: actions.mark_platform_late([r], now=TUESDAY_10 + silence)),
    }


def answer(request, *, satisfied, now=LATER):
    return actions.answer_survey(stories.survey_of(request), satisfied=satisfied, now=now)


def test_each_allowed_move_when_made_leads_where_the_table_says_and_is_told_in_the_trail(cast, stage):
    for name, (source, act) in acts(cast).items():
        if source == "confirming" and not stage:
            continue
        request = stories.reach(cast, source)
        act(request)
        now_is = stories.fresh(request)
        assert now_is.state == expected(name, source, stage=stage)[0], name
        told = now_is.history.latest("history_id")
        assert (told.move, told.state) == (name, now_is.state)
        assert told.actor_role in ROWS[name][0]
        assert told.rulebook_name == ("2022-12" if stage else "current")


def test_the_survey_goes_out_without_another_state(cast):
    stories.confirming_rules()
    request = stories.reply_solved(stories.send(cast), cast, now=LATER)
    stories.sweep_at(LATER)
    assert stories.fresh(request).state == "confirming"
    assert stories.fresh(request).history.latest("history_id").move == "send_survey"


MINUTES = st.sampled_from([0, 1, 29, 60, 61, 240, 719, 720, 1440, 2881, 14400])
VERBS = ["sweep", "sweep", "solved", "unsolved", "satisfied", "dissatisfied", "remind", "urge", "approve", "reject"]
LIVES = st.lists(st.tuples(st.sampled_from(VERBS), MINUTES), max_size=14)


def do(verb, request, cast, now):
    by_name = {
        "sweep": lambda: stories.sweep_at(now),
        "solved": lambda: stories.reply_solved(request, cast, now=now),
        "unsolved": lambda: stories.reply_unsolved(request, cast, now=now),
        "remind": lambda: actions.remind(request, by=cast.as_bob, now=now),
        "urge": lambda: actions.urge(request, by=cast.as_pia, now=now),
        "approve": lambda: actions.approve(request, by=cast.as_rita, now=now),
        "reject": lambda: actions.reject(request, reason="再核实", by=cast.as_ray, now=now),
    }
    if verb in by_name:
        return by_name[verb]()
    survey = request.surveys.order_by("round").last()
    return survey and actions.answer_survey(survey, satisfied=verb == "satisfied", now=now)


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in ServiceRequest._meta.concrete_fields}


def check_standing(request, now):
    assert columns(request.history.latest("history_id")) == columns(request)
    for said in ("replies", "reviews", "surveys"):
        rounds = [row.round for row in getattr(request, said).all()]
        assert len(rounds) == len(set(rounds)) <= request.round
    if request.state != State.SCHEDULED:
        calendar = request.rulebook.rules().calendar
        assert clock.is_open(calendar, request.round_opened_at)
        assert request.sent_at <= request.round_opened_at <= request.deadline
        assert request.deadline == clock.deadline(calendar, request.round_opened_at, request.limit)
    assert request.overdue_at is None or request.overdue_at < now


def check_step(before, after):
    assert after.state in State.values
    assert after.state == State.CLOSED or before.state != State.CLOSED
    assert before.overdue_at in (None, after.overdue_at)
    assert after.round - before.round in (0, 1)
    assert after.urges >= before.urges
    if after.round == before.round and before.deadline:
        assert after.deadline == before.deadline


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(opens=st.integers(0, 23), life=LIVES)
def test_whatever_is_done_whenever_the_laws_of_a_request_hold(cast, stage, opens, life):
    now = TUESDAY_10.astimezone(SHANGHAI).replace(hour=opens)
    request = stories.send(cast, now=now)
    for verb, minutes in life:
        now += timedelta(minutes=minutes)
        before = stories.fresh(request)
        try:
            do(verb, before, cast, now)
        except Refused:
            assert columns(stories.fresh(request)) == columns(before)
        after = stories.fresh(request)
        check_step(before, after)
        check_standing(after, now)
