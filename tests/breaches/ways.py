"""How a promise of the database is broken: past everything but the database."""

import copy

from django.db import connection

from shop_cs import guards


def manager(model):
    return getattr(model, "everything", model._default_manager)


def broken(model, **values):
    """Writes past everything but the database."""
    return lambda: manager(model).filter(pk=manager(model).latest("pk").pk).update(**values)


def again(model):
    """A second row like the first there is."""

    def write():
        row = copy.copy(manager(model).earliest("pk"))
        row.pk = None
        model._base_manager.bulk_create([row])

    return write


def unguarded(write):
    """The promise itself, without the guard that stands before it."""

    def act():
        connection.check_constraints()
        guards.drop(connection)
        write()

    return act
