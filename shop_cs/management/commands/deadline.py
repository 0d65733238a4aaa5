"""`manage.py deadline`: says when a limit ends and why, in the words of the request's page."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.management.base import BaseCommand, CommandError

from shop_cs.clock import SHANGHAI
from shop_cs.models import Rulebook
from tickets.deadlines import explain
from tickets.explaining import lines

_LIMIT = re.compile(r"(?:(?P<hours>\d{1,6}(?:\.\d{1,4})?)h)?(?:(?P<minutes>\d{1,7})m)?", re.ASCII)
# The rulebook holds no limit longer than this either.
LONGEST = timedelta(days=366)


class Command(BaseCommand):
    help = "Explains a deadline: each stretch that counts and does not, the rulebook's version, last the moment."

    def add_arguments(self, parser):
        parser.add_argument("start", help="'2026-11-21 20:00' (Asia/Shanghai) or ISO 8601 with an offset")
        parser.add_argument("limit", help="working time: 12h, 90m, 1h30m, 2.5h")
        parser.add_argument("--rulebook", help="a version's name (default: the one in force at the start)")

    def handle(self, *, start, limit, rulebook, **options):
        at, limit = _start(start), _limit(limit)
        try:
            told = explain(_rulebook(rulebook, at).rules(), at, limit)
        except OverflowError as error:
            raise CommandError(f"“{start}” is too near to an end of the calendar: years are 1 to 9999.") from error
        return "\n".join([*lines(told), told.deadline.isoformat()])


def _start(text):
    """An aware instant; a bare one is Shanghai's."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CommandError(f"“{text}” is no moment. Write 2026-11-21 20:00, or with an offset.") from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _limit(text):
    said = _LIMIT.fullmatch(text.strip())
    if not said or not any(said.groups()):
        raise CommandError(f"“{text}” is no limit. Write hours and minutes: 12h, 90m, 1h30m, 2.5h.")
    minutes = Decimal(said["hours"] or 0) * 60 + Decimal(said["minutes"] or 0)
    limit = timedelta(minutes=float(minutes))
    if not timedelta(0) < limit <= LONGEST:
        raise CommandError(f"A limit is more than nothing and at most {LONGEST // timedelta(hours=1)}h: “{text}”.")
    return limit


def _rulebook(name, at):
    if name is None:
        found = Rulebook.objects.in_force(at)
        if found is None:
            raise CommandError("No version of the rulebook was in force then. Name one: --rulebook NAME.")
        return found
    try:
        return Rulebook.objects.get(name=name)
    except Rulebook.DoesNotExist:
        known = ", ".join(Rulebook.objects.values_list("name", flat=True))
        raise CommandError(f"There is no version “{name}” of the rulebook. There are: {known}.") from None
