"""The task that brings a job to a worker. The job's own row decides: a task that comes twice finds nothing to do."""

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from . import running


@task
def make(job):
    """Makes the export with this key, if it still waits."""
    return running.run(job, now=running.NOW.get())


def enqueue(job):
    make.enqueue(job=job.pk)


def enqueued():
    """The keys of the jobs that have a task which waits."""
    rows = DBTaskResult.objects.ready().filter(task_path=make.module_path)
    return {row["kwargs"]["job"] for row in rows.values_list("args_kwargs", flat=True)}
