from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Work")

    def ready(self):
        from . import admin, imports, messages, navigation, showing, sweeps  # noqa: F401 - importing the admin registers it

        imports.connect()
        messages.connect()
        navigation.connect()
        showing.connect()
        sweeps.connect()
