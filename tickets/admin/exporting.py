"""All requests of all shops as a table: what the desk's list shows, and whose each one is."""

from django.utils.translation import gettext_lazy as _

from shop_cs.admin.exporting import export_of
from shop_cs.exporting.columns import SHOPS

from .. import exports
from ..models import ServiceRequest


def _table(requests, most, *, by):
    return exports.header(SHOPS), exports.rows(requests, most, SHOPS)


export_of(
    ServiceRequest,
    name="desk-requests",
    label=_("Service requests"),
    stem="requests",
    when="created_at",
    table=_table,
    acts=("see_requests",),
)
