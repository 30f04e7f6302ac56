"""What an office told the registry, kept as a document like any other, so that its words can be quoted."""

from django.db import transaction

from seeds.models import Article, Document, Passage

RIGHTS = "向登记库告知，未曾发表。"


def earlier_statements(office, told_on, words):
    """The passage that holds what an office told on a day in just these words; None where there is none yet."""
    return Passage.objects.filter(
        text=words,
        article__document__kind=Document.Kind.TOLD_BY_OFFICE,
        article__document__publisher=office,
        article__document__published_on=told_on,
    ).first()


@transaction.atomic
def record_statement(office, told_on, words):
    """The passage that holds what an office told on a day; told twice in the same words, it is one.

    It comes with its citation, so who may cite may make it. It is not published: whether everybody may read what an
    office told is decided apart.
    """
    known = earlier_statements(office, told_on, words)
    if known:
        return known
    told = {"kind": Document.Kind.TOLD_BY_OFFICE, "publisher": office, "published_on": told_on}
    title = f"{office}告知（{told_on}）"
    document = stored_statement(Document(title=title, rights=RIGHTS, text=words, **told))
    article = stored_statement(Article(document=document, position=1, kind=Article.Kind.BRIEF))
    return stored_statement(
        Passage(article=article, position=1, kind=Passage.Kind.BODY, text=words, start=0)
    )


def stored_statement(row):
    row.full_clean()
    row.save()
    return row
