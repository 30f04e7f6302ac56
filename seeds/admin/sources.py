"""Documents with their articles and passages, and the citations as a table of their own."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from seeds.models import Article, Citation, Document, Passage
from shuangta.admin import EntryAdmin, EntryInline, VersionedAdmin


class ArticleInline(EntryInline):
    model = Article
    fields = ["position", "kind", "headline", "byline", "parent"]


class PassageInline(EntryInline):
    model = Passage
    fields = ["position", "kind", "text", "start"]
    verbatim_fields = ("text",)


@admin.register(Document)
class DocumentAdmin(EntryAdmin):
    list_display = ["title", "kind", "publisher", "published_on", "is_published"]
    list_filter = ["kind", "is_published"]
    identity_fields = ("title", "code", "kind")
    derived_fields = ("sha256",)
    verbatim_fields = ("text",)
    inlines = [ArticleInline]


@admin.register(Article)
class ArticleAdmin(EntryAdmin):
    list_display = ["position", "headline", "kind", "document", "is_published"]
    list_display_links = ["position", "headline"]
    list_filter = ["document", "kind", "is_published"]
    list_select_related = ["document"]
    identity_fields = ("headline", "code")
    inlines = [PassageInline]


@admin.register(Passage)
class PassageAdmin(EntryAdmin):
    list_display = ["code", "article", "kind", "text", "is_published"]
    list_filter = ["article", "kind", "is_published"]
    list_select_related = ["article"]
    verbatim_fields = ("text",)


@admin.register(Citation)
class CitationAdmin(VersionedAdmin):
    list_display = ["record", "cited_field", "quote", "value", "basis", "passage"]
    list_filter = ["basis", "record_type", "passage"]
    list_select_related = ["passage"]
    search_fields = [
        *("record", "field", "quote__folded_contains", "value__folded_contains"),
        "note__folded_contains",
    ]
    verbatim_fields = ("quote",)

    @admin.display(description=_("field"), ordering="field")
    def cited_field(self, citation):
        record_type = ContentType.objects.get_for_id(citation.record_type_id)
        return capfirst(record_type.model_class()._meta.get_field(citation.field).verbose_name)
