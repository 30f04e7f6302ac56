"""The wheel holds what an installed registry needs, and nothing of its tests."""

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from django.conf import settings

APPS = {"shuangta", "seeds", "districts", "projects", "governance"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
    )
    [path] = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_the_wheel_holds_every_file_of_the_apps_and_the_fixtures(wheel):
    root = settings.BASE_DIR
    of_apps = {
        path.relative_to(root).as_posix()
        for app in APPS
        for path in (root / app).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    of_fixtures = {f"shuangta/fixtures/{path.name}" for path in (root / "fixtures").iterdir()}

    packed = {name for name in wheel.namelist() if Path(name).parts[0] in APPS}

    assert packed == of_apps | of_fixtures
    assert {Path(name).parts[0] for name in wheel.namelist()} == {*APPS, information(wheel)}


def test_the_wheel_brings_a_command_and_its_licence(wheel):
    folder = information(wheel)

    told = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
    commands = wheel.read(f"{folder}/entry_points.txt").decode()

    assert (told["Name"], told["License-Expression"]) == ("shuangta", "Apache-2.0")
    assert told.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert commands == "[console_scripts]\nshuangta = shuangta.__main__:main\n"


def information(wheel):
    return next(
        Path(name).parts[0] for name in wheel.namelist() if ".dist-info" in Path(name).parts[0]
    )


def test_the_runtime_is_locked_as_the_tests_have_it():
    """What runs the registry is part of what tests it, in the same versions."""
    runtime, development = (
        {line for line in (settings.BASE_DIR / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert runtime < development
    assert not {
        line for line in runtime if line.startswith(("playwright", "pytest", "schemathesis"))
    }
