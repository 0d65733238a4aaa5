import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_cs.settings")
application = get_wsgi_application()

from django.db import connections  # noqa: E402 - what needs the settings comes after them

from shop_cs import guards  # noqa: E402

guards.say_missing()
# The server forks its workers off this process: each opens a connection of its own.
connections.close_all()
