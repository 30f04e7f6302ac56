import pytest
from tests.factories import *
from shuangta.api.resources import address_of
from shuangta.models import Change
pytestmark = pytest.mark.django_db
def test_x(editor):
    p=ProjectFactory(); a,b=SectorFactory(code="a"),SectorFactory(code="b")
    editor.patch(address_of(p),{"sectors":["a"]})
    n=Change.objects.count()
    r=editor.patch(address_of(p),{"sectors":["b"]}); print(r.json()["version"], Change.objects.count()-n)
    n=Change.objects.count()
    r=editor.patch(address_of(p),{"sectors":["a"],"note":"x"}); print(r.json()["version"], Change.objects.count()-n)
