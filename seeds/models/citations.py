"""Which words state which value of which record."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from seeds.evidence.canonical import canonical
from seeds.models.documents import Passage
from seeds.models.querysets import CitationQuerySet
from shuangta.db.code_fields import CodeField
from shuangta.db.text_fields import CleanedField, NoteField
from shuangta.history.models import RevisionedModel
from shuangta.records.models import Record

# Two citations of one value that agree in these say the same twice.
SAME_WORDS = ("record", "field", "value", "passage_id", "quote", "start")


class Citation(RevisionedModel):
    """The words that state one value of one record, and the value that was read from them."""

    class Basis(models.TextChoices):
        STATED = "stated", _("Stated")
        INFERRED = "inferred", _("Inferred")
        REPORTED = "reported", _("Reported by an office")
        REFERENCE = "reference", _("Outside standard")

    record_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("record type")
    )
    record = CodeField(_("record"))
    cited = GenericForeignKey("record_type", "record")
    field = models.CharField(_("field"), max_length=60)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=1,
        help_text=_(
            "Orders the citations of one value, as where a column break divides the words."
        ),
    )
    passage = models.ForeignKey(
        Passage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotations",
        verbose_name=_("passage"),
    )
    quote = models.TextField(_("quote"), blank=True, default="")
    start = models.PositiveIntegerField(
        _("start"),
        null=True,
        blank=True,
        help_text=_("Characters of the passage before the quote; found when left empty."),
    )
    value = models.TextField(_("value as read"))
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.STATED)
    note = NoteField(
        _("note"), blank=True, default="", help_text=_("The reasoning, or the outside standard.")
    )

    objects = CitationQuerySet.as_manager()

    former_owner = (None, None)
    """The type and code of the record that the stored row is about."""
    searched_fields = ("record", "quote", "value")
    natural_keys = {
        ("record", "record_type", "field", "position"): (),
        ("record", "record_type", "field", "passage", "quote"): (),
        ("record", "record_type", "field", "value", "note"): ("passage", "quote"),
        ("record", "record_type", "field", "value"): ("passage", "quote"),
    }

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["record_type", "record", "field", "position"]
        constraints = [
            models.UniqueConstraint(
                name="citation_once_per_position",
                fields=["record_type", "record", "field", "position"],
                violation_error_message=_("Another citation of this value has this position."),
            ),
            models.CheckConstraint(
                name="citation_quotes_a_passage",
                condition=Q(basis="reference", passage__isnull=True, quote="")
                | (~Q(basis="reference") & Q(passage__isnull=False) & ~Q(quote="")),
                violation_error_message=_(
                    "A citation quotes a passage; only an outside standard is named without a quote."
                ),
            ),
            models.CheckConstraint(
                name="citation_gives_its_reason",
                condition=~Q(basis__in=["inferred", "reference"]) | ~Q(note=""),
                violation_error_message=_(
                    "The note must give the reasoning of an inference, or name the outside standard."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.record}.{self.field}: {self.quote or self.note}"

    def natural_key(self):
        return (*self.record_type.natural_key(), self.record, self.field, self.position)

    natural_key.dependencies = ["seeds.passage"]

    @classmethod
    def from_db(cls, db, field_names, values):
        citation = super().from_db(db, field_names, values)
        if not citation.get_deferred_fields():
            citation.former_owner = citation.owner
        return citation

    @property
    def owner(self):
        """The type and code of the record that it is about."""
        return self.record_type_id, self.record

    @classmethod
    def owner_of_state(cls, state):
        return state["record_type_id"], state["record"]

    @classmethod
    def required_records(cls, state):
        """The cited record, the quoted passage and, where the field lists codes, the record that it lists."""
        records = [(state["record_type_id"], state["record"])]
        if state["passage_id"]:
            records.append((ContentType.objects.get_for_model(Passage).pk, state["passage_id"]))
        field = cited_field(state)
        if field is not None and field.many_to_many:
            member = ContentType.objects.get_for_model(field.related_model)
            records.append((member.pk, state["value"]))
        return records

    @classmethod
    def read_state(cls, field, state):
        """A value that was read is one of the cited field, and that field goes by its own name."""
        cited = cited_field(state) if field.name in ("field", "value") else None
        if cited is None:
            return super().read_state(field, state)
        if field.name == "field":
            return field, str(capfirst(cited.verbose_name))
        return cited, as_read(cited, state["value"])

    @classmethod
    def unit_of_state(cls, name, state):
        cited = cited_field(state) if name == "value" else None
        return cited and cited.model.units.get(cited.name)

    def agrees_with(self, state):
        """Whether a state of the record, as its history keeps it, holds the value that was read."""
        named = {"record_type_id": self.record_type_id, "field": self.field}
        held = state.get(cited_field(named).attname)
        values = held if isinstance(held, list) else [held]
        return self.value in map(canonical, values)

    def clean_texts(self):
        """A value that was read of a typed text is cleaned as that text is, or the two would differ."""
        super().clean_texts()
        cited = self.record_type_id and cited_field(
            {"record_type_id": self.record_type_id, "field": self.field}
        )
        if isinstance(cited, CleanedField):
            self.value = cited.to_python(self.value)

    def derive(self):
        if self.start is None and self.passage_id:
            start = self.passage.text.find(self.quote)
            self.start = start if start >= 0 else None

    def clean(self):
        super().clean()
        self.clean_record()
        if self.passage_id and not self.quote_stands():
            message = _("These words do not stand in the passage.")
            raise ValidationError({"quote": ValidationError(message, code="quote_not_found")})
        if self.passage_id:
            self.refuse_repetition()

    def refuse_repetition(self):
        same = type(self).objects.filter(
            record_type=self.record_type_id,
            **{name: getattr(self, name) for name in SAME_WORDS},
        )
        if same.exclude(pk=self.pk).exists():
            message = _("These words are cited for it already.")
            raise ValidationError({"quote": ValidationError(message, code="repeated")})

    def clean_record(self):
        model = self.record_type.model_class() if self.record_type_id else None
        if model is None or not issubclass(model, Record) or self.cited is None:
            message = _("There is no such record.")
            raise ValidationError({"record": ValidationError(message, code="no_such_record")})
        if self.field not in {
            each.name for each in (*model._meta.concrete_fields, *model._meta.many_to_many)
        }:
            message = _("Records of this type have no such field.")
            raise ValidationError({"field": ValidationError(message, code="no_such_field")})

    def quote_stands(self):
        """Whether the quote stands in its passage, character for character, where ``start`` says."""
        self.derive()
        if self.start is None:
            return False
        return self.passage.text[self.start : self.start + len(self.quote)] == self.quote


def cited_field(state):
    """The field that a state of a citation is about; None where its table has no such field."""
    if "record_type_id" not in state:
        return None
    meta = ContentType.objects.get_for_id(state["record_type_id"]).model_class()._meta
    fields = (*meta.concrete_fields, *meta.many_to_many)
    return next((field for field in fields if field.name == state["field"]), None)


def as_read(field, value):
    """A value as its citation writes it, turned into one as the field's own history keeps it."""
    if isinstance(field, models.BooleanField):
        return {"true": True, "false": False}.get(value, value)
    return value
