"""Whatever happened, the figures that the worker keeps are those of a count from scratch; and nothing is lost."""

import contextlib
import random
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from shop_cs.models import AfterSale, FollowMark
from shop_cs.moves import Refused
from tests import case_stories, stories
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10
from tickets import actions
from tickets.figures import keeping
from tickets.models import DailyFigure, FigureDay, ResponseDay, ServiceRequest, State, Survey

DAY = timedelta(days=1)
TYPES = ("product", "price", "courier")


def kept():
    rows = DailyFigure.everything.order_by("shop", "day", "category")
    return list(rows.values("shop", "day", "category", *keeping.COLUMNS))


def some(rng, rows):
    found = list(rows.order_by("pk"))
    return stories.fresh(rng.choice(found)) if found else None


# What may happen, each at its time; what is refused has not happened.
def _send(rng, cast, now):
    shop = rng.choice([cast.shop, cast.other_shop])
    stories.send(cast, now=now, order=OrderFactory(shop=shop, paid_at=now), category=rng.choice(TYPES))


def _reply(rng, cast, now):
    if request := some(rng, ServiceRequest.everything.filter(shop=cast.shop).pending()):
        rng.choice([stories.reply_solved, stories.reply_unsolved])(request, cast, now=now)


def _decide(rng, cast, now):
    if request := some(rng, ServiceRequest.everything.reviewing()):
        act = rng.choice([actions.approve, actions.reject])
        act(request, reason="补充", by=cast.as_rita, now=now)


def _urge(rng, cast, now):
    if request := some(rng, ServiceRequest.everything.exclude(state=State.CLOSED)):
        actions.urge(request, by=cast.as_pia, now=now)


def _answer(rng, cast, now):
    if survey := Survey.everything.filter(sent_at__isnull=False, answered_at__isnull=True).first():
        actions.answer_survey(survey, satisfied=rng.random() < 0.5, now=now)


def _refund(rng, cast, now):
    known = AfterSale.everything.filter(state="agreed").first()
    if known and rng.random() < 0.5:
        known.state, known.applied_at = "done", known.applied_at - rng.choice([0, 1]) * timedelta(days=1)
        known.save()
    else:
        order = OrderFactory(shop=cast.shop, paid_at=now - 3 * DAY)
        AfterSaleFactory(order=order, state="agreed", applied_at=now)


def _dispute(rng, cast, now):
    case_stories.open_case(cast, now=now, order=OrderFactory(shop=cast.shop, paid_at=now))


def _talk(rng, cast, now):
    counts = {"conversations": rng.randint(5, 9), "effective": rng.randint(0, 5)}
    ResponseDay.everything.update_or_create(shop=cast.shop, day=now.date(), defaults=counts)


def _pay(rng, cast, now):
    order = OrderFactory(shop=cast.other_shop, paid_at=None)
    order.paid_at = now
    order.save()


STEPS = (_send, _send, _send, _reply, _reply, _decide, _urge, _answer, _refund, _dispute, _talk, _pay)


def happen(rng, cast, steps):
    """So many steps, some minutes to many hours apart, with a worker now and then; the instant of the last."""
    now = TUESDAY_10
    for _n in range(steps):
        with contextlib.suppress(Refused):
            rng.choice(STEPS)(rng, cast, now)
        now += timedelta(minutes=rng.choice([3, 50, 400, 1500]))
        if rng.random() < 0.3:
            stories.sweep_at(now)
    stories.sweep_at(now)
    return now


@pytest.mark.parametrize("seed", range(6))
def test_after_any_story_the_figures_are_those_of_a_recount(cast, seed):
    if seed % 2:
        stories.confirming_rules()
    happen(random.Random(seed), cast, 30)  # noqa: S311 - a story, no secret
    assert keeping.check() == [] and not FigureDay.everything.exists()
    before = kept()
    assert len(before) > 5
    keeping.recount()
    assert kept() == before


def test_an_import_is_followed_too(cast, tmp_path):
    order = OrderFactory(shop=cast.shop)
    head = "request_no,shop_no,order_no,kind,category,detail,created_at,limit_hours,urges"
    lines = [f"R{n},S001,{order.no},general,price,破损,2026-02-0{n} 10:00,,{n}" for n in (1, 2, 3)]
    (tmp_path / "requests.csv").write_text("\n".join([head, *lines]))
    call_command("import_requests", str(tmp_path / "requests.csv"), stdout=StringIO())
    stories.sweep_at(TUESDAY_10)
    told = DailyFigure.everything.filter(shop=cast.shop, category="price").values_list(
        "day", "created", "urges", "overdue"
    )
    assert list(told) == [(date(2026, 2, n), 1, n, 1) for n in (1, 2, 3)]
    assert keeping.check() == []


# A worker that is killed
def killed(*args, **kwargs):
    raise KeyboardInterrupt


@pytest.mark.parametrize("at", ["_mark", "write", "_one_at_a_time"])
def test_a_worker_killed_at_any_point_loses_nothing(cast, monkeypatch, at):
    stories.send(cast)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(keeping, at, killed)
        stories.sweep_at(TUESDAY_10)
    assert not DailyFigure.everything.filter(category="product").exists()
    stories.sweep_at(TUESDAY_10)
    assert DailyFigure.everything.get(shop=cast.shop, category="product").created == 1
    assert keeping.check() == []


def test_a_day_marked_while_it_is_counted_is_counted_again(cast, monkeypatch):
    request, write = stories.send(cast), keeping.write

    def written(day, shops=None):
        write(day, shops)
        if not request.urges:
            request.urges = 1
            request.save()

    monkeypatch.setattr(keeping, "write", written)
    stories.sweep_at(TUESDAY_10)
    stories.sweep_at(TUESDAY_10)
    assert DailyFigure.everything.get(shop=cast.shop, category="product").urges == 1


# The command
def command(*words):
    out = StringIO()
    try:
        call_command("figures", *words, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_names_each_difference_and_recounts(cast):
    stories.send(cast)
    stories.sweep_at(TUESDAY_10)
    assert command("--check")[0] == 0
    DailyFigure.everything.filter(shop=cast.shop, category="product").update(urges=5)
    DailyFigure.everything.create(shop=cast.other_shop, day=date(2026, 3, 1), category="price", created=1)
    DailyFigure.everything.filter(shop=None, category="product").delete()
    code, told = command("--check")
    assert code == 1
    assert f"2026-03-03 shop {cast.shop.pk} product: urges is 5, counted 0" in told
    assert f"2026-03-01 shop {cast.other_shop.pk} price: is kept, there is nothing" in told
    assert "2026-03-03 the platform product: is not kept" in told
    assert command("--recount")[0] == 0
    assert command("--check") == (0, command("--check")[1])


def test_a_day_that_waits_for_the_worker_is_no_difference(cast):
    stories.send(cast)
    code, told = command("--check")
    assert code == 0 and "1 days of shops wait" in told.replace("2 days", "1 days")
    assert not FollowMark.objects.filter(follower="figures", upto__gt=0).exists()
