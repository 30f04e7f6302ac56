"""Serializers of what was published, and which words state which value."""

from seeds.expansions import EVIDENCE
from seeds.models import Article, Citation, Document, Passage
from shuangta.api.serializers import RecordSerializer, RevisionedSerializer


class DocumentSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Document
        fields = [
            *RecordSerializer.Meta.fields,
            "title",
            "kind",
            "publisher",
            "published_on",
            "published_on_latest",
            "rights",
            "text",
            "sha256",
        ]
        expandable = [EVIDENCE]


class ArticleSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Article
        fields = [
            *RecordSerializer.Meta.fields,
            "document",
            "parent",
            "position",
            "kind",
            "headline",
            "byline",
        ]
        expandable = ["document", "parent", EVIDENCE]


class PassageSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Passage
        fields = [
            *RecordSerializer.Meta.fields,
            "article",
            "position",
            "kind",
            "text",
            "start",
            "continued_by",
        ]
        expandable = ["article", "continued_by", EVIDENCE]


class CitationSerializer(RevisionedSerializer):
    class Meta(RevisionedSerializer.Meta):
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
            *RevisionedSerializer.Meta.fields,
        ]
        expandable = ["passage"]
