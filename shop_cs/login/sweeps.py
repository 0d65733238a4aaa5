"""What the worker clears away: failed tries, rows of old sessions, sessions that are over."""

from django.contrib.sessions.models import Session

from ..sweep import Job, register
from . import signins, tries


def _clear(rows, *, now):
    type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
    return rows


def _over(now):
    return Session.objects.filter(expire_date__lt=now)


JOBS = (
    Job("old_tries", tries.old, _clear, tidies=True),
    Job("old_sign_ins", signins.old, _clear, tidies=True),
    Job("old_sessions", _over, _clear, tidies=True),
)


def connect():
    register(*JOBS)
