"""Failed logins: counted by account and address together, more generously by account alone, never by address alone.

One office behind one address must not lock itself out, and nobody locks somebody else out from elsewhere by five wrong
passwords. The rows are those of django-axes; instead of a name they hold its keyed hash, because people type their
password into the field of the name, too.
"""

import hmac
import unicodedata
from datetime import timedelta

from axes.models import AccessFailureLog
from django.conf import settings

# (failures, within): of one account from one address, and of one account from everywhere.
PAIR = 5, timedelta(minutes=15)
ACCOUNT = 50, timedelta(hours=1)
KEPT = timedelta(days=1)


def key_of(username):
    """What an account is counted under: however it is spelled, and whatever it is made of."""
    name = unicodedata.normalize("NFKC", str(username or "")).replace("\0", "").strip().casefold()
    return hmac.new(settings.SECRET_KEY.encode(), b"tries" + name.encode("utf-8", "replace"), "sha256").hexdigest()


def failed(key, address, *, now):
    """Notes a failure."""
    row = AccessFailureLog.objects.create(username=key, ip_address=address, user_agent="", http_accept="", path_info="")
    # The column fills itself from the clock of this machine.
    AccessFailureLog.objects.filter(pk=row.pk).update(attempt_time=now)


def succeeded(key, address):
    """The account starts anew from this address."""
    AccessFailureLog.objects.filter(username=key, ip_address=address).delete()


def locked_until(key, address, *, now):
    """Until when no try is taken, or None."""
    of_account = AccessFailureLog.objects.filter(username=key)
    ends = (_pair_ends(of_account.filter(ip_address=address)), _account_ends(of_account))
    return max((end for end in ends if end and now < end), default=None)


def _pair_ends(rows):
    """The fifth of five close together shuts the door for the whole time: nothing is noted while it is shut."""
    most, within = PAIR
    newest = _newest(rows, most)
    return newest[0] + within if len(newest) == most and newest[0] - newest[-1] < within else None


def _account_ends(rows):
    """Tries are taken again as soon as the oldest of so many is old enough."""
    most, within = ACCOUNT
    newest = _newest(rows, most)
    return newest[-1] + within if len(newest) == most else None


def _newest(rows, most):
    return list(rows.order_by("-attempt_time", "-pk").values_list("attempt_time", flat=True)[:most])


def old(now):
    """Rows that count nowhere any more."""
    return AccessFailureLog.objects.filter(attempt_time__lt=now - KEPT)
