"""Documents with their articles and passages, and the citations as a table of their own."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from seeds.admin.issues import issue_sections
from seeds.models import Article, Citation, Document, Passage
from shuangta.admin.base import RecordAdmin, RevisionedAdmin
from shuangta.admin.inlines import RecordInline


class ArticleInline(RecordInline):
    help = _(
        "The pieces of the document in the order of the page; a section names the article that "
        "it is part of."
    )
    model = Article
    fields = ["position", "kind", "headline", "byline", "parent"]


class PassageInline(RecordInline):
    help = _("The paragraphs of the article, word for word; citations quote them.")
    model = Passage
    fields = ["position", "kind", "text", "start"]
    verbatim_fields = ("text",)


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    help = _(
        "Each record is one thing that was published, such as a newspaper page, a notice or a "
        "table, or what an office told; its words are kept as they stood."
    )
    identity_help = _("What it is called and what kind of paper it is; the code stays for good.")
    stated_help = _(
        "Who published it and when, and its text, character for character. Once it is cited the"
        " text can no longer change."
    )
    list_display = ["title", "kind", "publisher", "published_on", "is_published"]
    list_filter = ["kind", "is_published"]
    identity_fields = ("title", "code", "kind")
    derived_fields = ("sha256",)
    verbatim_fields = ("text",)
    inlines = [ArticleInline]


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    help = _(
        "Each record is one piece of a document: a main feature, a section of it, a brief item."
    )
    identity_help = _("The headline as printed; the code stays for good.")
    stated_help = _("Where the article stands in its document, and who signed it.")
    list_display = ["position", "headline", "kind", "document", "is_published"]
    list_display_links = ["position", "headline"]
    list_filter = ["document", "kind", "is_published"]
    list_select_related = ["document"]
    identity_fields = ("headline", "code")
    inlines = [PassageInline]


@admin.register(Passage)
class PassageAdmin(RecordAdmin):
    help = _(
        "Each record is one paragraph, headline or caption of an article, word for word; this is "
        "what citations quote."
    )
    stated_help = _(
        "The words and where they stand in the document. Once they are cited they can no longer"
        " change."
    )
    list_display = ["code", "article", "kind", "text", "is_published"]
    list_filter = ["article", "kind", "is_published"]
    list_select_related = ["article"]
    verbatim_fields = ("text",)


@admin.register(Citation)
class CitationAdmin(RevisionedAdmin):
    help = _(
        "Each record is the evidence for one value: the words of the source, the passage they stand"
        " in, and the value that was read from them."
    )
    list_display = ["record", "cited_field", "quote", "value", "basis", "passage"]
    list_filter = ["basis", "record_type", "passage"]
    list_select_related = ["passage"]
    search_fields = [
        *("record", "field", "quote__folded_contains", "value__folded_contains"),
        "note__folded_contains",
    ]
    verbatim_fields = ("quote",)

    def to_do(self, dashboard):
        """What is to be mended in the evidence of any record."""
        return issue_sections(dashboard)

    @admin.display(description=_("field"), ordering="field")
    def cited_field(self, citation):
        record_type = ContentType.objects.get_for_id(citation.record_type_id)
        return capfirst(record_type.model_class()._meta.get_field(citation.field).verbose_name)
