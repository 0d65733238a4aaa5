"""A consumer's name, phone and address are masked everywhere [3]; the same person is found again without them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_cs.models import Consumer
from shop_cs.models.orders import mask_address, mask_name, mask_phone


@pytest.mark.parametrize(("name", "shown"), [("", ""), ("王", "**"), ("王明", "王**"), ("欧阳小明", "欧**")])
def test_a_name_shows_its_first_character_unless_that_is_all_of_it(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("", ""),
        ("1", "****"),
        ("1380000800", "****"),
        ("13800008000", "138****8000"),
        ("+8613800008000", "+86****8000"),
    ],
)
def test_a_phone_hides_its_middle_or_all_of_it_when_short(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", ""),
        ("杭州", "****"),
        ("杭州市", "杭****"),
        ("浙江省杭州市余杭区文一西路100号", "浙江省杭州****"),
        ("浙江省杭州市余杭区文一西路1000号楼2单元", "浙江省杭州市****"),
    ],
)
def test_an_address_keeps_a_third_and_at_most_six_characters(address, shown):
    assert mask_address(address) == shown


@given(st.text(min_size=1, max_size=60))
def test_no_mask_shows_more_than_half_of_what_it_hides(value):
    for mask in (mask_name, mask_address):
        kept = mask(value).rstrip("*")
        assert len(kept) <= len(value) / 2
    assert sum(sign != "*" for sign in mask_phone(value)) <= max(7, len(value) / 2)


def test_the_same_phone_is_the_same_person_however_it_is_written():
    one = Consumer.of(name="王小明", phone="138 0000 8000", address="甲")
    two = Consumer.of(name="王先生", phone="138-0000-8000", address="乙")
    assert one.key == two.key
    assert one.fingerprint != two.fingerprint


def test_without_a_phone_name_and_address_make_the_person():
    assert Consumer.of(name="王", phone="", address="甲").key == Consumer.of(name="王", phone="-", address="甲").key
    assert Consumer.of(name="王", phone="", address="甲").key != Consumer.of(name="王", phone="", address="乙").key


def test_the_hashes_need_the_key(settings):
    consumer = {"name": "王小明", "phone": "13800008000", "address": "甲"}
    before = Consumer.of(**consumer)
    settings.CONSUMER_KEY = "another key"
    after = Consumer.of(**consumer)
    assert before.key != after.key
    assert before.fingerprint != after.fingerprint


def test_a_consumer_calls_himself_by_his_mask():
    assert str(Consumer.of(name="王小明", phone="", address="")) == "王**"
    assert str(Consumer.of(name="", phone="1", address="")) == "—"
