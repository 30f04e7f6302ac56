"""The address at which the document is served."""

from functools import cache

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView

from shuangta.api.views import StrictParameters


class Generator(SchemaGenerator):
    """Makes the document once for each language; it depends on nothing else."""

    def get_schema(self, request=None, public=False):
        return document(get_language())


@cache
def document(language):
    return SchemaGenerator().get_schema(public=True)


class SchemaView(StrictParameters, SpectacularAPIView):
    """The OpenAPI document, as JSON or, where one asks for it, as YAML."""

    generator_class = Generator
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer]
