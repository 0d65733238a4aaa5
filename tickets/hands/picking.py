"""Which requests of a list an act on many means: those that were ticked, or all that match, up to a limit."""

from django.utils.translation import gettext as _

from shop_cs.moves import Refusal, Refused

# An act is one transaction, and others wait for what it holds.
MOST = 1000


def picked(chosen, rows, numbers, *, is_all):
    """The keys of the requests `numbers` of the shop, or of all `rows` that match.

    Raises `Refused`: nothing chosen, too many (400), a number that is not the shop's (404).
    """
    if is_all:
        keys = list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
    else:
        keys = list(chosen.queryset.order_by().filter(no__in=numbers[: MOST + 1]).values_list("pk", flat=True))
    if len(keys) > MOST or len(numbers) > MOST:
        raise Refused(Refusal("too_many", too_many(), 400))
    if not is_all and len(keys) != len(set(numbers)):
        raise Refused(Refusal("stranger", _("There is no such request in this shop."), 404))
    if not keys:
        raise Refused(Refusal("nothing", _("Nothing is selected: tick some requests first."), 400))
    return keys


def too_many():
    return _("At most %(n)s requests are changed at a time: narrow the filters.") % {"n": MOST}
