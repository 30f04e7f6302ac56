"""Real servers on one database of their own: ``with servers(2) as (first, second): …``.

The database is a new one of the kind that ``DATABASE_URL`` names: a file, or one beside that PostgreSQL's. Each
server is one process of the production server, started as ``make run`` does, at a free port of 127.0.0.1. All of
it is gone afterwards, whatever happens.
"""

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 60  # seconds
ANSWERS_WITHIN = 60  # seconds
SERVE = "-m granian --interface wsgi --workers 1 --blocking-threads 2 --no-ws --host 127.0.0.1"
MAKE_AN_EDITOR = """
from django.contrib.auth.models import User
from shuangta.models import ApiToken
print(ApiToken.issue(User.objects.create_superuser("editor"), "tests"))
"""


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Server:
    """One server process, and a key with which all may be written."""

    port: int
    environment: dict[str, str]
    key: str
    pid: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> HTTPConnection:
        """A connection that stays open from one request to the next."""
        return HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN)

    def ask(self, method, path, body=None, client=None, **headers) -> Answer:
        """Ask as the editor; a body is sent as JSON. ``if_match`` names the header If-Match."""
        own = client or self.client()
        sent = {"Accept-Language": "en", "Authorization": f"Token {self.key}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"], body = "application/json", json.dumps(body)
        try:
            try:
                own.request(method, path, body, sent)
            except BrokenPipeError:  # the server had closed it while it was idle
                own.close()
                own.request(method, path, body, sent)
            response = own.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            if client is None:
                own.close()

    def shell(self, code) -> str:
        """Run the code on the same database in a third process, and return what it prints."""
        return shell(self.environment, code)

    def manage(self, *arguments) -> str:
        """Run a command of ``manage.py`` on the same database, and return what it prints."""
        return manage(self.environment, *arguments)


@contextmanager
def servers(count: int, **environment: str) -> Iterator[tuple[Server, ...]]:
    """So many servers on one new database, ready to answer, with these settings."""
    with ExitStack() as stack:
        environment |= {"DATABASE_URL": stack.enter_context(database())}
        environment = os.environ | environment
        manage(environment, "migrate", "--verbosity", "0")
        key = shell(environment, MAKE_AN_EDITOR)
        started = [stack.enter_context(server(environment, key)) for _ in range(count)]
        yield tuple(started)


@contextmanager
def database() -> Iterator[str]:
    """The address of a new database, which is removed afterwards."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres:", "postgresql:")):
        with tempfile.TemporaryDirectory(prefix="shuangta-servers-") as folder:
            yield f"sqlite:///{folder}/registry.sqlite3"
        return
    name = f"servers_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


@contextmanager
def server(environment: dict[str, str], key: str) -> Iterator[Server]:
    """A server that is ready; it is stopped with the workers that it has started."""
    port = free_port()
    command = [sys.executable, *SERVE.split(), "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "shuangta.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        serving = Server(port, environment, key, process.pid)
        try:
            if not is_ready(serving, process):
                log.seek(0)
                raise RuntimeError(f"The server does not answer:\n{log.read().decode()}")
            yield serving
        finally:
            stop(process)


def collect_static() -> None:
    """Collect the static files unless all are; one process at a time, while servers may read them."""
    collected = ROOT / "var/static/staticfiles.json"
    collected.parent.mkdir(parents=True, exist_ok=True)
    with (collected.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(each.stat().st_mtime for each in (ROOT / "shuangta/static").rglob("*"))
        if not collected.exists() or collected.stat().st_mtime < newest:
            manage(dict(os.environ), "collectstatic", "--noinput", "--verbosity", "0")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_ready(serving: Server, process: subprocess.Popen) -> bool:
    """Wait until the server is ready; false where it has ended or takes too long."""
    given_up = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < given_up:
        try:
            return serving.ask("GET", "/readyz").status == 200
        except ConnectionError:
            time.sleep(0.1)
    return False


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def shell(environment: dict[str, str], code: str) -> str:
    return manage(environment, "shell", "--no-imports", "--command", code)


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of ``manage.py`` and return what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()
