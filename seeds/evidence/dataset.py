"""All that the evidence check compares, read from the database once."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from seeds.evidence.canonical import values_held
from seeds.models import Citation, Document, Passage
from shuangta.records.models import Record, record_models


@dataclass(frozen=True)
class Dataset:
    """The documents, their passages, what is registered, and the citations between them.

    Records are found by record type and code, citations by record type, code and field.
    """

    documents: dict
    passages: dict
    entries: dict
    citations: dict

    @classmethod
    def read(cls):
        passages = Passage.objects.select_related("article").order_by("start")
        return cls(
            documents={document.pk: document for document in Document.objects.all()},
            passages={passage.pk: passage for passage in passages},
            entries={
                (ContentType.objects.get_for_model(model).pk, entry.pk): entry
                for model in record_models()
                for entry in with_what_they_name(model)
            },
            citations=citations_by_field(),
        )

    @property
    def records(self):
        """The records that state something of the world, which the sources themselves do not."""
        return {key: each for key, each in self.entries.items() if each._meta.app_label != "seeds"}

    def cited(self, key):
        """The record, its field and what the field holds, for a key of ``citations``."""
        record_type, record, name = key
        entry = self.entries.get((record_type, record))
        field = column(entry, name) if entry else None
        return entry, field, values_held(entry, field) if field else {}

    def all_citations(self):
        return [citation for citations in self.citations.values() for citation in citations]

    def passages_of(self, document):
        return [each for each in self.passages.values() if each.article.document_id == document.pk]

    def document_of(self, passage):
        return self.documents[passage.article.document_id]

    def year_of(self, passage):
        """The year that 今年 means in the passage, and a day without a year."""
        return self.document_of(passage).published_on.year


def column(entry, name):
    """The column or many-to-many relation of this name, or None."""
    fields = (*entry._meta.concrete_fields, *entry._meta.many_to_many)
    return next((field for field in fields if field.name == name), None)


def with_what_they_name(model):
    named = [
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and issubclass(field.related_model, Record)
    ]
    return model.objects.select_related(*named).prefetch_related(
        *(field.name for field in model._meta.many_to_many)
    )


def citations_by_field():
    by_field = defaultdict(list)
    for citation in Citation.objects.order_by("record_type", "record", "field", "position"):
        by_field[citation.record_type_id, citation.record, citation.field].append(citation)
    return dict(by_field)
