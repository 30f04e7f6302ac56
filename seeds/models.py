"""What was published, divided into passages, and the words in them that state a value."""

import hashlib

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuangta import constraints
from shuangta.codes import CodeField
from shuangta.models import Entry, Versioned, entry_models
from shuangta.querysets import VersionedQuerySet


class Document(Entry):
    """A published page, notice or table, or what an office told; kept verbatim."""

    class Kind(models.TextChoices):
        NEWSPAPER_PAGE = "newspaper_page", _("Newspaper page")
        NOTICE = "notice", _("Notice")
        STATISTICS = "statistics", _("Statistics")
        TOLD_BY_OFFICE = "told_by_office", _("Told by an office")

    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    publisher = models.CharField(
        _("publisher"),
        max_length=200,
        null=True,
        blank=True,
        help_text=_("The newspaper or office; empty when the document does not name it."),
    )
    published_on = models.DateField(_("published on"))
    published_on_latest = models.DateField(
        _("published on, last possible day"), null=True, blank=True
    )
    rights = models.TextField(_("rights"))
    text = models.TextField(_("text"))
    sha256 = models.CharField(
        "SHA-256", max_length=64, editable=False, help_text=_("Of the text in UTF-8.")
    )

    derived_fields = ("search_text", "sha256")
    searched_fields = ("code", "title", "publisher")
    editorial_fields = Entry.editorial_fields | {
        *("title", "kind", "publisher", "published_on", "published_on_latest", "rights", "text"),
        "sha256",
    }

    class Meta(Entry.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            constraints.in_order(
                "document_published_in_order", "published_on", "published_on_latest"
            )
        ]

    def __str__(self):
        return self.title

    def derive(self):
        super().derive()
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()

    def code_words(self):
        return [self.kind, self.title]

    def clean(self):
        super().clean()
        cited = Citation.objects.filter(passage__article__document=self.pk)
        refuse_change_once_cited(self, cited, "text")


class Article(Entry):
    """A piece of a document: the main feature, one of its sections, a brief item, a standing column."""

    class Kind(models.TextChoices):
        FEATURE = "feature", _("Main feature")
        SECTION = "section", _("Section")
        BRIEF = "brief", _("Brief item")
        PICTURE_STORY = "picture_story", _("Picture story")
        COLUMN = "column", _("Standing column")
        IMPRINT = "imprint", _("Imprint")

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="articles", verbose_name=_("document")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name=_("part of"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    headline = models.CharField(_("headline"), max_length=200, blank=True, default="")
    byline = models.CharField(_("byline"), max_length=200, blank=True, default="")

    searched_fields = ("code", "headline")
    editorial_fields = Entry.editorial_fields | {
        *("document", "parent", "position", "kind", "headline", "byline")
    }

    class Meta(Entry.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["document", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                name="article_once_per_position",
                fields=["document", "position"],
                violation_error_message=_("Another article of the document has this position."),
            ),
            constraints.not_itself("article_not_its_own_part", "parent"),
        ]

    def __str__(self):
        return self.headline or self.code

    def code_words(self):
        return [self.document_id, f"a{self.position:02}"]


class Passage(Entry):
    """A contiguous run of a document's text: a headline, a paragraph, a caption, a credit."""

    class Kind(models.TextChoices):
        HEADLINE = "headline", _("Headline")
        LEAD = "lead", _("Lead")
        BODY = "body", _("Body")
        CAPTION = "caption", _("Caption")
        CREDIT = "credit", _("Credit")
        COLUMN_TITLE = "column_title", _("Column title")

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="passages", verbose_name=_("article")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.TextField(_("text"))
    start = models.PositiveIntegerField(
        _("start"), help_text=_("Characters of the document's text before this passage.")
    )
    continued_by = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="continues",
        verbose_name=_("continued by"),
        help_text=_("The passage in which a sentence broken by the columns goes on."),
    )

    searched_fields = ("code", "text")
    editorial_fields = Entry.editorial_fields | {
        *("article", "position", "kind", "text", "start", "continued_by")
    }

    class Meta(Entry.Meta):
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["article", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                name="passage_once_per_position",
                fields=["article", "position"],
                violation_error_message=_("Another passage of the article has this position."),
            ),
            constraints.not_itself("passage_not_its_own_continuation", "continued_by"),
        ]

    def __str__(self):
        return self.text[:40]

    def code_words(self):
        return [self.article_id, f"p{self.position:02}"]

    def clean(self):
        super().clean()
        if self.article_id:
            text = self.article.document.text
            if text[self.start : self.start + len(self.text)] != self.text:
                message = _("The document does not hold this text at this place.")
                raise ValidationError({"text": ValidationError(message, code="not_in_document")})
        refuse_change_once_cited(self, Citation.objects.filter(passage=self.pk), "text", "start")


def refuse_change_once_cited(entry, citations, *fields):
    """What a citation rests on stays as it is."""
    stored = type(entry)._base_manager.filter(pk=entry.pk).first()
    changed = [name for name in fields if stored and getattr(stored, name) != getattr(entry, name)]
    if changed and citations.exists():
        message = _("It is cited, so its words can no longer change.")
        raise ValidationError({changed[0]: ValidationError(message, code="cited")})


class CitationQuerySet(VersionedQuerySet):
    def get_by_natural_key(self, app_label, model, record, field, position):
        record_type = ContentType.objects.get_by_natural_key(app_label, model)
        return self.get(record_type=record_type, record=record, field=field, position=position)

    def about(self, model):
        """The citations for records of one model."""
        return self.filter(record_type=ContentType.objects.get_for_model(model))

    def visible_to(self, user):
        """The citations of the records that the user may see."""
        if user.has_perm("seeds.view_citation"):
            return self
        seen = Q()
        for model in entry_models():
            seen |= Q(
                record_type=ContentType.objects.get_for_model(model),
                record__in=model.objects.visible_to(user).values("code"),
            )
        return self.filter(seen)


class Citation(Versioned):
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
        related_name="citations",
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
    note = models.TextField(
        _("note"), blank=True, default="", help_text=_("The reasoning, or the outside standard.")
    )

    objects = CitationQuerySet.as_manager()

    search_paths = ("record", "quote", "value")

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

    def clean_record(self):
        model = self.record_type.model_class() if self.record_type_id else None
        if model is None or not issubclass(model, Entry) or self.cited is None:
            message = _("There is no such record.")
            raise ValidationError({"record": ValidationError(message, code="no_such_record")})
        if self.field not in {field.name for field in model._meta.get_fields()}:
            message = _("Records of this type have no such field.")
            raise ValidationError({"field": ValidationError(message, code="no_such_field")})

    def quote_stands(self):
        """Whether the quote stands in its passage, character for character, where ``start`` says."""
        self.derive()
        if self.start is None:
            return False
        return self.passage.text[self.start : self.start + len(self.quote)] == self.quote
