"""The product's settings, with the floor beside it and each answer's statements counted in a header."""

from shop_cs.settings import *  # noqa: F403
from shop_cs.settings import MIDDLEWARE

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.floor.CountStatements", *MIDDLEWARE]
ALLOWED_HOSTS = ["127.0.0.1"]
REQUIRE_OTP = False
