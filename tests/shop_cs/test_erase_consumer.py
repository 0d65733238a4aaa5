"""A person is removed for good: from every table, every shop, every link; what was decided stays, and who erased."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from disputes import actions as dispute_actions
from disputes import messages, persons
from disputes.actions import reporting
from shop_cs import imports, privacy
from shop_cs.actors import SYSTEM, Actor, Role
from shop_cs.imports import OrderImport
from shop_cs.models import Consumer, ConsumerMessage, Evidence, Order
from shop_cs.moves import Refused
from tests.case_stories import open_case
from tests.factories import ConsumerFactory, OrderFactory
from tests.people import TUESDAY_10
from tests.privacy_stories import ADDRESS, CANARIES, HOUR, NAME, PHONE, busy_life, holding, zhen
from tests.stories import confirming, confirming_rules, reply_solved, send, sweep_at
from tickets import actions

WHY = "本人来信要求删除"


@pytest.fixture(autouse=True)
def _now(at):
    """The commands ask what time it is, too."""


def erase(consumer, by=SYSTEM, now=TUESDAY_10 + HOUR):
    return privacy.erase(consumer, by=by, reason=WHY, now=now)


def run(*words, capsys, **options):
    """What the command says when it is sure."""
    call_command("erase_consumer", *words, "--reason", WHY, "--by", "rita", "--yes", **options)
    return capsys.readouterr().out


def fresh(record):
    return type(record)._base_manager.get(pk=record.pk)


# Gone
def test_nothing_of_her_is_left_in_any_table(cast, capsys):
    busy_life(cast)
    her = Order.everything.get(no="6021000001").consumer
    elsewhere = zhen(name="甄女士", phone="139 1234 5678", address="别处")
    OrderFactory(shop=cast.other_shop, consumer=elsewhere)
    gone = (*CANARIES, ADDRESS, "甄女士", her.key, her.fingerprint, elsewhere.fingerprint)
    told = run("--shop", "S001", "--order", "6021000001", capsys=capsys)
    assert "甄** 139****5678 海南省三沙****" in told and "2 order(s) in 2 shop(s)" in told
    assert "evidence" in told and not any(value in told for value in gone)
    assert holding(*gone) == set()
    rows = [fresh(her), fresh(elsewhere)]
    assert len({row.key for row in rows}) == 1 and len({row.fingerprint for row in rows}) == 2
    assert all((row.name, row.phone, row.address) == ("", "", "") and row.erased_at for row in rows)


def test_the_trail_says_who_and_why_and_the_evidence_stays(cast, capsys):
    busy_life(cast)
    run("--shop", "S001", "--order", "6021000001", capsys=capsys)
    for model in (Consumer, ConsumerMessage):
        row = model.history.latest("history_id")
        assert (row.move, row.actor_role, row.actor_name, row.history_change_reason) == (
            "erase",
            "reviewer",
            "丽塔",
            WHY,
        )
    assert Evidence.everything.count() == 1


def test_a_stranger_keeps_everything(cast):
    her, other = zhen(), ConsumerFactory(phone="13912345679")
    before = Consumer.objects.filter(pk=other.pk).values().get()
    erase(her)
    assert Consumer.objects.filter(pk=other.pk).values().get() == before


@pytest.mark.parametrize("phone", ["139 1234 5678", "+86 13912345678", "0086-139-1234-5678"])
def test_the_number_is_the_same_however_it_is_written(cast, capsys, phone):
    rows = [zhen(), zhen(phone="+8613912345678"), zhen(phone="008613912345678")]
    run("--phone", phone, capsys=capsys)
    assert {fresh(row).key for row in rows} == {fresh(rows[0]).key}
    assert not Consumer.objects.filter(erased_at=None).exists()


def test_who_cannot_be_told_from_others_takes_nobody_along(cast):
    """Masked numbers are alike: of a thousand people with 139****5678 one is erased."""
    one, other = zhen(phone="139****5678"), zhen(name="李四", phone="139****5678")
    assert one.key == other.key
    assert erase(one) == [one]
    assert fresh(other).name == "李四"


def test_a_person_without_a_phone_is_known_by_name_and_address(cast):
    her = zhen(phone="")
    erase(her)
    assert holding(NAME, "永兴岛", her.key) == set()


def test_a_second_run_says_so_and_changes_nothing(cast, capsys):
    order = OrderFactory(shop=cast.shop, no="6021000001", consumer=zhen())
    who = ("--shop", "S001", "--order", "6021000001")
    run(*who, capsys=capsys)
    after = Consumer.objects.filter(pk=order.consumer_id).values().get()
    assert "already" in run(*who, capsys=capsys)
    assert Consumer.objects.filter(pk=order.consumer_id).values().get() == after
    assert Consumer.history.filter(move="erase").count() == 1


def test_half_an_erasing_is_none(cast, monkeypatch):
    busy_life(cast)
    her = Order.everything.get(no="6021000001").consumer
    before = Consumer.objects.filter(pk=her.pk).values().get()

    def broken(rows):
        raise RuntimeError("cut off")

    monkeypatch.setattr(privacy, "ALSO_FORGET", [*privacy.ALSO_FORGET, broken])
    with pytest.raises(RuntimeError):
        erase(her)
    assert Consumer.objects.filter(pk=her.pk).values().get() == before
    assert not ConsumerMessage.everything.filter(link="").exists()
    assert not Consumer.history.filter(move="erase").exists()


# The command
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--shop", "S001", "--order", "NONE"], "no order"),
        (["--shop", "S002", "--order", "6021000001"], "no order"),
        (["--shop", "S001", "--order", "NOBODYS"], "not known"),
        (["--phone", "13900000000"], "Nobody here"),
        (["--phone", "none"], "Nobody here"),
        ([], "Say who"),
        (["--shop", "S001"], "Say who"),
        (["--shop", "S001", "--order", "6021000001", "--phone", PHONE], "Say who"),
        (["--phone", PHONE, "--by", "nobody"], "no user"),
        (["--phone", PHONE, "--by", "olive"], "not for this role"),
        (["--phone", PHONE, "--by", "alice"], "not for this role"),
        (["--phone", PHONE, "--reason", "why "], "at least 5"),
    ],
)
def test_a_command_that_is_not_clear_erases_nobody(cast, words, why):
    OrderFactory(shop=cast.shop, no="6021000001", consumer=zhen())
    OrderFactory(shop=cast.shop, no="NOBODYS", consumer=None)
    with pytest.raises(CommandError, match=why):
        call_command("erase_consumer", "--reason", WHY, "--by", "rita", "--yes", *words)
    assert not Consumer.objects.filter(erased_at__isnull=False).exists()


@pytest.mark.parametrize(("typed", "erased"), [("no", 0), ("", 0), (EOFError, 0), ("Yes", 1)])
def test_it_asks_before_it_erases(cast, monkeypatch, capsys, typed, erased):
    zhen()

    def answer():
        if typed is EOFError:
            raise EOFError
        return typed

    monkeypatch.setattr("builtins.input", answer)
    words = ("erase_consumer", "--phone", PHONE, "--reason", WHY, "--by", "SYSTEM")
    if erased:
        call_command(*words)
    else:
        with pytest.raises(CommandError):
            call_command(*words)
    told = capsys.readouterr().out
    assert "139****5678" in told and PHONE not in told
    assert Consumer.objects.filter(erased_at__isnull=False).count() == erased


@pytest.mark.parametrize(("username", "role"), [("pia", "agent"), ("rita", "reviewer"), ("SYSTEM", "system")])
def test_the_trail_names_who_it_was_done_by(cast, username, role):
    zhen()
    call_command("erase_consumer", "--phone", PHONE, "--reason", f"{WHY}：{NAME} {PHONE}", "--by", username, "--yes")
    row = Consumer.history.latest("history_id")
    assert (row.actor_role, row.history_change_reason) == (role, f"{WHY}：甄** 139****5678")


# After it
def test_her_links_open_nothing_and_no_new_one_is_written(client, cast, at):
    _request, case, _report = busy_life(cast)
    links = ["/" + message.link.split("/", 3)[3] for message in ConsumerMessage.everything.all()]
    at(TUESDAY_10 + 3 * HOUR)
    assert len(links) > 2 and all(client.get(link).status_code == 200 for link in links)
    erase(case.order.consumer)
    assert all(client.get(link).status_code == client.post(link).status_code == 404 for link in links)
    assert not ConsumerMessage.everything.exclude(link="").exists()
    written = ConsumerMessage.everything.count()
    other = open_case(cast, order=Order.everything.get(pk=case.order_id), now=TUESDAY_10 + 3 * HOUR)
    said = {"text": "退", "by": cast.as_alice, "now": TUESDAY_10 + 4 * HOUR}
    dispute_actions.offer(other, remedy="amount", amount_fen=500, **said)
    assert ConsumerMessage.everything.count() == written


def test_no_survey_goes_to_her_and_the_request_goes_on_by_time(cast):
    confirming_rules()
    request = reply_solved(send(cast, order=OrderFactory(shop=cast.shop, consumer=zhen())), cast, now=TUESDAY_10)
    erase(request.order.consumer)
    sweep_at(TUESDAY_10 + HOUR)
    assert not ConsumerMessage.everything.exists() and fresh(request).state == "confirming"
    sweep_at(fresh(request).confirm_until + HOUR)
    assert fresh(request).state == "reviewing"


def test_nobody_is_reminded_any_more_while_others_still_are(cast):
    hers, case, _report = busy_life(cast)
    others = confirming(cast)
    erase(case.order.consumer)
    asked = {"by": cast.as_bob, "now": TUESDAY_10 + 4 * HOUR}
    with pytest.raises(Refused) as refused:
        actions.remind(hers, **asked)
    assert refused.value.refusal.code == "erased" and fresh(hers).reminders == 1
    assert actions.remind(others, **asked).reminders == 1


def test_pages_say_erased_where_the_mask_stood_and_offer_no_contact(client, cast, at):
    request, case, report = busy_life(cast)
    erase(case.order.consumer)
    desk = [reverse("platform:shop_cs_order_change", args=[case.order_id])]
    desk += [reverse("platform:disputes_report_change", args=[report.pk])]
    mine = [reverse("request", args=["S001", request.no]), reverse("report", args=["S001", report.no])]
    contact = reverse("contact", args=["S001", case.order.no])
    client.cookies["django_language"] = "en"
    for who, pages in (("rita", desk), ("alice", mine)):
        client.force_login(getattr(cast, who))
        told = [client.get(address) for address in pages]
        assert all("erased" in answer.text and '/contact/"' not in answer.text for answer in told)
    asked = client.get(contact)
    assert "This person was erased" in asked.text and "<textarea" not in asked.text
    assert client.post(contact, {"reason": WHY}).status_code == 409


def test_a_mark_and_the_reports_stay_with_the_same_person(cast):
    _request, case, report = busy_life(cast)
    reporting.uphold(report, reason="辱骂属实", by=cast.as_rita, now=TUESDAY_10 + 2 * HOUR)
    erase(case.order.consumer)
    record = type(case).everything.select_related("order__consumer").get(pk=case.pk)
    assert [one.no for one in persons.mark_on(record).reports] == [report.no]
    assert persons.dossier(record.order.consumer.key).figures["reports"] == 1


def test_she_is_not_reported_again(cast):
    order = OrderFactory(shop=cast.shop, consumer=zhen())
    stale = Order.everything.select_related("consumer").get(pk=order.pk)
    erase(order.consumer)
    said = {"kind": "abuse", "text": "多次辱骂", "by": cast.as_alice, "now": TUESDAY_10}
    with pytest.raises(Refused) as refused:
        reporting.submit(shop=cast.shop, orders=[stale], **said)
    assert refused.value.refusal.code == "unknown"


def test_who_is_erased_while_a_report_is_written_leaves_no_key_in_it(cast, monkeypatch):
    order = OrderFactory(shop=cast.shop, consumer=zhen())
    first_look = reporting._the_person

    def meanwhile(orders):
        person = first_look(orders)
        erase(person)
        return person

    monkeypatch.setattr(reporting, "_the_person", meanwhile)
    said = {"kind": "abuse", "text": "多次辱骂", "by": cast.as_alice, "now": TUESDAY_10}
    with pytest.raises(Refused):
        reporting.submit(shop=cast.shop, orders=[order], **said)
    assert holding(order.consumer.key) == set()


def test_an_import_of_cases_writes_to_those_who_are_there(cast):
    hers, others = (open_case(cast, order=OrderFactory(shop=cast.shop, consumer=one)) for one in (zhen(), None))
    erase(hers.order.consumer)
    before = ConsumerMessage.everything.count()
    messages.write_to_consumers([hers, others], "case", now=TUESDAY_10)
    assert ConsumerMessage.everything.count() == before + 1
    assert ConsumerMessage.everything.latest("pk").order_id == others.order_id


# Importing again
HEADER = "shop_no,order_no,product,amount,paid_at,shipped_at,signed_at,consumer_name,consumer_phone,consumer_address"
ROW = f"S001,6021,肥皂,%s,,,,{NAME},{PHONE},{ADDRESS}"


def load(*amounts, no="6021"):
    data = "\n".join([HEADER, *(ROW.replace("6021", no) % amount for amount in amounts), ""])
    by = Actor(Role.IMPORT, name="import_orders")
    return imports.run(OrderImport, data.encode(), name="orders.csv", by=by, now=TUESDAY_10)


def test_the_same_file_does_not_bring_her_back_and_says_so(cast):
    load("1")
    order = Order.everything.select_related("consumer").get(no="6021")
    erase(order.consumer)
    report = load("1")
    assert (report.imported, report.unchanged) == (0, 1) and "1 row names the contact" in report.note
    report = load("2")
    assert (report.imported, report.unchanged) == (1, 0) and "erased" in report.note
    newer = Order.everything.get(no="6021")
    assert (newer.amount_fen, newer.consumer_id) == (200, order.consumer_id)
    assert holding(*CANARIES) == set()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="its transactions wait for each other anyway")
def test_an_import_and_an_erasing_wait_for_each_other(cast, monkeypatch):
    """By one lock: either alone holds what the other asks for."""
    held = []

    def look(rows):
        with connection.cursor() as cursor:
            cursor.execute("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            held.append(cursor.fetchall())

    monkeypatch.setattr(privacy, "ALSO_FORGET", [look])
    monkeypatch.setattr(OrderImport, "finish", look)
    with transaction.atomic():
        erase(zhen())
        transaction.set_rollback(True)
    load("1")
    assert held[0] == held[1] != []


def test_who_buys_again_is_somebody_new(cast):
    load("1")
    order = Order.everything.select_related("consumer").get(no="6021")
    erase(order.consumer)
    report = load("1", no="6022")
    assert report.imported == 1 and not report.note
    again = Order.everything.select_related("consumer").get(no="6022").consumer
    assert again.name == NAME and again.key != fresh(order.consumer).key
    assert erase(again, now=TUESDAY_10 + timedelta(days=9)) == [again]
    assert holding(*CANARIES) == set()
