from .. import *  # noqa: F403 - one look for both languages
