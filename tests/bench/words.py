"""Fills what is searched, for rows that were made inside the database: its words are made by the product's function."""

from itertools import groupby, islice

from django.db import connection, transaction

from tickets.models import Reply, SearchText, ServiceRequest
from tickets.searching import keeping, store

BATCH = 10_000
COLUMNS = ("request_id", "shop_id", "created_at", "words")
TABLE = SearchText._meta.db_table


def fill_words():
    """All of them, into a table without any; the indexes are made when the rows are there, many times as fast."""
    with transaction.atomic():
        store.remove(connection)
        {"postgresql": _copied, "sqlite": _inserted}[connection.vendor](_rows())
        if connection.vendor == "postgresql":
            _run("SET LOCAL maintenance_work_mem = '512MB'")
            # No column is added while a row has still to be looked at.
            _run("SET CONSTRAINTS ALL IMMEDIATE")
        store.install(connection)
    _run(f"ANALYZE {TABLE}")


def _rows():
    """(key, shop, moment of creation, words) of each request."""
    requests = ServiceRequest.everything.order_by("pk").values_list("pk", "shop_id", "created_at", "detail", named=True)
    replies = Reply.everything.order_by("request_id", "round").values_list("request_id", "text", "proposal", named=True)
    told = groupby(replies.iterator(chunk_size=BATCH), key=lambda reply: reply.request_id)
    pk, said = next(told, (None, ()))
    at = connection.ops.adapt_datetimefield_value
    for one in requests.iterator(chunk_size=BATCH):
        if pk == one.pk:
            yield one.pk, one.shop_id, at(one.created_at), keeping.joined(one, list(said))
            pk, said = next(told, (None, ()))
        else:
            yield one.pk, one.shop_id, at(one.created_at), keeping.joined(one, [])


def _batches(rows):
    # Read before any is written: the rows come over the connection that takes the words.
    while some := list(islice(rows, BATCH)):
        yield some


def _copied(rows):
    with connection.cursor() as cursor:
        for some in _batches(rows):
            with cursor.copy(f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in some:
                    copy.write_row(row)


def _inserted(rows):
    sql = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES (%s, %s, %s, %s)"
    with connection.cursor() as cursor:
        for some in _batches(rows):
            cursor.executemany(sql, some)


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
