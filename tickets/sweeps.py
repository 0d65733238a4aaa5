"""What the sweep looks for in this app, in the order of a pass: what was sent late may be overdue in the same pass."""

from shop_cs import following, sweep

from . import actions
from .actions import organizing
from .figures import counting, keeping
from .hands import drafting, presence
from .models import ServiceRequest, Survey
from .planning import rehearsals
from .quality import weekly

# Few versions and many rows: a version is read once a batch, not beside each row.
_ROWS = ServiceRequest.everything.select_related("shop").prefetch_related("rulebook")


def connect():
    counting.connect()
    rehearsals.connect()
    sweep.register(
        sweep.Job("send", lambda now: _ROWS.to_send(now).order_by("send_at", "pk"), actions.send_due),
        sweep.Job("overdue", lambda now: _ROWS.past_deadline(now).order_by("deadline", "pk"), actions.mark_overdue),
        sweep.Job("due_soon", lambda now: _ROWS.due_soon(now).order_by("due_soon_at", "pk"), actions.tell_due_soon),
        sweep.Job("surveys", _surveys, _send_surveys),
        sweep.Job(
            "unconfirmed",
            lambda now: _ROWS.unconfirmed(now).order_by("confirm_until", "pk"),
            actions.unconfirmed,
        ),
        sweep.Job(
            "platform_late",
            lambda now: _ROWS.platform_late(now).order_by("review_due", "pk"),
            actions.mark_platform_late,
        ),
        sweep.Job("exams", weekly.due, weekly.warn),
        sweep.Job("exams_missed", weekly.missed, weekly.restrict),
        # After what bars somebody from answering, and after what takes a request away.
        sweep.Job("give_out", organizing.waiting_for_hands, organizing.give_out),
        # What has changed first, then its days are counted again.
        following.job("figure_days", keeping.FOLLOWER, keeping.takes),
        sweep.Job("figures", keeping.waiting, keeping.recount_marked, keeping.MOST_DAYS, tidies=True),
        sweep.Job("presence", presence.over, presence.forget, tidies=True),
        sweep.Job("drafts", drafting.over, drafting.forget, tidies=True),
    )


def _surveys(now):
    return Survey.everything.filter(sent_at__isnull=True, send_at__lte=now, request__state="confirming").order_by(
        "send_at", "pk"
    )


def _send_surveys(surveys, *, now):
    """The sweep counts what it took, which here are surveys."""
    asked = {record.pk for record in actions.send_surveys(surveys, now=now)}
    return [survey for survey in surveys if survey.request_id in asked]
