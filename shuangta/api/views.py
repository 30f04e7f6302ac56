"""Viewsets: what every resource does, on one queryset that holds what the user may see."""

from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.routers import APIRootView
from rest_framework.viewsets import ModelViewSet

from shuangta.api import paging
from shuangta.api.problems import Moved, invalid, parameter_errors, unknown
from shuangta.api.resources import address_of, viewset_of
from shuangta.models import FormerCode, record_type

SHAPE_PARAMETERS = ("fields", "expand")


class StrictParameters:
    """Refuses each query parameter that the action does not know, and each one empty or repeated."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        errors = parameter_errors(request.query_params, self.known_parameters())
        if errors:
            raise ValidationError({name: [error] for name, error in errors.items()})

    def known_parameters(self):
        return []


class RegistryRootView(StrictParameters, APIRootView):
    """The resources of the registry."""


class VersionedViewSet(StrictParameters, ModelViewSet):
    """List, read, create, replace, change and delete the rows of one model."""

    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    def known_parameters(self):
        if self.action == "list":
            own = self.filterset_class.base_filters
            return [*own, "search", *paging.PARAMETERS, *SHAPE_PARAMETERS]
        return SHAPE_PARAMETERS if self.action == "retrieve" else []

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
        user, expanded = self.request.user, self.expanded_fields()
        rows = self.rows_for(user, {*self.shown_fields()} - {*expanded})
        for name in expanded:
            if name == "evidence":
                rows = rows.prefetch_related("citations")
            else:
                model = self.queryset.model._meta.get_field(name).related_model
                rows = rows.prefetch_related(Prefetch(name, viewset_of(model).rows_for(user)))
        return rows

    def shown_fields(self):
        return self.requested("fields", self.serializer_class.Meta.fields) or list(
            self.serializer_class.Meta.fields
        )

    def expanded_fields(self):
        return self.requested("expand", self.serializer_class.Meta.expandable)

    def requested(self, parameter, known):
        """The names in a parameter that lists fields."""
        text = self.request.query_params.get(parameter)
        names = text.split(",") if text else []
        for name in names:
            if name not in known:
                error = unknown(
                    name, known, _("There is no field “%s” here.") % name, "unknown_field"
                )
                raise invalid(parameter, error, error.code)
            if names.count(name) > 1:
                raise invalid(parameter, _("“%s” is named twice.") % name, "repeated")
        return names

    def get_serializer_context(self):
        return super().get_serializer_context() | {
            "fields": self.requested("fields", self.serializer_class.Meta.fields),
            "expand": self.expanded_fields(),
        }

    def default_ordering(self):
        return list(self.queryset.model._meta.ordering)

    def orderable_columns(self):
        """The columns that may order a list, each with whether it may be null."""
        columns = {
            field.name: field.null
            for field in self.queryset.model._meta.concrete_fields
            if field.name in self.serializer_class.Meta.fields
        }
        return columns | dict.fromkeys(self.default_ordering(), False)

    def get_object(self):
        try:
            return super().get_object()
        except Http404:
            self.follow_former_code()
            raise

    def follow_former_code(self):
        """Raise Moved where the address holds a code that was corrected."""
        model = self.queryset.model
        former = FormerCode.objects.filter(
            record_type=record_type(model._meta.label_lower), code=self.kwargs["pk"]
        ).first()
        present = former and self.queryset.visible_to(self.request.user).filter(pk=former.record)
        if present:
            query = self.request.META["QUERY_STRING"]
            address = address_of(present.get()) + (f"?{query}" if query else "")
            raise Moved(self.request.build_absolute_uri(address))

    @transaction.atomic
    def create(self, request, *args, **kwargs):
        return super().create(request, *args, **kwargs)

    @transaction.atomic
    def update(self, request, *args, **kwargs):
        self.lock()
        return super().update(request, *args, **kwargs)

    @transaction.atomic
    def destroy(self, request, *args, **kwargs):
        self.lock()
        return super().destroy(request, *args, **kwargs)

    def lock(self):
        """Let no other request change the row between reading and writing it."""
        rows = self.queryset.model._base_manager.filter(pk=self.kwargs["pk"])
        rows.order_by("pk").select_for_update().first()


class EntryViewSet(VersionedViewSet):
    """The entries of one model, by code, each with the date of its latest source."""

    lookup_value_regex = "[a-z0-9-]+"

    @classmethod
    def rows_for(cls, user, relations=None):
        return super().rows_for(user, relations).with_stated_on()

    def orderable_columns(self):
        return super().orderable_columns() | {"stated_on": True}
