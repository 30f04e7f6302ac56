"""Every code that a problem document may have, with the status it comes with and what it means.

A code is the same in every language and stays what it is; the sentences may be worded anew. What is wrong with
a field or parameter of an ``invalid`` request has codes of its own, under ``errors``. The sentences that REST
framework would say are repeated here word for word, so that our catalogs hold them in both kinds of Chinese.
"""

from django.utils.translation import gettext_lazy as _

PROBLEM_CODES = {
    "moved": (308, _("The record has another code now.")),
    "invalid": (400, _("The request is not valid.")),
    "parse_error": (400, _("Malformed request.")),
    "unknown_host": (400, _("The registry is not served under this host name.")),
    "not_authenticated": (401, _("Authentication credentials were not provided.")),
    "authentication_failed": (401, _("Incorrect authentication credentials.")),
    "permission_denied": (403, _("You do not have permission to perform this action.")),
    "token_reads_only": (403, _("This token only reads.")),
    "csrf_failed": (
        403,
        _("A session writes with the header X-CSRFToken only; programs send a token."),
    ),
    "not_found": (404, _("Not found.")),
    "method_not_allowed": (405, _('Method "{method}" not allowed.')),
    "not_acceptable": (406, _("Could not satisfy the request Accept header.")),
    "in_use": (409, _("Other records depend on this one.")),
    "conflict": (409, _("Another change came first. Read the record again and repeat yours.")),
    "idempotency_key_reused": (409, _("This Idempotency-Key was given to another request.")),
    "gone": (410, _("The feed does not go on from there. Read everything anew, without “since”.")),
    "changed_meanwhile": (412, _("The record was changed in the meantime.")),
    "weak_etag": (412, _("If-Match takes strong tags only. Send the ETag without “W/”.")),
    "too_large": (413, _("The body is too large.")),
    "unsupported_media_type": (415, _('Unsupported media type "{media_type}" in request.')),
    "throttled": (429, _("Too many requests. Wait for the seconds that Retry-After names.")),
    "error": (500, _("A server error occurred.")),
    "busy": (503, _("The registry is busy. Send the request again.")),
    "too_costly": (503, _("The answer takes too long to work out. Ask for less.")),
}
