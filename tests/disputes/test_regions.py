"""Provinces and cities: which address lies where, asked of Python and of the database alike."""

import pytest

from disputes import regions
from shop_cs.models import Consumer
from tests.factories import ConsumerFactory


def region(province, city=""):
    return {"province": province, "city": city}


def test_there_are_34_provinces_and_none_begins_as_another_does():
    assert len(regions.PROVINCES) == 34
    names = set(regions.PROVINCES)
    assert not [(one, other) for one in names for other in names if one != other and one.startswith(other)]


@pytest.mark.parametrize(("typed", "short"), [("浙江", "浙江"), ("浙江省", "浙江"), (" 内蒙古 自治区 ", "内蒙古")])
def test_a_province_is_known_short_and_in_full(typed, short):
    assert regions.province(typed) == short


@pytest.mark.parametrize("typed", ["", "杭州", "江南", "浙", "浙江省杭州市", "全国"])
def test_what_is_no_province_is_none(typed):
    assert regions.province(typed) is None


@pytest.mark.parametrize(("typed", "whole"), [("全国", True), (" 全 国 ", True), ("中国", True), ("浙江", False)])
def test_the_whole_country_is_recognised(typed, whole):
    assert regions.is_country(typed) is whole


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("杭州市", "杭州市"),
        (" 杭 州", "杭州"),
        ("", ""),
        ("州", None),
        ("杭州.*", None),
        ("杭(州", None),
        ("州" * 21, None),
    ],
)
def test_a_city_is_letters_only(typed, kept):
    assert regions.city(typed) == kept


ADDRESSES = [
    ("浙江", "", "浙江省杭州市余杭区文一西路100号", True),
    ("浙江", "", "浙江杭州余杭区", True),
    ("浙江", "", "  浙江 杭州", True),
    ("浙江", "", "中国浙江省杭州市", True),
    ("浙江", "", "江苏省南京市浙江路1号", False),
    ("浙江", "", "", False),
    ("浙江", "杭州", "浙江省杭州市余杭区", True),
    ("浙江", "杭州市", "浙江 杭州 余杭区", True),
    ("浙江", "余杭", "浙江省杭州市余杭区", True),
    ("浙江", "宁波", "浙江省杭州市宁波路8号", False),
    ("浙江", "宁波", "浙江省宁波市杭州东路8号", True),
    ("浙江", "杭州", "浙江省宁波市杭州东二路8号", False),
    ("江苏", "杭州", "浙江省杭州市余杭区", False),
    ("内蒙古", "", "内蒙古自治区呼和浩特市", True),
    ("广西", "", "广西南宁", True),
    # Places whose name begins as a province's: a district of Tianjin, two places in Qinghai.
    ("河北", "", "河北区光复道1号", False),
    ("海南", "", "海南藏族自治州共和县", False),
    ("河南", "", "河南蒙古族自治县", False),
    ("海南", "", "海南海口市", True),
]


@pytest.mark.parametrize(("province", "city", "address", "there"), ADDRESSES)
def test_an_address_lies_where_its_beginning_says(province, city, address, there):
    assert regions.holds(region(province, city), address) is there


@pytest.mark.parametrize(("province", "city", "address", "there"), ADDRESSES)
def test_the_database_finds_the_same_addresses(db, province, city, address, there):
    ConsumerFactory(address=address)
    found = Consumer.objects.filter(address__regex=regions.pattern(region(province, city)))
    assert found.exists() is there


def test_a_region_is_read_with_its_city():
    assert regions.words(region("浙江", "杭州")) == "浙江 杭州"
    assert regions.words(region("浙江")) == "浙江"
