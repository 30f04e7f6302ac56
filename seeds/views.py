"""Resources of what was published, and which words state which value."""

from seeds.filters import ArticleFilterSet, CitationFilterSet, DocumentFilterSet, PassageFilterSet
from seeds.models import Article, Citation, Document, Passage
from seeds.published import versions_seen
from seeds.serializers import (
    ArticleSerializer,
    CitationSerializer,
    DocumentSerializer,
    PassageSerializer,
)
from shuangta.api.viewsets import RecordViewSet, RevisionedViewSet


class DocumentViewSet(RecordViewSet):
    """A published page, notice or table, or what an office told; kept verbatim."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilterSet


class ArticleViewSet(RecordViewSet):
    """A piece of a document: the main feature, one of its sections, a brief item, a standing column."""

    queryset = Article.objects.all()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilterSet


class PassageViewSet(RecordViewSet):
    """A contiguous run of a document's text: a headline, a paragraph, a caption, a credit."""

    queryset = Passage.objects.all()
    serializer_class = PassageSerializer
    filterset_class = PassageFilterSet


class CitationViewSet(RevisionedViewSet):
    """The words that state one value of one record, and the value that was read from them."""

    queryset = Citation.objects.all()
    serializer_class = CitationSerializer
    filterset_class = CitationFilterSet

    def published_versions(self, revisions, moment=None):
        return versions_seen(revisions, self.request.user, moment)
