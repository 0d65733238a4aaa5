from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = _("Disputes")

    def ready(self):
        from . import admin, erasing, imports, ledger_checks, messages, navigation, searching, showing, sweeps, warnings  # noqa: F401 - importing the admin registers it
        from .exports import kinds

        erasing.connect()
        kinds.connect()
        imports.connect()
        ledger_checks.connect()
        messages.connect()
        navigation.connect()
        searching.connect()
        showing.connect()
        sweeps.connect()
        warnings.connect()
