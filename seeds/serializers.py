"""Serializers of what was published, and which words state which value."""

from seeds.models import Article, Citation, Document, Passage
from shuangta.api.serializers import EntrySerializer, VersionedSerializer


class DocumentSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = Document
        fields = [
            *EntrySerializer.Meta.fields,
            "title",
            "kind",
            "publisher",
            "published_on",
            "published_on_latest",
            "rights",
            "text",
            "sha256",
        ]
        expandable = ["evidence"]


class ArticleSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = Article
        fields = [
            *EntrySerializer.Meta.fields,
            "document",
            "parent",
            "position",
            "kind",
            "headline",
            "byline",
        ]
        expandable = ["document", "parent", "evidence"]


class PassageSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = Passage
        fields = [
            *EntrySerializer.Meta.fields,
            "article",
            "position",
            "kind",
            "text",
            "start",
            "continued_by",
        ]
        expandable = ["article", "continued_by", "evidence"]


class CitationSerializer(VersionedSerializer):
    class Meta(VersionedSerializer.Meta):
        model = Citation
        fields = [
            "id",
            "record_type",
            "record",
            "field",
            "position",
            "passage",
            "quote",
            "start",
            "value",
            "basis",
            "note",
            *VersionedSerializer.Meta.fields,
        ]
        expandable = ["passage"]
