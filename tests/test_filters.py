"""Filters answer every question that their names ask, and refuse what they cannot read."""


import pytest
from django import forms

from shuangta.filters import (
    ContentTypeField,
    DayField,
    ListField,
    MomentField,
    ReferenceField,
    TruthField,
)
from shuangta.resources import address_of, viewsets
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_resource = pytest.mark.parametrize("resource", VIEWSETS)


def filters_of(resource):
    return VIEWSETS[resource].filterset_class.base_filters


def codes(response):
    assert response.status_code == 200, response.content.decode()
    return [row.get("code", row.get("id")) for row in response.json()["results"]]


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


# Every filter of every resource


def questions(filters, answered):
    """The parameters that are true of an answered row, and those that are not."""
    true, false = {}, {}
    for name, each in filters.items():
        column = name.removesuffix(f"__{each.lookup}")
        value = answered.get(column)
        if isinstance(value, list):
            value = value[0] if value else None
        if value is None:
            continue
        value = str(value).lower() if isinstance(value, bool) else str(value)
        if each.lookup in ("not", "gt", "lt"):
            false[name] = value
        elif each.lookup == "isnull":
            true[name], false[name] = "false", "true"
        elif value:
            true[name] = value
    return true, false


@every_resource
def test_every_filter_finds_the_row_that_it_describes(anonymous, resource):
    row = make_filled(VIEWSETS[resource].queryset.model)
    CitationFactory(about=make_filled(DistrictFactory._meta.model) if resource == "citations" else row, field="note")
    answered = anonymous.get(address_of(row)).json()
    if "aliases" in answered:
        answered["aliases"] = "\n".join(answered["aliases"])
    true, false = questions(filters_of(resource), answered)

    assert row.pk in codes(anonymous.get(f"/api/v1/{resource}/", true))
    for name, value in false.items():
        found = codes(anonymous.get(f"/api/v1/{resource}/", {name: value}))
        assert (name, row.pk in found) == (name, False)


@every_resource
def test_every_filter_reaches_through_its_relation(anonymous, resource):
    row = make_filled(VIEWSETS[resource].queryset.model)
    for relation, filterset in VIEWSETS[resource].filterset_class.related.items():
        answered = anonymous.get(address_of(getattr(row, relation))).json() | {"aliases": None}
        true, false = questions(filterset.base_filters, answered)
        asked = {f"{relation}__{name}": value for name, value in true.items()}
        excluding = {f"{relation}__{name}": value for name, value in false.items()}

        assert row.pk in codes(anonymous.get(f"/api/v1/{resource}/", asked))
        assert row.pk not in codes(anonymous.get(f"/api/v1/{resource}/", excluding))


def malformed(field):
    """A value that is none of the field's kind, and the code of the error."""
    match field:
        case ListField():
            value, code = malformed(field.each)
            return f"{value},{value}", code
        case TruthField():
            return "maybe", "invalid_boolean"
        case DayField():
            return "2021-02-30", "invalid_date"
        case MomentField():
            return "2021-05-13T04:00:00", "invalid_moment"
        case ReferenceField():
            return "no-such-record", "no_such_record"
        case ContentTypeField():
            return "no.such", "invalid_choice"
        case forms.ChoiceField():
            return "no-such-choice", "invalid_choice"
        case forms.IntegerField() | forms.DecimalField():
            return "1_000", "invalid"
    return "\0", "null_characters_not_allowed"


@every_resource
def test_every_filter_refuses_what_is_malformed(anonymous, resource):
    values = {name: malformed(each.field) for name, each in filters_of(resource).items()}

    response = anonymous.get(
        f"/api/v1/{resource}/", {name: value for name, (value, code) in values.items()}
    )

    assert dict(errors(response)) == {name: code for name, (value, code) in values.items()}


@every_resource
def test_every_filter_refuses_a_nul(anonymous, resource):
    names = set(filters_of(resource))

    response = anonymous.get(f"/api/v1/{resource}/", dict.fromkeys(names, "a\0"))

    assert {field for field, code in errors(response)} == names


def test_no_filter_has_the_name_of_another_parameter():
    others = {"search", "page_size", "count", "ordering", "after", "before", "fields", "expand"}

    assert {name for each in VIEWSETS for name in filters_of(each) if name in others} == set()


@every_resource
def test_every_parameter_refuses_to_be_empty_and_to_be_given_twice(anonymous, resource):
    names = [*filters_of(resource), "search", "page_size", "count", "ordering", "after", "before"]
    address = f"/api/v1/{resource}/"

    empty = anonymous.get(address, dict.fromkeys(names, ""))
    twice = anonymous.get(address, dict.fromkeys(names, ["x", "y"]))

    assert dict(errors(empty)) == dict.fromkeys(names, "empty")
    assert dict(errors(twice)) == dict.fromkeys(names, "repeated")
