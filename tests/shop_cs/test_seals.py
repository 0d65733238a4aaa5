"""The trail, attacked by somebody with full rights on the database: what he does is found. Nothing else is."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from shop_cs import guards
from shop_cs.models import Heartbeat, Order, Seal, SealedPart, Shop, User, acting
from shop_cs.seals import anchors, sealing, verifying
from shop_cs.seals.chain import Part, hash_of, mac_of
from tests import stories
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tickets.models import ServiceRequest

MINUTE = timedelta(minutes=1)
ORDERS = "shop_cs_historicalorder"
REQUESTS = "tickets_historicalservicerequest"


@pytest.fixture
def sealed(cast):
    """Three seals over a story; the head is what was kept elsewhere."""
    for minute in range(3):
        with acting(cast.as_pia, move="import", at=TUESDAY_10):
            OrderFactory(shop=cast.shop)
        stories.reach(cast, "reviewing")
        assert sealing.seal_new(now=TUESDAY_10 + minute * MINUTE)
    return anchors.head()


def codes(*kept):
    found, _extent = verifying.verify(anchors=kept)
    return {finding.code for finding in found}


def told():
    return " ".join(finding.text for finding in verifying.verify()[0])


def raw(*statements):
    """As somebody would who owns the database: the guards are down while he works, and stand again afterwards."""
    guards.drop(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    guards.install(connection)


def reseal(key):
    """All seals made anew over what is there now, with a key."""
    raw("DELETE FROM shop_cs_sealedpart", "DELETE FROM shop_cs_seal")
    with override_settings(TRAIL_KEY=key):
        for minute in range(3):
            sealing.seal_new(now=TUESDAY_10 + minute * MINUTE)


def test_what_nobody_touched_holds(sealed):
    found, extent = verifying.verify(anchors=[(sealed.no, sealed.hash)])
    assert found == []
    assert (extent.seals, extent.unsealed) == (3, 0)
    assert extent.sealed == sum(part.rows for part in SealedPart.objects.all()) > 40


def test_attack_1_a_row_of_history_is_changed(sealed):
    raw(f"UPDATE {REQUESTS} SET actor_name = 'x' WHERE history_id = (SELECT MIN(history_id) FROM {REQUESTS})")
    assert codes() == {"rows"}
    assert f"{REQUESTS}, rows 1 to" in told()
    assert "(seal 1): a row is not what was sealed" in told()


def test_attack_2_a_row_of_history_is_deleted(sealed):
    raw(f"DELETE FROM {REQUESTS} WHERE history_id = (SELECT MIN(history_id) FROM {REQUESTS})")
    assert codes() == {"rows"}


def test_attack_3_two_rows_of_history_are_swapped(sealed):
    first, second = ServiceRequest.history.order_by("history_id").values_list("history_id", flat=True)[:2]
    raw(
        f"UPDATE {REQUESTS} SET history_id = -1 WHERE history_id = {first}",
        f"UPDATE {REQUESTS} SET history_id = {first} WHERE history_id = {second}",
        f"UPDATE {REQUESTS} SET history_id = {second} WHERE history_id = -1",
    )
    assert "rows" in codes()


def test_attack_4_the_tail_is_cut_off(sealed):
    spans = SealedPart.objects.filter(seal=sealed).values_list("table", "after")
    raw(
        *(f"DELETE FROM {table} WHERE history_id > {after}" for table, after in spans),
        f"DELETE FROM shop_cs_sealedpart WHERE seal_id = {sealed.no}",
        f"DELETE FROM shop_cs_seal WHERE no = {sealed.no}",
    )
    assert "anchor" in codes((sealed.no, sealed.hash))
    assert "seal" not in codes() and "drift" in codes()


def test_attack_5_the_chain_is_made_anew_without_the_key(sealed):
    raw(f"UPDATE {ORDERS} SET product = 'x'", "UPDATE shop_cs_order SET product = 'x'")
    reseal("not the key")
    assert codes() == {"mac"}
    assert codes((sealed.no, sealed.hash)) == {"mac", "anchor"}


def test_attack_6_the_chain_is_made_anew_with_the_key(sealed, settings):
    raw(f"UPDATE {ORDERS} SET product = 'x'", "UPDATE shop_cs_order SET product = 'x'")
    reseal(settings.TRAIL_KEY)
    assert codes() == set(), "without an anchor nobody can tell"
    assert codes((sealed.no, sealed.hash)) == {"anchor"}


def test_attack_7_all_is_wiped(sealed):
    tables = [*verifying.rows.tracked_models(), "shop_cs_sealedpart", "shop_cs_seal"]
    raw(*(f"DELETE FROM {table}" for table in tables))
    assert codes((sealed.no, sealed.hash)) == {"anchor", "drift"}


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE shop_cs_order SET amount_fen = 1", "amount_fen"),
        ("UPDATE tickets_servicerequest SET closed_at = NULL, state = 'pending'", "state"),
        ("UPDATE shop_cs_user SET password = 'md5$x$y' WHERE username = 'rita'", "(password)"),
        ("UPDATE shop_cs_user SET is_superuser = NOT is_superuser WHERE username = 'bob'", "(is_superuser)"),
        ("DELETE FROM shop_cs_user_groups WHERE user_id = (SELECT MAX(id) FROM shop_cs_user)", "group"),
        ("DELETE FROM tickets_reply", "removed"),
    ],
)
def test_attack_8_a_live_row_is_edited(sealed, statement, named):
    raw(statement)
    assert named in told()
    assert codes() == {"drift"}


def test_a_row_made_behind_the_trail_is_found(sealed, cast):
    Order.everything.bulk_create([Order(shop=cast.shop, no="X1", product="x", amount_fen=1)])
    assert "added behind the trail" in told()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE shop_cs_seal SET at = '2026-01-01 00:00:00+00:00' WHERE no = 2", "seal"),
        ("UPDATE shop_cs_seal SET previous = 'x' WHERE no = 2", "link"),
        ("UPDATE shop_cs_sealedpart SET digest = 'x' WHERE seal_id = 2", "seal"),
        ("DELETE FROM shop_cs_sealedpart WHERE seal_id = 2", "gap"),
        ("UPDATE shop_cs_seal SET no = 7 WHERE no = 3", "gap"),
    ],
)
def test_a_link_that_was_touched_is_found(sealed, statement, code):
    if "no = 7" in statement:
        raw("DELETE FROM shop_cs_sealedpart WHERE seal_id = 3", statement)
    else:
        raw(statement)
    assert code in codes()


def test_a_guard_that_is_down_is_found(sealed):
    guards.drop(connection)
    assert codes() == {"guard"}
    guards.install(connection)
    assert codes() == set()


def test_what_starts_says_that_a_guard_is_down(sealed, caplog):
    guards.say_missing()
    assert not caplog.records
    guards.drop(connection)
    guards.say_missing()
    (line,) = caplog.messages
    assert "guard_transfer_insert" in line and "more" in line and "migrate" in line
    guards.install(connection)


def test_a_value_that_no_text_can_hold_is_a_finding_and_no_crash(sealed):
    if connection.vendor == "sqlite":
        raw(f"UPDATE {ORDERS} SET product = x'00ff'")
        assert "rows" in codes()


def test_a_column_added_later_leaves_old_seals_whole(sealed):
    columns = SealedPart.objects.filter(table=ORDERS).exclude(columns="").get().columns
    assert "product" in columns.split(",")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {ORDERS} ADD COLUMN later integer DEFAULT 5")
    guards.install(connection)
    assert codes() == set()


def test_nothing_new_makes_no_seal(sealed):
    assert sealing.seal_new(now=TUESDAY_10) is None


def test_the_worker_seals_when_a_minute_is_over(cast):
    assert sealing.seal_each_minute(now=TUESDAY_10).no == 1
    OrderFactory(shop=cast.shop)
    assert sealing.seal_each_minute(now=TUESDAY_10 + MINUTE - timedelta(seconds=1)) is None
    assert sealing.seal_each_minute(now=TUESDAY_10 + MINUTE).no == 2


def test_a_link_is_reckoned_from_its_parts_in_any_order():
    parts = [Part("b", 0, 2, 2, "d", "x"), Part("a", 0, 1, 1, "d", "x")]
    assert hash_of(1, TUESDAY_10, "p", parts) == hash_of(1, TUESDAY_10, "p", parts[::-1])
    assert hash_of(1, TUESDAY_10, "p", parts) != hash_of(2, TUESDAY_10, "p", parts)
    assert mac_of("h", "one") != mac_of("h", "two")


def trail(*words):
    out, err = StringIO(), StringIO()
    call_command("trail", *words, stdout=out, stderr=err)
    return out.getvalue()


def test_the_command_seals_verifies_and_anchors(cast, tmp_path, settings, mailoutbox):
    with pytest.raises(CommandError, match="Nothing is sealed yet"):
        trail("anchor")
    head = trail("seal").strip()
    kept = tmp_path / "anchors"
    assert trail("anchor", "--file", str(kept), "--mail", "audit@example.org").strip() == head
    assert head in kept.read_text()
    assert head in mailoutbox[0].body
    assert "The trail holds." in trail("verify", "--anchor", head, "--anchor-file", str(kept))
    raw("UPDATE shop_cs_user SET first_name = 'x' WHERE username = 'bob'")
    with pytest.raises(CommandError, match="1 findings"):
        trail("verify")


@pytest.mark.parametrize("anchor", ["", "1", "1:xyz", "x:" + "0" * 64, "1:" + "0" * 63])
def test_what_is_no_anchor_is_refused(db, anchor):
    with pytest.raises(CommandError, match="is no anchor"):
        trail("verify", f"--anchor={anchor}")


def test_the_anchor_is_told_once_a_day_and_again_when_it_failed(sealed, tmp_path, settings):
    settings.ANCHOR_FILE = str(tmp_path / "nowhere" / "anchors")
    anchors.keep_daily(now=TUESDAY_10)
    assert not Heartbeat.objects.filter(name="anchor-file").exists()
    (tmp_path / "nowhere").mkdir()
    for hours in (0, 23, 24):
        anchors.keep_daily(now=TUESDAY_10 + timedelta(hours=hours))
    assert anchors.read_file(settings.ANCHOR_FILE) == [(sealed.no, sealed.hash)] * 2


def test_history_and_seals_are_written_once_and_for_ever(sealed):
    tables = [*verifying.rows.tracked_models(), "shop_cs_seal", "shop_cs_sealedpart", "shop_cs_transfer"]
    with connection.cursor() as cursor:
        for table in (ORDERS, "shop_cs_seal", "shop_cs_sealedpart"):
            key = "no" if table == "shop_cs_seal" else "id"
            for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
                with pytest.raises(Exception, match="append-only"), transaction.atomic():
                    cursor.execute(statement)
    names = {guard.table for guard in guards.guarded()}
    assert set(tables) <= names


def test_a_replaced_row_is_refused_on_sqlite(sealed):
    if connection.vendor == "sqlite":
        with pytest.raises(Exception, match="this id is taken"), connection.cursor() as cursor:
            cursor.execute("INSERT OR REPLACE INTO shop_cs_seal SELECT * FROM shop_cs_seal WHERE no = 1")


def test_what_was_set_but_not_saved_is_not_told(cast):
    """`update_fields` with another field changed too: the trail tells of the row as it stands."""
    bob = User.objects.get(username="bob")
    bob.first_name, bob.email = "鲍勃勃", "bob@example.org"
    bob.save(update_fields=["email"])
    row = bob.history.latest("history_id")
    assert (row.email, row.first_name) == ("bob@example.org", "鲍勃")


@pytest.mark.django_db(transaction=True)
def test_a_change_without_its_row_of_history_does_not_happen(transactional_db, monkeypatch):
    shop = Shop.objects.create(no="S9", name="before", created_at=TUESDAY_10)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Shop.history.model, "save", broken)
    shop.name = "after"
    with pytest.raises(RuntimeError):
        shop.save()
    assert Shop.objects.get(no="S9").name == "before"
    assert Seal.objects.count() == 0
