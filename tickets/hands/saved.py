"""Saved views as the list reads them: what they ask for, and whether it is still understood."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from shop_cs.exporting.kinds import PLACE

from ..filters import RequestFilter

# What is no filter: where in the list one is, and which view one has opened.
BESIDE = (*PLACE, "view")


@dataclass(frozen=True, slots=True)
class Chip:
    """A view above the list; `query` is the rest of its address."""

    pk: int
    name: str
    query: str
    is_shared: bool
    is_mine: bool
    is_active: bool


def kept(query):
    """What of the list's query string a view keeps: tab and filters, without what is empty."""
    return urlencode([(name, value) for name, value in parse_qsl(query) if name not in BESIDE])


def chips(offers, query, *, user_id):
    """The views that the user may open, his own first; the one that asks for what is shown is marked."""
    shown = kept(query)
    views = sorted(offers.views, key=lambda view: view.user != user_id)
    return [
        Chip(
            pk=view.pk,
            name=view.name,
            query=urlencode([*parse_qsl(view.says), ("view", view.pk)]),
            is_shared=view.flag,
            is_mine=view.user == user_id,
            is_active=view.says == shown,
        )
        for view in views
    ]


def opened(offers, pk):
    """The view with this key (a text) of those offered, or None."""
    return next((view for view in offers.views if str(view.pk) == pk), None)


def not_understood(view, *, is_valid):
    """Why the opened view shows nothing, in words; "" where all that it asks for is understood."""
    names = {name for name, _value in parse_qsl(view.says)} - set(RequestFilter.base_filters)
    if names:
        words = _("The view “%(view)s” asks for “%(names)s”, which is no filter any more. Save it anew or delete it.")
        return words % {"view": view.name, "names": _(", ").join(sorted(names))}
    if not is_valid:
        words = _("The view “%(view)s” asks for something that is not there any more: look at the marked fields.")
        return words % {"view": view.name}
    return ""
