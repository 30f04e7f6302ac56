"""The shape of an answer: which fields a request wants told, and which relations in full."""

from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuangta.api.parameters import NameList
from shuangta.api.problems import invalid, read_all
from shuangta.api.strict_parameters import listed_names
from shuangta.query.resources import viewset_of
from shuangta.records.restore import citation_model

NO_FIELD = _("There is no field “%(name)s” here.")


def read_shape(view):
    """Read which fields the request asks for. Raises ValidationError."""
    read_all(lambda: view.selected_fields, lambda: view.expanded_fields)


def public_fields(view):
    return view.serializer_class.Meta.fields


SHAPE = [
    NameList(
        "fields",
        _("The fields to tell, divided by commas."),
        read=read_shape,
        choices=public_fields,
    ),
    NameList(
        "omit",
        _("The fields to leave out, divided by commas."),
        read=read_shape,
        choices=public_fields,
    ),
    NameList(
        "expand",
        _("The relations to tell in full, and the evidence of each value."),
        read=read_shape,
        choices=lambda view: view.serializer_class.Meta.expandable,
    ),
]


class SparseFieldsMixin:
    """``?fields=`` or ``?omit=``, and ``?expand=`` for what a serializer lists as expandable."""

    @classmethod
    def rows_for(cls, user, relations=None):
        """The rows that the user may see, with the many-to-many relations that an answer lists."""
        return cls.queryset.visible_to(user).prefetch_related(
            *cls.listed_relations(user, relations)
        )

    @classmethod
    def listed_relations(cls, user, names=None):
        """The many-to-many relations of these names, or all, as far as the user may see what they name."""
        return [
            Prefetch(field.name, field.related_model.objects.visible_to(user))
            for field in cls.queryset.model._meta.many_to_many
            if names is None or field.name in names
        ]

    def get_queryset(self):
        """What the user may see; permissions ask for it before any parameter is read."""
        return self.rows_for(self.request.user, relations=())

    def filter_queryset(self, queryset):
        """The rows in the shape that the request asks for."""
        by_code = {*self.selected_fields} - {*self.expanded_fields}
        listed = self.listed_relations(self.request.user, by_code)
        return (
            super().filter_queryset(queryset).prefetch_related(*listed, *self.expanded_relations())
        )

    def expanded_relations(self):
        user = self.request.user
        for name in self.expanded_fields:
            if name == "evidence":
                yield Prefetch("citations", citation_model().objects.visible_to(user))
            else:
                model = self.queryset.model._meta.get_field(name).related_model
                yield Prefetch(name, viewset_of(model).rows_for(user))

    @cached_property
    def selected_fields(self):
        """The fields that are told, in the order of the serializer."""
        known = self.serializer_class.Meta.fields
        wanted, unwanted = self.read_names("fields", known), self.read_names("omit", known)
        if wanted and unwanted:
            raise invalid("omit", _("Give either “fields” or “omit”."), "conflicting")
        return [name for name in known if name in (wanted or known) and name not in unwanted]

    @cached_property
    def expanded_fields(self):
        return self.read_names("expand", self.serializer_class.Meta.expandable)

    def read_names(self, parameter, known):
        """The names in a parameter that lists some of the known ones."""
        return listed_names(parameter, self.parameters.get(parameter), known, NO_FIELD)

    def get_serializer_context(self):
        shape = {"fields": self.selected_fields, "expand": self.expanded_fields}
        return super().get_serializer_context() | shape
