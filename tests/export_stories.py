"""Exports that were asked for, and the worker that makes them."""

from urllib.parse import urlencode

from shop_cs.exporting import asking, working
from shop_cs.exporting.kinds import KINDS, params_of
from shop_cs.models import ExportJob
from tests.people import TUESDAY_10


def asked(cast, *, kind="requests", fmt="csv", by=None, now=TUESDAY_10, ask=asking.ask, **query):
    """A job of Alice's, for all of her requests where nothing else is said."""
    by = by or cast.as_alice
    shop = cast.shop if by.shop_id else None
    params = params_of(urlencode({"tab": "all", **query} if shop else query))
    return ask(KINDS[kind], shop=shop, params=params, fmt=fmt, language="en", by=by, now=now)


def work(now=TUESDAY_10, **said):
    """One pass of the worker at `now`."""
    return working.one_pass(now=lambda: now, **said)


def fresh(job):
    return ExportJob.everything.select_related("shop", "asked_by", "log").get(pk=job.pk)


def made(cast, *, at=TUESDAY_10, **said):
    """A job whose file can be fetched."""
    job = asked(cast, now=at, **said)
    work(at)
    return fresh(job)


def content(job, *, by, now):
    with asking.fetch(job, by=by, now=now) as file:
        return file.read().decode("utf-8-sig")
