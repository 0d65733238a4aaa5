"""Reviewing: one by one and many at once; what has changed meanwhile is never overwritten."""

import pytest
from django.urls import reverse

from tests.people import TUESDAY_10, shanghai
from tests.stories import fresh, reply_solved, reply_unsolved, send
from tickets import actions
from tickets.models import InReview, Review, ServiceRequest

NOON = shanghai("2026-03-03 12:00")


def url(name, *args):
    return reverse(f"platform:tickets_{name}", args=args)


def in_review(cast, *, now=TUESDAY_10):
    record = send(cast, now=now)
    reply_unsolved(record, cast, now=now)
    return fresh(record)


def line(record):
    return f"{record.pk}={record.state}:{record.round}"


@pytest.fixture
def rita(cast, at, client):
    """Rita's browser, Tuesday noon; her pages are in English."""
    at(NOON)
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_a_reviewer_approves_and_the_request_is_closed_with_her_name(cast, rita):
    record = in_review(cast)
    response = rita.post(url("servicerequest_approve", record.pk), {"expect": "reviewing:1"})
    assert response.status_code == 302
    assert fresh(record).state == "closed"
    assert Review.everything.get(request=record).reviewed_by == cast.rita
    assert fresh(record).history.latest().actor_role == "reviewer"


def test_a_reviewer_rejects_with_a_reason_and_the_merchant_has_it_again(cast, rita):
    record = in_review(cast)
    said = {"reason": "请上传聊天截图", "expect": "reviewing:1"}
    assert rita.post(url("servicerequest_reject", record.pk), said).status_code == 302
    assert (fresh(record).state, fresh(record).round) == ("pending", 2)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_rejection_without_a_reason_is_refused(cast, rita, reason):
    record = in_review(cast)
    response = rita.post(url("servicerequest_reject", record.pk), {"reason": reason, "expect": "reviewing:1"})
    assert response.status_code == 400
    assert fresh(record).state == "reviewing"


def test_of_two_reviewers_at_once_the_second_is_refused_and_keeps_her_words(cast, rita):
    record = in_review(cast)
    actions.reject(record, reason="材料不足", by=cast.as_ray, now=NOON)
    said = {"reason": "我认为可以通过", "expect": "reviewing:1"}
    response = rita.post(url("servicerequest_approve", record.pk), said)
    text = response.content.decode()
    assert response.status_code == 409
    assert "it is “Pending” now" in text
    assert "我认为可以通过" in text
    assert fresh(record).state == "pending"
    assert Review.everything.filter(request=record).count() == 1


def test_a_page_of_an_earlier_round_does_not_decide_the_next(cast, rita):
    record = in_review(cast)
    actions.reject(record, reason="材料不足", by=cast.as_ray, now=NOON)
    reply_solved(fresh(record), cast, now=NOON)
    response = rita.post(url("servicerequest_approve", record.pk), {"expect": "reviewing:1"})
    assert response.status_code == 409
    assert fresh(record).state == "reviewing"
    # The refusal shows the second round: sent again from there, it counts.
    assert 'value="reviewing:2"' in response.content.decode()


def test_the_form_to_decide_what_is_decided_says_so(cast, rita):
    record = in_review(cast)
    actions.approve(record, by=cast.as_ray, now=NOON)
    response = rita.get(url("servicerequest_approve", record.pk))
    assert response.status_code == 409
    assert "Already decided" in response.content.decode()


@pytest.mark.parametrize("verb", ["approve", "reject"])
@pytest.mark.parametrize("who", ["pia", "olive", "alice"])
def test_only_reviewers_decide(cast, at, client, who, verb):
    record = in_review(cast)
    client.force_login(getattr(cast, who))
    said = {"reason": "x", "expect": "reviewing:1"}
    assert client.get(url(f"servicerequest_{verb}", record.pk)).status_code == 403
    assert client.post(url(f"servicerequest_{verb}", record.pk), said).status_code == 403
    many = {"reason": "x", "chosen": line(record)}
    assert client.post(url(f"inreview_{verb}"), many).status_code == 403
    assert fresh(record).state == "reviewing"


def test_an_agent_presses_on_and_it_is_counted_once_for_each_press(cast, at, client):
    record = send(cast)
    client.force_login(cast.pia)
    client.get(url("servicerequest_urge", record.pk))
    assert fresh(record).urges == 0
    for _ in range(2):
        assert client.post(url("servicerequest_urge", record.pk)).status_code == 302
    assert fresh(record).urges == 2


def test_a_closed_request_is_not_urged_and_its_button_says_why(cast, at, client):
    record = in_review(cast)
    actions.approve(record, by=cast.as_ray, now=NOON)
    client.force_login(cast.pia)
    page = client.get(url("servicerequest_change", record.pk), headers={"accept-language": "en"}).content.decode()
    assert "“urge” is not possible while it is “Closed”." in page
    assert client.post(url("servicerequest_urge", record.pk)).status_code == 409
    assert fresh(record).urges == 0


def test_the_queue_is_oldest_first_and_holds_nothing_but_reviews(cast, rita):
    newer = in_review(cast, now=shanghai("2026-03-03 11:00"))
    older = in_review(cast, now=shanghai("2026-03-02 11:00"))
    send(cast)
    rows = list(rita.get(url("inreview_changelist")).context["cl"].result_list)
    assert [row.pk for row in rows] == [older.pk, newer.pk]


def test_the_queue_says_what_was_answered_and_how_much_of_its_days_is_used(cast, rita):
    in_review(cast, now=shanghai("2026-03-02 11:00"))
    reply_solved(send(cast), cast, now=TUESDAY_10)
    text = rita.get(url("inreview_changelist")).content.decode()
    assert "unsolved: Consumer not reachable" in text
    assert ">solved<" in text
    assert "1 of 7" in text


def test_platform_late_shows_after_the_due_instant_and_not_at_it(cast, rita, at):
    record = in_review(cast)
    address = url("inreview_changelist") + "?platform_late=yes"
    at(record.review_due)
    assert not rita.get(address).context["cl"].result_list
    at(record.review_due + (NOON - shanghai("2026-03-03 11:59")))
    page = rita.get(address)
    assert [row.pk for row in page.context["cl"].result_list] == [record.pk]
    assert "platform late" in page.content.decode()


def test_the_page_between_lists_the_chosen_each_with_its_stamp(cast, rita):
    one, two = in_review(cast), in_review(cast)
    said = {"action": "approve_chosen", "_selected_action": [one.pk, two.pk]}
    text = rita.post(url("inreview_changelist"), said).content.decode()
    assert f'value="{one.pk}=reviewing:1"' in text
    assert f'value="{two.pk}=reviewing:1"' in text
    assert "Approve and close 2 requests" in text
    assert ServiceRequest.everything.reviewing().count() == 2


def test_many_are_approved_at_once_each_with_its_history(cast, rita):
    chosen = [in_review(cast) for _ in range(3)]
    response = rita.post(url("inreview_approve"), {"chosen": [line(record) for record in chosen]})
    assert response.status_code == 302
    assert ServiceRequest.everything.closed().count() == 3
    assert {record.history.latest().move for record in chosen} == {"approve"}


def test_of_many_the_stale_one_stays_listed_and_is_not_touched(cast, rita):
    chosen = [in_review(cast) for _ in range(4)]
    actions.reject(chosen[2], reason="材料不足", by=cast.as_ray, now=NOON)
    said = {"chosen": [line(record) for record in chosen], "reason": "核实无误"}
    response = rita.post(url("inreview_approve"), said)
    text = response.content.decode()
    assert response.status_code == 200
    assert f"3 approved, 1 not: {chosen[2].no} is “Pending” now." in text
    assert "核实无误" in text
    assert [fresh(record).state for record in chosen] == ["closed", "closed", "pending", "closed"]


def test_a_single_stale_one_is_a_conflict(cast, rita):
    record = in_review(cast)
    actions.approve(record, by=cast.as_ray, now=NOON)
    response = rita.post(url("inreview_reject"), {"chosen": line(record), "reason": "退回"})
    assert response.status_code == 409
    assert fresh(record).state == "closed"


def test_many_are_not_rejected_without_a_reason(cast, rita):
    record = in_review(cast)
    response = rita.post(url("inreview_reject"), {"chosen": line(record), "reason": " "})
    assert response.status_code == 400
    assert line(record) in response.content.decode()
    assert fresh(record).state == "reviewing"


@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["0"], ["=reviewing:1"], ["99999999999999999999=reviewing:1"]])
def test_choosing_nothing_or_nonsense_decides_nothing(cast, rita, chosen):
    assert rita.post(url("inreview_approve"), {"chosen": chosen}).status_code == 400


def test_a_stamp_left_out_of_the_list_is_not_decided(cast, rita):
    record = in_review(cast)
    assert rita.post(url("inreview_approve"), {"chosen": f"{record.pk}="}).status_code == 400
    assert fresh(record).state == "reviewing"


def test_the_queues_own_class_still_acts_on_the_request_with_history(cast, rita):
    record = in_review(cast)
    actions.approve(InReview.everything.get(pk=record.pk), by=cast.as_rita, now=NOON)
    assert fresh(record).history.latest().move == "approve"


@pytest.mark.parametrize("ticked", ["zz", "", "9" * 30, "1\0"])
def test_a_ticked_row_that_is_no_number_is_a_bad_form(cast, rita, ticked):
    said = {"action": "approve_chosen", "index": "0", "_selected_action": ticked}
    assert rita.post(url("inreview_changelist"), said).status_code == 400


def test_the_history_of_a_request_tells_its_replies_and_reviews_too(cast, rita):
    asked = in_review(cast)
    actions.reject(asked, reason="请补充通话记录", by=cast.as_rita, now=NOON)
    page = rita.get(url("servicerequest_history", asked.pk))
    told = {(change.about, change.who) for change in page.context["changes"]}
    assert told == {("", "皮娅"), ("reply", "鲍勃"), ("", "鲍勃"), ("review", "丽塔"), ("", "丽塔")}
    assert page.context["changes"][-1].who == "皮娅"
    assert "电话三次无人接听" in page.text
