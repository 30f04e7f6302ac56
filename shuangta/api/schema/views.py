"""The addresses at which the document is served, and browsed."""

import json
from functools import cache

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from shuangta.api.protocol.metadata import Metadata
from shuangta.api.strict_parameters import StrictParametersMixin


@cache
def document(language):
    """The document in a language; it depends on nothing else."""
    return SchemaGenerator().get_schema(public=True)


@cache
def render_schema(language, renderer):
    if issubclass(renderer, OpenApiYamlRenderer):
        return renderer().render(document(language))
    return json.dumps(document(language), ensure_ascii=False, separators=(",", ":"), default=str)


@method_decorator([gzip_page, conditional_page], name="dispatch")
class SchemaView(StrictParametersMixin, SpectacularAPIView):
    """The OpenAPI document, as JSON or, where one asks for it, as YAML."""

    schema = None  # The document describes the registry, and not itself.
    metadata_class = Metadata
    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer2,
        OpenApiYamlRenderer,
    ]

    def get(self, request):
        renderer = request.accepted_renderer
        body = render_schema(get_language(), type(renderer))
        return HttpResponse(body, content_type=f"{renderer.media_type}; charset=utf-8")


class DocumentationView(StrictParametersMixin, SpectacularSwaggerView):
    """The document, to be browsed and tried out, from local assets and without a script in the page."""

    schema = None
    metadata_class = None
    template_name = "documentation.html"
    title = _("Shuangta registry")

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        # The library opens its page to the popups of OAuth, which there are none of.
        response.headers.pop("Cross-Origin-Opener-Policy", None)
        return response
