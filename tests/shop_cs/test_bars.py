"""What a penalty bars is refused at the door and told in words, until its instant comes."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shop_cs import bars
from shop_cs.access import SUSPENDED_MAY_NOT, merchant_actor
from shop_cs.models import ELSEWHERE, PERMISSIONS, Shop
from shop_cs.moves import no_permission
from tests.people import TUESDAY_10

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
UNTIL = TUESDAY_10 + HOUR


def barred(cast, said):
    """Alice as she acts for a shop that is barred so."""
    cast.alice_member.shop.bars = {name: until and until.isoformat() for name, until in said.items()}
    return cast.alice_member


@pytest.mark.parametrize(("at", "may"), [(UNTIL - SECOND, False), (UNTIL, True), (UNTIL + SECOND, True)])
def test_a_restriction_ends_at_its_very_instant(cast, at, may):
    alice = merchant_actor(barred(cast, {"appeal": UNTIL}), now=at)
    assert alice.may("appeal") is may
    assert alice.may("answer_cases")


def test_a_suspended_shop_still_answers_pays_and_appeals(cast):
    alice = merchant_actor(barred(cast, {"suspended": UNTIL}), now=TUESDAY_10)
    assert not any(alice.may(name) for name in SUSPENDED_MAY_NOT)
    assert all(alice.may(name) for name in set(PERMISSIONS) - set(SUSPENDED_MAY_NOT))


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ({"suspended": UNTIL, "report_users": UNTIL + HOUR}, UNTIL + HOUR),
        ({"suspended": UNTIL + HOUR, "report_users": UNTIL}, UNTIL + HOUR),
        ({"suspended": UNTIL, "closed": None}, None),
        ({"suspended": None, "report_users": UNTIL}, None),
    ],
)
def test_of_several_bars_the_longest_counts(cast, said, until):
    alice = merchant_actor(barred(cast, said), now=TUESDAY_10)
    assert dict(alice.barred)["report_users"] == until


def test_the_refusal_names_the_end(cast):
    with translation.override("en"):
        alice = merchant_actor(barred(cast, {"appeal": UNTIL, "report_users": None}), now=TUESDAY_10)
        assert no_permission(alice, "appeal") == "A penalty bars your shop: until 2026-03-03 11:00 it may not appeal."
        assert no_permission(alice, "report_users").endswith("for good: it may not report malicious users any more.")


def test_what_is_barred_on_the_shop_platform_itself_bars_no_door_here(cast):
    alice = merchant_actor(barred(cast, {"publish": None}), now=TUESDAY_10)
    assert alice.permissions == frozenset(PERMISSIONS) and alice.barred == ()


def test_each_bar_is_a_sentence_the_whole_shop_first():
    with translation.override("en"):
        told = bars.in_words({"publish": UNTIL, "suspended": UNTIL, "closed": None})
    assert told[0].startswith("Your shop is closed for good. It may not: ")
    assert told[1].startswith("Your shop is suspended until 2026-03-03 11:00. It may not: ")
    assert told[2] == "Your shop may not publish on its channels until 2026-03-03 11:00."


NAMES = st.sampled_from([*PERMISSIONS, *ELSEWHERE, "suspended", "closed"])


@given(
    said=st.dictionaries(NAMES, st.none() | st.integers(-1000, 1000).map(lambda n: TUESDAY_10 + n * SECOND)),
    after=st.integers(-1000, 1000),
)
def test_no_bar_whose_instant_has_come_is_one(said, after):
    now = TUESDAY_10 + after * SECOND
    shop = Shop(bars={name: until and until.isoformat() for name, until in said.items()})
    assert shop.bars_at(now) == {name: until for name, until in said.items() if until is None or until > now}
