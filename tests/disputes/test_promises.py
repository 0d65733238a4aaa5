"""Promises kept by the database: each constraint of this app is broken once, past everything but the database."""

import copy

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from disputes import actions, searching
from disputes.models import (
    Appeal,
    Case,
    Compensation,
    Exhibit,
    Filing,
    FilingOrder,
    Offer,
    Penalty,
    RecordText,
    Report,
    ReportOrder,
    Violation,
)
from shop_cs.models import Rulebook
from tests import stories
from tests.case_stories import DAY, HOUR, compensated, open_case, proof
from tests.factories import OrderFactory
from tests.kept import made_once
from tests.people import TUESDAY_10


def our_models():
    return [
        model
        for model in apps.get_app_config("disputes").get_models()
        if not model._meta.proxy and not model.__name__.startswith("Historical")
    ]


def _of_the_shop(cast, no, **said):
    rulebook = Rulebook.objects.get(name="current")
    return {"no": no, "shop": cast.shop, "rulebook": rulebook, "made_at": TUESDAY_10, "made_by": cast.alice, **said}


def make_world(cast):
    """One of everything: a case that was paid in advance, with an open appeal; one with an offer; a violation …"""
    order = OrderFactory(shop=cast.shop)
    later = TUESDAY_10 + 30 * DAY
    negotiated = open_case(cast, now=later)
    actions.offer(negotiated, remedy="amount", amount_fen=5, by=cast.as_alice, now=later)
    Exhibit.everything.create(
        shop=cast.shop, case=negotiated, evidence=proof(negotiated), attached_by=cast.alice, attached_at=TUESDAY_10
    )
    made = compensated(cast, now=TUESDAY_10 + HOUR)
    Appeal.everything.create(
        **_of_the_shop(cast, "AP1", order=made.order, compensation=made, ground="other", text="误判", state="open")
    )
    report = Report.everything.create(
        **_of_the_shop(
            cast, "RP1", consumer=order.consumer, consumer_key="k", kind="abuse", text="辱骂", state="submitted"
        )
    )
    ReportOrder.everything.create(shop=cast.shop, report=report, order=order)
    span = {"starts_at": TUESDAY_10, "ends_at": TUESDAY_10 + HOUR}
    filing = Filing.everything.create(
        **_of_the_shop(cast, "FI1", kind="epidemic", text="封控", state="submitted", **span)
    )
    FilingOrder.everything.create(shop=cast.shop, filing=filing, order=order)
    _violation(cast, "VI1", "request", request=stories.send(cast), request_round=1)
    _violation(cast, "VI3", "request", request=Violation.everything.get(no="VI1").request, request_round=2)
    violation = _violation(cast, "VI2", "case", case=made.case)
    Penalty.everything.create(shop=cast.shop, violation=violation, measure="warning", from_at=TUESDAY_10)
    searching.rebuild()
    return cast


world = made_once(make_world)


def _violation(cast, no, source, **said):
    rulebook = Rulebook.objects.get(name="current")
    decided = {"decided_at": TUESDAY_10, "decided_by": cast.rita, "step": 1, "appeal_until": TUESDAY_10 + HOUR}
    return Violation.everything.create(
        no=no, shop=cast.shop, source=source, rulebook=rulebook, kind="abuse", detail="辱骂", state="upheld",
        found_at=TUESDAY_10, **decided, **said,
    )  # fmt: skip


def broken(model, **values):
    return lambda: model.everything.filter(pk=model.everything.latest("pk").pk).update(**values)


def again(model, **values):
    """A second row like the first there is, but for its number."""

    def write():
        row = copy.copy(model.everything.earliest("pk"))
        row.pk = None
        for name, value in {**({"no": "X9"} if hasattr(row, "no") else {}), **values}.items():
            setattr(row, name, value)
        model._base_manager.bulk_create([row])

    return write


BREACHES = {
    "case_once_an_after_sale": again(Case),
    "case_state_known": broken(Case, state="lost", closed_at=None),
    "case_outcome_known": broken(Case, outcome="lost"),
    "case_remedy_known": broken(Case, remedy="hugs", outcome="settled"),
    "case_blame_known": broken(Case, blame="weather"),
    "case_scene_known": broken(Case, scene="opera"),
    "case_claim_positive": broken(Case, claim_fen=0),
    "case_round_positive": broken(Case, round=0),
    "case_award_positive": broken(Case, award_fen=0),
    "case_negotiating_has_offer": broken(Case, state="negotiating", closed_at=None, offer_until=None),
    "case_queued_since": broken(Case, state="arbitrating", closed_at=None, arbitrating_since=None),
    "case_paying_has_due": broken(Case, state="paying", closed_at=None, pay_due=None),
    "case_won_has_award": broken(Case, award_fen=None),
    "case_ruling_is_whole": broken(Case, ruling_reason=""),
    "case_exception_names_scene": broken(Case, counts=False, scene=""),
    "case_ruled_at_and_by": broken(Case, ruled_by=None),
    "case_paid_at_and_by": broken(Case, paid_at=TUESDAY_10),
    "case_closed_at_when_closed": broken(Case, closed_at=None),
    "case_closed_has_outcome": lambda: Case.everything.filter(state="negotiating").update(
        state="closed", closed_at=TUESDAY_10
    ),
    "offer_number_once_a_case": again(Offer, lapsed_at=TUESDAY_10),
    "offer_one_open_a_case": again(Offer, number=2),
    "offer_amount_or_resend": broken(Offer, remedy="resend"),
    "offer_answer_is_whole": broken(Offer, accepted=True),
    "compensation_positive": broken(Compensation, amount_fen=0, from_deposit_fen=0),
    "compensation_parts_not_negative": broken(Compensation, from_other_fen=-1, owed_fen=1),
    "compensation_parts_make_the_whole": broken(Compensation, owed_fen=1),
    "compensation_refund_within": broken(Compensation, refunded_fen=9_901),
    "appeal_has_one_subject": broken(Appeal, compensation=None),
    "appeal_state_known": broken(Appeal, state="lost", decided_at=TUESDAY_10, decided_by=1, decision="x"),
    "appeal_ground_known": broken(Appeal, ground="mood"),
    "appeal_refund_not_negative": broken(
        Appeal, refund_fen=-1, state="part", decided_at=TUESDAY_10, decided_by=1, decision="x"
    ),
    "appeal_refund_only_when_won": broken(Appeal, refund_fen=5),
    "appeal_decision_is_whole": broken(Appeal, state="denied"),
    "report_state_known": broken(Report, state="lost"),
    "report_kind_known": broken(Report, kind="mood"),
    "report_taken_up_at_and_by": broken(Report, taken_up_at=TUESDAY_10),
    "report_decision_is_whole": broken(Report, state="upheld", decided_at=TUESDAY_10, decided_by=1, decision=""),
    "report_order_once": again(ReportOrder),
    "filing_state_known": broken(Filing, state="lost"),
    "filing_kind_known": broken(Filing, kind="mood"),
    "filing_ends_later": broken(Filing, ends_at=TUESDAY_10),
    "filing_decision_is_whole": broken(Filing, state="approved"),
    "filing_rejection_has_reason": broken(Filing, state="rejected", decided_at=TUESDAY_10, decided_by=1),
    "filing_order_once": again(FilingOrder),
    "violation_once_a_round": lambda: Violation.everything.filter(no="VI3").update(request_round=1),
    "violation_once_a_case": lambda: Violation.everything.filter(no="VI1").update(
        case=Violation.everything.get(no="VI2").case
    ),
    "violation_state_known": broken(Violation, state="lost"),
    "violation_kind_known": broken(Violation, kind="mood"),
    "violation_quantity_positive": broken(Violation, quantity=0),
    "violation_source_is_named": broken(Violation, case=None),
    "violation_decided_when_decided": broken(Violation, state="proposed"),
    "violation_upheld_is_whole": broken(Violation, step=None),
    "violation_excuse_names_filing": broken(Violation, state="excused"),
    "violation_dismissal_has_reason": broken(Violation, state="dismissed"),
    "penalty_measure_known": broken(Penalty, measure="prison"),
    "penalty_restricts_a_permission": broken(Penalty, measure="restrict"),
    "penalty_points_positive": broken(Penalty, measure="points"),
    "penalty_deduction_positive": broken(Penalty, measure="deduct"),
    "penalty_refund_within": broken(Penalty, refunded_fen=1),
    "penalty_ends_later": broken(Penalty, until_at=TUESDAY_10),
    "record_text_once": again(RecordText),
    "exhibit_has_one_subject": broken(Exhibit, case=None),
    "exhibit_once_a_case": again(Exhibit),
    **{f"exhibit_once_a_{name}": (lambda name=name: _twice_shown(name)) for name in ("appeal", "report", "filing")},
}


def _twice_shown(name):
    """The same piece twice in the one record of that kind."""
    subject = {"appeal": Appeal, "report": Report, "filing": Filing}[name].everything.get()
    first = Exhibit.everything.get()
    for pk in (first.pk, None):
        row = copy.copy(first)
        row.pk, row.case = pk, None
        setattr(row, name, subject)
        if pk:
            row.save()
        else:
            Exhibit._base_manager.bulk_create([row])


# Where a state that nobody knows breaks another promise too, a database names the one that it asks first.
STRICTER = {"report_state_known": "report_decision_is_whole", "filing_state_known": "filing_decision_is_whole"}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses_what_breaks_its_promise(world, db, name):
    constraint = next(one for model in our_models() for one in model._meta.constraints if one.name == name)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        BREACHES[name]()
    words = str(error.value)
    # SQLite names the columns of a unique constraint, not the constraint.
    assert (
        name in words
        or STRICTER.get(name, name) in words
        or all(f".{field}" in words for field in getattr(constraint, "fields", ["?"]))
    )


def test_every_constraint_is_broken_by_a_test():
    assert BREACHES.keys() == {one.name for model in our_models() for one in model._meta.constraints}


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Case, {"ruled_at": None}),
        (Case, {"paid_by": 1}),
        (Offer, {"answered_at": TUESDAY_10}),
        (Offer, {"amount_fen": None}),
        (Penalty, {"permission": "appeal"}),
        (Penalty, {"points": 1}),
        (Penalty, {"amount_fen": 1}),
        (Report, {"taken_up_by": 1}),
        (Filing, {"decided_at": TUESDAY_10}),
        (Appeal, {"decided_by": 1}),
        (Violation, {"decided_at": None}),
    ],
)
def test_the_other_side_of_a_two_sided_promise_is_kept_too(world, db, model, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(model, **values)()


@pytest.mark.parametrize(("model", "column"), [(Appeal, "compensation"), (Compensation, "case")])
def test_a_subject_has_one_appeal_in_all_and_a_case_one_compensation(world, db, model, column):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        again(model)()
    assert column in str(error.value)


def test_every_model_of_this_app_keeps_a_history_and_is_read_shop_by_shop():
    for model in our_models():
        # What is searched is derived.
        assert hasattr(model, "history") != (model is RecordText), model
        assert hasattr(model, "everything"), model
