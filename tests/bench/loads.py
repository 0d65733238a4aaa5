"""What the worker and the import have to write by the hundred thousand; in a copy of the database."""

import csv
import io
import time
from datetime import timedelta

from django.db import connection

from shop_cs import imports, moment, sweep
from shop_cs.actors import Actor, Role
from shop_cs.models import Notice, Order
from tickets.models import ServiceRequest

from .dialect import dialect

MANY = 100_000


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def swept():
    """Overdue requests moved a second, each with its line in the trail; the shops are told."""
    _make_due()
    sweep.JOBS[:] = [job for job in sweep.JOBS if job.name == "overdue"]
    trail, notices = ServiceRequest.history.count(), Notice.everything.count()
    begun = time.perf_counter()
    moved = sweep.one_pass()["overdue"]
    took = time.perf_counter() - begun
    assert moved == ServiceRequest.history.count() - trail == MANY
    assert Notice.everything.count() > notices
    return MANY / took


def _make_due():
    """So many requests wait for a merchant whose time is over; none else does."""
    table, yesterday = ServiceRequest._meta.db_table, dialect().minutes_before(moment.now(), "1440")
    nothing = "closed_at = NULL, confirm_until = NULL, overdue_at = NULL, last_overdue_round = NULL, "
    nothing += "reviewing_since = NULL, review_due = NULL, due_soon_at = NULL"
    _run(f"UPDATE {table} SET deadline = {dialect().minutes_before(moment.now(), '-1440')} WHERE state = 'pending'")
    step = ServiceRequest.everything.count() // MANY
    _run(
        f"UPDATE {table} SET state = 'pending', sent_at = created_at, round_opened_at = created_at, {nothing}, "
        f"deadline = {dialect().plus_minutes(yesterday, '-(id % 1440)')} WHERE id % {step} = 0 AND id <= {step * MANY}"
    )
    _run(f"VACUUM ANALYZE {table}" if connection.vendor == "postgresql" else "ANALYZE")


def imported():
    """Requests of a file imported a second, judged, written and told."""
    data, importer = _file(), imports.IMPORTERS["requests"]
    by = Actor(role=Role.IMPORT, name="bench")
    begun = time.perf_counter()
    report = imports.run(importer, data, name="bench.csv", by=by, now=moment.now())
    took = time.perf_counter() - begun
    assert report.imported == MANY, report.problems[:3]
    return MANY / took


def _file():
    """A file of requests for orders all over the shops, of the last thirty days."""
    file, now = io.StringIO(), moment.now()
    out = csv.writer(file)
    out.writerow([column.name for column in imports.IMPORTERS["requests"].columns])
    step = max(1, Order.everything.count() // MANY)
    orders = list(Order.everything.filter(pk__lte=step * MANY).order_by("pk").values_list("shop__no", "no")[::step])
    for place in range(MANY):
        shop, order = orders[place % len(orders)]
        made = now - timedelta(minutes=1 + place * 7 % 43_200)
        category = ("shipping_logistics", "product", "price")[place % 3]
        claim = f"快递三天没有更新物流，要求核实包裹在哪里，编号 {place}"
        out.writerow([f"BI{place:09}", shop, order, "general", category, claim, f"{made:%Y-%m-%dT%H:%M:%SZ}", "", 0])
    return file.getvalue().encode()
