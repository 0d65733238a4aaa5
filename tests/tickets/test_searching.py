"""The words that are searched: kept up by whoever writes, equal to a rebuild, the shop's own."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop_cs import privacy
from shop_cs.models import acting
from tests import stories
from tests.factories import ConsumerFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.models import Reply, SearchText, ServiceRequest
from tickets.searching import asking, keeping, store
from tickets.searching.words import asked

HOUR = timedelta(hours=1)


def found(question, by, **more):
    return [row.request.no for row in asking.with_words(asking.texts_for(by), asked(question), by=by, **more)]


def differences():
    return list(keeping.check())


def tell(cast, detail, *, now=TUESDAY_10, order=None):
    order = order or OrderFactory(shop=cast.shop)
    return actions.create(order=order, kind="general", category="product", detail=detail, by=cast.as_pia, now=now)


# Kept up
def test_a_new_request_is_found_at_once(cast):
    record = tell(cast, "杯子漏水")
    assert found("漏水", cast.as_bob) == [record.no]


def test_a_reply_and_its_proposal_are_found_at_once(cast):
    record = tell(cast, "杯子漏水")
    said = {"solved": False, "reason": "no_agreement", "text": "消费者拒收", "proposal": "补偿优惠券"}
    actions.reply(record, **said, by=cast.as_bob, now=TUESDAY_10 + HOUR)
    assert found("拒收 优惠 漏水", cast.as_bob) == [record.no]
    assert differences() == []


def test_what_was_refused_leaves_no_word(cast):
    record = tell(cast, "杯子漏水")
    with pytest.raises(Exception, match="need proof"):
        actions.reply(record, solved=True, settlement="refunded", text="拒收", by=cast.as_bob, now=TUESDAY_10)
    assert found("拒收", cast.as_bob) == []


def test_a_request_and_a_reply_cost_one_statement_each(cast, django_assert_num_queries):
    record = stories.reply_unsolved(tell(cast, "杯子漏水"), cast, now=TUESDAY_10)
    answer = Reply.everything.get(request=record)
    SearchText.everything.all().delete()
    with django_assert_num_queries(1):
        keeping.added(record)
    with django_assert_num_queries(1):
        keeping.answered(answer)


def test_what_came_by_another_way_is_found_after_the_workers_pass(cast):
    record = stories.reply_unsolved(tell(cast, "杯子漏水"), cast, now=TUESDAY_10)
    SearchText.everything.all().delete()
    assert found("漏水", cast.as_bob) == []
    assert stories.sweep_at(TUESDAY_10)["search"] > 0
    assert found("漏水 无人接听", cast.as_bob) == [record.no]
    assert stories.sweep_at(TUESDAY_10)["search"] == 0


def test_an_edited_text_is_found_by_its_new_words_alone(cast):
    record = tell(cast, "杯子漏水")
    stories.sweep_at(TUESDAY_10)
    with acting(cast.as_pia, move="change", at=TUESDAY_10):
        record.detail = "杯子破损"
        record.save()
    stories.sweep_at(TUESDAY_10)
    assert (found("漏水", cast.as_bob), found("破损", cast.as_bob)) == ([], [record.no])
    assert differences() == []


def test_after_a_whole_story_the_words_are_those_of_a_rebuild(cast):
    record = stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    record = actions.reject(record, reason="请补充", by=cast.as_rita, now=TUESDAY_10 + HOUR)
    stories.reply_solved(record, cast, now=TUESDAY_10 + 2 * HOUR)
    for state in ("scheduled", "reviewing", "closed"):
        stories.reach(cast, state)
    before = dict(SearchText.everything.values_list("request", "words"))
    SearchText.everything.all().delete()
    assert len(differences()) == 4
    assert keeping.rebuild() == 4
    assert dict(SearchText.everything.values_list("request", "words")) == before
    assert keeping.rebuild() == 0
    stories.sweep_at(shanghai("2026-03-05 10:00"))
    assert differences() == []


def test_imported_requests_are_found_after_the_workers_pass(cast, tmp_path, at):
    order, file = OrderFactory(shop=cast.shop), tmp_path / "requests.csv"
    head = "request_no,shop_no,order_no,kind,category,detail,created_at,limit_hours,urges"
    file.write_text(f"{head}\nSR1,S001,{order.no},general,product,蓝牙耳机没有声音,2026-03-02T10:00,,\n")
    call_command("import_requests", str(file))
    assert len(differences()) == 1
    stories.sweep_at(TUESDAY_10)
    assert found("耳机", cast.as_bob) == ["SR1"]
    assert differences() == []


def test_a_deleted_row_is_no_longer_found(cast):
    record = tell(cast, "杯子漏水")
    SearchText.everything.filter(request=record).delete()
    assert found("漏水", cast.as_bob) == []
    store.prove(connection, keeping.TABLE)


def test_no_contact_of_a_person_is_among_the_words(cast):
    person = ConsumerFactory(name="欧阳修竹", phone="13712345678", address="江西省吉安市永丰县沙溪镇")
    record = tell(cast, "杯子漏水", order=OrderFactory(shop=cast.shop, consumer=person))
    stories.sweep_at(TUESDAY_10)
    for contact in ("欧阳修竹", "13712345678", "永丰"):
        assert found(contact, cast.as_bob) == []
    privacy.erase(person, by=cast.as_rita, reason="本人来信要求", now=TUESDAY_10)
    assert found("漏水", cast.as_bob) == [record.no]


# The command
def test_the_command_names_what_differs_and_makes_it_anew(cast, capsys):
    record = tell(cast, "杯子漏水")
    call_command("search_index", "--check", "--no-progress")
    SearchText.everything.filter(request=record).update(words="shop_0 别的")
    with pytest.raises(CommandError, match="differs in 1 places"):
        call_command("search_index", "--check", "--no-progress")
    assert record.no in capsys.readouterr().err
    call_command("search_index", "--rebuild", "--no-progress")
    assert "the words of 1 were made anew" in capsys.readouterr().out
    call_command("search_index", "--check", "--no-progress")


def test_what_is_not_in_the_database_is_named_and_put_up_again(cast):
    record = tell(cast, "杯子漏水")
    # PostgreSQL alters no table of which it still has something to check.
    connection.check_constraints()
    store.remove(connection)
    assert store.missing(connection)
    assert any("migrate" in line for line in keeping.check())
    connection.check_constraints()
    assert set(store.install(connection)) == store.wanted(connection).keys()
    assert found("漏水", cast.as_bob) == [record.no]
    assert store.install(connection) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's index is a part of its table")
def test_an_index_that_was_not_told_of_a_change_is_found_out(cast):
    tell(cast, "杯子漏水")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER search_changed")
    SearchText.everything.update(words="shop_0 别的")
    assert any("does not hold" in line for line in keeping.check())
    keeping.rebuild()
    assert not [line for line in keeping.check() if "does not hold" in line]


# Words
def test_a_shop_finds_its_own_and_the_platform_all(cast):
    mine = tell(cast, "杯子漏水")
    theirs = tell(cast, "水壶漏水", order=OrderFactory(shop=cast.other_shop), now=TUESDAY_10 + HOUR)
    assert found("漏水", cast.as_bob) == [mine.no]
    assert found("漏水", cast.as_charlie) == [theirs.no]
    for by in (cast.as_pia, cast.as_rita, cast.as_olive):
        assert found("漏水", by) == [theirs.no, mine.no]


def test_the_shops_own_word_is_none_that_can_be_asked_for(cast):
    tell(cast, "杯子漏水")
    for word in (store.token_of(cast.shop.pk), f"shop{cast.shop.pk}", f"SHOP_{cast.shop.pk}"):
        assert found(word, cast.as_rita) == []


def test_what_waits_for_the_opening_is_found_by_the_platform_alone(cast):
    record = tell(cast, "杯子漏水", now=shanghai("2026-03-02 22:00"))
    assert found("漏水", cast.as_bob) == []
    assert found("漏水", cast.as_rita) == [record.no]
    stories.sweep_at(TUESDAY_10)
    assert found("漏水", cast.as_bob) == [record.no]


def test_four_characters_are_found_side_by_side_alone(cast):
    record = tell(cast, "商品破损，要求退款")
    tell(cast, "商品没有破损。要求不多，退款")
    assert found("商品破损", cast.as_bob) == [record.no]
    assert len(found("商品 破损", cast.as_bob)) == 2
    assert found("求退款", cast.as_bob) == [record.no]


def test_the_filters_narrow_what_is_found(cast):
    waiting, answered = stories.send(cast), stories.send(cast, category="exchange")
    stories.reply_unsolved(answered, cast, now=TUESDAY_10)
    assert found("退款", cast.as_bob, state="pending") == [waiting.no]
    assert found("退款", cast.as_bob, category="exchange") == [answered.no]
    assert found("退款", cast.as_bob, state="pending", category="exchange") == []


def test_pages_follow_each_other_without_a_gap(cast):
    many = asking.PAGE * 2 + 1
    sent = [tell(cast, "杯子漏水", now=TUESDAY_10 + timedelta(minutes=n // 3)) for n in range(many)]
    pages, before = [], ""
    while not pages or before:
        answer = asking.search(asked("漏水"), by=cast.as_bob, before=before)
        pages.append([result.record.pk for result in answer.results])
        before = answer.older
    assert [len(page) for page in pages] == [asking.PAGE, asking.PAGE, 1]
    in_order = sorted(sent, key=lambda one: (one.created_at, one.pk), reverse=True)
    assert sum(pages, []) == [one.pk for one in in_order]


@pytest.mark.parametrize("question", ["' OR 1=1 --", '"漏水" NOT 杯子', "漏水:*", "漏水 & | ! <->", "漏\0水", "漏水\\"])
def test_signs_of_a_query_language_mean_nothing(cast, question):
    tell(cast, "杯子漏水")
    answer = asking.search(asked(question), by=cast.as_bob)
    assert len(answer.results) in (0, 1)


def test_every_request_has_its_words(cast):
    for state in ("scheduled", "pending", "reviewing", "closed"):
        stories.reach(cast, state)
    assert SearchText.everything.count() == ServiceRequest.everything.count()
