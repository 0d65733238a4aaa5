import gc

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class ShopCsConfig(AppConfig):
    name = "shop_cs"
    verbose_name = _("Ground")
    default = True

    def ready(self):
        from . import access, admin, guards, history  # noqa: F401 - importing the admin registers it
        from .evidence import collecting
        from .imports import funds
        from .login import sweeps
        from .views import doorkeeper

        access.connect()
        guards.connect(self)
        history.connect()
        funds.connect()
        collecting.connect()
        sweeps.connect()
        doorkeeper.connect()
        # What is loaded by now stays to the end: it is not looked through again for what may go, and the rest less
        # often. An import takes a tenth less for it.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)


class AdminConfig(SimpleAdminConfig):
    """Django's admin without its default site: the two sites are made in `shop_cs.sites`."""

    default = False
    default_site = "shop_cs.sites.PlatformSite"
