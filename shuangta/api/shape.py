"""The shape of an answer: which fields a request wants told, and which relations in full."""

from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuangta.api.problems import invalid, unknown
from shuangta.api.resources import viewset_of
from shuangta.restoring import citation_model

PARAMETERS = ("fields", "omit", "expand")


class Shaping:
    """``?fields=`` or ``?omit=``, and ``?expand=`` for what a serializer lists as expandable."""

    @classmethod
    def rows_for(cls, user, relations=None):
        """The rows that the user may see, with the many-to-many relations that an answer lists."""
        listed = [
            Prefetch(field.name, field.related_model.objects.visible_to(user))
            for field in cls.queryset.model._meta.many_to_many
            if relations is None or field.name in relations
        ]
        return cls.queryset.visible_to(user).prefetch_related(*listed)

    def get_queryset(self):
        return self.rows.all()

    @cached_property
    def rows(self):
        """What the user may see, in the shape that the request asks for; permissions ask for it first."""
        user = self.request.user
        rows = self.rows_for(user, {*self.shown_fields} - {*self.expanded_fields})
        for name in self.expanded_fields:
            if name == "evidence":
                citations = citation_model().objects.visible_to(user)
                rows = rows.prefetch_related(Prefetch("citations", citations))
            else:
                model = self.queryset.model._meta.get_field(name).related_model
                rows = rows.prefetch_related(Prefetch(name, viewset_of(model).rows_for(user)))
        return rows

    @cached_property
    def shown_fields(self):
        """The fields that are told, in the order of the serializer."""
        known = self.serializer_class.Meta.fields
        wanted, unwanted = self.named("fields", known), self.named("omit", known)
        if wanted and unwanted:
            raise invalid("omit", _("Give either “fields” or “omit”."), "conflicting")
        return [name for name in known if name in (wanted or known) and name not in unwanted]

    @cached_property
    def expanded_fields(self):
        return self.named("expand", self.serializer_class.Meta.expandable)

    def named(self, parameter, known):
        return names_in(self.request, parameter, known)

    def get_serializer_context(self):
        shape = {"fields": self.shown_fields, "expand": self.expanded_fields}
        return super().get_serializer_context() | shape


def names_in(request, parameter, known):
    """The names in a parameter that lists some of the known ones. Raises ValidationError."""
    text = request.query_params.get(parameter)
    names = text.split(",") if text else []
    for name in names:
        if name not in known:
            message = _("There is no field “%s” here.") % name
            error = unknown(name, known, message, "unknown_field")
            raise invalid(parameter, error, error.code)
        if names.count(name) > 1:
            raise invalid(parameter, _("“%s” is named twice.") % name, "repeated")
    return names
