"""What the README promises is what the registry does."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

README = Path(__file__).resolve().parent.parent / "README.md"
QUESTION = re.compile(
    r"^### (?P<question>.+?)\n\n```http\nGET (?P<address>\S+)\n```\n\n```json\n(?P<answer>.+?)\n```$",
    re.MULTILINE | re.DOTALL,
)
QUESTIONS = [match.groupdict() for match in QUESTION.finditer(README.read_text())]


@pytest.fixture(scope="module")
def page(django_db_setup, django_db_blocker):
    """The registry with the page loaded, taken back afterwards."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command(
            "loaddata", "groups", "seeds", "districts", "projects", "governance", verbosity=0
        )
        yield
        transaction.set_rollback(True)


def test_the_readme_asks_ten_questions():
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS, ids=[each["question"] for each in QUESTIONS])
@pytest.mark.django_db
def test_a_question_has_the_answer_that_the_readme_gives(page, client, question):
    response = client.get(question["address"])

    assert response.json() == json.loads(question["answer"])


@pytest.mark.django_db
def test_the_readme_quotes_the_last_line_of_the_evidence_check(page, capsys):
    call_command("check_evidence")

    last_line = capsys.readouterr().out.strip().splitlines()[-1]
    assert last_line in README.read_text().splitlines()
