"""The second step of a login: a code from an authenticator app (TOTP), or one of eight recovery codes.

Kept in django-otp's tables: a device of 30-second codes for each person, and a set of recovery codes, as keyed hashes.
Each wrong code makes the next try wait, twice as long each time, a quarter of an hour at most.
"""

import hmac
import secrets
import unicodedata
from base64 import b32encode
from datetime import timedelta

import segno
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..models import User, acting
from ..moves import Refusal, Refused
from . import signins

DIGITS = 6
RECOVERY_CODES = 8
# Letters and digits that nobody mistakes for one another; 10 of 31 make 49 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LONGEST_WAIT = timedelta(minutes=15)
ISSUER = "shop_cs"


def device_of(user, *, confirmed=True):
    """The person's authenticator, or None; `confirmed=False`: one that is only being set up."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=confirmed).order_by("-pk").first()


def begin(user):
    """The authenticator to be set up: the same one until a code from it has proved that it works."""
    return device_of(user, confirmed=False) or TOTPDevice.objects.create(user_id=user.pk, name=ISSUER, confirmed=False)


def secret_of(device):
    """The secret to type by hand, in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture_of(device):
    """The secret as a QR code: an <svg> that needs no script and no style."""
    code = segno.make(device.config_url, error="m")
    return code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)


def confirm(user, code, *, by, now):
    """Sets the authenticator up for good and returns (it, the recovery codes): the only time that they are known.

    The caller ends all other sessions of the person. Raises `Refused`: a wrong code (400), too soon (429),
    set up already (409).
    """
    with transaction.atomic():
        _held(user)
        if device_of(user):
            raise Refused(Refusal("enrolled", _("Your authenticator is set up already.")))
        device = TOTPDevice.objects.select_for_update().get(pk=begin(user).pk)
        wrong = _why_wrong(device, code, now, _is_current)
        if wrong is None:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            codes = _new_codes(user)
            _tell(user, "enrol_otp", by=by, now=now)
    if wrong:
        raise Refused(wrong)
    return device, codes


def verify(user, code, *, now):
    """The device that the code is good for. A code is good once. Raises `Refused`: wrong (400), too soon (429)."""
    text = _plain(code)
    short = len(text) == DIGITS
    kind, is_good = (TOTPDevice, _is_current) if short else (StaticDevice, _is_kept)
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user_id=user.pk, confirmed=True).order_by("-pk").first()
        wrong = _wrong() if device is None else _why_wrong(device, text, now, is_good)
    if wrong:
        # Outside the transaction: that it was wrong is to be kept.
        raise Refused(wrong)
    return device


def renew_codes(user, *, by, now):
    """Eight new recovery codes; the old ones are void."""
    with transaction.atomic():
        _held(user)
        codes = _new_codes(user)
        _tell(user, "renew_recovery", by=by, now=now)
    return codes


def codes_left(user):
    return StaticToken.objects.filter(device__user_id=user.pk).count()


def reset(user, *, reason, by, now):
    """Takes the second step away: the person sets it up anew at the next login. All his sessions end.

    Raises `Refused` (400) without a reason, (409) when there is nothing to reset.
    """
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why."), 400))
    with transaction.atomic():
        _held(user)
        gone = [
            TOTPDevice.objects.filter(user_id=user.pk).delete(),
            StaticDevice.objects.filter(user_id=user.pk).delete(),
        ]
        if not any(count for count, _kinds in gone):
            raise Refused(Refusal("not_enrolled", _("There is nothing to reset: no authenticator is set up.")))
        _tell(user, "reset_otp", by=by, now=now, reason=reason.strip())
        signins.end_others(user, but=None, now=now)


def _held(user):
    return User.objects.select_for_update().get(pk=user.pk)


def _tell(user, move, *, by, now, reason=""):
    """The devices have no history: the user's row tells of them."""
    with acting(by, move=move, reason=reason, at=now):
        _held(user).save()


def _plain(code):
    """What was meant: without blanks and dashes, wide digits as narrow ones."""
    text = unicodedata.normalize("NFKC", code).lower()
    return "".join(character for character in text if character.isalnum())[:40]


def _wrong():
    return Refusal("code", _("This code is not right, or was used already. Wait for the next one and try again."), 400)


def _why_wrong(device, code, now, is_good):
    """None when the code is good, which uses it up; else the `Refusal`, and the next try has to wait."""
    ready = _ready_at(device)
    if ready and now < ready:
        seconds = -int((now - ready).total_seconds() // 1)
        return Refusal("wait", _("Too many wrong codes. Try again in %(n)s seconds.") % {"n": seconds}, 429)
    good = is_good(device, _plain(code), now)
    device.throttling_failure_timestamp = None if good else now
    device.throttling_failure_count = 0 if good else device.throttling_failure_count + 1
    device.last_used_at = now if good else device.last_used_at
    device.save()
    return None if good else _wrong()


def _ready_at(device):
    """From when on a code is looked at: after the first two failures at once, then in 2, 4, 8 … seconds."""
    failures = device.throttling_failure_count
    if failures < 3 or device.throttling_failure_timestamp is None:
        return None
    return device.throttling_failure_timestamp + min(timedelta(seconds=2 ** min(failures - 2, 20)), LONGEST_WAIT)


def _is_current(device, code, now):
    """Whether it is the code of this half minute, the one before or the next one, and later than any used before."""
    if not (code.isascii() and code.isdecimal() and len(code) == DIGITS):
        return False
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits)
    clock.time = now.timestamp()
    good = clock.verify(int(code), tolerance=1, min_t=device.last_t + 1)
    if good:
        device.last_t = clock.t()
    return good


def _is_kept(device, code, now):
    """Whether it is one of the recovery codes; it is gone with that."""
    return bool(device.token_set.filter(token=_digest(code)).delete()[0])


def _new_codes(user):
    StaticDevice.objects.filter(user_id=user.pk).delete()
    device = StaticDevice.objects.create(user_id=user.pk, name="recovery", confirmed=True)
    codes = ["".join(secrets.choice(ALPHABET) for _place in range(10)) for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _digest(code):
    """As much of the hash as the column takes: 64 bits, more than the code itself has."""
    return hmac.new(settings.SECRET_KEY.encode(), b"recovery" + code.encode(), "sha256").hexdigest()[:16]
