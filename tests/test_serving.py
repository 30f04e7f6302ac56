"""One server at a port: whoever comes second is told so, before anything is done."""

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

from shuangta.operations.ports import PortError, claim_port
from tests.servers import READY_WITHIN, free_port, stop

TAKEN_BY_ANOTHER = (
    "CommandError: Port {port} of {address} is taken by another program. "
    "Nothing was started; PORT={next} takes the next.\n"
)
TAKEN_BY_US = (
    "CommandError: Port {port} is taken by another server of the registry. "
    "Nothing was started; PORT={next} takes the next.\n"
)


NOT_REACHED = "The database that DATABASE_URL names ({name}) cannot be reached: {reason}.\n"
NOT_MIGRATED = (
    "CommandError: The database {folder}/registry.sqlite3 is not migrated; "
    "“migrate” or “serve --prepare” does it.\n"
)
NOT_COLLECTED = (
    "CommandError: The static files are not collected; "
    "“collectstatic” or “serve --prepare” does it.\n"
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder with a migrated database and the static files."""
    folder = tmp_path_factory.mktemp("prepared")
    for command in ("migrate", "collectstatic"):
        run(folder, command, "--noinput")
    return folder


def run(folder, *command, **environment):
    """Run a command on the database in the folder; how it ends, with what it prints to either side."""
    process = start(folder, free_port(), *command, **environment)
    out, err = process.communicate(timeout=READY_WITHIN)
    return process.returncode, out, err


def start(folder, port, command="serve", *options, **environment):
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
        [sys.executable, "manage.py", command, *options],
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
            time.sleep(0.2)
    return None


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
@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_database_that_cannot_be_reached_is_named_in_a_sentence(
    tmp_path, command, url, name, reason
):
    said = NOT_REACHED.format(name=name, reason=reason)

    assert run(tmp_path, command, DATABASE_URL=url) == (1, "", said)


def test_what_is_not_prepared_is_not_served(tmp_path, prepared):
    assert run(tmp_path, "serve") == (1, "", NOT_MIGRATED.format(folder=tmp_path))
    assert run(prepared, "serve", SHUANGTA_STATE_DIR=str(tmp_path)) == (1, "", NOT_COLLECTED)


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
                b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nusern"
            )
            time.sleep(1)  # so that a thread waits for the rest
            process.terminate()
            time.sleep(1)
            client.sendall(b"ame=x")
            answer = client.makefile("rb").readline()
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
