"""The worker beside the sweep: tends the jobs, then does the tasks that wait, one after the other."""

import logging
from contextvars import copy_context

from django.db import InterfaceError, OperationalError, transaction
from django_tasks_db.models import DBTaskResult

from ..models import Heartbeat
from . import running, tending
from .running import BEAT_EVERY, HEARTBEAT

log = logging.getLogger(__name__)


def one_pass(*, now, worker="", ending=lambda: False):
    """Does all that waits; returns {what: how many}. `now` and `ending`, whether to end, are functions.

    Any number at once. Raises nothing for a task that fails; what a database raises that is away.
    """
    counts = tending.tend(now=now())
    beat(at=now())
    done, around = 0, copy_context()
    around.run(running.NOW.set, now)
    around.run(running.ENDING.set, ending)
    while not ending() and (result := _claimed(worker)):
        around.run(_do, result)
        beat(at=now())
        done += 1
    return {**counts, "done": done}


def beat(*, at):
    """Says that a worker of jobs is alive, where nobody said so just now: who writes takes the writers' lock."""
    if Heartbeat.objects.filter(name=HEARTBEAT, at__gt=at - BEAT_EVERY, at__lte=at).exists():
        return
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": at})


def _claimed(worker):
    """The next task, taken by this worker alone; None where none waits."""
    if not DBTaskResult.objects.ready().exists():
        return None
    with transaction.atomic():
        result = DBTaskResult.objects.ready().get_locked()
        if result is not None:
            result.claim(worker)
        return result


def _do(result):
    said = result.args_kwargs
    try:
        told = result.task.call(*said["args"], **said["kwargs"])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("task %s failed", result.pk)
        result.set_failed(error)
    else:
        result.set_successful(told)
