"""Cases and the like are found by what was stated and written in them: kept up, equal to a rebuild, the shop's own."""

import pytest
from django.core.management import CommandError, call_command

from disputes import actions, searching
from disputes.models import Appeal, RecordText, Violation
from shop_cs.models import acting
from tests import case_stories, stories
from tests.case_stories import HOUR
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tickets.searching import asking
from tickets.searching.words import asked

SHOP, DESK = "/s/S001/search/", "/admin/search/"


def found(question, by):
    stories.sweep_at(TUESDAY_10)
    group = searching.look(asked(question), by=by)
    return [hit.no for hit in group.hits] if group else []


@pytest.fixture
def browser(client, at):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def of(user):
        client.force_login(user)
        return client

    return of


@pytest.mark.parametrize("words", ["拒绝退款", "出库完好", "开箱即破损", "运输前已破损"])
def test_a_case_is_found_by_what_both_sides_stated_and_the_reviewer_wrote(cast, words):
    case = case_stories.ruled(cast)
    for by in (cast.as_bob, cast.as_pia, cast.as_rita, cast.as_olive):
        assert found(words, by) == [case.no]
    assert found(words, cast.as_charlie) == []


def test_what_was_offered_and_asked_for_in_an_earlier_round_is_found_too(cast):
    case = case_stories.reach(cast, "negotiating")
    assert found("退一半", cast.as_bob) == [case.no]
    case = case_stories.arbitrating(cast)
    case = actions.ask_more(case, reason="请补充称重记录", by=cast.as_rita, now=TUESDAY_10 + 3 * HOUR)
    actions.state_case(case, text="称重三公斤", by=cast.as_alice, now=TUESDAY_10 + 4 * HOUR)
    for words in ("称重记录", "出库完好", "称重三公斤"):
        assert found(words, cast.as_bob) == [case.no]


def test_what_reviewers_write_to_each_other_is_not_found(cast):
    case = case_stories.reach(cast, "confirming")
    actions.send_back(case, reason="请再看运单", by=cast.as_ray, now=case.pay_due + 2 * case_stories.SECOND)
    assert found("运输前已破损", cast.as_rita) == [case.no]
    assert found("再看运单", cast.as_bob) == found("再看运单", cast.as_rita) == []


def test_appeals_reports_and_violations_are_found_by_words_and_number(cast):
    case_stories.bare_records(cast, OrderFactory(shop=cast.shop, no="60210001"))
    assert Appeal.everything.exists()
    for words, number in (("并无辱骂", "AP1"), ("辱骂客服", "RP1"), ("辱骂消费者", "VI1"), ("VI1", "VI1")):
        searching.rebuild()
        assert found(words, cast.as_bob) == [number]


@pytest.mark.parametrize("state", ["proposed", "dismissed"])
def test_what_is_only_proposed_or_was_dismissed_no_merchant_finds(cast, state):
    case_stories.bare_records(cast, OrderFactory(shop=cast.shop))
    row = {"proposed": {"decided_at": None, "decided_by": None}, "dismissed": {"decision": "不成立"}}[state]
    searching.rebuild()
    Violation.everything.update(state=state, **row)
    # Neither before the words were told of it nor behind it.
    for _pass in range(2):
        assert found("辱骂消费者", cast.as_bob) == []
        assert found("辱骂消费者", cast.as_rita) == ["VI1"]
        searching.rebuild()


def test_an_edited_text_is_found_by_its_new_words_and_the_index_is_that_of_a_rebuild(cast):
    case_stories.bare_records(cast, OrderFactory(shop=cast.shop))
    searching.rebuild()
    appeal = Appeal.everything.get()
    with acting(cast.as_alice, move="change", at=TUESDAY_10):
        appeal.text = "另有录音"
        appeal.save()
    assert found("另有录音", cast.as_bob) == ["AP1"]
    assert found("并无辱骂", cast.as_bob) == []
    case_stories.ruled(cast)
    stories.sweep_at(TUESDAY_10)
    assert list(searching.check()) == [] and searching.rebuild() == 0


def test_the_command_names_what_differs_and_makes_it_anew(cast, capsys):
    case = case_stories.open_case(cast)
    stories.sweep_at(TUESDAY_10)
    call_command("search_index", "--check", "--no-progress")
    RecordText.everything.update(words="shop_0 别的")
    with pytest.raises(CommandError, match="differs in 1 places"):
        call_command("search_index", "--check", "--no-progress")
    assert case.no in capsys.readouterr().err
    call_command("search_index", "--rebuild", "--no-progress")
    call_command("search_index", "--check", "--no-progress")


@pytest.mark.parametrize(("many", "is_more"), [(searching.MOST, False), (searching.MOST + 1, True)])
def test_the_newest_are_shown_and_that_there_are_more_is_said(cast, browser, many, is_more):
    cases = [case_stories.open_case(cast, now=TUESDAY_10 + n * HOUR / 60) for n in range(many)]
    searching.rebuild()
    page = browser(cast.bob).get(SHOP, {"q": "拒绝退款"})
    shown = [hit.no for hit in page.context["answer"].others[0].hits]
    assert shown == [one.no for one in cases[::-1][: searching.MOST]]
    assert ("There are more: add another word." in page.content.decode()) is is_more


def test_on_both_sites_the_hit_leads_to_the_record_and_marks_the_words(cast, browser):
    case = case_stories.ruled(cast)
    searching.rebuild()
    for user, path, address in (
        (cast.bob, SHOP, case.path),
        (cast.rita, DESK, f"/admin/disputes/case/{case.pk}/change/"),
    ):
        page = browser(user).get(path, {"q": "运输前"}).content.decode()
        assert f'href="{address}"' in page and "照片显示<mark>运输前</mark>已破损" in page
        assert browser(user).get(address).status_code == 200


def test_filters_of_requests_and_further_pages_show_requests_alone(cast, browser):
    case_stories.open_case(cast)
    searching.rebuild()
    bob = browser(cast.bob)
    assert "Cases, appeals" in bob.get(SHOP, {"q": "拒绝退款"}).content.decode()
    for more in ({"state": "pending"}, {"category": "product"}, {"before": "1-1"}):
        assert "Cases, appeals" not in bob.get(SHOP, {"q": "拒绝退款", **more}).content.decode()


def test_a_look_costs_as_much_for_many_as_for_one(cast, django_assert_max_num_queries):
    for n in range(searching.MOST):
        case_stories.open_case(cast, now=TUESDAY_10 + n * HOUR)
    searching.rebuild()
    with django_assert_max_num_queries(6):
        assert asking.search(asked("拒绝退款"), by=cast.as_rita).others
