"""Documents and citations for tests."""

from datetime import date

from seeds.models import Article, Citation, Document, Passage
from shuangta.records.models import record_type


def print_page(code, kind, *columns):
    """A document whose columns are the passages ``code-1``, ``code-2`` …"""
    text = "\n\n".join(columns) + "\n"
    document = Document.objects.create(
        code=code, title="示例", kind=kind, published_on=date(2021, 5, 13), text=text
    )
    article = Article.objects.create(code=code, document=document, position=1, kind="brief")
    for position, column in enumerate(columns, start=1):
        Passage.objects.create(
            code=f"{code}-{position}",
            article=article,
            position=position,
            kind="body",
            text=column,
            start=text.index(column),
        )


def cite(entry, field, value, passage, quote, **columns):
    return Citation.objects.create(
        record_type=record_type(entry._meta.label_lower),
        record=entry.pk,
        field=field,
        value=value,
        passage_id=passage,
        quote=quote,
        **columns,
    )
