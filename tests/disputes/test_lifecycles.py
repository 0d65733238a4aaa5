"""The five lifecycles against tables of their own, cell by cell: every row, every role, every state."""

from datetime import timedelta
from itertools import product

import pytest

from disputes import moves
from disputes.models import (
    Appeal,
    AppealState,
    Case,
    CaseState,
    Filing,
    FilingState,
    Report,
    ReportState,
    Violation,
    ViolationState,
)
from shop_cs.actors import Actor, Role
from shop_cs.models import PERMISSIONS, Rulebook
from shop_cs.moves import why_not
from tests.people import TUESDAY_10

HOUR = timedelta(hours=1)
# Written from the domain, not from the code: by whom; then for each state where it leads (">", "=" for nowhere else),
# or the reason why it does not ("-": the usual one). A large award before "|", a small one behind it.
CASES = """
move            by           new         collecting   negotiating arbitrating paying             confirming   closed
open_case       agent+import >collecting -            -           -           -                  -            -
offer           merchant     -           >negotiating negotiating heard       ruled              ruled        ruled
accept_offer    consumer     answered    answered     >paying     answered    answered           answered     answered
decline_offer   consumer     answered    answered     >collecting answered    answered           answered     answered
offer_lapsed    clock        -           -            >collecting -           -                  -            -
both_heard      clock        -           >arbitrating -           -           -                  -            -
evidence_over   clock        -           >arbitrating -           -           -                  -            -
withdraw_case   consumer     -           >closed      >closed     >closed     decided            decided      decided
ask_more        reviewer     -           -            -           >collecting decided            decided      decided
rule_consumer   reviewer     -           -            -           >paying     decided            decided      decided
rule_shared     reviewer     -           -            -           >paying     decided            decided      decided
rule_merchant   reviewer     -           -            -           >closed     decided            decided      decided
pay             merchant     -           -            -           -           >closed            late         late
refuse_payment  reviewer     -           -            -           -           -                  -            >paying
unpaid          clock        -           -            -           -           >confirming|closed -            -
not_resent      clock        -           -            -           -           >arbitrating       -            -
confirm_payment reviewer     -           -            -           -           -                  >closed      -
send_back       reviewer     -           -            -           -           -                  >arbitrating -
release         reviewer     -           -            -           -           >closed            >closed      -
state_case      merchant     -           =            =           heard       ruled              ruled        ruled
consumer_states consumer     -           =            =           heard       ruled              ruled        ruled
exhibit         merchant     -           =            =           heard       ruled              ruled        ruled
consumer_shows  consumer     -           =            =           heard       ruled              ruled        ruled
case_due_soon   clock        -           =            -           -           -                  -            -
reduce          reviewer     -           -            -           -           =                  =            -
clear_case      reviewer     -           -            -           -           =                  =            =
"""
APPEALS = """
move           by       new   open     granted part    denied
appeal         merchant >open -        -       -       -
grant          reviewer -     >granted decided decided decided
grant_part     reviewer -     >part    decided decided decided
deny           reviewer -     >denied  decided decided decided
exhibit_appeal merchant -     =        closed  closed  closed
"""
VIOLATIONS = """
move    by             new       proposed   upheld   dismissed excused revoked
propose clock+reviewer >proposed -          -        -         -       -
uphold  reviewer       -         >upheld    decided  decided   decided decided
dismiss reviewer       -         >dismissed decided  decided   decided decided
excuse  clock+reviewer -         >excused   >excused -         -       -
revoke  reviewer       -         -          >revoked -         -       -
"""
REPORTS = """
move            by       new        submitted      investigating upheld         dismissed      withdrawn
report          merchant >submitted -              -             -              -              -
withdraw_report merchant -          >withdrawn     -             closed         closed         closed
take_up         reviewer -          >investigating -             decided        decided        decided
uphold_report   reviewer -          -              >upheld       decided        decided        decided
dismiss_report  reviewer -          >dismissed     >dismissed    decided        decided        decided
reopen_report   reviewer -          -              -             >investigating >investigating -
exhibit_report  merchant -          =              =             closed         closed         closed
"""
FILINGS = """
move            by       new        submitted  approved rejected expired withdrawn
file            merchant >submitted -          -        -        -       -
withdraw_filing merchant -          >withdrawn closed   closed   closed  closed
approve_filing  reviewer -          >approved  decided  decided  decided decided
reject_filing   reviewer -          >rejected  decided  decided  decided decided
expire_filing   clock    -          -          >expired -        -       -
exhibit_filing  merchant -          =          closed   closed   closed  closed
"""
BOOK = Rulebook(name="r", second_reviewer_fen=1_000, offers_max=3)
AFTERWARDS = {"evidence_over", "offer_lapsed", "unpaid", "not_resent", "expire_filing"}


def a_case(state, name, *, large):
    """A case in memory for which time and money speak neither against the move nor for another."""
    moment = TUESDAY_10 - HOUR if name in AFTERWARDS else TUESDAY_10 + HOUR
    closed = state == CaseState.CLOSED
    return Case(
        pk=1,
        no="AR1",
        shop_id=1,
        state=state,
        rulebook=BOOK,
        deadline=moment,
        offer_until=moment,
        pay_due=moment,
        due_soon_at=TUESDAY_10,
        outcome="consumer",
        award_fen=1_001 if large else 1_000,
        remedy="resend" if name == "not_resent" else "amount",
        merchant_stated_at=TUESDAY_10,
        consumer_stated_at=TUESDAY_10,
        paid_at=TUESDAY_10 if closed and name == "refuse_payment" else None,
    )


def an_appeal(state, name, *, large):
    return Appeal(pk=1, no="AP1", shop_id=1, state=state, rulebook=BOOK, case=Case(pk=1, ruled_by_id=77))


def a_violation(state, name, *, large):
    return Violation(pk=1, no="VI1", shop_id=1, state=state, rulebook=BOOK)


def a_report(state, name, *, large):
    return Report(pk=1, no="RP1", shop_id=1, state=state, rulebook=BOOK)


def a_filing(state, name, *, large):
    return Filing(pk=1, no="FI1", shop_id=1, state=state, rulebook=BOOK, ends_at=TUESDAY_10 - HOUR)


LIFECYCLES = {
    "cases": (CASES, moves.cases, CaseState, a_case),
    "appeals": (APPEALS, moves.appeals, AppealState, an_appeal),
    "violations": (VIOLATIONS, moves.violations, ViolationState, a_violation),
    "reports": (REPORTS, moves.reports, ReportState, a_report),
    "filings": (FILINGS, moves.filings, FilingState, a_filing),
}


def read(table):
    """{move: (roles, {state: cell})} of a table."""
    head, *rows = map(str.split, table.strip().splitlines())
    states = ["" if state == "new" else state for state in head[2:]]
    return {name: (by.split("+"), dict(zip(states, cells, strict=True))) for name, by, *cells in rows}


TABLES = {name: read(table) for name, (table, *_rest) in LIFECYCLES.items()}
ROWS = [(lifecycle, name) for lifecycle, table in TABLES.items() for name in table]


def actor(role, **more):
    said = {"shop_id": 1, "user_id": 5, "post": "岗位", "permissions": frozenset(PERMISSIONS), **more}
    return Actor(Role(role), **said)


def move_of(lifecycle, name):
    module = LIFECYCLES[lifecycle][1]
    return next(move for move in (*module.LIFECYCLE, *module.BESIDE) if move.name == name)


def expected(cell, state, *, large):
    """(state to which it leads, reason why not)."""
    if cell == "=":
        return state, None
    if not cell.startswith(">"):
        return None, "state" if cell == "-" else cell
    big, _bar, small = cell[1:].partition("|")
    return (big if large or not small else small), None


@pytest.mark.parametrize("large", [True, False], ids=["large", "small"])
@pytest.mark.parametrize(("lifecycle", "name"), ROWS)
def test_each_role_in_each_state_may_make_the_move_or_hears_why_not_as_the_table_says(db, lifecycle, name, large):
    move, standing = move_of(lifecycle, name), LIFECYCLES[lifecycle][3]
    by, cells = TABLES[lifecycle][name]
    for role, (state, cell) in product(Role.values, cells.items()):
        record = standing(state, name, large=large)
        target, reason = expected(cell, state, large=large)
        refusal = why_not(record, move, by=actor(role), now=TUESDAY_10)
        if role not in by:
            assert (refusal.code, refusal.status) == ("role", 403), (role, state)
        elif target is not None:
            assert refusal is None, (role, state, refusal)
            assert move.target_of(record) == target
        else:
            assert (refusal.code, refusal.status) == (reason, 409), (role, state)


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_the_tables_have_every_move_and_state_and_nothing_else(lifecycle):
    _table, module, states, _standing = LIFECYCLES[lifecycle]
    assert TABLES[lifecycle].keys() == {move.name for move in (*module.LIFECYCLE, *module.BESIDE)}
    assert all(cells.keys() - {""} == set(states.values) for _by, cells in TABLES[lifecycle].values())
    assert set(module.TURN) == set(states.values)


def test_no_two_moves_of_the_house_have_one_name():
    names = [move.name for module in moves.ALL for move in (*module.LIFECYCLE, *module.BESIDE)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("lifecycle", "name"), [(one, name) for one, name in ROWS if TABLES[one][name][0] == ["merchant"]]
)
def test_another_shops_merchant_is_told_that_there_is_nothing_and_a_post_without_leave_is_named(db, lifecycle, name):
    move, standing = move_of(lifecycle, name), LIFECYCLES[lifecycle][3]
    state = next(state for state, cell in TABLES[lifecycle][name][1].items() if cell[0] in ">=")
    record = standing(state, name, large=False)
    assert why_not(record, move, by=actor("merchant", shop_id=2), now=TUESDAY_10).status == 404
    intern = actor("merchant", post="实习生", permissions=frozenset({"export_requests"}))
    refusal = why_not(record, move, by=intern, now=TUESDAY_10)
    assert (refusal.code, refusal.status) == ("permission", 403)
    assert "实习生" in str(refusal.text)


@pytest.mark.parametrize(
    ("name", "state", "field"),
    [
        ("state_case", "collecting", "deadline"),
        ("exhibit", "negotiating", "deadline"),
        ("consumer_states", "collecting", "deadline"),
        ("offer", "collecting", "deadline"),
        ("accept_offer", "negotiating", "offer_until"),
        ("decline_offer", "negotiating", "offer_until"),
        ("pay", "paying", "pay_due"),
    ],
)
def test_at_the_very_instant_it_is_in_time_and_a_microsecond_later_it_is_late(db, name, state, field):
    move = move_of("cases", name)
    record = a_case(state, name, large=False)
    setattr(record, field, TUESDAY_10)
    by = actor(TABLES["cases"][name][0][0])
    assert why_not(record, move, by=by, now=TUESDAY_10) is None
    assert why_not(record, move, by=by, now=TUESDAY_10 + timedelta(microseconds=1)).code == "late"


@pytest.mark.parametrize(
    ("name", "state", "field"),
    [
        ("evidence_over", "collecting", "deadline"),
        ("offer_lapsed", "negotiating", "offer_until"),
        ("unpaid", "paying", "pay_due"),
        ("not_resent", "paying", "pay_due"),
    ],
)
def test_the_clock_leaves_the_very_instant_to_who_could_act(db, name, state, field):
    move = move_of("cases", name)
    record = a_case(state, name, large=False)
    setattr(record, field, TUESDAY_10)
    assert why_not(record, move, by=actor("clock"), now=TUESDAY_10).code == "not_due"
    assert why_not(record, move, by=actor("clock"), now=TUESDAY_10 + timedelta(microseconds=1)) is None


DECISIONS = ["ask_more", "rule_consumer", "rule_shared", "rule_merchant"]


@pytest.mark.parametrize("name", DECISIONS)
def test_a_reviewer_never_decides_a_case_that_he_opened(db, name):
    record = a_case("arbitrating", name, large=False)
    record.opened_by_id = 5
    assert why_not(record, move_of("cases", name), by=actor("reviewer"), now=TUESDAY_10).code == "own_case"
    assert why_not(record, move_of("cases", name), by=actor("reviewer", user_id=6), now=TUESDAY_10) is None


@pytest.mark.parametrize("name", ["confirm_payment", "send_back"])
@pytest.mark.parametrize(("field", "code"), [("ruled_by_id", "own_ruling"), ("opened_by_id", "own_case")])
def test_the_second_reviewer_is_another_one(db, name, field, code):
    record = a_case("confirming", name, large=True)
    setattr(record, field, 5)
    assert why_not(record, move_of("cases", name), by=actor("reviewer"), now=TUESDAY_10).code == code
    assert why_not(record, move_of("cases", name), by=actor("reviewer", user_id=6), now=TUESDAY_10) is None


@pytest.mark.parametrize("name", ["grant", "grant_part", "deny"])
def test_a_reviewer_never_decides_an_appeal_against_his_own_ruling(db, name):
    record = an_appeal("open", name, large=False)
    assert (
        why_not(record, move_of("appeals", name), by=actor("reviewer", user_id=77), now=TUESDAY_10).code == "own_ruling"
    )
    assert why_not(record, move_of("appeals", name), by=actor("reviewer"), now=TUESDAY_10) is None


def test_the_second_reviewers_amount_itself_needs_none(db):
    move = move_of("cases", "unpaid")
    assert move.target_of(a_case("paying", "unpaid", large=False)) == "closed"
    assert move.target_of(a_case("paying", "unpaid", large=True)) == "confirming"
