"""``python -m tests.malformed``: send a real server requests that no well-behaved client makes.

Each is made from a seed, so the same seed makes the same requests: the wrong bytes in the address, the query, every
header and the body, from nobody, from an editor with a token, and from an administrator with a session. None may
be answered with a server error, none may cost a second of the server's processor, and the server must live on.
"""

import argparse
import json
import os
import random
import socket
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

from tests.odd_values import (
    BYTES,
    CHARSETS,
    CONTENT_TYPES,
    COOKIES,
    DOCUMENTS,
    FIELDS,
    HEADERS,
    METHODS,
    MOMENTS,
    NUMBERS,
    PARAMETERS,
    PART_HEADERS,
    PATHS,
    VALUES,
    VALUES_OF_JSON,
)
from tests.servers import Server, manage, servers

MAX_SECONDS = 1.0
WAITS_FOR = 3  # seconds; a server waits for the rest of a body that is announced as longer
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
START_SESSION = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username="editor"))
sys.stdout.write(client.cookies["sessionid"].value)
"""
CSRF = "k" * 32


@dataclass(frozen=True)
class Request:
    """What goes over the wire, and who sends it."""

    method: str
    target: bytes
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes = b""
    sender: str = "nobody"
    announces_length: bool = field(default=True)

    def with_header(self, name: str, value: bytes) -> "Request":
        return replace(self, headers=(*self.headers, (name, value)))

    def to_bytes(self, key: str, session: str, port: int) -> bytes:
        headers = [*self.headers]
        names = {name.lower() for name, _value in headers}
        if "host" not in names:
            headers.insert(0, ("Host", f"127.0.0.1:{port}".encode()))
        if self.announces_length and (self.body or self.method not in ("GET", "HEAD")):
            headers.append(("Content-Length", str(len(self.body)).encode()))
        if self.sender == "editor" and "authorization" not in names:
            headers.append(("Authorization", f"Token {key}".encode()))
        if self.sender == "administrator" and "cookie" not in names:
            headers.append(("Cookie", f"sessionid={session}; csrftoken={CSRF}".encode()))
            headers.append(("X-CSRFToken", CSRF.encode()))
        lines = [self.method.encode() + b" " + self.target + b" HTTP/1.1"]
        lines += [name.encode() + b": " + value for name, value in headers]
        return b"\r\n".join([*lines, b"Connection: close", b"", self.body])


class Generator:
    """Makes one malformed request after another."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)  # noqa: S311
        self.kinds: list[Callable[[], Request]] = [
            self.with_charset,
            self.with_bad_path,
            self.with_bad_query,
            self.with_many_parameters,
            self.with_bad_header,
            self.with_long_header,
            self.with_bad_cookie,
            self.with_bad_length,
            self.with_bad_json,
            self.with_bad_row,
            self.with_bad_form,
            self.with_bad_parts,
            self.with_bad_method,
            self.with_several,
        ]

    def requests(self, count: int) -> Iterator[Request]:
        """Yield so many, each kind as often as any other."""
        for number in range(count):
            yield self.kinds[number % len(self.kinds)]()

    def pick(self, *choices):
        return self.random.choice(choices)

    def start(self, method: str = "GET") -> Request:
        sender = self.pick("nobody", "editor", "administrator")
        return Request(method, self.random.choice(PATHS).encode(), sender=sender)

    def odd_bytes(self) -> bytes:
        parts = [self.random.choice(BYTES) for _ in range(self.random.randint(1, 4))]
        return b"".join([*parts, self.pick(b"", b"a", "万".encode(), b"A" * 5000)])

    def odd_header(self) -> bytes:
        """Bytes that stay in their line; the server’s own parser refuses most others."""
        value = self.pick(self.odd_bytes(), self.random.choice(VALUES).encode("latin-1"))
        return value.replace(b"\r", b"").replace(b"\n", b"")

    def odd_text(self) -> str:
        return self.pick(
            self.random.choice(NUMBERS),
            self.random.choice(MOMENTS),
            quote_from_bytes(self.odd_bytes()),
            ",".join(self.random.choices(["", "name", "-name", "stage", "x", "%00"], k=3)),
            "a" * self.random.choice([1001, 7000]),
            "%2C".join(["x"] * 600),
        )

    def query(self) -> bytes:
        names = self.random.choices(PARAMETERS, k=self.random.randint(1, 3))
        return "&".join(f"{name}={self.odd_text()}" for name in names).encode()

    def content_type(self) -> bytes:
        charset = self.pick(*CHARSETS, "%00", "x" * 3000, "\u00e9")
        kind = self.pick("application/json", "application/x-www-form-urlencoded", "text/html")
        kind = self.pick(kind, kind, "multipart/form-data; boundary=x")
        quoted = self.pick(charset, f'"{charset}"', f"'{charset}'", f" {charset} ")
        name = self.pick("charset", "charset", "CHARSET", "charset*0")
        return f"{kind}; {name}={quoted}".encode("latin-1")

    def with_charset(self) -> Request:
        request = self.start(self.pick("GET", "GET", "POST", "PATCH", "DELETE", "OPTIONS"))
        query = self.pick(b"", b"name__contains=%E4%B8%87", self.query())
        request = replace(request, target=request.target + b"?" + query)
        if request.method in ("POST", "PATCH"):
            request = replace(
                request, body=self.pick(b"", b"{}", b"a=b", self.random.choice(DOCUMENTS))
            )
        odd = self.pick(True, False) and self.random.choice(CONTENT_TYPES).encode("latin-1")
        return request.with_header("Content-Type", odd or self.content_type())

    def with_bad_path(self) -> Request:
        base = self.random.choice(PATHS).encode()
        odd = self.pick(
            quote_from_bytes(self.odd_bytes(), safe="/%").encode(),
            self.odd_header().replace(b" ", b""),
        )
        place = self.random.randrange(1, len(base) + 1)
        target = base[:place] + odd + base[place:]
        return replace(self.start(self.pick("GET", "POST", "DELETE")), target=target or b"/")

    def with_bad_query(self) -> Request:
        request = self.start(self.pick("GET", "GET", "GET", "DELETE", "POST"))
        raw = self.odd_header().replace(b" ", b"%20").replace(b"\x00", b"")
        return replace(
            request, target=request.target + b"?" + self.pick(self.query(), self.query(), raw)
        )

    def with_many_parameters(self) -> Request:
        name = self.random.choice(PARAMETERS)
        count = self.random.choice([2, 50, 300, 3000])
        pairs = [
            f"{name}{self.pick('', '', number)}={self.random.choice(NUMBERS)}"
            for number in range(count)
        ]
        request = self.start()
        return replace(
            request, target=request.target + b"?" + quote("&".join(pairs), safe="&=").encode()
        )

    def with_bad_header(self) -> Request:
        request = self.start(self.pick("GET", "GET", "POST", "PATCH", "OPTIONS"))
        for _ in range(self.random.randint(1, 3)):
            request = request.with_header(self.random.choice(HEADERS), self.odd_header())
        return request

    def with_long_header(self) -> Request:
        unit = self.pick(
            b"a",
            b"zh-Hans;q=0.1,",
            b"a=b;",
            b'"',
            b"text/csv;q=0.1,",
            b"1.1.1.1,",
            b"\xe4",
            b'W/"a",',
        )
        value = (unit * 10_000)[: self.random.choice([1000, 10_000, 60_000])]
        return self.start(self.pick("GET", "POST")).with_header(self.random.choice(HEADERS), value)

    def with_bad_cookie(self) -> Request:
        request = replace(
            self.start(self.pick("GET", "POST")), sender=self.pick("nobody", "editor")
        )
        return request.with_header("Cookie", self.random.choice(COOKIES))

    def with_bad_length(self) -> Request:
        request = replace(self.start("POST"), body=b"{}", announces_length=False)
        name = self.pick("Content-Length", "Content-Length", "Transfer-Encoding")
        value = self.pick(
            b"-1",
            b"abc",
            b"",
            b"1e1",
            b"0x2",
            b"2, 2",
            b" 2",
            b"+2",
            b"1",
            b"0",
            b"chunked, x",
            b"x",
        )
        return request.with_header(name, value).with_header("Content-Type", b"application/json")

    def writing(self) -> Request:
        path = self.pick(
            "projects/",
            "observations/",
            "citations/",
            "documents/",
            "declared-counts/",
            "districts/",
        )
        target = f"/api/v1/{path}?dry_run={self.pick('true', 'false')}".encode()
        request = Request(self.pick("POST", "POST", "PUT", "PATCH"), target, sender="editor")
        if request.method != "POST":
            request = replace(request, target=b"/api/v1/projects/211302-wanda-project/")
        return request.with_header("Content-Type", b"application/json")

    def with_bad_json(self) -> Request:
        document = self.random.choice(DOCUMENTS)
        place = self.random.randrange(len(document) + 1)
        mangled = document[:place] + self.odd_bytes() + document[place:]
        return replace(self.writing(), body=self.pick(document, mangled))

    def with_bad_row(self) -> Request:
        names = self.random.sample(FIELDS, k=self.random.randint(1, 4))
        row = {name: self.random.choice(VALUES_OF_JSON) for name in names}
        return replace(
            self.writing(), body=json.dumps(self.pick(row, row, [row], [row, row])).encode()
        )

    def with_bad_form(self) -> Request:
        path = self.pick(
            "/admin/login/",
            "/admin/projects/project/add/",
            "/admin/projects/project/",
            "/i18n/setlang/",
        )
        names = self.random.sample(
            [*FIELDS, "username", "password", "action", "_selected_action", "next"], k=4
        )
        body = "&".join(f"{name}={self.odd_text()}" for name in names).encode()
        request = Request(
            "POST", path.encode(), body=body, sender=self.pick("administrator", "nobody")
        )
        return request.with_header("Content-Type", b"application/x-www-form-urlencoded")

    def with_bad_parts(self) -> Request:
        parts = []
        for _ in range(self.random.randint(1, 3)):
            heading = self.random.choice(PART_HEADERS).replace(
                "{charset}", self.random.choice(CHARSETS)
            )
            parts.append(b"--x\r\n" + heading.encode() + b"\r\n\r\n" + self.odd_bytes() + b"\r\n")
        body = b"".join(parts) + self.pick(b"--x--\r\n", b"--x", b"", b"--x--" * 3)
        path = self.pick(
            "/admin/projects/project/add/",
            "/admin/projects/project/import/",
            "/admin/login/",
            "/api/v1/projects/",
        )
        kind = self.pick(
            b"multipart/form-data; boundary=x", self.random.choice(CONTENT_TYPES).encode("latin-1")
        )
        request = Request("POST", path.encode(), body=body, sender="administrator")
        return request.with_header("Content-Type", kind)

    def with_bad_method(self) -> Request:
        letters = "".join(
            self.random.choices(string.ascii_letters + "-_!~", k=self.random.choice([1, 7, 300]))
        )
        return self.start(self.pick(*METHODS, letters))

    def with_several(self) -> Request:
        """All of it at once, on one request."""
        request = self.with_bad_header()
        request = replace(request, target=request.target + b"?" + self.query())
        return request.with_header("Content-Type", self.content_type())


def make_session(server: Server) -> str:
    """Start a session of the server’s administrator, and return its key."""
    return server.shell(START_SESSION)


def send(server: Server, request: Request, session: str) -> int:
    """The status that the server answers; 0 where it closes the connection, or waits for more."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=WAITS_FOR) as connection:
        try:
            connection.sendall(request.to_bytes(server.key, session, server.port))
            with connection.makefile("rb") as answer:
                line = answer.readline()
                answer.read()
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            return 0
    return int(line.split()[1]) if line.startswith(b"HTTP/") else 0


def processor_seconds(pid: int) -> float:
    """What the process and its children have used so far; Linux alone tells it this way."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for each in (pid, *children):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / CLOCK_TICKS


def main() -> int:
    """Return 0 where no answer was a server error and none cost too much."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same requests")
    options = parser.parse_args()
    statuses, dearest, failures = Counter(), 0.0, 0
    with servers(1) as (server,):
        manage(server.environment, "seed", "--fresh")
        session = make_session(server)
        warm_up(server)
        for request in Generator(options.seed).requests(options.count):
            before = processor_seconds(server.pid)
            status = send(server, request, session)
            seconds = processor_seconds(server.pid) - before
            statuses[status] += 1
            dearest = max(dearest, seconds)
            if seconds > MAX_SECONDS or status >= 500:
                failures += 1
                sys.stdout.write(f"{status} after {seconds:.2f} s: {str(request)[:1500]}\n")
        is_alive = server.ask("GET", "/readyz").status == 200
    answers = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    sys.stdout.write(
        f"{options.count} requests ({answers}), {failures} failures, the dearest {dearest:.2f} s.\n"
    )
    return 0 if is_alive and not failures else 1


def warm_up(server: Server) -> None:
    """Ask for what a process makes once in each language and keeps."""
    for language in ("en", "zh-hans", "zh-hant"):
        for path in ("/api/v1/projects/", "/api/v1/schema/", "/admin/login/"):
            server.ask("GET", path, Accept_Language=language)


if __name__ == "__main__":
    sys.exit(main())
