"""The sections of a period as tables with their charts: what the page shows and the export writes."""

import json
from dataclasses import dataclass

from django.template import engines
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shop_cs.rules import Category

from . import reading
from .asking import MONTH
from .sections import OVERDUE, REPLY, SATISFACTION, VOLUME, sections

# The second is told apart by its dashes too.
COLOURS = ("var(--color-primary-500)", "#d97706")
DASHES = ([], [6, 4])
POINTS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, what it is of, and the address of the list that it counts, or of what it `adds` up."""

    text: str
    of: str = ""
    address: str = ""
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: list


@dataclass(frozen=True, slots=True)
class Table:
    """A section of a period. `chart` is what the shell's script draws; "" where nothing is to be drawn."""

    code: str
    title: str
    note: str
    heads: list
    rows: list
    whole: Row
    chart: str
    drawn: list
    is_empty: bool
    way: tuple | None = None

    def body(self):
        """Its rows as HTML: a year has hundreds on a page."""
        return SafeString(engines["jinja2"].get_template("tickets/figures_rows.html").render({"table": self}))


def label(first, last, step):
    """A piece of a period in words."""
    if step == MONTH:
        return f"{first:%Y-%m}"
    return f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} – {last:%m-%d}"


def of_period(asked, links):
    """A `Table` of each section, by the pieces of the period. One statement."""
    pieces, whole = reading.by_span(asked)
    labels = [label(*span, asked.step) for span, _numbers in pieces]
    return [_table(section, asked, links, pieces, whole, labels) for section in sections()]


def _table(section, asked, links, pieces, whole, labels):
    columns = section.columns
    is_empty = not any(whole[name] for column in columns for name in _names(column))
    told = [] if is_empty else zip(labels, pieces, strict=True)
    rows = [Row(text, _cells(columns, numbers, links, span, asked.category)) for text, (span, numbers) in told]
    return Table(
        code=section.code,
        title=section.title,
        note=section.note,
        heads=[column.label for column in columns],
        # What is newest is read first.
        rows=rows[::-1],
        whole=Row(_("Whole period"), _cells(columns, whole, links, (asked.first, asked.last), asked.category)),
        chart="" if is_empty else _chart(section, pieces, labels),
        drawn=[columns[n].label for n in section.drawn],
        is_empty=is_empty,
        way=section.way and section.way(asked, links),
    )


def _names(column):
    return (column.name,) if hasattr(column, "name") else (column.part, column.whole)


def _cells(columns, numbers, links, span, category):
    return [
        Cell(*column.texts(numbers), _address(column, numbers, links, span, category), column.adds)
        for column in columns
    ]


def _address(column, numbers, links, span, category):
    """The list that a number counts; of nothing there is none."""
    if column.where is None or not numbers[column.name]:
        return ""
    return links.to(column.where, *span, category)


def _chart(section, pieces, labels):
    """What Chart.js draws, as the shell wants it in an attribute."""
    drawn = [section.columns[n] for n in section.drawn]
    return json.dumps(
        {
            "labels": labels,
            "datasets": [
                {
                    "label": str(column.label),
                    "data": [column.point(numbers) for _span, numbers in pieces],
                    "borderColor": colour,
                    "backgroundColor": colour,
                    "borderDash": dash,
                    "displayYAxis": True,
                    "suffixYAxis": section.unit,
                    "maxTicksXLimit": POINTS,
                    # A lone day between days without a value is no line.
                    "pointStyle": "circle",
                    "pointRadius": 2,
                    "spanGaps": True,
                }
                for column, colour, dash in zip(drawn, COLOURS, DASHES, strict=False)
            ],
        },
        ensure_ascii=False,
    )


TYPE_COLUMNS = (
    VOLUME.columns[0],
    *OVERDUE.columns[::2],
    VOLUME.columns[2],
    VOLUME.columns[3],
    REPLY.columns[2],
    SATISFACTION.columns[3],
)


def of_types(asked, links):
    """The types of the period beside each other, as one `Table`. One statement."""
    told, words = reading.by_type(asked), dict(Category.choices)
    span = (asked.first, asked.last)
    labels = [str(words[code]) for code, _numbers in told]
    whole = sum((numbers for _code, numbers in told), start=reading.nothing())
    # What comes first is drawn in front: the part before the whole.
    drawn = [_bars(column, colour, told) for column, colour in zip(TYPE_COLUMNS[:2], COLOURS, strict=True)][::-1]
    chart = {"labels": labels, "datasets": drawn}
    return Table(
        code="types",
        title=_("By type"),
        note=_("The requests created in the whole period."),
        heads=[column.label for column in TYPE_COLUMNS],
        rows=[
            Row(text, _cells(TYPE_COLUMNS, numbers, links, span, code))
            for text, (code, numbers) in zip(labels, told, strict=True)
        ],
        whole=Row(_("All types"), _cells(TYPE_COLUMNS, whole, links, span, asked.category)),
        chart=json.dumps(chart, ensure_ascii=False) if told else "",
        drawn=[column.label for column in TYPE_COLUMNS[:2]],
        is_empty=not told,
    )


def _bars(column, colour, told):
    return {
        "label": str(column.label),
        "data": [column.point(numbers) for _code, numbers in told],
        "backgroundColor": colour,
        "displayYAxis": True,
    }


# What the export writes: numbers as numbers, rates in per cent, times in hours.
def header(table):
    """The columns' names in the reader's language."""
    first = [_("Type")] if table == "types" else [_("From"), _("To")]
    return [*first, *(_headed(column) for column in _columns(table))]


def _headed(column):
    unit = "" if hasattr(column, "name") else " (%)" if column.of.__name__ == "Share" else " (h)"
    return f"{column.label}{unit}"


def _columns(table):
    if table == "types":
        return TYPE_COLUMNS
    told = {(section.title, column.label): column for section in sections() for column in section.columns}
    return list({_names(column): column for column in told.values()}.values())


def rows(table, asked):
    """The rows of a sheet."""
    columns, words = _columns(table), dict(Category.choices)
    if table == "types":
        return [
            [str(words[code]), *(column.value(numbers) for column in columns)]
            for code, numbers in reading.by_type(asked)
        ]
    pieces, _whole = reading.by_span(asked)
    return [
        [f"{first}", f"{last}", *(column.value(numbers) for column in columns)] for (first, last), numbers in pieces
    ]
