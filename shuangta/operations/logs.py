"""Logs: one line a request, and whatever else is worth one, plain or as JSON (``SHUANGTA_LOG_FORMAT``).

A line names its request, so that an error is found by the id that its answer carried.
"""

import logging
import re
import time
import traceback
from urllib.parse import unquote_plus

from django.db import DatabaseError
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject

from shuangta.history.context import audit_context

LOGGER = "shuangta.requests"
SECRET_NAME = re.compile(r"token|passw|secret|auth|session|key$", re.IGNORECASE)
KEY = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{43}(?![\w-])")
"""The shape of the key of a token; a code as long has no capital letters."""
PAIR = re.compile(r"([^?&;=#/]*)=(?=[^&;#])")
"""The name of a parameter that has a value, at whichever depth."""
LAYERS = 5
"""How often a text is decoded in search of what it holds."""
PART = re.compile(r"[^\s/?&#]+")
"""What may be a parameter, in a text that holds paths and addresses."""
HIDDEN = "***"
FORMATS = {
    "plain": {
        "line": {
            "format": "{asctime} {levelname} {name}: {message} id={request_id}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        },
        "request": {
            "format": "{asctime} {message} id={request_id}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        },
    },
    "json": {
        name: {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": fields,
            "timestamp": "time",
            "rename_fields": {"levelname": "level", "name": "logger", "exc_info": "traceback"},
            "reserved_attrs": [*logging.makeLogRecord({}).__dict__, "message", "request"],
            "json_ensure_ascii": False,
        }
        for name, fields in (("line", ["levelname", "name", "message"]), ("request", ["levelname"]))
    },
}


def logging_settings(form):
    """Django's ``LOGGING`` for the form, one of ``FORMATS``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": FORMATS[form],
        "filters": {
            "request": {"()": "shuangta.operations.logs.RequestFilter"},
            "text": {"()": "shuangta.operations.logs.TextFilter"},
        },
        "handlers": {
            name: {"class": "logging.StreamHandler", "formatter": name, "filters": filters}
            for name, filters in (("line", ["request", "text"]), ("request", ["request"]))
        },
        "root": {"handlers": ["line"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["line"], "level": "WARNING", "propagate": False},
            "django.request": {"level": "ERROR"},  # what is refused has its line already
            LOGGER: {"handlers": ["request"], "level": "INFO", "propagate": False},
        },
    }


class RequestFilter(logging.Filter):
    """Names the request of each line."""

    def filter(self, record):
        if not hasattr(record, "request_id"):
            request = getattr(record, "request", None) or audit_context.get().request
            record.request_id = request.META.get("HTTP_X_REQUEST_ID", "") if request else ""
        return True


class TextFilter(logging.Filter):
    """Lets a message be one line without keys, and the lines of a traceback, set in, never look like one.

    What was only refused has no traceback.
    """

    def filter(self, record):
        record.msg, record.args = safe_text(without_path(record)), None
        if record.exc_info and getattr(record, "status_code", 500) >= 500:
            lines = "".join(traceback.format_exception(*record.exc_info)).splitlines()
            record.exc_text = "\n".join(f"  {safe_text(line)}" for line in lines)
        record.exc_info = None
        return True


def without_path(record):
    """The message, with the path of its request as the line of the request has it."""
    message, request = record.getMessage(), getattr(record, "request", None)
    if request is None:
        return message
    as_django_logs_it = request.path.encode("unicode_escape").decode()
    return message.replace(as_django_logs_it, safe_path(request))


def safe_text(text):
    """The text without keys, and with escapes for what nobody sees."""
    text = PART.sub(lambda found: hide_secret(found[0]), text)
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def safe_path(request):
    return iri_to_uri("/".join(map(hide_secret, request.path.split("/"))))


class RequestLogMiddleware:
    """Logs each request once its answer has gone out, or was broken off."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        request_id = request.META["HTTP_X_REQUEST_ID"]

        def log(size):
            facts = {**facts_of(request, response, started), "bytes": size}
            message = " ".join(f"{name}={value}" for name, value in facts.items())
            logging.getLogger(LOGGER).info(message, extra=facts | {"request_id": request_id})

        response = self.get_response(request)
        if response.streaming:
            response.streaming_content = MeasuredContent(response.streaming_content, log)
        else:
            log(len(response.content))
        return response


class MeasuredContent:
    """The parts of a streamed answer; says once how many bytes went out, at its end or when it is broken off."""

    def __init__(self, parts, log):
        self.parts, self.log, self.size = parts, log, 0

    def __iter__(self):
        return self

    def __next__(self):
        part = next(self.parts)
        self.size += len(part)
        return part

    def close(self):
        if self.log:
            self.log(self.size)
            self.log = None


def facts_of(request, response, started):
    """What a line tells of a request, by name. What nobody knows is left out."""
    facts = {
        "method": request.method,
        "path": safe_path(request),
        "query": iri_to_uri(hide_secrets(request.META.get("QUERY_STRING", ""))),
        "status": response.status_code,
        "duration_ms": round((time.perf_counter() - started) * 1000, 1),
        "client": request.META.get("REMOTE_ADDR"),
        "user": username_of(request),
        "token": ascii_name(getattr(getattr(request, "auth", None), "name", None)),
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}


def hide_secrets(query):
    """The query as it was sent, without the values of parameters that are, look like or hold keys and passwords."""
    return "&".join(hide_secret(part) for part in query.split("&"))


def hide_secret(part):
    """The parameter of a query, or the part of a path, with ``***`` for what nobody is to read."""
    if not holds_secret(part):
        return part
    name, divider, _value = part.partition("=")
    return f"{name}={HIDDEN}" if divider and not holds_secret(name) else HIDDEN


def holds_secret(text):
    for _ in range(LAYERS):
        text = unquote_plus(text)
    return bool(KEY.search(text) or any(map(SECRET_NAME.search, PAIR.findall(text))))


def username_of(request):
    """The name of the user, where the request has come to ask who it is: a log asks the database nothing."""
    user = getattr(request, "user", None)
    if user is None or (isinstance(user, SimpleLazyObject) and not request.session.accessed):
        return None
    try:
        return user.get_username() or None
    except DatabaseError:
        return None


def ascii_name(text):
    """A free text as one word of a line."""
    return iri_to_uri(text) if text else None
