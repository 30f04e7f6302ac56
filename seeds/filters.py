"""Filters of what was published, and which words state which value."""

from seeds.models import Article, Citation, Document, Passage
from shuangta.query.filters import (
    CHOICE,
    ENTRY_FIELDS,
    KEY,
    RANGE,
    RELATION,
    TEXT,
    RecordFilterSet,
    RevisionedFilterSet,
)


class DocumentFilterSet(RecordFilterSet):
    class Meta:
        model = Document
        fields = ENTRY_FIELDS | {
            "title": TEXT,
            "kind": CHOICE,
            "publisher": TEXT,
            "published_on": RANGE,
            "published_on_latest": RANGE,
            "rights": TEXT,
            "text": TEXT,
            "sha256": TEXT,
        }


class ArticleFilterSet(RecordFilterSet):
    related = {"document": DocumentFilterSet}

    class Meta:
        model = Article
        fields = ENTRY_FIELDS | {
            "document": RELATION,
            "parent": RELATION,
            "position": RANGE,
            "kind": CHOICE,
            "headline": TEXT,
            "byline": TEXT,
        }


class PassageFilterSet(RecordFilterSet):
    related = {"article": ArticleFilterSet}

    class Meta:
        model = Passage
        fields = ENTRY_FIELDS | {
            "article": RELATION,
            "position": RANGE,
            "kind": CHOICE,
            "text": TEXT,
            "start": RANGE,
            "continued_by": RELATION,
        }


class CitationFilterSet(RevisionedFilterSet):
    related = {"passage": PassageFilterSet}

    class Meta:
        model = Citation
        fields = {
            "id": KEY,
            "record_type": KEY,
            "record": KEY,
            "field": TEXT,
            "position": RANGE,
            "passage": RELATION,
            "quote": TEXT,
            "start": RANGE,
            "value": TEXT,
            "basis": CHOICE,
            "note": TEXT,
            "version": RANGE,
            "created_at": RANGE,
            "updated_at": RANGE,
        }
