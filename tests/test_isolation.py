"""A second district with every name of the first changes no row of the first."""

import json
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from shuangta.history.models import RevisionedModel
from shuangta.history.revision import Revision
from shuangta.records.models import record_models

pytestmark = pytest.mark.django_db

FIRST, SECOND = "211302", "990001"
FILES = ["seeds", "districts", "projects", "governance"]


@pytest.fixture
def second_district(tmp_path):
    """The fixtures of the page, as if they told of another district: its code in all keys and references."""
    made_up = []
    for name in FILES[1:]:  # the sources stay the same
        rows = yaml.safe_load((Path(settings.FIXTURE_DIRS[0]) / f"{name}.yaml").read_text())
        for row in rows:
            note = row["fields"].get("note", "")
            row["fields"] = elsewhere(row["fields"]) | {"note": note}
            row |= {"pk": elsewhere(row["pk"])} if "pk" in row else {}
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(rows, default=str))
        made_up.append(str(path))
    return made_up


def elsewhere(value):
    if isinstance(value, dict):
        return {key: elsewhere(each) for key, each in value.items()}
    if isinstance(value, list):
        return [elsewhere(each) for each in value]
    return value.replace(FIRST, SECOND) if isinstance(value, str) else value


def rows():
    """Every row with its relations, by model and key."""
    versioned = [model for model in apps.get_models() if issubclass(model, RevisionedModel)]
    through = [
        field.remote_field.through for model in versioned for field in model._meta.many_to_many
    ]
    return {
        (model._meta.label, row[model._meta.pk.name]): row
        for model in [*versioned, *through, Revision]
        for row in model._base_manager.values()
    }


def test_a_second_district_with_the_same_names_changes_no_row_of_the_first(second_district):
    call_command("loaddata", *FILES, verbosity=0)
    first = rows()

    call_command("loaddata", *second_district, verbosity=0)

    both = rows()
    assert {key: both[key] for key in first} == first
    for model in record_models():
        codes = list(model.objects.values_list("code", flat=True))
        of_the_second = {code for code in codes if code.startswith(SECOND)}
        assert of_the_second == {
            code.replace(FIRST, SECOND, 1) for code in codes if code.startswith(FIRST)
        }
    assert len(both) > 1.5 * len(first)
