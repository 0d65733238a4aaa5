"""Tenancy that fails closed: data of a shop is not read before it was said whose."""

from django.db import models


class Unscoped(RuntimeError):
    """A query on a shop's data without a shop. A mistake in code, never a user's."""


class ScopedQuerySet(models.QuerySet):
    """Base of the querysets of shops' data.

    `Model.objects` must be narrowed by `.of(shop)` before it may reach the database; else `Unscoped` is raised.
    `Model.everything` is the same queryset without the guard, for the platform, the clock and Django itself.
    """

    shop_field = "shop"
    _guarded = False

    def of(self, shop):
        """What belongs to `shop` (a Shop or its id)."""
        mine = self.filter(**{self.shop_field: shop})
        mine._guarded = False
        return mine

    def _clone(self):
        clone = super()._clone()
        clone._guarded = self._guarded
        return clone

    def _check(self):
        if self._guarded:
            raise Unscoped(f"{self.model.__name__}.objects: say whose with .of(shop)")

    def _fetch_all(self):
        if self._result_cache is None:
            self._check()
        super()._fetch_all()

    # As part of another query it reaches the database as well.
    def resolve_expression(self, *args, **kwargs):
        self._check()
        return super().resolve_expression(*args, **kwargs)

    resolve_expression.queryset_only = True

    def __or__(self, other):
        return self._with(super().__or__(other), other)

    def union(self, *others, all=False):  # noqa: A002 - Django's name
        return self._with(super().union(*others, all=all), *others)

    def _with(self, combined, *others):
        """What was put together is as guarded as its least narrowed part."""
        combined = combined._clone()
        combined._guarded = self._guarded or any(getattr(other, "_guarded", False) for other in others)
        return combined

    def iterator(self, *args, **kwargs):
        self._check()
        return super().iterator(*args, **kwargs)

    def count(self):
        self._check()
        return super().count()

    def exists(self):
        self._check()
        return super().exists()

    def aggregate(self, *args, **kwargs):
        self._check()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs):
        self._check()
        return super().update(**kwargs)

    update.alters_data = True

    def delete(self):
        self._check()
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


def managers(queryset):
    """`everything, objects = managers(Words)`: the platform's manager and the guarded one, with the same words."""
    manager = models.Manager.from_queryset(queryset)

    class Guarded(manager):
        def get_queryset(self):
            rows = super().get_queryset()
            rows._guarded = True
            return rows

        # Rows are made with their shop named; only reading can leak.
        def bulk_create(self, *args, **kwargs):
            return queryset(self.model, using=self._db).bulk_create(*args, **kwargs)

    return manager(), Guarded()
