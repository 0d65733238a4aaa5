"""The ledger: what is taken, from where, what comes back; nothing twice and nothing out of nowhere. [4]"""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop_cs import guards, ledger, statement
from shop_cs.ledger import Balances, Cause, Kind
from shop_cs.models import Account, Transfer, Unscoped
from shop_cs.moves import Refused
from tests.people import TUESDAY_10

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _the_floors_own_questions(monkeypatch):
    """The appeals and compensations of these stories are numbers alone: the apps' checks would miss them."""
    monkeypatch.setattr(ledger, "CHECKS", [])


@pytest.fixture
def said(cast):
    return {"shop": cast.shop, "by": cast.as_rita, "now": TUESDAY_10}


def top_up(said, fen, reference="P1", kind="deposit", at=TUESDAY_10):
    return ledger.receive(account_kind=kind, amount_fen=fen, reference=reference, at=at, **said)


def hold(said, fen, subject="AC1", key=None):
    return ledger.hold(subject=subject, amount_fen=fen, key=key or subject, **said)


def refund(said, fen, appeal="AP1", subject="AC1"):
    return ledger.refund(subject=subject, amount_fen=fen, appeal_no=appeal, **said)


def code(error):
    return error.value.refusal.code, error.value.refusal.status


@pytest.mark.parametrize(
    ("amount", "parts"),
    [(99, (99, 0, 0)), (100, (100, 0, 0)), (101, (100, 1, 0)), (150, (100, 50, 0)), (151, (100, 50, 1))],
)
def test_the_deposit_pays_first_then_other_funds_and_the_rest_is_owed(said, amount, parts):
    assert ledger.split(amount, 100, 50) == parts
    top_up(said, 100)
    top_up(said, 50, "P2", "other")
    assert hold(said, amount) == parts
    deposit, other, owed = parts
    assert ledger.balances(said["shop"]) == Balances(100 - deposit, 50 - other, owed, held=amount)


def test_the_same_deduction_again_is_answered_as_the_first_time_and_takes_nothing(said):
    top_up(said, 100)
    assert hold(said, 130) == hold(said, 130) == (100, 0, 30)
    top_up(said, 1_000, "P2")
    assert hold(said, 130) == (100, 0, 30)
    assert ledger.balances(said["shop"]) == Balances(deposit=970, held=130)


@pytest.mark.parametrize(("fen", "subject"), [(129, "AC1"), (131, "AC1"), (130, "AC2")])
def test_the_same_key_for_something_else_is_refused(said, fen, subject):
    top_up(said, 100)
    hold(said, 130, key="K")
    with pytest.raises(Refused) as error:
        hold(said, fen, subject, key="K")
    assert code(error) == ("same_key", 409)
    assert ledger.balances(said["shop"]) == Balances(owed=30, held=130)


@pytest.mark.parametrize("fen", [0, -1])
def test_no_amount_is_refused_everywhere(said, fen):
    for act in (top_up, hold, refund):
        with pytest.raises(Refused) as error:
            act(said, fen)
        assert code(error) == ("amount", 400)
    assert not Transfer.everything.exists()


def test_a_refund_comes_to_the_deposit_once_an_appeal(said):
    top_up(said, 100)
    hold(said, 60)
    first = refund(said, 20)
    assert refund(said, 20) == first
    assert ledger.balances(said["shop"]) == Balances(deposit=60, held=40)
    with pytest.raises(Refused) as error:
        refund(said, 21)
    assert code(error) == ("same_key", 409)


def test_not_a_fen_more_comes_back_than_was_taken(said):
    top_up(said, 100)
    hold(said, 60)
    with pytest.raises(Refused) as error:
        refund(said, 61)
    assert code(error) == ("not_covered", 409)
    refund(said, 60)
    with pytest.raises(Refused):
        refund(said, 1, "AP2")
    assert ledger.balances(said["shop"]) == Balances(deposit=100)


def test_what_is_owed_is_taken_from_what_comes_in_first(said):
    hold(said, 100)
    top_up(said, 30, "P1", "other")
    assert ledger.balances(said["shop"]) == Balances(owed=70, held=100)
    top_up(said, 69, "P2")
    assert ledger.balances(said["shop"]) == Balances(owed=1, held=100)
    top_up(said, 69, "P2")
    refund(said, 5)
    assert ledger.balances(said["shop"]) == Balances(deposit=4, held=95)
    repaid = Transfer.everything.filter(cause=Cause.DEBT_REPAID).values_list("amount_fen", "reference")
    assert list(repaid) == [(30, "P1"), (69, "P2"), (1, "AP1")]


def test_a_retry_of_what_came_in_repays_no_later_debt(said):
    top_up(said, 30)
    hold(said, 40)
    top_up(said, 30)
    assert ledger.balances(said["shop"]) == Balances(owed=10, held=40)
    assert ledger.repay_debt(cause_key="x", reference="x", **said) is None


def test_what_is_settled_does_not_come_back(said):
    top_up(said, 100)
    hold(said, 60)
    refund(said, 20)
    one = ledger.settle(subject="AC1", key="settle:AC1", **said)
    assert (one.amount_fen, one.credit.kind) == (40, "platform")
    assert ledger.settle(subject="AC1", key="settle:AC1", **said) == one
    assert ledger.settle(subject="AC1", key="settle again", **said) is None
    with pytest.raises(Refused) as error:
        refund(said, 1, "AP2")
    assert code(error) == ("not_covered", 409)


def test_the_platform_pays_consumers_first_and_books_in_what_it_settles(said):
    by = {"by": said["by"], "now": TUESDAY_10}
    paid = ledger.pay_consumer(amount_fen=60, key="pay:AC1", reference="AC1", **by)
    assert ledger.pay_consumer(amount_fen=60, key="pay:AC1", reference="AC1", **by) == paid
    assert Account.everything.get(kind="platform").balance_fen == -60
    assert Account.everything.get(kind="consumers").balance_fen == 60
    assert ledger.check() == []


def test_a_transfer_between_named_accounts_says_who_and_why(said, cast):
    top_up(said, 100)
    accounts = {
        "debit": Account.everything.get(kind="deposit"),
        "credit": ledger.account(Kind.HELD, shop=cast.shop, subject="VI1", by=cast.as_rita, now=TUESDAY_10),
    }
    words = {"key": "K", "cause": Cause.TAKEN, "reference": "VI1", "by": cast.as_rita, "now": TUESDAY_10}
    one = ledger.transfer(**accounts, amount_fen=100, rulebook="current", **words)
    told = one.history.get()
    assert (told.actor_name, told.move, told.rulebook_name, told.history_date) == (
        "丽塔",
        "taken",
        "current",
        TUESDAY_10,
    )
    with pytest.raises(Refused) as error:
        ledger.transfer(**accounts, amount_fen=1, **{**words, "key": "K2"})
    assert code(error) == ("not_covered", 409)
    assert accounts["credit"].history.get().move == "open_account"


def test_the_books_that_were_cooked_are_found_out(said, monkeypatch):
    top_up(said, 100)
    hold(said, 60)
    assert ledger.check() == []
    connection.check_constraints()
    guards.drop(connection)
    held = Account.everything.get(kind="held")
    Account.everything.filter(pk=held.pk).update(balance_fen=61)
    assert ledger.check() == [
        "the balances of all accounts sum up to 1 fen, not to zero",
        f"account {held.pk} (held) has 61 fen, its transfers sum up to 60",
    ]
    monkeypatch.setattr(ledger, "CHECKS", [lambda: ["an appeal that was not granted"]])
    assert ledger.check()[-1] == "an appeal that was not granted"


def test_more_refunded_than_taken_is_found_out(said):
    top_up(said, 100)
    hold(said, 60)
    held, deposit = Account.everything.get(kind="held"), Account.everything.get(kind="deposit")
    connection.check_constraints()
    guards.drop(connection)
    Transfer.everything.bulk_create(
        [Transfer(debit=held, credit=deposit, amount_fen=61, key="x", cause="refund", reference="AP9", at=TUESDAY_10)]
    )
    assert f"account {held.pk} (held for AC1): 61 fen were refunded, 60 taken" in ledger.check()


def test_the_statement_runs_over_all_entries_though_only_some_are_listed(said):
    for day in range(1, 6):
        top_up(said, 100 * day, f"P{day}", at=TUESDAY_10 + day * DAY)
    hold(said, 50)

    def shown(lines):
        return [(line.change_fen, line.balance_after_fen) for line in lines]

    whole = statement.lines(said["shop"], "deposit")
    assert shown(whole) == [(-50, 1450), (500, 1500), (400, 1000), (300, 600), (200, 300), (100, 100)]
    some = statement.lines(said["shop"], "deposit", only=Q(at__gte=TUESDAY_10 + 2 * DAY, at__lt=TUESDAY_10 + 5 * DAY))
    assert shown(some) == [(400, 1000), (300, 600), (200, 300)]
    assert (shown(some[1:2]), some.count()) == ([(300, 600)], 3)
    assert shown(statement.lines(said["shop"], "deposit", only=Q(cause=Cause.TAKEN))) == [(-50, 1450)]
    assert [row[3:5] for row in statement.rows(some, 1)] == [[4, 10]]
    assert len(statement.header()) == len(next(statement.rows(some, 1)))


def test_a_shop_sees_its_own_entries_only(said, cast):
    top_up(said, 100)
    assert list(statement.lines(cast.other_shop, "deposit")) == list(Transfer.objects.of(cast.other_shop)) == []
    assert Transfer.objects.of(cast.shop).count() == 1
    assert ledger.balances(cast.other_shop) == Balances()
    with pytest.raises(Unscoped):
        Transfer.objects.count()


class Model:
    """The same rules in plain Python: what a shop has, by account."""

    def __init__(self):
        self.deposit = self.other = self.owed = 0
        self.held, self.taken, self.back, self.keys = {}, {}, {}, {}

    def once(self, key, content, act):
        """What an act answers: False when it is refused; a retry changes nothing."""
        if key in self.keys:
            return self.keys[key] == content
        if act():
            self.keys[key] = content
            return True
        return False

    def top_up(self, kind, fen, number):
        return self.once(f"funds{number}", (kind, fen), lambda: self.come_in(kind, fen))

    def come_in(self, kind, fen):
        repaid = min(self.owed, fen + getattr(self, kind))
        self.owed -= repaid
        setattr(self, kind, getattr(self, kind) + fen - repaid)
        return True

    def hold(self, subject, fen, number):
        return self.once(f"hold{number}", (subject, fen), lambda: self.take(subject, fen))

    def take(self, subject, fen):
        from_deposit = min(fen, self.deposit)
        from_other = min(fen - from_deposit, self.other)
        self.deposit, self.other = self.deposit - from_deposit, self.other - from_other
        self.owed += fen - from_deposit - from_other
        self.held[subject] = self.held.get(subject, 0) + fen
        self.taken[subject] = self.taken.get(subject, 0) + fen
        return True

    def refund(self, subject, fen, number):
        return self.once(f"refund{number}", (subject, fen), lambda: self.give_back(subject, fen))

    def give_back(self, subject, fen):
        if self.held.get(subject, 0) < fen:
            return False
        self.held[subject] -= fen
        self.back[subject] = self.back.get(subject, 0) + fen
        return self.come_in("deposit", fen)

    def settle(self, subject):
        self.held[subject] = 0
        return True


FEN, NUMBER, SUBJECT = st.integers(1, 500), st.integers(1, 6), st.sampled_from(["AC1", "AC2"])
ACTS = st.one_of(
    st.tuples(st.just("top_up"), st.sampled_from(["deposit", "other"]), FEN, NUMBER),
    st.tuples(st.just("hold"), SUBJECT, FEN, NUMBER),
    st.tuples(st.just("refund"), SUBJECT, FEN, NUMBER),
    st.tuples(st.just("settle"), SUBJECT),
)


def done(said, number, verb, *words):
    """Whether the ledger did it; the arguments as `Model` takes them."""
    try:
        if verb == "top_up":
            top_up(said, words[1], f"P{words[2]}", words[0])
        elif verb == "hold":
            hold(said, words[1], words[0], key=f"K{words[2]}")
        elif verb == "refund":
            refund(said, words[1], f"AP{words[2]}", words[0])
        else:
            ledger.settle(subject=words[0], key=f"S{number}", **said)
    except Refused:
        return False
    return True


@pytest.fixture
def empty_books(said):
    """Puts the books back to nothing between the examples of one test."""

    def example(story):
        with transaction.atomic():
            story()
            transaction.set_rollback(True)

    return example


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=14))
def test_whatever_is_done_in_whatever_order_the_books_hold(said, empty_books, acts):
    def story():
        model = Model()
        for number, (verb, *words) in enumerate(acts):
            assert done(said, number, verb, *words) == getattr(model, verb)(*words)
            held = sum(model.held.values())
            assert ledger.balances(said["shop"]) == Balances(model.deposit, model.other, model.owed, held)
            assert ledger.check() == []
            assert all(model.back.get(subject, 0) <= taken for subject, taken in model.taken.items())
            assert model.owed == 0 or (model.deposit, model.other) == (0, 0)

    empty_books(story)
