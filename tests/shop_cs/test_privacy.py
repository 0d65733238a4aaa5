"""Name, phone and address stand in one table, are shown for a recorded reason, and leave by no other way."""

import io
import logging
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from shop_cs import privacy
from shop_cs.access import make_api_key, merchant_actor
from shop_cs.actors import CONSUMER
from shop_cs.masking import MaskMobiles
from shop_cs.models import ConsumerMessage, Disclosure, Order
from shop_cs.moves import Refused
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.privacy_stories import ADDRESS, CANARIES, NAME, PHONE, busy_life, holding, zhen

WHY = "包裹丢失，联系补发"


@pytest.fixture(autouse=True)
def _now(at):
    """The commands ask what time it is, too."""


@pytest.fixture
def order(cast):
    return OrderFactory(shop=cast.shop, no="6021000001", consumer=zhen())


def shown(order, by, reason=WHY):
    return privacy.reveal(order, by=by, reason=reason, now=TUESDAY_10)


def refusal(order, by, reason=WHY):
    with pytest.raises(Refused) as refused:
        shown(order, by, reason)
    assert not Disclosure.everything.exists()
    return refused.value.refusal


# The act
@pytest.mark.parametrize("who", ["alice", "pia", "rita", "olive"])
def test_who_may_sees_the_contact_and_that_is_in_the_trail(cast, order, who):
    by = getattr(cast, f"as_{who}")
    seen = shown(order, by)
    assert (seen.name, seen.phone, seen.address) == (NAME, PHONE, ADDRESS)
    kept = Disclosure.everything.get()
    assert (kept.shop, kept.order, kept.consumer_id) == (cast.shop, order, seen.pk)
    assert (kept.by, kept.role, kept.reason, kept.at) == (getattr(cast, who), by.role, WHY, TUESDAY_10)
    row = Disclosure.history.get()
    assert (row.move, row.actor_name, row.history_change_reason) == ("reveal", by.name, WHY)


@pytest.mark.parametrize("reason", ["", "abcd", "a b  c d", "ab\u200b\u200b\u200bcd", "五" * 501, "abcde\0"])
def test_a_reason_that_says_nothing_or_too_much_shows_nothing(cast, order, reason):
    assert refusal(order, cast.as_alice, reason).status == 400


@pytest.mark.parametrize("reason", ["abcde", " 五个字够了 ", "五" * 500])
def test_five_characters_and_five_hundred_are_enough(cast, order, reason):
    shown(order, cast.as_alice, reason)
    assert Disclosure.everything.get().reason == reason.strip()


def test_another_shop_is_told_nothing_a_post_is_named_and_a_penalty_too(cast, order):
    assert refusal(order, cast.as_charlie).status == 404
    told = refusal(order, cast.as_bob)
    assert told.status == 403 and "售后客服" in str(told.text)
    assert refusal(order, CONSUMER).status == 403
    cast.shop.bars = {"reveal_contacts": (TUESDAY_10 + timedelta(days=1)).isoformat()}
    cast.alice_member.shop = cast.shop
    told = refusal(order, merchant_actor(cast.alice_member, now=TUESDAY_10))
    assert told.status == 403 and "2026-03-04 10:00" in str(told.text)


def test_where_nobody_is_known_nobody_is_shown(cast):
    assert refusal(OrderFactory(shop=cast.shop, consumer=None), cast.as_pia).status == 409


def test_a_reason_is_kept_without_the_contact_in_it(cast, order):
    shown(order, cast.as_alice, f"{NAME}（{PHONE}，{ADDRESS}）改用 13700001111")
    assert Disclosure.everything.get().reason == "甄**（139****5678，海南省三沙****）改用 137****1111"


# The pages
def page(order):
    return reverse("contact", args=[order.shop.no, order.no]), reverse(
        "platform:contact", args=[order.shop.no, order.no]
    )


def has_canary(text):
    return any(canary in text for canary in CANARIES)


@pytest.mark.parametrize(("who", "at_desk"), [("alice", 0), ("pia", 1), ("rita", 1), ("olive", 1)])
def test_a_page_asks_shows_once_and_asks_again(client, cast, at, order, who, at_desk):
    client.force_login(getattr(cast, who))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    address = page(order)[at_desk]
    asked = client.get(address)
    assert asked.status_code == 200 and not has_canary(asked.text) and "139****5678" in asked.text
    told = client.post(address, {"reason": WHY})
    assert told.status_code == 200 and NAME in told.text and PHONE in told.text and ADDRESS in told.text
    assert "no-store" in told["Cache-Control"] and "recorded" in told.text
    again = client.get(address, {"reason": WHY})
    assert not has_canary(again.text) and WHY in again.text
    assert Disclosure.everything.count() == 1
    assert not any(canary in client.head(address).text for canary in CANARIES)
    assert client.put(address).status_code == 405


def test_a_thin_reason_is_400_and_stays_typed_with_the_mask(client, cast, at, order):
    client.force_login(cast.alice)
    answer = client.post(page(order)[0], {"reason": "just"})
    assert answer.status_code == 400 and "just</textarea>" in answer.text and not has_canary(answer.text)
    assert client.post(page(order)[0], {"reason": "nul\0nul"}).status_code == 400
    assert not Disclosure.everything.exists()


def test_the_doors_of_the_pages(client, cast, at, order):
    mine, desk = page(order)
    for who, address, status in [
        ("bob", mine, 403),
        ("charlie", mine, 404),
        ("pia", mine, 404),
        ("alice", desk, 403),
        ("pia", desk.replace(order.no, "NONE"), 404),
        ("alice", mine.replace(order.no, "NONE"), 404),
    ]:
        client.force_login(getattr(cast, who))
        assert client.get(address).status_code == client.post(address, {"reason": WHY}).status_code == status
    client.logout()
    assert client.post(mine, {"reason": WHY}).status_code == client.post(desk, {"reason": WHY}).status_code == 302
    assert not Disclosure.everything.exists()


def test_a_merchant_reads_who_of_his_shop_saw_it_and_the_platform_everybody(cast, order):
    for by in (cast.as_alice, cast.as_pia, cast.as_olive):
        shown(order, by)
    assert [seen.who for seen in privacy.disclosures(order, viewer=cast.as_bob)] == ["爱丽丝"]
    assert [seen.who for seen in privacy.disclosures(order, viewer=cast.as_rita)] == ["奥莉芙", "皮娅", "爱丽丝"]


def test_the_way_there_stands_beside_the_mask_for_who_may(client, cast, at):
    request, case, _report = busy_life(cast)
    mine, desk = page(case.order)
    shops = [reverse("request", args=["S001", request.no]), reverse("case", args=["S001", case.no])]
    shops.append(reverse("order", args=["S001", case.order.no]))
    client.force_login(cast.alice)
    assert all(f'href="{mine}"' in client.get(address).text for address in shops)
    client.force_login(cast.bob)
    assert not any(mine in client.get(address).text for address in shops)
    client.force_login(cast.olive)
    for record in (request, case, case.order):
        address = reverse(f"platform:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])
        assert f'href="{desk}"' in client.get(address).text


# Nowhere else
def test_the_contact_stands_in_one_table(cast):
    busy_life(cast)
    consumer = Order.everything.get(no="6021000001").consumer
    assert holding(*CANARIES, ADDRESS, consumer.fingerprint) == {"shop_cs_consumer"}
    # A live report finds her again in other shops; its history does not.
    assert holding(consumer.key) == {"shop_cs_consumer", "disputes_report"}


def addresses(request, case, report):
    """Pages and exports of the workbench and of the desk that are about her."""
    shop = {"request": request.no, "case": case.no, "report": report.no}
    mine = [reverse(name, args=["S001", no]) for name, no in shop.items()]
    mine += [reverse(name, args=["S001", case.order.no]) for name in ("order", "order-file", "contact")]
    mine += [reverse(name, args=["S001"]) for name in ("requests", "cases", "reports", "notices")]
    desk = [reverse("platform:order-file", args=[case.order_id])]
    desk += [reverse("platform:dossier", args=[report.consumer_key])]
    for record in (case.order, request, case, report, ConsumerMessage.everything.first(), Disclosure.everything.get()):
        named = f"platform:{record._meta.label_lower.replace('.', '_')}"
        desk += [reverse(f"{named}_changelist"), reverse(f"{named}_change", args=[record.pk])]
        desk += [reverse(f"{named}_history", args=[record.pk])]
    return mine, desk


def test_no_page_notice_message_or_link_shows_her(client, cast, at):
    told = busy_life(cast)
    at(TUESDAY_10 + timedelta(hours=3))
    links = [message.link for message in ConsumerMessage.everything.all()]
    for who, pages in zip(("alice", "rita"), addresses(*told), strict=True):
        client.force_login(getattr(cast, who))
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200 and not has_canary(answer.text), address
    for link in links:
        answer = client.get("/" + link.split("/", 3)[3])
        assert answer.status_code == 200 and not has_canary(answer.text)


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_no_export_carries_her(client, cast, at, fmt):
    busy_life(cast)
    client.force_login(cast.alice)
    for n, list_name in enumerate(("requests", "cases", "reports"), start=3):
        at(TUESDAY_10 + timedelta(hours=n))
        answer = client.get(reverse(f"{list_name}-export", args=["S001", fmt]), {"tab": "all"})
        data = b"".join(answer.streaming_content)
        if fmt == "xlsx":
            book = zipfile.ZipFile(io.BytesIO(data))
            data = b"".join(book.read(name) for name in book.namelist())
        assert "甄**" in data.decode() and not has_canary(data.decode())


def test_the_open_api_does_not_know_her(client, cast, at):
    request, case, _report = busy_life(cast)
    key = {"Authorization": f"Bearer {make_api_key('erp', now=TUESDAY_10)}"}
    said = {"shop_no": "S001", "order_no": case.order.no, "kind": "general", "category": "product", "detail": "破损"}
    made = client.post("/api/requests/", said, content_type="application/json", headers=key)
    got = client.get(f"/api/requests/{request.no}/", headers=key)
    assert (made.status_code, got.status_code) == (201, 200) and not has_canary(made.text + got.text)


def test_a_page_that_breaks_shows_and_logs_no_number(client, cast, at, order, monkeypatch):
    def broken(*args, **more):
        raise ValueError(f"of {PHONE}")

    monkeypatch.setattr("shop_cs.privacy.disclosures", broken)
    out = io.StringIO()
    ours = [one for one in logging.getLogger().handlers if any(isinstance(f, MaskMobiles) for f in one.filters)]
    for handler in ours:
        monkeypatch.setattr(handler, "stream", out)
    client.raise_request_exception = False
    client.force_login(cast.alice)
    answer = client.get(page(order)[0])
    assert answer.status_code == 500 and not has_canary(answer.text)
    assert "ValueError: of 139****5678" in out.getvalue() and PHONE not in out.getvalue()


# What is said of a bad file
HEADER = "shop_no,order_no,product,amount,paid_at,shipped_at,signed_at,consumer_name,consumer_phone,consumer_address"
CELLS = f"{NAME},{PHONE},{ADDRESS}"
BAD_FILES = {
    "shifted": f"{HEADER}\nS001,1,肥皂,{CELLS},,,,\n",
    "shifted further": f"{HEADER}\nS001,1,肥皂,1,,,{CELLS},\n",
    "in front": f"{HEADER}\n{NAME},{ADDRESS},肥皂,139 1234 5678,,,,,,\n",
    "too long": f"{HEADER}\nS001,1,肥皂,1,,,,{NAME * 50},{PHONE * 5},{ADDRESS * 50}\n",
    "no header": f"S001,1,肥皂,1,,,,{CELLS}\n",
    "twice": f"{HEADER}\nS001,1,肥皂,1,,,,{CELLS}\nS001,1,肥皂,1,,,,{NAME},{PHONE}1,{ADDRESS}\n",
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES)
def test_a_refused_file_is_not_quoted(client, cast, at, capsys, tmp_path, data):
    file, errors = tmp_path / "orders.csv", tmp_path / "errors.csv"
    file.write_text(data)
    with pytest.raises(SystemExit):
        call_command("import_orders", str(file), errors=errors)
    client.force_login(cast.pia)
    upload = SimpleUploadedFile("orders.csv", data.encode())
    answer = client.post(reverse("platform:import"), {"kind": "orders", "file": upload})
    assert answer.status_code == 400
    told = "".join([*capsys.readouterr(), errors.read_text(), answer.text])
    assert not has_canary(told) and "139 1234 5678" not in told and "line" in told


def test_what_is_no_persons_is_still_quoted(cast, capsys, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(f"{HEADER}\nS001,1,肥皂,1.234,2026-02-30 10:00,yesterday,,,,\n")
    with pytest.raises(SystemExit):
        call_command("import_orders", str(file))
    told = capsys.readouterr().out
    assert "“2026-02-30 10:00”" in told and "“y**”" in told
