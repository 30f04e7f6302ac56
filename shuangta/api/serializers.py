"""Serializers: the public shape of a row, plainly listed; every rule is asked of the model."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from shuangta.api.expansions import relation
from shuangta.api.fields import (
    ApiDateField,
    ChoiceField,
    LinesField,
    MomentField,
    NumberField,
    RecordTypeField,
    ReferenceField,
    TextField,
    TruthField,
    WholeNumberField,
)
from shuangta.api.problems import from_model
from shuangta.db.code_fields import CodeField, QueryField
from shuangta.query.suggestions import unknown_names


class RevisionedSerializer(serializers.ModelSerializer):
    """A row of the registry. Unknown fields are refused, and rules are left to the model."""

    default_error_messages = {"invalid": _("A record is an object of fields and their values.")}

    serializer_related_field = ReferenceField
    serializer_choice_field = ChoiceField

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DecimalField: NumberField,
        models.PositiveIntegerField: WholeNumberField,
        models.PositiveSmallIntegerField: WholeNumberField,
        models.DateField: ApiDateField,
        models.DateTimeField: MomentField,
        models.BooleanField: TruthField,
        models.CharField: TextField,
        models.TextField: TextField,
        models.SlugField: TextField,
        CodeField: TextField,
        QueryField: TextField,
    }

    class Meta:
        """``expandable`` lists relations by name, and other expansions as they are."""

        fields = ["version", "created_at", "updated_at"]
        read_only_fields = ["version", "created_at", "updated_at"]
        expandable = []

    @classmethod
    def expansions(cls):
        """By name, what an answer may tell in full."""
        meta = cls.Meta
        listed = [
            relation(meta.model, each) if isinstance(each, str) else each
            for each in meta.expandable
        ]
        return {each.name: each for each in listed}

    @classmethod
    def component_name(cls):
        """What the OpenAPI document calls a row of the resource."""
        return cls.__name__.removesuffix("Serializer")

    def get_fields(self):
        """The declared fields, or those of them that the request asks for."""
        fields = super().get_fields()
        wanted = self.context.get("fields")
        if wanted and self.is_outermost():
            fields = {name: field for name, field in fields.items() if name in wanted}
        return fields

    def is_row_of_list(self):
        return isinstance(self.parent, serializers.ListSerializer) and self.parent.parent is None

    def get_validators(self):
        return []

    def build_standard_field(self, field_name, model_field):
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        kwargs["validators"] = []
        kwargs.pop("allow_unicode", None)
        if model_field.null:
            kwargs.pop("allow_blank", None)
        if isinstance(model_field, models.IntegerField):
            kwargs |= {"min_value": 0, "max_value": model_field_maximum(model_field)}
        if isinstance(model_field, CodeField):
            kwargs["required"] = not model_field.blank
        return field_class, kwargs

    def build_relational_field(self, field_name, relation_info):
        if relation_info.related_model is ContentType:
            return RecordTypeField, {}
        return super().build_relational_field(field_name, relation_info)

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        errors = self.unknown_fields(data) | self.changes_of_fixed_fields(data)
        try:
            attrs = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(errors | error.detail) from error
        if errors:
            raise serializers.ValidationError(errors)
        return attrs

    def unknown_fields(self, data):
        message = _("There is no such field.")
        errors = unknown_names(data, list(self.fields), message, "unknown_field")
        return {name: [error] for name, error in errors.items()}

    def changes_of_fixed_fields(self, data):
        """A field that cannot be written may be sent back as it was read, and no other way."""
        stored = self.to_representation(self.instance) if self.instance else {}
        fixed = [name for name, field in self.fields.items() if field.read_only]
        if self.instance and "code" in self.fields:
            fixed.append("code")
        detail = ErrorDetail(str(_("This field cannot be written.")), "read_only")
        return {name: [detail] for name in fixed if name in data and data[name] != stored.get(name)}

    def validate(self, attrs):
        """Ask the model, with the new values in place."""
        if self.instance and not self.partial:
            attrs = self.defaults() | attrs
        self.refuse_unauthorised_publishing(attrs)
        relations = {field.name for field in self.Meta.model._meta.many_to_many}
        row = self.instance or self.Meta.model()
        row.relations_to_be = {name: attrs[name] for name in relations if name in attrs}
        row.citations_follow = self.context.get("sources_follow", False)
        for name, value in attrs.items():
            if name not in relations:
                setattr(row, name, value)
        try:
            row.full_clean()
        except ValidationError as error:
            raise from_model(error) from error
        if not self.instance and "code" in self.fields:
            attrs["code"] = row.code
        return attrs

    def defaults(self):
        """What a replacement says of the fields that it leaves out."""
        defaults = {}
        for name, field in self.fields.items():
            if not field.read_only and name != "code":
                column = self.Meta.model._meta.get_field(name)
                defaults[name] = [] if column.many_to_many else column.get_default()
        return defaults

    def refuse_unauthorised_publishing(self, attrs):
        stored = getattr(self.instance, "is_published", False)
        wanted = attrs.get("is_published", stored)
        if wanted != stored and not self.context["request"].user.has_perm("shuangta.publish"):
            detail = _("Publishing and withdrawing needs the permission to publish.")
            raise serializers.ValidationError(
                {"is_published": [ErrorDetail(str(detail), "publish")]}
            )

    def to_representation(self, instance):
        document = super().to_representation(instance)
        for each in self.context.get("expand", ()) if self.is_outermost() else ():
            document[each.name] = each.render(instance, self.context)
        return document

    def is_outermost(self):
        return self.parent is None or self.is_row_of_list()


def model_field_maximum(model_field):
    """The largest number that both databases keep in the column."""
    is_small = isinstance(model_field, models.PositiveSmallIntegerField)
    return 2**15 - 1 if is_small else 2**31 - 1


class RecordSerializer(RevisionedSerializer):
    """A record of the registry, by its code."""

    stated_on = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text=_("The date of the latest document that states something of it."),
    )

    class Meta(RevisionedSerializer.Meta):
        fields = ["code", "note", "is_published", "stated_on", *RevisionedSerializer.Meta.fields]


class NamedRecordSerializer(RecordSerializer):
    """A record with a name."""

    aliases = LinesField(required=False)

    class Meta(RecordSerializer.Meta):
        fields = ["code", "name", "name_en", "aliases", *RecordSerializer.Meta.fields[1:]]
