"""The tables of the trail: of each kind of record its model, its history and the columns that name one of its rows."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps

# Columns that carry a number which people write down; a transfer has what caused it, a held account what it is for.
NUMBERS = ("no", "reference", "subject")
# Columns that name a row to a reader, the first that there are; the second is told in brackets.
NAMES = (("no",), ("username",), ("name",))
# What names a shop or a person better than its number alone.
BEFORE = {"Shop": "name", "User": "first_name"}
# What the trail keeps to notice a change by; it tells a reader nothing, and a thief too much.
SECRET = frozenset({"password_mark"})


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of record. `name` is its part of an address ("shop_cs_order"), `past` the model of its history."""

    name: str
    model: type
    past: type

    @property
    def label(self):
        return str(self.model._meta.verbose_name)

    @property
    def fields(self):
        """The fields that the trail keeps, in the model's order; without the key, which never changes."""
        return [field for field in self.past.tracked_fields if not field.primary_key]

    @property
    def names(self):
        """The names of these fields."""
        return {field.name for field in self.fields}

    @property
    def numbers(self):
        return [name for name in NUMBERS if name in self.names]

    @property
    def called(self):
        """Columns that name a row, most telling first: none, one or two. Only of what the trail keeps: a consumer has
        a name, but none here."""
        own = next((list(names) for names in NAMES if set(names) <= self.names), [])
        before = BEFORE.get(self.model.__name__)
        return [before, *own] if before else own

    def keys_to(self, *models):
        """The foreign keys to any of the models."""
        return [field for field in self.fields if field.is_relation and field.related_model in models]


@cache
def tables():
    """{name: Table} of every model with history, proxies aside, in the order of their labels in code."""
    kept = (model for model in apps.get_models() if hasattr(model, "history") and not model._meta.proxy)
    made = [Table(model._meta.label_lower.replace(".", "_"), model, model.history.model) for model in kept]
    return {table.name: table for table in sorted(made, key=lambda table: table.name)}


def table_of(model):
    """The table of a model; None for one without history."""
    return tables().get(model._meta.label_lower.replace(".", "_"))


def called(table, told):
    """A row in words, from the values of its columns `called` and its key: "向日葵家居 (S001)", "#12"."""
    pk, *parts = told
    parts = [str(part) for part in parts if part]
    if not parts:
        return f"#{pk}"
    first, *more = dict.fromkeys(parts)
    return f"{first} ({more[0]})" if more else first
