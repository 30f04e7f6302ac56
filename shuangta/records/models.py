"""What every row of the registry is: it has a code, and the words that it came from."""

from collections import defaultdict

from django.apps import apps
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from seeds.evidence.canonical import uncited
from shuangta.db.code_fields import MAX_LENGTH, CodeField
from shuangta.db.deletion import ProtectingGenericRelation
from shuangta.db.text_fields import NameListField, NoteField, SingleLineField
from shuangta.history import tracking
from shuangta.history.models import RevisionedModel
from shuangta.records.codes import FormerCode, FreeCodes
from shuangta.records.querysets import RecordQuerySet
from shuangta.text.pinyin import propose_code, shorten_code, sort_key

STEM_LENGTH = MAX_LENGTH - 10  # of a proposed code, before its number


class Record(RevisionedModel):
    """One row of the registry: what is stated of the world, with the words that state it."""

    code = CodeField(
        _("code"), primary_key=True, blank=True, help_text=_("Left empty, it is proposed.")
    )
    note = NoteField(_("note"), blank=True, default="")
    is_published = models.BooleanField(
        _("is published"),
        default=False,
        help_text=_("Seen by everybody. Needs a source for every value."),
    )
    citations = GenericRelation(
        "seeds.Citation", content_type_field="record_type", object_id_field="record"
    )
    observations = ProtectingGenericRelation(
        "districts.Observation", content_type_field="subject_type", object_id_field="subject"
    )

    objects = RecordQuerySet.as_manager()

    title_field = "code"
    """The column by which a reader of search results knows the record."""
    searched_fields = ("code",)
    """The columns whose words find the record."""
    spelt_fields = ()
    """Those of them that are found by their pinyin too."""
    searched_relations = ()
    """The relations whose words find the record as well."""
    kind_field = None
    """The column of choices that says what the record is: a word for it finds the record beside its name."""
    editorial_fields = frozenset({"code", "note", "is_published"}) | tracking.BOOKKEEPING
    """Columns that arrange the registry. Every other column states a fact and needs evidence."""
    relations_to_be = {}
    """The many-to-many relations that will be set once the row is saved, by field."""
    citations_follow = False
    """Whether citations are stored after the row: who stores them asks ``refuse_unsourced`` then."""

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self):
        return self.code

    @classmethod
    def from_db(cls, db, field_names, values):
        record = super().from_db(db, field_names, values)
        record.stored_code = record.code
        return record

    def save(self, *args, force_insert=False, **kwargs):
        if not self.code:
            self.code = self.proposed_code()
        if not self._state.adding and self.code != getattr(self, "stored_code", self.code):
            raise ValueError(
                "A code is corrected with rename_record(), which moves its references."
            )
        super().save(*args, force_insert=force_insert or self._state.adding, **kwargs)
        self.stored_code = self.code

    def delete(self, *args, **kwargs):
        try:
            return super().delete(*args, **kwargs)
        except ProtectedError as error:
            dependents = error.protected_objects | set(self.observations.all())
            raise ProtectedError(error.args[0], dependents) from error

    def names(self):
        """The names that the record goes by; only named records have some."""
        return []

    def code_words(self):
        """What a proposed code is made of, from the general to the particular."""
        return [self._meta.model_name]

    def proposed_code(self):
        """The first free code made of ``code_words``, or of the type where the last cannot be spelt."""
        return FreeCodes(type(self)).take(self.code_stem())

    def code_stem(self):
        """``code_words`` as spelt; whole words, with room for a number."""
        words = [propose_code(str(word)) for word in self.code_words() if word]
        if not words or not words[-1]:
            words.append(self._meta.model_name)
        return shorten_code("-".join(filter(None, words)), STEM_LENGTH)

    def clean_fields(self, exclude=None):
        if not self.code:
            self.code = self.proposed_code()
        super().clean_fields(exclude=exclude)

    def clean(self):
        super().clean()
        self.refuse_former_code()
        if self.is_published and not self.citations_follow and not self.was_published():
            self.refuse_unsourced()

    def clean_code(self, formerly):
        """Check a code that ``formerly``, a record of the same type, is to be given."""
        CodeField().clean(self.code, self)
        self.validate_unique(exclude=[f.name for f in self._meta.fields if f.name != "code"])
        self.refuse_former_code(allowed=formerly.pk)

    def refuse_former_code(self, allowed=None):
        """A code that once named another record goes on leading there."""
        former = FormerCode.objects.filter(
            record_type=ContentType.objects.get_for_model(self), code=self.code
        ).first()
        if former and former.record != allowed:
            message = _("This code was the code of another record and still leads there.")
            raise ValidationError({"code": ValidationError(message, code="code_former")})

    def was_published(self):
        return type(self)._base_manager.filter(pk=self.pk, is_published=True).exists()

    def refuse_unsourced(self):
        message = _("It cannot be published before this value has a source.")
        missing = self.unsourced_fields()
        if missing:
            raise ValidationError(
                {name: ValidationError(message, code="unsourced") for name in missing}
            )

    def stated_fields(self):
        """The names of the fields that state something of the world and are filled."""
        columns = [
            field.name
            for field in self._meta.concrete_fields
            if field.name not in self.editorial_fields
            and field.value_from_object(self) not in (None, "")
        ]
        relations = [
            field.name
            for field in self._meta.many_to_many
            if field.name not in self.editorial_fields and self.relates(field.name)
        ]
        return columns + relations

    def relates(self, name):
        """Whether a many-to-many relation names any record, or is about to."""
        return bool(self.codes_in(name))

    def codes_in(self, name):
        """The codes that a many-to-many relation names, or is about to."""
        if name in self.relations_to_be:
            return {getattr(each, "pk", each) for each in self.relations_to_be[name]}
        return set(getattr(self, name).values_list("pk", flat=True))

    def reads(self, field, words, year):
        """Whether the words state what the field holds; None leaves it to the rule for such fields.

        ``words`` are verbatim, ``year`` is that of their document.
        """
        return

    def unsourced_fields(self):
        """The fields that state something for which no words are cited; in a list each record needs its own."""
        cited = defaultdict(set)
        for name, value in self.citations.values_list("field", "value"):
            cited[name].add(value)
        fields = [self._meta.get_field(name) for name in self.stated_fields()]
        return [
            each.name for each in fields if uncited(each, self.field_values(each), cited[each.name])
        ]

    def field_values(self, field):
        """The codes that a relation names, or is about to; the value of a column."""
        return self.codes_in(field.name) if field.many_to_many else [field.value_from_object(self)]


def record_models():
    """Every model of the registry, in the order of the apps."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


def record_type(label):
    """The content type of records with this label, as ``projects.project``; None where there is none."""
    for model in record_models():
        if model._meta.label_lower == label:
            return ContentType.objects.get_for_model(model)
    return None


class Progress(models.TextChoices):
    """How far a thing has come. A plan, a trial and a finished thing are never the same; unknown is null."""

    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    TRIAL = "trial", _("On trial")
    IN_OPERATION = "in_operation", _("In operation")
    COMPLETED = "completed", _("Completed")


class NamedRecord(Record):
    """A record with a name of its own."""

    name = SingleLineField(_("name"), max_length=200)
    name_en = SingleLineField(_("English name"), max_length=200, null=True, blank=True)
    aliases = NameListField(
        _("aliases"), blank=True, default="", help_text=_("Other names, one a line.")
    )
    sort_key = models.CharField(max_length=500, editable=False, default="")

    derived_fields = ("sort_key",)
    editorial_fields = Record.editorial_fields | {"name_en", "aliases", "sort_key"}
    title_field = "name"
    searched_fields = ("code", "name", "name_en", "aliases")
    spelt_fields = ("name", "aliases")

    class Meta(Record.Meta):
        abstract = True
        ordering = ["sort_key", "code"]

    def __str__(self):
        return self.name

    def derive(self):
        self.sort_key = sort_key(self.name)[:500]

    def names(self):
        return list(filter(None, [self.name, self.name_en, *self.aliases.splitlines()]))

    def code_words(self):
        return [getattr(self, "district_id", None) or "", self.name]
