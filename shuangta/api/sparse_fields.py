"""The shape of an answer: which fields a request wants told, and which relations in full."""

from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuangta.api.parameters import NameList
from shuangta.api.problems import invalid, read_all
from shuangta.api.strict_parameters import listed_names

NO_FIELD = _("There is no field “%(name)s” here.")


def read_shape(view):
    """Read which fields the request asks for. Raises ValidationError."""
    read_all(lambda: view.selected_fields, lambda: view.expansions)


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
        choices=lambda view: view.serializer_class.expansions(),
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
        user = self.request.user
        by_code = {*self.selected_fields} - {each.name for each in self.expansions}
        listed = self.listed_relations(user, by_code)
        in_full = [each.prefetch(user) for each in self.expansions]
        return super().filter_queryset(queryset).prefetch_related(*listed, *in_full)

    @cached_property
    def selected_fields(self):
        """The fields that are told, in the order of the serializer."""
        known = self.serializer_class.Meta.fields
        wanted, unwanted = self.read_names("fields", known), self.read_names("omit", known)
        if wanted and unwanted:
            raise invalid("omit", _("Give either “fields” or “omit”."), "conflicting")
        return [name for name in known if name in (wanted or known) and name not in unwanted]

    @cached_property
    def expansions(self):
        """What the request wants told in full."""
        known = self.serializer_class.expansions()
        return [known[name] for name in self.read_names("expand", known)]

    def read_names(self, parameter, known):
        """The names in a parameter that lists some of the known ones."""
        return listed_names(parameter, self.parameters.get(parameter), known, NO_FIELD)

    def get_serializer_context(self):
        shape = {"fields": self.selected_fields, "expand": self.expansions}
        return super().get_serializer_context() | shape
