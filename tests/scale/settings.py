"""The product's settings for a story that lasts for days within one login, with passwords that are hashed at once."""

from shop_cs.settings import *  # noqa: F403

SESSION_LONGEST = SESSION_IDLE = SESSION_SEEN_EVERY = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
