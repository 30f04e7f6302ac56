"""The Content-Type of a request, as Django may read it.

Django decodes the query, too, by a charset that the header names, and fails before any middleware on one that
decodes no text (``hex``, ``zip``, ``punycode``), in whatever parameter it stands.
"""

from email.message import Message

CHARSET = "shuangta.charset"  # the key of the WSGI environment under which the charset is set aside
READABLE = {"utf-8", "utf8", "us-ascii", "ascii"}


def set_charset_aside(environ):
    """Leave no parameter in the header but the boundary of a body’s parts."""
    media_type, _, parameters = environ.get("CONTENT_TYPE", "").partition(";")
    if not parameters:
        return
    sent = Message()
    sent["Content-Type"] = f"x/x;{parameters}"
    if sent.get_param("charset") is not None:
        environ[CHARSET] = sent.get_content_charset(failobj="")
    boundary = sent.get_boundary()
    left = Message()
    left.add_header(
        "Content-Type", media_type.strip(), **({"boundary": boundary} if boundary else {})
    )
    environ["CONTENT_TYPE"] = left["Content-Type"]


def unreadable_charset(environ):
    """The charset of a body that the registry does not read; None where it reads the body, or has none to read."""
    charset = environ.get(CHARSET, "utf-8")
    has_body = environ.get("CONTENT_LENGTH") not in (None, "", "0")
    return charset if has_body and charset not in READABLE else None
