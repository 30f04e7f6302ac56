"""The WSGI application that the production server runs."""

import os
from io import BytesIO

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangta.settings")

registry = get_wsgi_application()


def application(environ, start_response):
    """Measures a body that is sent without its length, in chunks: Django would take it for none."""
    if not environ.get("CONTENT_LENGTH") and environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    return registry(environ, start_response)
