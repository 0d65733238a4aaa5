"""The rows of the platform's lists are what unfold draws."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from unfold.templatetags.unfold_list import items_for_result

from shop_cs.sites import platform


def changelist(admin, user, query=""):
    """An admin's list as `user` asks for it."""
    request = RequestFactory().get(
        reverse(f"platform:{admin.opts.app_label}_{admin.opts.model_name}_changelist") + query
    )
    request.user = user
    return admin.get_changelist_instance(request)


@pytest.mark.parametrize("query", ["", "?_popup=1"])
def test_every_row_of_every_list_is_what_unfold_draws(world, query):
    user, seen = world.cast.rita, set()
    user.is_superuser = True
    for model, admin in platform._registry.items():
        shown = changelist(admin, user, query)
        rows = list(shown.rows)
        assert rows == ["".join(items_for_result(shown, record, None)) for record in shown.result_list], model
        assert shown.result_count == shown.queryset.count(), model
        seen |= {model} if rows else set()
    assert len(seen) > len(platform._registry) / 2


def test_what_a_search_finds_is_counted_as_it_is_listed(world):
    world.cast.rita.is_superuser = True
    searched = [admin for admin in platform._registry.values() if admin.search_fields]
    assert searched
    for admin in searched:
        shown = changelist(admin, world.cast.rita, "?q=S")
        assert shown.result_count == len(shown.queryset), admin
