"""Anchors: the head of the chain, told to a place that who has the database does not have."""

import logging
import os
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail

from ..clock import SHANGHAI
from ..models import Heartbeat, Seal

log = logging.getLogger(__name__)
EVERY = timedelta(days=1)


def head():
    """The newest `Seal`, None before the first."""
    return Seal.objects.order_by("-no").first()


def parsed(text):
    """ "12:ab34…" → (12, "ab34…"). Raises ValueError for anything else."""
    no, _colon, found = text.strip().rpartition(" ")[2].partition(":")
    if not no.isdecimal() or len(found) != 64 or set(found) - set("0123456789abcdef"):
        raise ValueError(f"“{text.strip()}” is no anchor: a number, a colon and 64 hexadecimal digits are wanted.")
    return int(no), found


def read_file(path):
    """The anchors of a file as `write_to` makes it: one a line, the last word of the line."""
    with open(path, encoding="ascii") as file:
        return [parsed(line) for line in file if line.strip()]


def write_to(path, seal):
    """Adds a line "instant number:hash" to a file; on the disk when it returns."""
    with open(path, "a", encoding="ascii") as file:
        file.write(f"{seal.at.astimezone(SHANGHAI):%FT%T%z} {seal}\n")
        file.flush()
        os.fsync(file.fileno())


def mail_to(address, seal):
    send_mail(f"Trail anchor {seal.no}", f"{seal.at.astimezone(SHANGHAI):%FT%T%z} {seal}\n", None, [address])


def keep_daily(*, now):
    """For the worker: tells file and mail address of the settings, each once a day. What fails is tried again later."""
    for name, place, tell in (
        ("anchor-file", settings.ANCHOR_FILE, write_to),
        ("anchor-mail", settings.ANCHOR_MAIL, mail_to),
    ):
        told = place and Heartbeat.objects.filter(name=name, at__gt=now - EVERY).exists()
        if not place or told or (seal := head()) is None:
            continue
        try:
            tell(place, seal)
        except OSError:
            log.exception("the anchor of the trail could not be kept (%s)", name)
        else:
            Heartbeat.objects.update_or_create(name=name, defaults={"at": now})
