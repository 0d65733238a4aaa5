"""Which history tables somebody still writes: on PostgreSQL a smaller id may be committed after a greater one."""

import time

from django.db import connection

# Seconds to wait for writers who began before; what they still hold comes the next time.
PATIENCE, NAP = 5.0, 0.02


def still_written(tables, patience=None):
    """Of the tables those for which somebody who may have drawn a smaller id has not committed yet.

    A writer locks the table before he draws an id. So who has an id up to the greatest that we saw either holds his
    lock now or has ended; who comes later draws a greater one. They are waited for, `patience` seconds at most.
    """
    holders, until = _writers(tables), time.monotonic() + (PATIENCE if patience is None else patience)
    left = holders
    while left and time.monotonic() < until:
        time.sleep(NAP)
        left = holders & _writers(tables)
    return {table for _transaction, table in left}


def _writers(tables):
    """{(virtual transaction, table)} of others who hold a writer's lock on one of the tables."""
    sql = """SELECT l.virtualtransaction, c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
        WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.pid <> pg_backend_pid()
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(tables)])
        return set(cursor.fetchall())
