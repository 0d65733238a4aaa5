"""China's 34 provinces, and which address lies in one. Pure; one pattern serves Python and the database alike."""

import re
import unicodedata

# Short and full name, as both are written at the beginning of an address.
PROVINCES = {
    "北京": "北京市",
    "天津": "天津市",
    "河北": "河北省",
    "山西": "山西省",
    "内蒙古": "内蒙古自治区",
    "辽宁": "辽宁省",
    "吉林": "吉林省",
    "黑龙江": "黑龙江省",
    "上海": "上海市",
    "江苏": "江苏省",
    "浙江": "浙江省",
    "安徽": "安徽省",
    "福建": "福建省",
    "江西": "江西省",
    "山东": "山东省",
    "河南": "河南省",
    "湖北": "湖北省",
    "湖南": "湖南省",
    "广东": "广东省",
    "广西": "广西壮族自治区",
    "海南": "海南省",
    "重庆": "重庆市",
    "四川": "四川省",
    "贵州": "贵州省",
    "云南": "云南省",
    "西藏": "西藏自治区",
    "陕西": "陕西省",
    "甘肃": "甘肃省",
    "青海": "青海省",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "台湾": "台湾省",
    "香港": "香港特别行政区",
    "澳门": "澳门特别行政区",
}
_SHORT = {**{short: short for short in PROVINCES}, **{full: short for short, full in PROVINCES.items()}}
COUNTRY = frozenset({"全国", "全中国", "中国", "全国各地", "全国范围", "所有地区", "所有省份", "全部地区"})
CITY_LENGTH = 20
# 宁波路 is a road anywhere; 河北区 is a district of Tianjin, 海南藏族自治州 and 河南蒙古族自治县 lie in Qinghai.
_NO_ROAD = "(?![东南西北中]?[一二三四五六七八九十]?(?:路|街|大街|大道|巷))"
_NO_NAMESAKE = f"{_NO_ROAD}(?!区|藏族自治州|蒙古族自治县)"


def _bare(text):
    """As it is compared: full-width signs narrow, no blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def is_country(text):
    """Whether this says the whole country."""
    return _bare(text) in COUNTRY


def province(text):
    """The short name of a province written short or in full; None for what is none."""
    return _SHORT.get(_bare(text))


def city(text):
    """A city's name as it is kept, "" for none given; None for what cannot be one (signs, too long, a road)."""
    name = _bare(text)
    fits = not name or (name.isalnum() and 2 <= len(name) <= CITY_LENGTH)
    return name if fits else None


def pattern(region):
    """The regular expression of the addresses in a region {"province": short name, "city": name or ""}.

    The province stands at the beginning, the city anywhere behind it, with or without its 市. Written so that Python,
    PostgreSQL and SQLite read it alike.
    """
    short = region["province"]
    where = rf"^\s*(?:中国)?\s*(?:{PROVINCES[short]}|{short}{_NO_NAMESAKE})"
    return rf"{where}.*{_stem(name)}{_NO_ROAD}" if (name := region.get("city")) else where


def _stem(name):
    """杭州市 and 杭州 are one city."""
    return name[:-1] if len(name) > 2 and name.endswith("市") else name


def holds(region, address):
    """Whether the address lies in the region."""
    return re.search(pattern(region), address) is not None


def words(region):
    """A region as it is read: 浙江 杭州."""
    return " ".join(filter(None, [region["province"], region.get("city", "")]))
