from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Work")

    def ready(self):
        from . import admin, exports, imports, messages, navigation, showing, sweeps  # noqa: F401 - importing the admin registers it
        from .searching import keeping

        exports.connect()
        imports.connect()
        keeping.connect()
        messages.connect()
        navigation.connect()
        showing.connect()
        sweeps.connect()
