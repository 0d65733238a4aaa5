"""A browser in words, from what it says of itself: enough to know one's own again."""

from django.utils.translation import gettext as _

# The first that is found counts: nearly all call themselves Mozilla, most Safari, and Edge calls itself Chrome.
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser/", "QQ Browser"),
    ("UCBrowser/", "UC Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def in_words(agent):
    """ "Firefox · Windows", as far as it is known."""
    found = [_first(BROWSERS, agent), _first(SYSTEMS, agent)]
    return " · ".join(filter(None, found)) or _("unknown browser")


def _first(signs, agent):
    return next((name for sign, name in signs if sign in agent), None)
