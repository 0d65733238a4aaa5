"""Mobile numbers are hidden in what is logged, however they got there."""

import io
import logging
import sys

import pytest
from django.conf import settings

from shop_cs.masking import MaskMobiles, mask_mobiles, mask_query


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call 13800008000 now", "call 138****8000 now"),
        ("13800008000,19900001234", "138****8000,199****1234"),
        ("tel:+8613800008000", "tel:+86138****8000"),
        ("0086 138 0000 8000", "0086 138****8000"),
        ("138-0000-8000", "138****8000"),
        ("电话13800008000。", "电话138****8000。"),
        # Neither shorter nor longer, and no other beginning: numbers of orders and instants stay.
        ("1380000800", "1380000800"),
        ("138000080001", "138000080001"),
        ("12800008000", "12800008000"),
        ("6021000000013800008000", "6021000000013800008000"),
        ("SR26030300000001 2026-03-03 10:00:00,123", "SR26030300000001 2026-03-03 10:00:00,123"),
    ],
)
def test_eleven_digits_of_a_mobile_number_and_nothing_else_are_hidden(text, shown):
    assert mask_mobiles(text) == shown


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("requests?tab=all&q=13800008000", "requests?tab=all&q=138****8000"),
        ("requests?q=138+0000+8000&tab=all", "requests?q=138****8000&tab=all"),
        ("requests?q=138-0000-8000", "requests?q=138****8000"),
        ("requests?q=13+80+00+080+00", "requests?q=138****8000"),
        ("q=%20138%200000%E3%80%808000", "q=138****8000"),
        ("q=138%E2%80%930000%E2%80%938000", "q=138****8000"),
        ("q=%EF%BC%91%EF%BC%93800008000", "q=138****8000"),
        ("q=%2B86+138+0000+8000", "q=%2B86138****8000"),
        # In front of it a Chinese character whose last byte is written with a digit.
        ("q=%E5%8F%B713800008000", "q=%E5%8F%B7138****8000"),
        ("q=%E7%94%B5%E8%AF%9D138+0000+8000", "q=%E7%94%B5%E8%AF%9D138****8000"),
        # What is no number stays to the letter, also where it is written in another way than ours.
        ("requests?q=%E9%80%80%20%E6%AC%BE&a=b%2Bc", "requests?q=%E9%80%80%20%E6%AC%BE&a=b%2Bc"),
        ("q=1380000800&no=138000080001&since=2026-03-13", "q=1380000800&no=138000080001&since=2026-03-13"),
        ("q=60210000000138+0000+8000", "q=60210000000138+0000+8000"),
        ("figures?since=2026-03-13&until=2026-03-19&category=", "figures?since=2026-03-13&until=2026-03-19&category="),
    ],
)
def test_a_number_typed_into_a_filter_is_hidden_however_it_was_typed(query, kept):
    assert mask_query(query) == kept


@pytest.fixture
def logged():
    """A logger with the filter of the settings, and what it has written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(MaskMobiles())
    log = logging.Logger("a logger")  # noqa: LOG001 - of this test alone
    log.addHandler(handler)
    return log, out


def test_a_number_is_hidden_in_the_message_its_arguments_and_the_traceback(logged):
    log, out = logged
    try:
        int("x13800008000")
    except ValueError:
        log.exception("of %s and %r", "13900008001", {"phone": "13700008002"}, stack_info=True)
    told = out.getvalue()
    assert "138****8000" in told and "139****8001" in told and "137****8002" in told
    assert "ValueError" in told and not {"13800008000", "13900008001", "13700008002"} & set(told.split("'"))
    assert not any(number in told for number in ("13800008000", "13900008001", "13700008002"))


def test_a_row_that_postgresql_quotes_is_left_out(logged):
    log, out = logged
    log.error("null value\nDETAIL:  Failing row contains (1, 王小明, a) b\n路, null).\nCONTEXT: (kept)")
    assert out.getvalue() == "null value\nDETAIL:  Failing row contains (…)\nCONTEXT: (kept)\n"


def test_who_logs_with_wrong_arguments_still_logs_and_leaks_nothing(logged, monkeypatch):
    log, out = logged
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    log.error("%s and %s", "13800008000")
    log.error("%(a)s", {"phone": "13800008000"})
    assert out.getvalue() == "%s and %s\n%(a)s\n" and not errors.getvalue()


def test_every_log_of_ours_passes_the_filter_and_errors_are_mailed_to_nobody():
    assert all("masked" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
    assert not logging.getLogger("django").handlers
