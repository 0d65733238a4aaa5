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


class AdminConfig(SimpleAdminConfig):
    """Django's admin without its default site: the two sites are made in `shop_cs.sites`."""

    default = False
    default_site = "shop_cs.sites.PlatformSite"
