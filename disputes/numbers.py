"""Numbers of this app's records: what it is, the day in Shanghai, eight random digits that nobody can count by."""

import secrets

from django.db import IntegrityError, transaction

from shop_cs.clock import SHANGHAI

CASE, COMPENSATION, APPEAL, VIOLATION, REPORT, FILING = "AR", "AC", "AP", "VI", "RP", "FI"


def new_no(prefix, now):
    """A number such as AR26112200000001, but not the next one."""
    return f"{prefix}{now.astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(10**8):08d}"


def numbered(prefix, now, make):
    """`make(no)` with a number that is free: five tries, each in a transaction of its own."""
    for attempt in range(5):
        no = new_no(prefix, now)
        try:
            with transaction.atomic():
                return make(no)
        except IntegrityError as error:
            if attempt == 4 or not _is_about_the_number(error):
                raise
    raise AssertionError("not reached")


def _is_about_the_number(error):
    """PostgreSQL names the constraint (…_no_key), SQLite the column (….no)."""
    return "_no_" in str(error) or str(error).endswith(".no")
