"""Months of an address. Pure."""

import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 2000, 2100


def month_asked(text):
    """The first day of the month of an address such as “2026-03”; None for what is none of 2000 to 2099."""
    if not re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        return None
    year, month = map(int, text.split("-"))
    return date(year, month, 1) if FIRST_YEAR <= year < LAST_YEAR and 1 <= month <= 12 else None
