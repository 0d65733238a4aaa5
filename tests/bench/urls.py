"""The product's addresses, and the floor's."""

from django.urls import path

from shop_cs.urls import *  # noqa: F403
from shop_cs.urls import urlpatterns

from .floor import floor

urlpatterns = [path("floor/", floor), *urlpatterns]
