"""Help where it is needed: in one sentence what a list, a form and a section hold, and a page of its own."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from seeds.models import Citation
from shuangta.api.models import ApiToken
from shuangta.history.revision import Revision
from shuangta.records.codes import FormerCode
from shuangta.records.models import record_models
from tests.admin.forms import plain_text, url

pytestmark = pytest.mark.django_db


def admins():
    return [admin.site.get_model_admin(model) for model in admin.site._registry]


def test_every_list_and_form_says_what_one_record_is():
    with translation.override("en"):
        sentences = [str(each.help) for each in admins()]

    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_every_section_of_every_form_says_what_it_holds(rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    silent = [
        f"{each.opts.label}: {name or inline.__class__.__name__}"
        for model in [*record_models(), Citation]
        if (each := admin.site.get_model_admin(model))
        for name, options, inline in sections(each, request)
        if not options
    ]

    assert silent == []


def sections(model_admin, request):
    """The name of each section with what it says; a section of other rows has none."""
    row = model_admin.model(pk="x")
    for obj in (None, row):
        for name, options in model_admin.get_fieldsets(request, obj):
            if name:
                yield str(name), options.get("description"), None
    for inline in model_admin.get_inline_instances(request):
        yield "", inline.help, inline


def test_the_sentence_stands_above_the_list_and_at_the_head_of_the_form(editor, project):
    sentence = "What is being built is a project, where it stands is a place."

    listed = plain_text(editor.get(reverse("admin:projects_project_changelist")))
    added = plain_text(editor.get(reverse("admin:projects_project_add")))
    opened = plain_text(editor.get(url(project)))

    assert [page.count(sentence) for page in (listed, added, opened)] == [1, 1, 1]
    assert "What the sources say." in opened
    assert "Which enterprise does what in this project" in opened
    assert "The words of the source that state each value of this record" in opened


@pytest.mark.parametrize("model", [Revision, FormerCode, ApiToken])
def test_the_books_say_what_they_are(editor, model):
    address = reverse(f"admin:shuangta_{model._meta.model_name}_changelist")

    page = plain_text(editor.get(address))

    with translation.override("en"):
        assert str(admin.site.get_model_admin(model).help) in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "What is being built is a project; where it stands is a place."),
        ("zh-hans", "建的是项目，所在之处是地点。"),
        ("zh-hant", "建的是項目，所在之處是地點。"),
    ],
)
def test_the_page_of_help_speaks_three_languages(editor, language, words):
    response = editor.get(reverse("admin:help"), headers={"accept-language": language})

    assert words in plain_text(response)
