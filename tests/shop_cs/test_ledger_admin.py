"""Accounts and transfers in the platform desk: read by all of its roles, written by nobody."""

import pytest
from django.urls import reverse

from shop_cs import ledger
from shop_cs.models import Account, Transfer
from tests.people import TUESDAY_10


@pytest.fixture
def money(cast, at):
    said = {"shop": cast.shop, "by": cast.as_rita, "now": TUESDAY_10}
    ledger.receive(account_kind="deposit", amount_fen=123_456, reference="P-77", at=TUESDAY_10, **said)
    ledger.hold(subject="AC1", amount_fen=60, key="AC1", **said)
    return cast


def url(name, *args):
    return reverse(f"platform:shop_cs_{name}", args=args)


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_the_platforms_people_read_accounts_and_transfers(money, client, who):
    client.force_login(getattr(money, who))
    assert "¥1,233.96" in client.get(url("account_changelist"), {"q": "S001"}).content.decode()
    page = client.get(url("transfer_changelist"), {"cause": "top_up", "credit__kind": "deposit"}).content.decode()
    assert "¥1,234.56" in page
    assert "P-77" in page
    for row in (*Account.everything.all(), *Transfer.everything.all()):
        name = type(row).__name__.lower()
        assert client.get(url(f"{name}_change", row.pk)).status_code == 200
        assert client.get(url(f"{name}_history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", ["account", "transfer"])
def test_nobody_writes_them_here(money, client, model):
    client.force_login(money.rita)
    pk = {"account": Account, "transfer": Transfer}[model].everything.first().pk
    assert client.get(url(f"{model}_add")).status_code == 403
    assert client.post(url(f"{model}_change", pk), {"amount_fen": 1}).status_code == 403
    assert client.post(url(f"{model}_delete", pk), {"post": "yes"}).status_code == 403


def test_a_merchant_does_not_come_in(money, client):
    client.force_login(money.alice)
    assert client.get(url("transfer_changelist")).status_code in {302, 403}


def test_the_list_asks_a_fixed_number_of_questions(money, client, django_assert_max_num_queries):
    said = {"shop": money.shop, "by": money.as_rita, "now": TUESDAY_10}
    client.force_login(money.rita)
    for number in range(20):
        ledger.hold(subject=f"VI{number}", amount_fen=1, key=f"VI{number}", **said)
    for name in ("account_changelist", "transfer_changelist"):
        with django_assert_max_num_queries(20):
            assert client.get(url(name)).status_code == 200
