"""Confirming an import: what the page showed is done once, and nothing that it did not show."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from projects.models import Sector
from shuangta.history.revision import Revision
from shuangta.imports import proposals
from shuangta.plans.models import ProposedImport
from shuangta.query.resources import viewset_of
from tests.admin.forms import plain_text, sent_by
from tests.admin.sheets import confirm, page, pasted, proposed
from tests.factories import SectorFactory

pytestmark = pytest.mark.django_db

CHANGED = "The records changed after the preview was made, so nothing was imported."
DONE = "This import is done. It was not done twice."
GONE = "This import is no longer there: it was dropped, or is older than a day."


@pytest.fixture
def sector():
    return SectorFactory(code="a", name="甲")


@pytest.fixture
def proposal(editor, sector):
    """An import by which the sector would get another name."""
    return proposed(editor, Sector, pasted=pasted(["code", "name"], ["a", "乙"]))


def opened(client, proposal):
    return client.get(address_of(proposal))


def address_of(proposal):
    return page(Sector, "import_preview", proposal.pk)


def names():
    return list(Sector.objects.values_list("name", flat=True))


def test_an_old_page_does_nothing_that_it_did_not_show(editor, sector, proposal):
    old = opened(editor, proposal)
    Sector.objects.filter(pk=sector.pk).update(name="丙")

    refusals = [confirm(editor, proposal, old) for _press in range(3)]

    assert "Name 甲 → 乙" in plain_text(old)
    for refusal in refusals:
        assert CHANGED in plain_text(refusal)
        assert "Name 丙 → 乙" in plain_text(refusal)
    assert names() == ["丙"]
    assert "Imported: 0 new, 1 changed, 0 unchanged." in plain_text(
        confirm(editor, proposal, refusals[0])
    )
    assert names() == ["乙"]


def test_only_a_press_on_confirm_imports_and_only_what_a_page_showed(editor, proposal):
    shown = sent_by(opened(editor, proposal))

    without_button = editor.post(address_of(proposal), shown)
    without_preview = editor.post(address_of(proposal), {"confirm": "1"}, follow=True)

    assert "Import the row" in plain_text(without_button)
    assert CHANGED in plain_text(without_preview)
    assert names() == ["甲"]


def test_a_second_press_is_told_that_it_is_done_and_shown_the_list(editor, sector, proposal):
    preview = opened(editor, proposal)
    confirm(editor, proposal, preview)

    answers = [
        confirm(editor, proposal, preview),
        editor.post(address_of(proposal), {"discard": "1"}, follow=True),
        editor.get(address_of(proposal), follow=True),
        editor.get(page(Sector, "import_wrong", proposal.pk), follow=True),
    ]

    for answer in answers:
        assert answer.redirect_chain[-1][0] == page(Sector, "changelist")
        assert [(each.level_tag, str(each)) for each in answer.context["messages"]] == [
            ("info", DONE)
        ]
    assert Revision.objects.filter(object_id=sector.pk).count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_the_same_moment_one_imports_and_the_other_is_told(editor, sector):
    proposal = proposed(editor, Sector, pasted=pasted(["code", "name"], ["a", "乙"], ["", "丁"]))
    preview = opened(editor, proposal)
    start, answers = Barrier(2), []

    def press(client):
        start.wait(10)
        answers.append(plain_text(confirm(client, proposal, preview)))
        connection.close()

    presses = [Thread(target=press, args=[each]) for each in (editor, same_user(editor))]
    for each in presses:
        each.start()
    for each in presses:
        each.join(20)

    told = "Imported: 1 new, 1 changed, 0 unchanged."
    assert sorted((told in each, DONE in each) for each in answers) == [
        (False, True),
        (True, False),
    ]
    assert sorted(names()) == sorted(["乙", "丁"])


def same_user(client):
    """Another window of the same browser."""
    window = type(client)(headers={"accept-language": "en"})
    window.cookies = client.cookies.copy()
    return window


def test_what_was_dropped_meanwhile_does_not_come_back(editor, proposal):
    request = HttpRequest()
    request.user = User.objects.get(pk=proposal.user_id)
    editor.post(address_of(proposal), {"discard": "1"})

    with pytest.raises(ProposedImport.DoesNotExist):
        proposals.propose_again(viewset_of(Sector)(request=request), proposal)

    assert not ProposedImport.objects.exists()


def test_an_import_of_yesterday_is_neither_shown_nor_confirmed(editor, proposal):
    preview = opened(editor, proposal)
    ProposedImport.objects.update(made_at=timezone.now() - timedelta(hours=25))

    answers = [
        confirm(editor, proposal, preview),
        editor.get(address_of(proposal), follow=True),
        editor.get(page(Sector, "import_wrong", proposal.pk), follow=True),
    ]

    assert [GONE in plain_text(answer) for answer in answers] == [True, True, True]
    assert names() == ["甲"]
