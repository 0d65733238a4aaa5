"""Promises kept by the database: each constraint is broken once, and all models are walked for forgotten ones."""

import copy
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from shop_cs import ledger, privacy
from shop_cs.models import (
    Account,
    AfterSale,
    Disclosure,
    Evidence,
    Member,
    Notice,
    NoticeRead,
    Order,
    Post,
    Rulebook,
    Seal,
    SealedPart,
    Transfer,
)
from shop_cs.seals import sealing
from tests import breaches, stories
from tests.breaches.ways import again, broken, unguarded
from tests.factories import AfterSaleFactory, EvidenceFactory
from tests.kept import made_once
from tests.people import TUESDAY_10
from tickets import actions
from tickets.models import Attachment, Reply, Review, ServiceRequest, Survey

HOUR = timedelta(hours=1)


def our_models():
    found = [model for label in ("shop_cs", "tickets") for model in apps.get_app_config(label).get_models()]
    return [model for model in found if not model._meta.proxy and not model.__name__.startswith("Historical")]


def make_world(cast):
    """One of everything: a request that was rejected once, with evidence, and one that the consumer confirms."""
    stories.confirming_rules()
    request = stories.send(cast)
    evidence = EvidenceFactory(order=request.order)
    AfterSaleFactory(order=request.order)
    actions.attach(request, evidence=evidence, by=cast.as_bob, now=TUESDAY_10)
    stories.reply_unsolved(request, cast, now=TUESDAY_10)
    actions.reject(request, reason="补充", by=cast.as_rita, now=TUESDAY_10)
    stories.confirming(cast)
    NoticeRead.objects.create(notice=Notice.everything.first(), user=cast.bob)
    said = {"shop": cast.shop, "by": cast.as_rita, "now": TUESDAY_10}
    ledger.receive(account_kind="deposit", amount_fen=100, reference="P1", at=TUESDAY_10, **said)
    ledger.hold(subject="AC1", amount_fen=100, key="AC1", **said)
    ledger.refund(subject="AC1", amount_fen=40, appeal_no="AP1", **said)
    privacy.reveal(request.order, by=cast.as_pia, reason="包裹丢失，联系补发", now=TUESDAY_10)
    sealing.seal_new(now=TUESDAY_10)
    for part in breaches.PARTS:
        part.make(cast)
    return cast


world = made_once(make_world)


def broken_account(which, **values):
    return unguarded(lambda: Account.everything.filter(kind=which).update(**values))


def second_refund():
    row = Transfer.everything.get(cause="refund")
    row.pk, row.key = None, "another"
    Transfer.everything.bulk_create([row])


def second_deposit():
    Account.everything.bulk_create([Account(kind="deposit", shop=Account.everything.get(kind="deposit").shop)])


def second_without_a_shop():
    Account.everything.bulk_create([Account(kind="outside")])


BREACHES = {
    "order_no_once_a_shop": again(Order),
    "order_amount_not_negative": broken(Order, amount_fen=-1),
    "after_sale_no_once_a_shop": again(AfterSale),
    "after_sale_amount_not_negative": broken(AfterSale, amount_fen=-1),
    "after_sale_state_known": broken(AfterSale, state="lost"),
    "evidence_once_an_order_and_side": again(Evidence),
    "evidence_once_a_shop_and_side": lambda: _twice_of_no_order(),
    "evidence_not_empty": broken(Evidence, size=0),
    "notice_read_once": again(NoticeRead),
    "post_name_once_a_shop": again(Post),
    "member_once_a_shop": again(Member),
    "member_owner_or_post": broken(Member, is_owner=True, post=1),
    "rulebook_agreed_min_positive": broken(Rulebook, agreed_min_minutes=0),
    "rulebook_review_days_positive": broken(Rulebook, review_days=0),
    "rulebook_second_reviewer_fen": broken(Rulebook, second_reviewer_fen=-1),
    "rulebook_survey_hours_in_order": broken(Rulebook, survey_opens=1320, survey_closes=1320),
    "request_state_known": broken(ServiceRequest, state="lost"),
    "request_kind_known": broken(ServiceRequest, kind="slow"),
    "request_category_known": broken(ServiceRequest, category="weather"),
    "request_limit_positive": broken(ServiceRequest, limit_minutes=0),
    "request_round_positive": broken(ServiceRequest, round=0),
    "request_sent_has_deadline": broken(ServiceRequest, deadline=None),
    "request_overdue_names_round": broken(ServiceRequest, overdue_at=TUESDAY_10),
    "request_review_has_clock": broken(ServiceRequest, state="reviewing", reviewing_since=None),
    "request_closed_at_when_closed": broken(ServiceRequest, state="closed"),
    "reply_once_a_round": again(Reply),
    "reply_solved_or_reason": broken(Reply, solved=True, settlement="done", reason="other"),
    "attachment_once_a_request": again(Attachment),
    "survey_once_a_round": again(Survey),
    "survey_answer_is_whole": broken(Survey, satisfied=True),
    "survey_sent_expires": broken(Survey, expires_at=None),
    "review_once_a_round": again(Review),
    "review_rejection_has_reason": broken(Review, reason=""),
    "seal_numbered_from_1": unguarded(broken(Seal, no=0)),
    "sealed_part_once": unguarded(again(SealedPart)),
    "sealed_part_goes_forward": unguarded(broken(SealedPart, after=models.F("upto"))),
    "sealed_part_rows_not_negative": unguarded(broken(SealedPart, rows=-1)),
    "account_once_a_shop": unguarded(second_deposit),
    "account_once_without_shop": unguarded(second_without_a_shop),
    "account_kind_known": broken_account("deposit", kind="lost"),
    "account_of_a_shop_or_nobodys": broken_account("deposit", shop=None),
    "account_held_for_something": broken_account("held", subject=""),
    "account_not_below_zero": broken_account("held", balance_fen=-1),
    "account_not_above_zero": broken_account("owed", balance_fen=1),
    "transfer_amount_positive": unguarded(broken(Transfer, amount_fen=0)),
    "transfer_between_two": unguarded(broken(Transfer, debit=models.F("credit"))),
    "transfer_cause_known": unguarded(broken(Transfer, cause="gift")),
    "transfer_has_reference": unguarded(broken(Transfer, reference="")),
    "transfer_refund_once": unguarded(second_refund),
    "disclosure_has_a_reason": broken(Disclosure, reason=""),
    **breaches.joined("BREACHES"),
}


def _twice_of_no_order():
    """The shop's own piece, of no order, twice."""
    for _n in range(2):
        row = copy.copy(Evidence.everything.earliest("pk"))
        row.pk = row.order = None
        Evidence._base_manager.bulk_create([row])


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses_what_breaks_its_promise(world, db, name):
    constraint = next(one for model in our_models() for one in model._meta.constraints if one.name == name)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        BREACHES[name]()
    words = str(error.value)
    # SQLite names the columns of a unique constraint, not the constraint.
    assert name in words or all(field in words for field in getattr(constraint, "fields", ["?"]))


def test_every_constraint_is_broken_by_a_test():
    assert BREACHES.keys() == {one.name for model in our_models() for one in model._meta.constraints}


@pytest.mark.parametrize(
    "more",
    [
        {"state": "scheduled"},
        {"sent_at": None},
        {"last_overdue_round": 1},
        {"closed_at": TUESDAY_10},
        {"state": "reviewing", "review_due": None},
    ],
)
def test_the_other_side_of_a_two_sided_promise_is_kept_too(world, db, more):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(ServiceRequest, **more)()


# Moments of what nobody here did, of what is planned or computed, and where the doer stands in another row.
NOBODYS = {
    "shop_cs.Shop": {"created"},
    "shop_cs.ApiKey": {"created", "revoked"},
    "shop_cs.Order": {"paid", "shipped", "signed"},
    "shop_cs.AfterSale": {"applied"},
    "shop_cs.Notice": {"created"},
    "shop_cs.ConsumerMessage": {"sent"},
    "shop_cs.Consumer": {"erased"},
    "shop_cs.SignIn": {"seen", "ended"},
    "tickets.ContactAttempt": {"contacted"},
    "tickets.Survey": {"send", "sent", "expires", "answered"},
    "tickets.ServiceRequest": {
        *("send", "sent", "round_opened", "due_soon", "due_soon_told", "overdue"),
        *("last_reminded", "platform_late", "closed", "last_urged"),
    },
    **breaches.joined("NOBODYS"),
}


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_what_somebody_did_at_a_moment_names_both(model):
    names = {field.name for field in model._meta.concrete_fields}
    at = {name.removesuffix("_at") for name in names if name.endswith("_at")}
    by = {name.removesuffix("_by") for name in names if name.endswith("_by")}
    assert at - by == NOBODYS.get(model._meta.label, set())
    assert by <= at


def checks(model):
    return [one.condition for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]


def mentions(condition, lookup):
    return any(
        mentions(part, lookup) if isinstance(part, models.Q) else part[0] == lookup for part in condition.children
    )


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_a_state_is_one_of_its_choices_and_an_amount_is_never_below_zero(model):
    for field in model._meta.concrete_fields:
        if field.name == "state":
            assert any(mentions(check, "state__in") for check in checks(model)), field
        if field.name.endswith("_fen"):
            assert any(mentions(check, f"{field.name}__gte") for check in checks(model)), field


def test_money_is_whole_fen():
    kinds = {type(field) for model in our_models() for field in model._meta.concrete_fields}
    assert not kinds & {models.FloatField, models.DecimalField}


UNTRACKED = {"Heartbeat", "Notice", "NoticeRead", "Seal", "SealedPart", "SignIn", *breaches.joined("UNTRACKED")}


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_record_has_its_trail(model):
    assert hasattr(model, "history") != (model.__name__ in UNTRACKED)
