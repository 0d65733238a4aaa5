"""Tenancy that fails closed: data of a shop is not read before it was said whose."""

from django.db import models
from django.db.models import sql


class Unscoped(RuntimeError):
    """A query on a shop's data without a shop. A mistake in code, never a user's."""


class ScopedQuery(sql.Query):
    """What a queryset asks. While `guarded` nothing is made of it that a database could run: not by itself, not as a
    part of another query, whichever way it got there."""

    guarded = False

    def get_compiler(self, *args, **kwargs):
        refuse_guarded(self)
        return super().get_compiler(*args, **kwargs)

    def combine(self, rhs, connector):
        super().combine(rhs, connector)
        # What is in both is in the narrowed one; what is in either is as guarded as its least narrowed part.
        if connector != sql.where.AND and getattr(rhs, "guarded", False):
            self.guarded = True


def refuse_guarded(query):
    if query.guarded:
        raise Unscoped(f"{query.model.__name__}.objects: say whose with .of(shop)")


class ScopedQuerySet(models.QuerySet):
    """Base of the querysets of shops' data.

    `Model.objects` must be narrowed by `.of(shop)` before it may reach the database; else `Unscoped` is raised.
    `Model.everything` is the same queryset without the guard, for the platform, the clock and Django itself.
    """

    shop_field = "shop"

    def __init__(self, model=None, query=None, using=None, hints=None):
        super().__init__(model, query or ScopedQuery(model), using, hints)

    def of(self, shop):
        """What belongs to `shop` (a Shop or its id). Unscoped for None, an expression and all else."""
        key = getattr(shop, "pk", shop)
        if type(key) is not int:
            raise Unscoped(f"{self.model.__name__}.objects.of(): a {type(shop).__name__} is no shop")
        mine = self.belonging_to(key)
        mine.query.guarded = False
        return mine

    def belonging_to(self, key):
        """The rows of the shop with this key."""
        return self.filter(**{self.shop_field: key})

    # These two say so at once, not when or if the database is asked.
    def iterator(self, *args, **kwargs):
        refuse_guarded(self.query)
        return super().iterator(*args, **kwargs)

    def aggregate(self, *args, **kwargs):
        refuse_guarded(self.query)
        return super().aggregate(*args, **kwargs)

    def raw(self, *args, **kwargs):
        # Its text says whose, or does not: nobody can tell.
        refuse_guarded(self.query)
        return super().raw(*args, **kwargs)

    # These make a statement of another class out of the query.
    def update(self, **kwargs):
        refuse_guarded(self.query)
        return super().update(**kwargs)

    update.alters_data = True

    def delete(self):
        refuse_guarded(self.query)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def _raw_delete(self, using):
        refuse_guarded(self.query)
        return super()._raw_delete(using)

    _raw_delete.alters_data = True


def managers(queryset):
    """`everything, objects = managers(Words)`: the platform's manager and the guarded one, with the same words."""
    manager = models.Manager.from_queryset(queryset)

    class Guarded(manager):
        def get_queryset(self):
            rows = super().get_queryset()
            rows.query.guarded = True
            return rows

        # Rows are made with their shop named; only reading can leak, and writing over what is there.
        def bulk_create(self, *args, update_conflicts=False, **kwargs):
            if update_conflicts:
                refuse_guarded(self.get_queryset().query)
            return queryset(self.model, using=self._db).bulk_create(*args, **kwargs)

    return manager(), Guarded()
