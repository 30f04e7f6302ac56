"""The WSGI application that the production server runs."""

import os
import sys
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from shuangta.http.content_types import set_charset_aside

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangta.settings")

try:
    registry = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(f"The settings are wrong: {error}")


def application(environ, start_response):
    """Hands Django the requests in a form that it reads as they are meant."""
    measure_body(environ)
    set_charset_aside(environ)
    return registry(environ, start_response)


def measure_body(environ):
    """Measure a body that is sent without its length, in chunks: Django would take it for none."""
    if not environ.get("CONTENT_LENGTH") and environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
