"""Quick phrases: their variables, who keeps them, and how they come into a reply."""

import pytest

from shop_cs.models import Order
from shop_cs.moves import Refused
from tests import stories
from tests.crowd import all_at_once, real_rows
from tests.factories import ConsumerFactory, MemberFactory, OrderFactory
from tests.people import TUESDAY_10, make_cast, user
from tickets import actions
from tickets.helping import phrases
from tickets.models import Phrase

AT = {"now": TUESDAY_10}


@pytest.fixture
def record(cast):
    person = ConsumerFactory(name="欧阳修远", phone="13800008000", address="浙江省杭州市余杭区文一西路100号")
    order = OrderFactory(shop=cast.shop, no="6021", consumer=person, courier="圆通", product="面霜{me}")
    return stories.send(cast, order=order)


@pytest.fixture
def alice(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


@pytest.fixture
def bob(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


def own(cast, title="已退款", text="已退款{amount}", **more):
    return actions.add_phrase(shop=cast.shop, title=title, text=text, by=cast.as_alice, **AT, **more)


def platforms(cast, title="致歉", text="{consumer}您好", **more):
    return actions.add_phrase(shop=None, title=title, text=text, by=cast.as_rita, **AT, **more)


def titles(shop):
    return list(Phrase.objects.of(shop).values_list("title", flat=True))


# Variables
def test_variables_are_filled_from_the_request(record):
    filled = phrases.fill("{order} {amount} { courier } {me} {type}", record, me="鲍勃")
    assert filled.text == "6021 ¥199.00 圆通 鲍勃 Product"
    assert filled.lack == ""


def test_what_is_filled_in_is_not_read_again(record):
    assert phrases.fill("{product}", record, me="鲍勃").text == "面霜{me}"


def test_no_variable_tells_a_contact(record):
    everything = phrases.fill(" ".join(name for name, _words in phrases.table()), record, me="鲍勃").text
    consumer = record.order.consumer
    assert "欧**" in everything
    assert not [told for told in (consumer.name, consumer.phone, consumer.address) if told in everything]


def test_what_is_not_known_stays_and_is_named(record):
    filled = phrases.fill("售后单{after_sale}", record, me="鲍勃")
    assert filled.text == "售后单{after_sale}"
    assert "{after_sale}" in filled.lack


def test_without_a_courier_and_a_consumer_words_stand_for_them(cast):
    order = OrderFactory(shop=cast.shop, consumer=None, courier="")
    filled = phrases.fill("{courier}/{consumer}", stories.send(cast, order=order), me="鲍勃")
    assert filled.text == "the courier/the consumer"


def test_an_unknown_variable_is_refused_by_name_with_those_that_there_are(cast):
    with pytest.raises(Refused) as refused:
        own(cast, text="{order} {phone}")
    assert refused.value.refusal.status == 400
    assert "no variable {phone}" in str(refused.value)
    assert "{courier}" in str(refused.value)
    assert not Phrase.everything.exists()


def test_every_variable_there_is_can_be_saved(cast):
    text = "".join(name for name, _words in phrases.table())
    assert own(cast, text=text).text == text


# Who keeps them
def test_a_title_is_there_once_a_shop_but_again_in_another(cast):
    own(cast)
    with pytest.raises(Refused, match="already"):
        own(cast)
    said = {"title": "已退款", "text": "已退款", "by": cast.as_charlie}
    assert actions.add_phrase(shop=cast.other_shop, **said, **AT)
    platforms(cast, title="已退款")
    with pytest.raises(Refused, match="already"):
        platforms(cast, title="已退款")


@pytest.mark.parametrize("who", ["as_bob", "as_charlie", "as_rita", "as_pia"])
def test_only_the_shops_own_people_with_the_post_keep_its_phrases(cast, who):
    phrase = own(cast)
    with pytest.raises(Refused) as refused:
        actions.change_phrase(phrase, title="别的", by=getattr(cast, who), **AT)
    assert refused.value.refusal.status == 403
    with pytest.raises(Refused):
        actions.delete_phrase(phrase, by=getattr(cast, who), **AT)
    assert titles(cast.shop) == ["已退款"]


@pytest.mark.parametrize("who", ["as_alice", "as_pia", "as_olive"])
def test_only_reviewers_keep_the_platforms(cast, who):
    with pytest.raises(Refused) as refused:
        actions.add_phrase(shop=None, title="x", text="x", by=getattr(cast, who), **AT)
    assert refused.value.refusal.status == 403


def test_the_order_is_changed_one_place_at_a_time_and_ends_at_the_ends(cast):
    first, second = own(cast, "甲"), own(cast, "乙")
    own(cast, "丙")
    actions.move_phrase(second, up=True, by=cast.as_alice, **AT)
    assert titles(cast.shop) == ["乙", "甲", "丙"]
    actions.move_phrase(second, up=True, by=cast.as_alice, **AT)
    assert titles(cast.shop) == ["乙", "甲", "丙"]
    actions.move_phrase(first, up=False, by=cast.as_alice, **AT)
    actions.move_phrase(first, up=False, by=cast.as_alice, **AT)
    assert titles(cast.shop) == ["乙", "丙", "甲"]


def test_what_is_gone_is_not_moved_and_others_phrases_are_nobodys(cast):
    first, other = own(cast, "甲"), own(cast, "乙")
    with pytest.raises(Refused) as refused:
        actions.move_phrase(other, up=True, by=cast.as_bob, **AT)
    assert refused.value.refusal.status == 403
    actions.delete_phrase(other, by=cast.as_alice, **AT)
    with pytest.raises(Refused) as refused:
        actions.move_phrase(other, up=True, by=cast.as_alice, **AT)
    assert refused.value.refusal.status == 404
    assert titles(cast.shop) == [first.title]


def test_each_change_is_in_the_trail_with_its_doer(cast):
    phrase = own(cast)
    actions.change_phrase(phrase, title="退款", by=cast.as_alice, **AT)
    actions.delete_phrase(phrase, by=cast.as_alice, **AT)
    rows = Phrase.history.order_by("history_id").values_list("move", "actor_name", "history_type")
    told = [("add_phrase", "爱丽丝", "+"), ("change_phrase", "爱丽丝", "~"), ("delete_phrase", "爱丽丝", "-")]
    assert list(rows) == told


# The shop's page
def test_the_owner_makes_changes_orders_and_deletes_on_the_page(cast, alice):
    said = {"title": "已补寄", "text": "已补寄{order}", "category": "courier", "is_active": "on"}
    assert alice.post("/s/S001/phrases/new/", said).status_code == 302
    phrase = Phrase.objects.of(cast.shop).get()
    assert "已补寄{order}" in alice.get("/s/S001/phrases/").content.decode()
    assert alice.post(f"/s/S001/phrases/{phrase.pk}/", {**said, "title": "补寄"}).status_code == 302
    own(cast, "甲")
    assert alice.post(f"/s/S001/phrases/{phrase.pk}/move/", {"way": "down"}).status_code == 302
    assert titles(cast.shop) == ["甲", "补寄"]
    assert alice.get(f"/s/S001/phrases/{phrase.pk}/delete/").status_code == 200
    assert alice.post(f"/s/S001/phrases/{phrase.pk}/delete/").status_code == 302
    assert titles(cast.shop) == ["甲"]


def test_a_wrong_variable_shows_the_form_again_with_what_was_typed(cast, alice):
    answer = alice.post("/s/S001/phrases/new/", {"title": "x", "text": "您的{adress}", "is_active": "on"})
    assert answer.status_code == 400
    assert "您的{adress}" in answer.content.decode()
    assert "no variable {adress}" in answer.content.decode()


def test_a_taken_title_shows_the_form_again(cast, alice):
    own(cast)
    answer = alice.post("/s/S001/phrases/new/", {"title": "已退款", "text": "别的"})
    assert answer.status_code == 400
    assert "别的" in answer.content.decode()


def test_neither_up_nor_down_is_understood(cast, alice):
    assert alice.post(f"/s/S001/phrases/{own(cast).pk}/move/", {"way": "left"}).status_code == 400


def test_a_clerk_reads_and_is_told_which_post_may_not(cast, bob):
    phrase = own(cast)
    page = bob.get("/s/S001/phrases/").content.decode()
    assert "已退款{amount}" in page
    assert "售后客服" in page
    for part in ("new/", f"{phrase.pk}/", f"{phrase.pk}/delete/", f"{phrase.pk}/move/"):
        answer = bob.post(f"/s/S001/phrases/{part}", {"title": "x", "text": "x", "way": "up"})
        assert answer.status_code == 403
        assert "售后客服" in answer.content.decode()


def test_neither_another_shops_nor_the_platforms_phrase_is_opened_here(cast, alice):
    theirs = actions.add_phrase(shop=cast.other_shop, title="x", text="x", by=cast.as_charlie, **AT)
    for phrase in (theirs, platforms(cast)):
        assert alice.get(f"/s/S001/phrases/{phrase.pk}/").status_code == 404
        assert alice.post(f"/s/S001/phrases/{phrase.pk}/delete/").status_code == 404


# On the way into a reply
def picker(client, record, query="", **headers):
    return client.get(f"/s/S001/requests/{record.no}/phrases/{query}", **headers)


def test_the_picker_shows_own_and_the_platforms_filled_for_the_request(cast, bob, record):
    own(cast)
    platforms(cast)
    actions.add_phrase(shop=cast.other_shop, title="别店", text="别店", by=cast.as_charlie, **AT)
    page = picker(bob, record).content.decode()
    assert "已退款¥199.00" in page
    assert "欧**您好" in page
    assert "别店" not in page


def test_the_picker_narrows_by_type_and_by_what_is_typed(cast, bob, record):
    own(cast, "快递", "快递", category="courier")
    own(cast, "商品", "商品", category="product")
    own(cast, "停用", "停用", is_active=False)
    page = picker(bob, record)
    assert [row["phrase"].title for row in page.context["found"]] == ["商品"]
    assert [row["phrase"].title for row in picker(bob, record, "?type=all").context["found"]] == ["快递", "商品"]
    assert picker(bob, record, "?q=快递").context["found"] == []


def test_by_htmx_it_is_a_piece_without_the_shell(cast, bob, record):
    own(cast)
    piece = picker(bob, record, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert 'data-text="已退款¥199.00"' in piece


def test_without_scripts_the_link_fills_the_form(cast, bob, record):
    phrase = own(cast)
    assert f"?phrase={phrase.pk}#reply" in picker(bob, record).content.decode()
    form = bob.get(f"/s/S001/requests/{record.no}/?phrase={phrase.pk}").context["reply_form"]
    assert form.initial["text"] == "已退款¥199.00"


@pytest.mark.parametrize("value", ["0", "x", "9" * 40, ""])
def test_a_phrase_that_there_is_not_is_404(bob, record, value):
    assert bob.get(f"/s/S001/requests/{record.no}/?phrase={value}").status_code == 404


def test_neither_a_strangers_nor_a_phrase_out_of_use_fills_anything(cast, bob, record):
    theirs = actions.add_phrase(shop=cast.other_shop, title="x", text="x", by=cast.as_charlie, **AT)
    for phrase in (theirs, own(cast, is_active=False)):
        assert bob.get(f"/s/S001/requests/{record.no}/?phrase={phrase.pk}").status_code == 404


def test_a_reply_is_not_sent_with_a_variable_unfilled(bob, record):
    address = f"/s/S001/requests/{record.no}/reply/"
    said = {"solved": "no", "reason": "other", "text": "售后单{after_sale}"}
    answer = bob.post(address, said)
    assert answer.status_code == 400
    assert "still stands to be filled in: {after_sale}" in answer.content.decode()
    # Other words in braces are somebody's own.
    assert bob.post(address, {**said, "text": "见{附件一}"}).status_code == 302


def test_a_post_that_may_not_answer_is_told_so_and_inserts_nothing(cast, at, client, record):
    ivy = user("ivy", "merchant", "艾维")
    MemberFactory(shop=cast.shop, user=ivy, post=cast.interns)
    own(cast)
    client.force_login(ivy)
    page = picker(client, record).content.decode()
    assert "data-insert" not in page
    assert "实习生" in page


def test_the_picker_takes_a_bounded_number_of_statements(cast, bob, record, django_assert_max_num_queries):
    for n in range(20):
        own(cast, f"短语{n}", "{order}{consumer}")
    with django_assert_max_num_queries(12):
        assert picker(bob, record).status_code == 200
    assert Order.everything.count() == 1


# In the platform's desk
def test_a_reviewer_keeps_the_platforms_in_the_desk(cast, at, client):
    client.force_login(cast.rita)
    said = {"title": "致歉", "text": "{consumer}您好", "category": "", "is_active": "on", "position": "0"}
    assert client.post("/admin/tickets/phrase/add/", said).status_code == 302
    phrase = Phrase.everything.get(shop=None)
    assert phrase.history.get().move == "add_phrase"
    assert client.post("/admin/tickets/phrase/add/", said).status_code == 400
    wrong = client.post(f"/admin/tickets/phrase/{phrase.pk}/change/", {**said, "text": "{phone}"})
    assert wrong.status_code == 400
    assert "{phone}" in wrong.content.decode()
    changed = client.post(f"/admin/tickets/phrase/{phrase.pk}/change/", {**said, "position": "3"})
    assert changed.status_code == 302
    assert client.post(f"/admin/tickets/phrase/{phrase.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Phrase.everything.exists()


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_a_shops_phrase_is_read_in_the_desk_and_changed_by_nobody_there(cast, at, client, who):
    phrase = own(cast)
    client.force_login(getattr(cast, who))
    address = f"/admin/tickets/phrase/{phrase.pk}"
    assert client.get(f"{address}/change/").status_code == 200
    assert client.post(f"{address}/change/", {"title": "x", "text": "x", "position": "0"}).status_code == 403
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert titles(cast.shop) == ["已退款"]


class TestOnPostgreSQL:
    pytestmark = real_rows

    def test_many_who_move_at_once_wait_for_each_other_and_never_in_a_ring(self, transactional_db):
        cast = make_cast()
        rows = [own(cast, f"第{n}") for n in range(6)]
        for _n in range(8):
            moved = all_at_once(
                *[lambda row=row: actions.move_phrase(row, up=False, by=cast.as_alice, **AT) for row in rows]
            )
            assert moved == [None] * 6
        assert sorted(titles(cast.shop)) == [row.title for row in rows]
        assert sorted(Phrase.objects.of(cast.shop).values_list("position", flat=True)) == list(range(6))
