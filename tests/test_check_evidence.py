"""The command says what is broken and fails; that the page passes it is tested with the README."""

import pytest
from django.core.management import CommandError, call_command

from districts.models import DeclaredCount, District, Indicator, Observation


@pytest.fixture
def streets(db):
    """Nine streets, of a district without any."""
    district = District.objects.create(
        code="991302", name="示例区", level="county", is_published=True
    )
    indicator = Indicator.objects.create(code="streets", name="街", unit="条", kind="count")
    return Observation.objects.create(
        code="streets", indicator=indicator, about=district, low=9, high=9, wording="九街"
    )


def test_the_command_fails_with_what_is_broken_and_how_declared_counts_stand(streets, capsys):
    for code, query in [("named", "district=991302"), ("wide", "width=9")]:
        DeclaredCount.objects.create(code=code, observation=streets, resource="places", query=query)

    with pytest.raises(CommandError, match="the evidence does not hold"):
        call_command("check_evidence")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "documents: 1 broken"
    assert lines[lines.index("declared counts: 1 broken") : -1] == [
        "declared counts: 1 broken",
        "  broken claim: wide: /places/?width=9: There is no such parameter. Did you mean “within”?",
        "states of the declared counts",
        "  named: partly registered, 0 of 九街",
        "longest quote: 0 characters",
    ]
    assert lines[-1].startswith("evidence: 5 records, 0 citations, 0 broken quotes, ")
