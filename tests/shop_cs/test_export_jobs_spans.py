"""Too much for one export cut into spans; rows that are all as of one moment; the most rows of the rulebook."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shop_cs.exporting import asking, gate, running, spans
from shop_cs.exporting.kinds import KINDS, params_of, query_of
from tests.case_stories import fund
from tests.export_stories import asked, content, fresh, work
from tests.people import TUESDAY_10, make_cast
from tests.stories import send

FIRST = date(2026, 1, 1)
DAYS = st.dictionaries(st.integers(0, 120).map(lambda n: FIRST + timedelta(n)), st.integers(1, 9), max_size=40)


@given(DAYS, st.integers(1, 40))
def test_spans_hold_each_row_once_and_no_more_than_fit(counts, most):
    cut = spans.cut(counts, most)
    assert sum(span.rows for span in cut) == sum(counts.values())
    assert all(earlier.last < later.first for earlier, later in zip(cut, cut[1:], strict=False))
    assert all((span.rows <= most) == span.fits for span in cut)
    assert all(span.first == span.last for span in cut if not span.fits)
    assert all((span.first.year, span.first.month) == (span.last.year, span.last.month) for span in cut)


@pytest.mark.parametrize(("most", "labels"), [(3, ["2026-01"]), (2, ["2026-01-01 – 2026-01-02", "2026-01-31"])])
def test_a_month_is_whole_as_long_as_it_fits(most, labels):
    counts = {FIRST: 1, FIRST + timedelta(1): 1, FIRST + timedelta(30): 1}
    assert [span.label for span in spans.cut(counts, most)] == labels


def test_a_day_is_shanghais(cast):
    request = send(cast, now=TUESDAY_10.replace(hour=9))
    type(request).everything.update(created_at=TUESDAY_10.replace(hour=0))
    assert spans.by_day(type(request).everything.all(), "created_at") == {date(2026, 3, 3): 1}


@pytest.mark.parametrize(("rows", "is_refused"), [(50_000, False), (50_001, True)])
def test_fifty_thousand_rows_fit_and_not_one_more(cast, monkeypatch, rows, is_refused):
    """[2] §二.4, as the rulebook in force says it."""
    assert gate.most(TUESDAY_10) == 50_000
    monkeypatch.setattr(asking, "count", lambda kind, **said: (None, rows))
    if is_refused:
        with pytest.raises(asking.Refused, match="50001 rows match"):
            asked(cast)
    else:
        assert asked(cast).rows == rows


def test_a_statement_is_split_by_its_days_too(cast):
    for days in (40, 1, 0):
        fund(cast.shop, deposit=100, reference=f"T{days}", now=TUESDAY_10 - timedelta(days=days))
    said = {"shop": cast.shop, "params": params_of("tab=deposit"), "by": cast.as_alice, "now": TUESDAY_10}
    records, rows = asking.count(KINDS["money"], **said)
    assert rows == 3
    assert [(one.label, one.rows) for one in spans.cut(spans.by_day(records, "at"), 2)] == [
        ("2026-01", 1),
        ("2026-03", 2),
    ]


def test_a_query_comes_back_as_it_was():
    assert query_of(params_of("a=1&a=2&b=&c=%E4%B8%AD")) == "a=1&a=2&b=&c=%E4%B8%AD"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="a database in memory has no second writer")
def test_all_rows_are_as_of_one_moment(transactional_db, monkeypatch):
    """What others write while the file is made is not in it, and the job's own signs of life are seen at once."""
    cast = make_cast()
    for _n in range(4):
        send(cast)
    job, seen, true = asked(cast), [], running._beat
    other = connection.copy()

    def beat(beside, its, done, now):
        true(beside, its, done, now)
        with other.cursor() as cursor:
            cursor.execute("UPDATE tickets_servicerequest SET urges = urges + 1")
            cursor.execute("SELECT rows_done FROM shop_cs_exportjob")
            seen.append(cursor.fetchone()[0])

    monkeypatch.setattr(running, "BATCH", 2)
    monkeypatch.setattr(running, "_beat", beat)
    work()
    other.close()
    header, *rows = content(fresh(job), by=cast.as_alice, now=TUESDAY_10).splitlines()
    assert seen == [0, 2, 4]
    assert {row.split(",")[header.split(",").index("Urges")] for row in rows} == {"0"}


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_what_breaks_the_rows_off_is_raised_as_it_was(tmp_path, fmt):
    def rows():
        yield ["a"]
        raise running.Cancelled

    counted = running.Counted(rows(), lambda done: None)
    with pytest.raises(running.Cancelled):
        counted.write(fmt, str(tmp_path / f"x.{fmt}"), ["h"])
