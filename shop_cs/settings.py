"""Settings. With no environment set: SQLite, local files, http on this machine. README lists the variables."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from shop_cs.evidence.address import storage_of

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _flag(name, default="0"):
    return os.environ.get(name, default).lower() in {"1", "true", "yes"}


def _key(name):
    """The key of that name from the environment, else one made once for this machine and kept in VAR_DIR."""
    if key := os.environ.get(name):
        return key
    kept = VAR_DIR / name.lower().replace("_", "-")
    try:
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return kept.read_text()


SECRET_KEY = _key("SECRET_KEY")
# Consumers are found again by a keyed hash of their telephone number; this key must outlive SECRET_KEY's changes.
CONSUMER_KEY = os.environ.get("CONSUMER_KEY", SECRET_KEY)
# Seals the trail. Kept apart from the database: who may write there must not be able to seal anew.
TRAIL_KEY = _key("TRAIL_KEY")
DEBUG = _flag("DEBUG")
HTTPS = _flag("HTTPS")
DEMO = _flag("DEMO")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
# Where consumers' links point; behind a reverse proxy the public address.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "simple_history",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "django_tasks_db",
    "shop_cs.apps.AdminConfig",
    "shop_cs",
    "tickets",
    "disputes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shop_cs.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shop_cs.middleware.MethodMiddleware",
    "shop_cs.middleware.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop_cs.middleware.RequestIdMiddleware",
    "shop_cs.middleware.RefusalMiddleware",
    "shop_cs.middleware.SessionLimitsMiddleware",
    "shop_cs.middleware.SecondStepMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shop_cs.urls"
# It stands at the root of its host, whatever a header says: what is kept has its addresses in it.
FORCE_SCRIPT_NAME = ""
WSGI_APPLICATION = "shop_cs.wsgi.application"
ASGI_APPLICATION = "shop_cs.asgi.application"
AUTH_USER_MODEL = "shop_cs.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "workbench:login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "shop_cs.views.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    # The rows of long tables: shop_cs/quick.py.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "quick"],
        "OPTIONS": {"environment": "shop_cs.quick.environment"},
    },
]


def _database(url):
    """The entry of DATABASES for an address.

    SQLite: writers queue at the door (IMMEDIATE) instead of failing half-way, readers go on (WAL), and what was
    answered is on the disk (FULL). With Django's defaults half of fifty writers met "database is locked".
    """
    found = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    if found["ENGINE"].endswith("sqlite3"):
        found["ENGINE"] = "shop_cs.sqlite"
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # What is erased is overwritten, not only taken out of sight.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA secure_delete=ON;",
        }
    else:
        # A server that is gone without a word is noticed: nobody waits minutes for it. Seconds, the last milliseconds.
        found["OPTIONS"] = {
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            **found.get("OPTIONS", {}),
        }
    return found


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'shop_cs.sqlite3'}"))}
# The figures of past days may be read from a copy that follows the database; all else is asked of the database itself.
FIGURES_DATABASE = "default"
if _replica := os.environ.get("REPLICA_URL"):
    DATABASES["replica"] = {**_database(_replica), "TEST": {"MIRROR": "default"}}
    FIGURES_DATABASE = "replica"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files"},
    },
    # Evidence lies outside any web root: nothing serves this folder but the view that asks who is looking.
    "evidence": storage_of(
        os.environ.get("STORAGE_URL", ""), folder=Path(os.environ.get("EVIDENCE_ROOT", VAR_DIR / "evidence"))
    ),
    # Exports that the worker made: as private as evidence, in a folder of their own, until they expire.
    "exports": storage_of(os.environ.get("STORAGE_URL", ""), folder=VAR_DIR),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Work beside the web waits in the database until `manage.py jobs` does it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# What the evidence that a shop itself brings may take in all. Assumed.
EVIDENCE_QUOTA_BYTES = int(os.environ.get("EVIDENCE_QUOTA_BYTES", 20 * 1024**3))
# 20 pieces of evidence in one form; the largest, a video, never sits in memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "shop_cs.views.receiving.TemporaryFiles",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# The whole of one form; what is larger is refused (413) before it is read.
MAX_UPLOAD_BYTES = int(os.environ.get("MAX_UPLOAD_BYTES", 1024**3))

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "shop_cs" / "locale", BASE_DIR / "shop_cs" / "locale_shell"]
USE_I18N = True
# Dates look alike in both languages.
FORMAT_MODULE_PATH = "shop_cs.formats"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

AUTHENTICATION_BACKENDS = ["shop_cs.views.doorkeeper.Doorkeeper"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {"NAME": "shop_cs.login.passwords.AnotherThanNow"},
]
# Failed logins. Limits and what is counted: shop_cs/login/tries.py.
AXES_HANDLER = "shop_cs.views.doorkeeper.Tries"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "shop_cs.views.doorkeeper.locked_out"
AXES_CLIENT_IP_CALLABLE = "shop_cs.views.doorkeeper.address_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# How many proxies of ours stand in front and add to X-Forwarded-For; with 0 the header is not read.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))
# Whether the platform's people need a one-time password beside their own. Who has set one up is always asked for it.
REQUIRE_OTP = _flag("REQUIRE_OTP", "0" if DEMO else "1")
OTP_TOTP_ISSUER = "shop_cs"

# A session ends so long after the login; one of the platform's people also when nothing was asked for so long.
SESSION_LONGEST = timedelta(hours=8)
SESSION_IDLE = timedelta(minutes=30)
# How often “last seen” is written.
SESSION_SEEN_EVERY = timedelta(minutes=1)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Pages outside the shell (consumers', errors, the second step) run no script at all. What the shell needs beside:
# shop_cs/middleware.py.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Load balancers ask from inside, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

# Nobody puts a record back by a button: the trail is read, never replayed.
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_DATE_INDEX = "composite"

_PALETTE = {
    "primary": {
        "50": "#eef4ff", "100": "#dbe6fe", "200": "#bfd3fe", "300": "#93b4fd", "400": "#6090fa",
        "500": "#3b6cf6", "600": "#254eeb", "700": "#1d3cd8", "800": "#1e33af", "900": "#1e308a", "950": "#172054",
    }
}  # fmt: skip
_LOOK = {
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "COLORS": _PALETTE,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "shop_cs.sites.favicon"}],
    "STYLES": ["shop_cs.sites.stylesheet"],
    "SCRIPTS": ["shop_cs.sites.script"],
    "ENVIRONMENT": "shop_cs.sites.environment",
    "LOGIN": {"form": "shop_cs.forms.LoginForm"},
}
WORKBENCH = {
    **_LOOK,
    "SITE_TITLE": _("Merchant workbench"),
    "SITE_HEADER": _("Merchant workbench"),
    "SITE_SUBHEADER": "shop_cs.sites.shop_name",
    "SITE_SYMBOL": "storefront",
    "SITE_URL": None,
    "SITE_DROPDOWN": "shop_cs.sites.shop_switch",
    "SIDEBAR": {"navigation": "shop_cs.sites.workbench_navigation"},
    "ACCOUNT": {"navigation": "shop_cs.sites.workbench_account"},
}
PLATFORM = {
    **_LOOK,
    "SITE_TITLE": _("Platform desk"),
    "SITE_HEADER": _("Platform desk"),
    "SITE_SYMBOL": "balance",
    "SITE_URL": None,
    "SIDEBAR": {"navigation": "shop_cs.sites.platform_navigation"},
    "DASHBOARD_CALLBACK": "tickets.admin.desk.figures",
    "ACCOUNT": {"navigation": "shop_cs.sites.platform_account"},
}

# The head of the trail's chain is told to these once a day; whoever has the database should not have them.
ANCHOR_FILE, ANCHOR_MAIL = os.environ.get("ANCHOR_FILE", ""), os.environ.get("ANCHOR_MAIL", "")
EMAIL_HOST, EMAIL_PORT = os.environ.get("EMAIL_HOST", "localhost"), int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_USER", ""), os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "shop_cs@localhost")

# A worker that made no pass for this long is taken for dead: /healthz turns red.
HEARTBEAT_LIMIT_SECONDS = 120

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"masked": {"()": "shop_cs.masking.MaskMobiles"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["masked"]}},
    "loggers": {
        # It complains of each oddity in files that are refused for it anyway.
        "pypdf": {"level": "ERROR"},
        # Without Django's own handlers: its mails of errors would carry all that a form was filled in with.
        "django": {"handlers": [], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
