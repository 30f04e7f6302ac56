"""Links: from one answer to those beside it (RFC 8288), and to what describes the API (RFC 8631)."""

from django.urls import reverse
from django.utils.cache import patch_vary_headers

READER = ("Accept", "Accept-Language", "Authorization", "Cookie")
DESCRIPTIONS = {"service-desc": "schema", "service-doc": "docs"}


def link_header(**addresses):
    """The header that names each address by its relation; none where there is no address."""
    links = [f'<{address}>; rel="{name}"' for name, address in addresses.items() if address]
    return {"Link": ", ".join(links)} if links else {}


class LinkHeaderMixin:
    """A view whose answers, errors too, lead on to what describes the API, and vary with who asks."""

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        descriptions = link_header(**{name: reverse(view) for name, view in DESCRIPTIONS.items()})
        response["Link"] = ", ".join(filter(None, [response.get("Link"), descriptions["Link"]]))
        patch_vary_headers(response, READER)
        return response
