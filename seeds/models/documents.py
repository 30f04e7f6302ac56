"""What was published: documents, their articles, and the passages that citations quote."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.db import constraints
from shuangta.db.text_fields import NoteField, SingleLineField
from shuangta.history.trees import Tree
from shuangta.records.models import Record


class Document(Record):
    """A published page, notice or table, or what an office told; kept verbatim."""

    class Kind(models.TextChoices):
        NEWSPAPER_PAGE = "newspaper_page", _("Newspaper page")
        NOTICE = "notice", _("Notice")
        STATISTICS = "statistics", _("Statistics")
        TOLD_BY_OFFICE = "told_by_office", _("Told by an office")

    title = SingleLineField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    publisher = SingleLineField(
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
    rights = NoteField(_("rights"))
    text = models.TextField(_("text"))
    sha256 = models.CharField(
        "SHA-256", max_length=64, editable=False, help_text=_("Of the text in UTF-8.")
    )

    kind_field = "kind"
    derived_fields = ("sha256",)
    title_field = "title"
    searched_fields = ("code", "title", "publisher")
    editorial_fields = Record.editorial_fields | {
        *("title", "kind", "publisher", "published_on", "published_on_latest", "rights", "text"),
        "sha256",
    }

    class Meta(Record.Meta):
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
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()

    def code_words(self):
        return [self.kind, self.title]

    def clean(self):
        super().clean()
        cited = Passage.objects.filter(article__document=self.pk, quotations__isnull=False)
        refuse_change_once_cited(self, cited.exists(), "text")


class Article(Record):
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
    headline = SingleLineField(_("headline"), max_length=200, blank=True, default="")
    byline = SingleLineField(_("byline"), max_length=200, blank=True, default="")

    trees = (Tree("parent", shared="document"),)
    kind_field = "kind"
    title_field = "headline"
    searched_fields = ("code", "headline")
    editorial_fields = Record.editorial_fields | {
        *("document", "parent", "position", "kind", "headline", "byline")
    }

    class Meta(Record.Meta):
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
        return [self.document_id, f"a{self.position or 0:02}"]

    def clean(self):
        super().clean()
        cut = Passage.objects.filter(article=self.pk).exclude(article__document=self.document_id)
        if cut.exists():
            message = _("Its passages stand in another document.")
            raise ValidationError({"document": ValidationError(message, code="has_passages")})


class Passage(Record):
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

    trees = (Tree("continued_by", shared="article__document"),)
    kind_field = "kind"
    title_field = "text"
    searched_fields = ("code", "text")
    editorial_fields = Record.editorial_fields | {
        *("article", "position", "kind", "text", "start", "continued_by")
    }

    class Meta(Record.Meta):
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
        return [self.article_id, f"p{self.position or 0:02}"]

    def clean(self):
        super().clean()
        if self.article_id:
            text = self.article.document.text
            if text[self.start : self.start + len(self.text)] != self.text:
                message = _("The document does not hold this text at this place.")
                raise ValidationError({"text": ValidationError(message, code="not_in_document")})
        is_cited = not self._state.adding and self.quotations.exists()
        refuse_change_once_cited(self, is_cited, "text", "start")


def refuse_change_once_cited(entry, is_cited, *fields):
    """What a citation rests on stays as it is."""
    stored = type(entry)._base_manager.filter(pk=entry.pk).first()
    changed = [name for name in fields if stored and getattr(stored, name) != getattr(entry, name)]
    if changed and is_cited:
        message = _("It is cited, so its words can no longer change.")
        raise ValidationError({changed[0]: ValidationError(message, code="cited")})
