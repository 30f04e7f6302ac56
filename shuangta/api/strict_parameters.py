"""Strict parameters: none that a request sends is ignored, and all its mistakes are told together.

A list is one text divided by commas, or its parameter given again for each value, as generated clients send it.
"""

import re
from collections import Counter
from functools import partial
from itertools import islice

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from rest_framework.exceptions import ErrorDetail, ValidationError

from shuangta.api.parameters import misnamed_parameters
from shuangta.api.problems import read_all
from shuangta.query.parameters import encoding_errors
from shuangta.query.suggestions import MAX_HINTS, unknown

DECORATION = re.compile("utm_[a-z_]+|_")  # what others add to the links that they pass on


class StrictParametersMixin:
    """A view that refuses each query parameter that it does not know, and each that is malformed."""

    filterset_class = FilterSet

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        readers = dict.fromkeys(each.read for each in self.taken_parameters if each.read)
        read_all(self.refuse_misnamed, *(partial(read, self) for read in readers))

    @property
    def taken_parameters(self):
        """The parameters of the request's method; one that is not allowed here takes none."""
        handler = getattr(self, self.request.method.lower(), None)
        return getattr(handler, "parameters", ())

    @cached_property
    def parameters(self):
        """By name, the text of each parameter that can be read."""
        return {
            name: ",".join(values)
            for name, values in self.given.lists()
            if name not in self.misnamed
        }

    @cached_property
    def given(self):
        """What the request sends; the decoration of links alone is passed over."""
        given = self.request.query_params.copy()
        for name in filter(DECORATION.fullmatch, list(given)):
            del given[name]
        return given

    @cached_property
    def misnamed(self):
        """By name, the errors of the parameters that cannot be read at all."""
        errors = misnamed_parameters(self.given, self.taken_parameters, self)
        malformed = encoding_errors(self.request.META["QUERY_STRING"])
        return errors | {
            name: error for name, error in malformed.items() if not DECORATION.fullmatch(name)
        }

    def refuse_misnamed(self):
        if self.misnamed:
            raise ValidationError({name: [error] for name, error in self.misnamed.items()})


def listed_names(parameter, text, known, message, code="unknown_field", may_descend=False):
    """The names in a parameter that lists some of the known ones, each once; “-” may stand before one that descends.

    ``message`` tells of a ``name`` that the ``parameter`` does not take. Raises ValidationError with the first few
    names that are wrong.
    """
    names = text.split(",") if text else []
    counted = Counter(name.removeprefix("-") if may_descend else name for name in names)
    strangers = islice((name for name in counted if name not in known), MAX_HINTS)
    errors = [
        unknown(name, known, message % {"parameter": parameter, "name": name}, code)
        for name in strangers
    ]
    repeated = [name for name in counted if name in known and counted[name] > 1]
    errors += [ErrorDetail(str(_("“%s” is named twice.") % name), "repeated") for name in repeated]
    if errors:
        raise ValidationError({parameter: errors})
    return names
