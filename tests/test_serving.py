"""One server at a port: whoever comes second is told so, before anything is done."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from shuangta.operations.databases import database_name
from shuangta.operations.ports import PortError, claim_port
from tests.servers import READY_WITHIN, ROOT, collect_static, free_port, stop

TAKEN_BY_ANOTHER = (
    "CommandError: Port {port} of {address} is taken by another program. "
    "Nothing was started; PORT={next} takes the next.\n"
)
TAKEN_BY_US = (
    "CommandError: Port {port} is taken by another server of the registry. "
    "Nothing was started; PORT={next} takes the next.\n"
)

NOT_REACHED = "The database that DATABASE_URL names ({name}) cannot be reached: {reason}."
NOT_MIGRATED = (
    "CommandError: The database {folder}/registry.sqlite3 is not migrated; "
    "“migrate” or “serve --prepare” does it.\n"
)
NOT_COLLECTED = (
    "CommandError: The static files are not collected; "
    "“collectstatic” or “serve --prepare” does it.\n"
)


ON_A_MIGRATED_DATABASE = {
    "check_derived": [],
    "check_evidence": [],
    "check_records": [],
    "ensure_admin": [],
    "issue_token": ["somebody", "tests"],
    "load": ["sectors", "-"],
    "loaddata": ["groups"],
    "rebuild_derived": [],
    "restore": ["nowhere.zip"],
    "seed": [],
}
ON_ANY_DATABASE = {"backup": [], "serve": []}
ON_NONE = {"translations", "variants"}
RUN_EACH = """
import json, sys
from shuangta.__main__ import main
refusals = {}
for command in json.loads(sys.argv[1]):
    sys.argv = ["manage.py", *command]
    try:
        main()
    except SystemExit as end:
        refusals[command[0]] = end.code
print(json.dumps(refusals))
"""
"""A program: run the commands, and print what each ends with."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder with a migrated database and the static files."""
    folder = tmp_path_factory.mktemp("prepared")
    collect_static()
    (folder / "static").symlink_to(ROOT / "var/static")
    run(folder, "migrate", "--noinput")
    return folder


def run(folder, *command, **environment):
    """Run a command on the database in the folder; how it ends, with what it prints to either side."""
    process = start(folder, free_port(), *command, **environment)
    out, err = process.communicate(timeout=READY_WITHIN)
    return process.returncode, out, err


def start(folder, port, command="serve", *options, program=("manage.py",), **environment):
    """Start the server, or another command, as an operator does, on a database of its own in the folder."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/registry.sqlite3",
        "SHUANGTA_STATE_DIR": str(folder),
        "PORT": str(port),
        "GRANIAN_WORKERS": "1",
        **environment,
    }
    return subprocess.Popen(
        [sys.executable, *program, command, *options],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until_served(port, processes):
    given_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < given_up and any(each.poll() is None for each in processes):
        try:
            return urlopen(f"http://127.0.0.1:{port}/healthz").status
        except (URLError, ConnectionError):
            time.sleep(0.05)
    return None


def wait_until_refused(port):
    """Wait until nobody listens at the port any more."""
    given_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < given_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=READY_WITHIN).close()
        except ConnectionError:
            return
        time.sleep(0.02)
    raise TimeoutError(f"Somebody still listens at port {port}.")


def listen(address, port):
    """A listener that shares its port with whoever asks to share it, as the server’s own does."""
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((address, port))
    listener.listen()
    return listener


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1", "::"])  # noqa: S104
def test_a_port_on_which_another_program_listens_is_refused(address):
    port = free_port()
    named = "::1" if address == "::1" else "127.0.0.1"

    with listen(address, port), pytest.raises(PortError) as refused:
        claim_port("127.0.0.1", port)

    assert str(refused.value) == f"Port {port} of {named} is taken by another program."


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(PortError, match=r"^Nobody can listen at port \d+ of 192\.0\.2\.1: .+\.$"):
        claim_port("192.0.2.1", free_port())


def test_who_finds_the_port_taken_migrates_nothing_and_prints_no_password(tmp_path):
    port = free_port()

    with listen("127.0.0.1", port):
        process = start(tmp_path, port, "serve", "--prepare")
        out, err = process.communicate(timeout=READY_WITHIN)

    assert (process.returncode, out) == (1, "")
    assert err == TAKEN_BY_ANOTHER.format(port=port, address="127.0.0.1", next=port + 1)
    assert not (tmp_path / "registry.sqlite3").exists()


@pytest.mark.parametrize(
    ("url", "name", "reason"),
    [
        ("sqlite:////nowhere/x.sqlite3", "/nowhere/x.sqlite3", "unable to open database file"),
        (
            "postgres://who:hidden@127.0.0.1:1/registry",
            "127.0.0.1 registry",
            'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused',
        ),
    ],
)
def test_a_database_that_cannot_be_reached_is_named_in_a_sentence(tmp_path, url, name, reason):
    commands = {"migrate": [], **ON_ANY_DATABASE, **ON_A_MIGRATED_DATABASE}
    arguments = json.dumps([[name, *options] for name, options in commands.items()])

    code, out, err = run(tmp_path, arguments, program=("-c", RUN_EACH), DATABASE_URL=url)

    assert (code, err) == (0, "")
    assert json.loads(out) == dict.fromkeys(commands, NOT_REACHED.format(name=name, reason=reason))


def test_of_every_command_of_ours_it_is_known_which_database_it_needs():
    apps = {"shuangta", "seeds", "districts", "projects", "governance"}
    ours = {each for each, app in get_commands().items() if app in apps}

    assert ours == {*ON_A_MIGRATED_DATABASE, *ON_ANY_DATABASE, *ON_NONE}


@pytest.mark.django_db
@pytest.mark.parametrize("command", ON_A_MIGRATED_DATABASE)
def test_a_command_of_ours_does_nothing_on_a_database_that_is_not_migrated(command):
    MigrationRecorder(connection).migration_qs.filter(app="shuangta").latest("pk").delete()

    with pytest.raises(CommandError) as refused:
        call_command(command, *ON_A_MIGRATED_DATABASE[command])

    assert str(refused.value) == (
        f"The database {database_name()} is not migrated; “migrate” or “serve --prepare” does it."
    )


def test_what_is_not_prepared_is_not_served(tmp_path, prepared):
    with ThreadPoolExecutor() as pool:
        unmigrated = pool.submit(run, tmp_path, "serve")
        uncollected = pool.submit(run, prepared, "serve", SHUANGTA_STATE_DIR=str(tmp_path))

    assert unmigrated.result() == (1, "", NOT_MIGRATED.format(folder=tmp_path))
    assert uncollected.result() == (1, "", NOT_COLLECTED)


def test_of_two_that_start_at_once_one_serves(prepared):
    port = free_port()
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda folder: start(folder, port), [prepared, prepared]))
    try:
        assert wait_until_served(port, both) == 200
        ended = [each for each in both if each.poll() is not None]
        assert len(ended) == 1
        assert ended[0].communicate() == ("", TAKEN_BY_US.format(port=port, next=port + 1))
    finally:
        for each in both:
            stop(each)
            each.communicate()


def test_a_server_that_is_told_to_stop_answers_what_it_has_begun(prepared):
    port = free_port()
    process = start(prepared, port)
    try:
        assert wait_until_served(port, [process]) == 200
        with socket.create_connection(("127.0.0.1", port), timeout=READY_WITHIN) as client:
            client.sendall(
                b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n"
                b"Expect: 100-continue\r\n\r\n"
            )
            answers = client.makefile("rb")
            assert answers.readline() == b"HTTP/1.1 100 Continue\r\n"  # a thread waits for the body
            client.sendall(b"usern")
            process.terminate()
            wait_until_refused(port)
            client.sendall(b"ame=x")
            assert answers.readline() == b"\r\n"
            answer = answers.readline()
        assert answer == b"HTTP/1.1 403 Forbidden\r\n"
        assert process.wait(timeout=READY_WITHIN) == 0
    finally:
        stop(process)
        process.communicate()


def test_ctrl_c_which_reaches_every_process_ends_the_server_at_once(prepared):
    port = free_port()
    process = start(prepared, port, GRANIAN_WORKERS_KILL_TIMEOUT="600")
    try:
        assert wait_until_served(port, [process]) == 200
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=READY_WITHIN)
    finally:
        stop(process)
    assert process.returncode == 0
    assert "Stopped worker-1" in out + err
