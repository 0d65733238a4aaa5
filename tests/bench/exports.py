"""An export as the product makes it, and the bare writers fed from raw SQL: the same columns of the same rows."""

import csv
import tempfile
import time

from django.db import connection
from django.utils import translation

from shop_cs import sheets
from shop_cs.exporting.columns import SHOPS
from shop_cs.seals.rows import one_moment
from tickets import exports
from tickets.models import ServiceRequest

ROWS = 50_000
# Moments as they come, codes and fen as they are kept.
RAW = """
    SELECT shop.no, shop.name, request.no, request.state, request.state, product.no, product.product,
        product.amount_fen, request.kind, request.category, request.round, request.urges, request.created_at,
        request.sent_at, request.deadline, request.overdue_at, request.reviewing_since, request.closed_at,
        request.limit_minutes, request.detail, reply.solved,
        CASE WHEN reply.solved THEN reply.settlement ELSE reply.reason END, reply.text, consumer.name, consumer.phone
    FROM tickets_servicerequest AS request
    JOIN shop_cs_shop AS shop ON shop.id = request.shop_id
    JOIN shop_cs_order AS product ON product.id = request.order_id
    LEFT JOIN shop_cs_consumer AS consumer ON consumer.id = product.consumer_id
    LEFT JOIN tickets_reply AS reply ON reply.id = (
        SELECT last.id FROM tickets_reply AS last WHERE last.request_id = request.id ORDER BY last.round DESC LIMIT 1)
    ORDER BY request.created_at DESC, request.id DESC LIMIT %s
"""


def product(fmt):
    """Seconds."""
    connection.ensure_connection()
    newest = ServiceRequest.everything.order_by("-created_at", "-pk")
    # As the worker does: in one snapshot.
    with tempfile.NamedTemporaryFile() as made, translation.override("zh-hans"), one_moment():
        begun = time.perf_counter()
        sheets.write(fmt, made.name, exports.header(SHOPS), exports.rows(newest, ROWS, SHOPS))
        return time.perf_counter() - begun


def bare(fmt):
    """Seconds."""
    connection.ensure_connection()
    with tempfile.NamedTemporaryFile() as made, connection.cursor() as cursor:
        begun = time.perf_counter()
        cursor.execute(RAW, [ROWS])
        {"csv": _csv, "xlsx": _xlsx}[fmt](made.name, cursor)
        return time.perf_counter() - begun


def _csv(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _xlsx(path, rows):
    import xlsxwriter

    said = {"constant_memory": True, "remove_timezone": True, "default_date_format": sheets.TIME_FORMAT}
    with xlsxwriter.Workbook(path, said) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
