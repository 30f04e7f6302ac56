"""Settings, read from the environment; every name is listed in `shuangta/docs/operations.md`.

A machine of one's own needs none of them. Where SHUANGTA_SECRET_KEY is set the site is a public one, and a
missing or unsafe value stops the start instead of being guessed.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from shuangta.environment import Environment
from shuangta.operations.logs import FORMATS, logging_settings

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (BASE_DIR / "manage.py").exists()  # else the package is installed among others
STATE_HOME = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state")
STATE_DIR = env.folder(
    "SHUANGTA_STATE_DIR", default=BASE_DIR / "var" if IS_CHECKOUT else STATE_HOME / "shuangta"
)

DEBUG = env.boolean("SHUANGTA_DEBUG", default=False)
LOCAL = "SHUANGTA_SECRET_KEY" not in env


def local_secret_key():
    """A key of this machine's own, made once and kept in the state folder."""
    path = STATE_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret-key-{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        draft.replace(path)
    return path.read_text()


try:
    SECRET_KEY = local_secret_key() if LOCAL else env.text("SHUANGTA_SECRET_KEY")
except OSError as error:
    raise ImproperlyConfigured(
        f"SHUANGTA_STATE_DIR names a folder that this user may write in; {error}."
    ) from error

ALLOWED_HOSTS = env.hosts(
    "SHUANGTA_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL else []
)
CSRF_TRUSTED_ORIGINS = env.origins("SHUANGTA_CSRF_TRUSTED_ORIGINS")
LISTEN_ADDRESS = env.address("SHUANGTA_LISTEN_ADDRESS", default="127.0.0.1")
PORT = env.number("PORT", default=8000, least=1, most=65_535)

if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SHUANGTA_SECRET_KEY must have at least 50 random characters.")
if not LOCAL and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("SHUANGTA_ALLOWED_HOSTS must name the hosts that are served.")
if not LOCAL and DEBUG:
    raise ImproperlyConfigured(
        "SHUANGTA_DEBUG is for a machine of one’s own, without a secret key."
    )

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "shuangta.apps.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "shuangta",
    "seeds",
    "districts",
    "projects",
    "governance",
]

# Whose word on the client counts. Behind no proxy, nobody's: SHUANGTA_TRUSTED_PROXIES is empty.
TRUSTED_PROXIES = env.proxies("SHUANGTA_TRUSTED_PROXIES", default="" if LOCAL else "127.0.0.1,::1")

MIDDLEWARE = [
    "shuangta.middleware.ProxyMiddleware",
    "shuangta.middleware.AuditMiddleware",
    "shuangta.operations.logs.RequestLogMiddleware",
    "shuangta.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shuangta.middleware.HealthMiddleware",
    "shuangta.api.protocol.rates.RateMiddleware",
    "shuangta.middleware.CookieMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shuangta.http.cors.RegistryCorsMiddleware",
    "shuangta.middleware.CharsetMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shuangta.middleware.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shuangta.middleware.AddressMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shuangta.urls"
WSGI_APPLICATION = "shuangta.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "shuangta" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": env.database(
        "DATABASE_URL", default=f"sqlite:///{quote(str(STATE_DIR))}/shuangta.sqlite3"
    )
}
SQLITE_SYNCHRONOUS = env.choice(
    "SHUANGTA_SQLITE_SYNCHRONOUS", default="full", choices=["full", "normal"]
)
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = not env.boolean(
    "SHUANGTA_SERVER_SIDE_CURSORS", default=True
)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={SQLITE_SYNCHRONOUS}; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["server_side_binding"] = True

READ_SECONDS = env.number("SHUANGTA_READ_SECONDS", default=5, least=1, most=3600)
EXPORTS_AT_ONCE = env.number("SHUANGTA_EXPORTS_AT_ONCE", default=1, least=1, most=1000)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"] if IS_CHECKOUT else []  # then they lie in shuangta/fixtures

CSRF_FAILURE_VIEW = "shuangta.admin.kept_posts.csrf_failure"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_CLIENT_IP_CALLABLE = "shuangta.http.proxies.counted_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "shuangta.admin.lockouts.failure_limit"
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username"]  # The log names the address.
AXES_LOCKOUT_CALLABLE = "shuangta.admin.lockouts.lockout_response"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [BASE_DIR / "shuangta" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LOGGING = logging_settings(env.choice("SHUANGTA_LOG_FORMAT", default="plain", choices=FORMATS))

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shuangta.api.protocol.authentication.TokenAuthentication",
        "shuangta.api.protocol.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["shuangta.api.protocol.authentication.RegistryPermissions"],
    "DEFAULT_THROTTLE_CLASSES": [
        "shuangta.api.protocol.throttling.AnonymousThrottle",
        "shuangta.api.protocol.throttling.UserThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {  # in each server process
        "anonymous": env.rate("SHUANGTA_ANONYMOUS_RATE", default="" if LOCAL else "600/min"),
        "user": env.rate("SHUANGTA_USER_RATE", default="" if LOCAL else "3000/min"),
    },
    "DEFAULT_RENDERER_CLASSES": ["shuangta.api.protocol.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "shuangta.api.protocol.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["shuangta.api.protocol.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["shuangta.query.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "shuangta.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "shuangta.api.schema.operations.ContractSchema",
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "shuangta.api.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": False,
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # users and addresses that are counted
    }
}

CORS_ALLOWED_ORIGINS = env.origins("SHUANGTA_CORS_ALLOWED_ORIGINS")
CORS_ANONYMOUS_READING = env.boolean("SHUANGTA_CORS_ANONYMOUS_READING", default=False)
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-change-reason",
]
CORS_EXPOSE_HEADERS = [
    "Content-Disposition",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Dry-Run",
    "X-Request-Id",
]

SPECTACULAR_SETTINGS = {
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": "/"}],
    "LICENSE": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    "POSTPROCESSING_HOOKS": [
        "shuangta.api.schema.components.add_components",
        "shuangta.api.schema.components.share_parameters",
        "shuangta.api.schema.introduction.introduce",
    ],
    "SWAGGER_UI_SETTINGS": {
        "docExpansion": "none",
        "defaultModelsExpandDepth": 0,
        "filter": True,
        "tryItOutEnabled": True,
    },
}

# The rooms of the admin’s sidebar in working order, each with its models and the symbols that mark them.
ADMIN_ROOMS = [
    (
        _("Sources"),
        {
            "seeds.Document": "newspaper",
            "seeds.Article": "article",
            "seeds.Passage": "segment",
            "seeds.Citation": "format_quote",
        },
    ),
    (
        _("Places and figures"),
        {
            "districts.District": "map",
            "districts.Place": "location_on",
            "districts.PlaceRole": "signpost",
            "districts.Park": "park",
            "districts.Garden": "local_florist",
            "districts.IndustrialPark": "factory",
            "districts.BuildingGroup": "apartment",
            "districts.Observation": "bar_chart",
            "districts.DeclaredCount": "fact_check",
            "districts.Indicator": "straighten",
        },
    ),
    (
        _("Projects and enterprises"),
        {
            "projects.Project": "construction",
            "projects.Participation": "handshake",
            "projects.Enterprise": "business_center",
            "projects.Sector": "category",
        },
    ),
    (
        _("Policy and programmes"),
        {
            "governance.Initiative": "flag",
            "governance.Measure": "checklist",
            "governance.PolicyDocument": "gavel",
            "governance.WorkingGroup": "groups",
            "governance.WorkingGroupMember": "badge",
        },
    ),
    (
        _("Grid and departments"),
        {
            "governance.Department": "account_balance",
            "governance.ServiceItem": "assignment",
            "governance.Grid": "grid_on",
            "governance.Platform": "devices",
            "governance.PlatformFunction": "widgets",
        },
    ),
    (
        _("Government service hall"),
        {
            "governance.ServiceHall": "storefront",
            "governance.ServiceArea": "view_module",
            "governance.Window": "desk",
        },
    ),
    (_("Employment"), {"governance.JobFair": "work"}),
    (
        _("Volunteers"),
        {
            "governance.VolunteerTeam": "volunteer_activism",
            "governance.VolunteerCategory": "diversity_3",
        },
    ),
    (
        _("Registry"),
        {
            "shuangta.Revision": "history",
            "shuangta.FormerCode": "tag",
            "shuangta.ApiToken": "key",
        },
    ),
    (_("Users and groups"), {"auth.User": "person", "auth.Group": "group"}),
]

UNFOLD = {
    "SITE_TITLE": _("Shuangta registry"),
    "SITE_HEADER": _("Shuangta registry"),
    "SITE_URL": None,  # there is no other site to go to
    "SITE_SYMBOL": "menu_book",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("shuangta/icon.svg"),
        }
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [
        lambda request: static("shuangta/frame.css"),
        lambda request: static("shuangta/rows.css"),
        lambda request: static("shuangta/evidence.css"),
        lambda request: static("shuangta/board.css"),
        lambda request: static("shuangta/lists.css"),
        lambda request: static("shuangta/versions.css"),
        lambda request: static("shuangta/palette.css"),
        lambda request: static("shuangta/exchange.css"),
    ],
    "SCRIPTS": [
        lambda request: static("shuangta/access.js"),
        lambda request: static("shuangta/rows.js"),
        lambda request: static("shuangta/palette.js"),
    ],
    "SIDEBAR": {"show_search": True, "navigation": "shuangta.admin.navigation.sidebar"},
}

# ProxyMiddleware has dropped what no trusted proxy says.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# To have a domain preloaded is its owner's decision, and hard to take back.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
X_FRAME_OPTIONS = "DENY"
SSL_REDIRECT = env.boolean("SHUANGTA_SSL_REDIRECT", default=True)
HSTS_SECONDS = env.number("SHUANGTA_HSTS_SECONDS", default=31_536_000)
HSTS_PRELOAD = env.boolean("SHUANGTA_HSTS_PRELOAD", default=False)
if not LOCAL:
    SECURE_SSL_REDIRECT = SSL_REDIRECT
    SECURE_HSTS_SECONDS = HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = HSTS_PRELOAD
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

env.refuse_unknown("SHUANGTA_BROWSER")  # of the tests
