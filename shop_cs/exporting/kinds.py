"""What can be exported: each app registers its lists, for its merchants and for the platform."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from django.utils.datastructures import MultiValueDict

# {name: Kind}; the name stands in addresses and in the rows of jobs.
KINDS = {}
# Among the params of what was made: the optional acts that its columns took.
RIGHTS = "with_right"
# Params of lists that filter nothing: where in the list one is.
PLACE = ("page", "after")


@dataclass(frozen=True, slots=True)
class Kind:
    """A list that can be taken along as a table.

    `find(shop, params, *, by, now)` → (whether the params are understood, queryset); `table(records, most, *, by)` →
    (header, rows). `acts` are the rows of the decision table that it needs, all of them; who also has an `optional` one
    gets more columns. What is too much is cut by the column `when`, through the two params `days`: the first and the
    last day, both of which belong to it.
    """

    name: str
    label: str
    stem: str
    acts: tuple
    find: Callable
    table: Callable
    when: str
    days: tuple
    is_platforms: bool = False
    optional: tuple = ()

    def narrowed(self, params, first, last):
        """The params that ask for these days of what they asked for."""
        narrower = without_place(params)
        narrower[self.days[0]], narrower[self.days[1]] = f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
        return narrower


def without_place(params):
    """A copy of a list's params that asks for it from its beginning."""
    found = params.copy()
    for name in PLACE:
        found.pop(name, None)
    return found


def register(*kinds):
    """The apps' lists."""
    for kind in kinds:
        KINDS[kind.name] = kind


def params_of(query):
    """A query string as the lists' filters read it."""
    return MultiValueDict(parse_qs(query, keep_blank_values=True))


def query_of(params):
    """Params as a query string."""
    return urlencode(dict(params.lists()), doseq=True)


def noted(query, rights):
    """The query string that also says by which optional acts a file was made."""
    params = params_of(query)
    # Whoever asked may have written so himself.
    params.setlist(RIGHTS, rights)
    return query_of(params)


def rights_of(job):
    """The optional acts by which the file of a job was made."""
    kept = params_of(job.params).getlist(RIGHTS)
    return [act for act in KINDS[job.kind].optional if act in kept]


def understood(filtered):
    """(filter, queryset) of a list, as `find` gives it."""
    chosen, records = filtered
    return chosen.form.is_valid(), records
