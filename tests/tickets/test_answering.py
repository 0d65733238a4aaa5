"""The merchant answers: in time, once a round, with the proof that is needed, from the order's own vault."""

from datetime import timedelta

import pytest

from shop_cs.access import merchant_actor
from shop_cs.moves import Refused, stamp
from tests import stories
from tests.factories import AfterSaleFactory, EvidenceFactory, MemberFactory, OrderFactory
from tests.people import TUESDAY_10
from tickets import actions
from tickets.models import Attachment, ContactAttempt, Reply

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
NOON = TUESDAY_10 + 2 * HOUR


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.refusal


def solved(request, cast, *, settlement="done", now=NOON, **more):
    by = more.pop("by", cast.as_bob)
    return actions.reply(request, solved=True, settlement=settlement, text="已处理", by=by, now=now, **more)


def piece(request, **more):
    return EvidenceFactory(order=request.order, **more)


def test_an_answer_at_the_deadlines_very_instant_is_in_time(cast):
    request = stories.send(cast)
    answered = stories.reply_unsolved(request, cast, now=request.deadline)
    assert answered.state == "reviewing"
    assert answered.overdue_at is None


def test_a_microsecond_later_it_is_refused_though_no_worker_has_run(cast):
    request = stories.send(cast)
    late = refusal(stories.reply_unsolved, request, cast, now=request.deadline + MICROSECOND)
    assert (late.code, late.status) == ("overdue", 409)
    assert stories.fresh(request).state == "pending"
    assert not request.replies.exists()


def test_when_the_worker_has_run_it_is_still_refused_as_overdue_and_not_as_answered(cast):
    request = stories.send(cast)
    stories.sweep_at(request.deadline + MICROSECOND)
    assert refusal(stories.reply_unsolved, request, cast, now=request.deadline + HOUR).code == "overdue"


def test_nothing_can_be_added_after_the_deadline(cast):
    request = stories.send(cast)
    late = {"by": cast.as_bob, "now": request.deadline + MICROSECOND}
    call = {"channel": "call", "contacted_at": NOON, "result": "reached"}
    after_sale = AfterSaleFactory(order=request.order)
    assert refusal(actions.attach, request, evidence=piece(request), **late).code == "overdue"
    assert refusal(actions.log_contact, request, **call, **late).code == "overdue"
    assert refusal(actions.link_after_sale, request, after_sale=after_sale, **late).code == "overdue"


@pytest.mark.parametrize("first", ["reply_solved", "reply_unsolved"])
def test_a_second_answer_in_a_round_is_refused_by_name(cast, first):
    request = stories.send(cast)
    getattr(stories, first)(request, cast, now=NOON)
    again = refusal(stories.reply_solved, request, cast, now=NOON + HOUR)
    assert (again.code, again.status) == ("already_replied", 409)
    assert request.replies.count() == 1


def test_a_second_answer_from_an_old_page_is_refused_as_a_second_one_too(cast):
    request = stories.send(cast)
    page = stamp(request)
    solved(request, cast, expect=page)
    assert refusal(solved, request, cast, expect=page).code == "already_replied"


def test_an_answer_from_a_page_of_an_earlier_round_is_refused_as_stale(cast):
    request = stories.send(cast)
    page = stamp(request)
    stories.reply_unsolved(request, cast, now=NOON)
    actions.reject(request, reason="请补充凭证", by=cast.as_rita, now=NOON)
    assert refusal(solved, request, cast, expect=page).code == "stale"
    assert solved(request, cast, expect=stamp(stories.fresh(request))).state == "reviewing"


def test_a_stranger_with_an_old_page_is_told_nothing_of_what_happened_meanwhile(cast):
    request = stories.send(cast)
    page = stamp(request)
    stories.reply_unsolved(request, cast, now=NOON)
    assert refusal(solved, request, cast, by=cast.as_charlie, expect=page).status == 404


@pytest.mark.parametrize("settlement", ["agreed", "refunded"])
def test_agreed_and_refunded_need_proof(cast, settlement):
    request = stories.send(cast)
    missing = refusal(solved, request, cast, settlement=settlement)
    assert (missing.code, missing.status) == ("proof", 400)
    assert stories.fresh(request).state == "pending"
    done = solved(request, cast, settlement=settlement, evidence=[(piece(request), "退款截图")])
    assert done.state == "reviewing"
    assert request.attachments.get().proves == "退款截图"


def test_proof_attached_before_the_answer_counts_and_a_piece_of_the_platforms_does_not(cast):
    request = stories.send(cast)
    actions.attach(request, evidence=piece(request, side="platform"), by=cast.as_bob, now=NOON)
    assert refusal(solved, request, cast, settlement="agreed").code == "proof"
    actions.attach(request, evidence=piece(request), by=cast.as_bob, now=NOON)
    assert solved(request, cast, settlement="agreed").state == "reviewing"


def test_done_and_unsolved_need_no_proof(cast):
    assert solved(stories.send(cast), cast, settlement="done").state == "reviewing"
    assert stories.reply_unsolved(stories.send(cast), cast, now=NOON).state == "reviewing"


@pytest.mark.parametrize("reason", Reply.Reason.values)
def test_each_true_reason_is_kept_with_what_was_said(cast, reason):
    request = stories.send(cast)
    said = {"reason": reason, "text": "已联系三次", "proposal": "补偿运费"}
    actions.reply(request, solved=False, by=cast.as_bob, now=NOON, **said)
    kept = request.replies.get()
    assert (kept.reason, kept.text, kept.proposal) == (reason, "已联系三次", "补偿运费")
    assert (kept.solved, kept.round, kept.replied_by, kept.replied_at) == (False, 1, cast.bob, NOON)


def test_the_twentieth_piece_is_taken_and_the_twenty_first_refused(cast):
    request = stories.send(cast)
    pieces = [piece(request) for _ in range(21)]
    for one in pieces[:20]:
        actions.attach(request, evidence=one, by=cast.as_bob, now=NOON)
    more = refusal(actions.attach, request, evidence=pieces[20], by=cast.as_bob, now=NOON)
    assert (more.code, more.status) == ("too_many", 400)
    assert actions.attach(request, evidence=pieces[0], by=cast.as_bob, now=NOON).evidence == pieces[0]
    assert request.attachments.count() == 20


def test_when_the_answer_is_refused_none_of_its_pieces_is_attached(cast):
    request = stories.send(cast)
    strange = EvidenceFactory(order=OrderFactory(shop=cast.shop))
    pieces = [(piece(request), ""), (strange, "")]
    assert refusal(solved, request, cast, evidence=pieces).status == 404
    assert not Attachment.everything.exists()
    assert refusal(actions.attach, request, evidence=strange, by=cast.as_bob, now=NOON).code == "stranger"


def test_a_piece_attached_by_mistake_is_taken_back_once_and_stays_in_the_vault(cast):
    request = stories.send(cast)
    attachment = actions.attach(request, evidence=piece(request), by=cast.as_bob, now=NOON)
    again = Attachment.everything.get(pk=attachment.pk)
    actions.detach(attachment, by=cast.as_bob, now=NOON)
    assert refusal(actions.detach, again, by=cast.as_bob, now=NOON).code == "gone"
    assert not request.attachments.exists()
    assert request.order.evidence.count() == 1
    assert list(Attachment.history.order_by("history_id").values_list("move", flat=True)) == ["attach", "detach"]


def test_what_was_decided_on_is_frozen(cast):
    request = stories.send(cast)
    attachment = actions.attach(request, evidence=piece(request), by=cast.as_bob, now=NOON)
    stories.reply_unsolved(request, cast, now=NOON)
    assert refusal(actions.detach, attachment, by=cast.as_bob, now=NOON).code == "already_replied"
    actions.reject(request, reason="不清晰", by=cast.as_rita, now=NOON)
    assert refusal(actions.detach, attachment, by=cast.as_bob, now=NOON).code == "frozen"
    assert request.attachments.get() == attachment


def test_a_contact_now_is_logged_and_one_in_the_future_refused(cast):
    request = stories.send(cast)
    call = {"channel": "call", "result": "no_answer", "by": cast.as_bob, "now": NOON}
    future = refusal(actions.log_contact, request, contacted_at=NOON + MICROSECOND, **call)
    assert (future.code, future.status) == ("future", 400)
    actions.log_contact(request, contacted_at=NOON, note="无人接听", **call)
    logged = ContactAttempt.objects.of(cast.shop).get()
    assert (logged.contacted_at, logged.logged_by, logged.note) == (NOON, cast.bob, "无人接听")


def test_an_after_sale_of_the_order_is_linked_and_taken_back_and_anothers_refused(cast):
    request = stories.send(cast)
    mine, other = AfterSaleFactory(order=request.order), AfterSaleFactory(order__shop=cast.shop)
    link = {"by": cast.as_bob, "now": NOON}
    assert refusal(actions.link_after_sale, request, after_sale=other, **link).status == 404
    assert actions.link_after_sale(request, after_sale=mine, **link).after_sale == mine
    assert actions.link_after_sale(request, after_sale=None, **link).after_sale is None


def test_an_answer_does_not_bring_another_orders_after_sale(cast):
    request = stories.send(cast)
    assert refusal(solved, request, cast, after_sale=AfterSaleFactory()).code == "stranger"
    mine = AfterSaleFactory(order=request.order)
    assert solved(request, cast, after_sale=mine).after_sale == mine


def test_a_post_that_may_not_answer_is_named(cast):
    intern = merchant_actor(MemberFactory(shop=cast.shop, post=cast.interns), now=TUESDAY_10)
    denied = refusal(solved, stories.send(cast), cast, by=intern)
    assert (denied.code, denied.status) == ("permission", 403)
    assert "实习生" in str(denied.text)


def test_for_another_shop_there_is_no_such_request(cast):
    assert refusal(solved, stories.send(cast), cast, by=cast.as_charlie).status == 404


@pytest.mark.parametrize("who", ["as_pia", "as_rita", "as_olive"])
def test_nobody_of_the_platform_answers_for_a_merchant(cast, who):
    denied = refusal(solved, stories.send(cast), cast, by=getattr(cast, who))
    assert (denied.code, denied.status) == ("role", 403)
