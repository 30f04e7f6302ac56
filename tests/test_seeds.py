"""The rules of what was published: quotes stand where they are said to, and what is cited stays."""

import hashlib

import pytest

from seeds.models import Citation, Document
from shuangta.query.resources import address_of
from tests.factories import (
    WORDS,
    ArticleFactory,
    CitationFactory,
    DistrictFactory,
    DocumentFactory,
    PassageFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


@pytest.fixture
def body():
    """A citation that can be made."""
    return {
        "record_type": "projects.project",
        "record": ProjectFactory().pk,
        "field": "total_investment",
        "passage": PassageFactory().pk,
        "quote": "總投資3000萬元",
        "value": "30000000",
    }


def test_a_citation_finds_where_its_quote_stands(editor, body):
    response = editor.post("/api/v1/citations/", body)

    assert response.status_code == 201
    answer = response.json()
    assert (answer["start"], answer["basis"], answer["position"]) == (
        WORDS.index("總投資"),
        "stated",
        1,
    )
    assert WORDS[answer["start"] :].startswith(answer["quote"])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"quote": "总投资3000万元"}, ("quote", "quote_not_found")),
        ({"quote": "總投資 3000萬元"}, ("quote", "quote_not_found")),
        ({"start": 3}, ("quote", "quote_not_found")),
        ({"quote": ""}, (None, "citation_quotes_a_passage")),
        ({"passage": None}, (None, "citation_quotes_a_passage")),
        ({"passage": "no-such"}, ("passage", "does_not_exist")),
        ({"basis": "reference", "note": "GB/T 2260"}, (None, "citation_quotes_a_passage")),
        ({"basis": "inferred"}, (None, "citation_gives_its_reason")),
        ({"basis": "guessed"}, ("basis", "invalid_choice")),
        ({"record": "no-such"}, ("record", "no_such_record")),
        ({"record_type": "districts.place"}, ("record", "no_such_record")),
        ({"record_type": "seeds.citation"}, ("record_type", "invalid_choice")),
        ({"field": "colour"}, ("field", "no_such_field")),
        ({"value": ""}, ("value", "blank")),
    ],
)
def test_a_citation_that_proves_nothing_is_refused(editor, body, sent, expected):
    response = editor.post("/api/v1/citations/", body | sent)

    assert expected in errors(response)
    assert Citation.objects.count() == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"basis": "inferred", "note": "The year is that of the page."},
        {"basis": "reported", "note": "Told on the telephone."},
        {"basis": "reference", "note": "GB/T 2260", "passage": None, "quote": ""},
        {"start": WORDS.index("總投資")},
    ],
)
def test_every_basis_has_its_form(editor, body, sent):
    assert editor.post("/api/v1/citations/", body | sent).status_code == 201


def test_the_citations_of_one_value_are_told_apart_by_position(editor, body):
    first = editor.post("/api/v1/citations/", body)
    other = body | {"quote": "3000萬元"}
    again = editor.post("/api/v1/citations/", other)
    second = editor.post("/api/v1/citations/", other | {"position": 2})

    assert (first.status_code, second.status_code) == (201, 201)
    assert errors(again) == [(None, "citation_once_per_position")]


def test_the_same_words_are_not_cited_twice_for_one_value(editor, body):
    editor.post("/api/v1/citations/", body)

    again = editor.post("/api/v1/citations/", body | {"position": 2})

    assert errors(again) == [("quote", "repeated")]


def test_the_citations_of_a_record_are_asked_for(anonymous):
    district, other = DistrictFactory(), DistrictFactory()
    citation = CitationFactory(about=district)
    CitationFactory(about=other)

    asked = {"record_type": "districts.district", "record": district.pk, "quote__contains": "示例"}
    answer = anonymous.get("/api/v1/citations/", asked).json()

    assert [row["id"] for row in answer["results"]] == [citation.pk]


# What is cited stays


def test_a_document_tells_the_digest_of_its_text(editor):
    document = DocumentFactory()

    answer = editor.get(address_of(document)).json()

    assert answer["sha256"] == hashlib.sha256(WORDS.encode()).hexdigest()


@pytest.mark.parametrize("change", [{"text": "示例"}, {"start": 3, "text": WORDS[3:]}])
def test_a_passage_that_is_cited_keeps_its_words(editor, change):
    passage = CitationFactory().passage

    ((field, code),) = errors(editor.patch(address_of(passage), change))

    assert (field, code) == ("text", "cited")
    assert editor.patch(address_of(passage), {"kind": "lead"}).status_code == 200


def test_a_document_that_is_cited_keeps_its_words(editor):
    document = CitationFactory().passage.article.document

    assert errors(editor.patch(address_of(document), {"text": WORDS + "。"})) == [("text", "cited")]
    assert editor.patch(address_of(document), {"title": "另一版"}).status_code == 200
    assert Document.objects.get().text == WORDS


def test_a_document_that_is_not_cited_may_still_be_mended(editor):
    document = PassageFactory().article.document

    response = editor.patch(address_of(document), {"text": WORDS + "。"})

    assert response.status_code == 200
    assert response.json()["sha256"] == hashlib.sha256((WORDS + "。").encode()).hexdigest()


@pytest.mark.parametrize("change", [{"text": "別的話"}, {"start": 1}, {"start": 999}])
def test_a_passage_is_a_run_of_its_document(editor, change):
    passage = PassageFactory()

    assert errors(editor.patch(address_of(passage), change)) == [("text", "not_in_document")]


def test_passages_and_articles_have_a_position_each(editor):
    article = ArticleFactory(position=1)
    PassageFactory(article=article, position=1)
    body = {"position": 1, "kind": "feature", "document": article.document_id}

    as_article = editor.post("/api/v1/articles/", body)
    as_passage = editor.post(
        "/api/v1/passages/",
        {"article": article.pk, "position": 1, "kind": "body", "text": WORDS, "start": 0},
    )

    assert errors(as_article) == [(None, "article_once_per_position")]
    assert errors(as_passage) == [(None, "passage_once_per_position")]


def test_one_passage_goes_on_in_one_other(editor):
    second = PassageFactory()
    PassageFactory(continued_by=second, article=second.article)
    third = PassageFactory(article=second.article)

    response = editor.patch(address_of(third), {"continued_by": second.pk})

    assert errors(response) == [("continued_by", "unique")]
