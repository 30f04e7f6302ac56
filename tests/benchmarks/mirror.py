"""Many clients write while a mirror follows the feed: in the end it must equal the registry.

``python -m tests.benchmarks.mirror`` runs it on SQLite, ``python -m tests.postgresql python -m
tests.benchmarks.mirror`` on PostgreSQL, there with a writer that hangs for half of the time, and prints what came
of it.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from random import Random
from urllib.parse import urlencode, urlsplit

from tests.servers import ROOT, Server, servers

COMPUTED = ("stated_on", "state", "registered")
"""What is computed from other rows and no part of the feed."""

MAKE_ROWS = """
from tests.factories import CitationFactory, PassageFactory, ProjectFactory, SectorFactory, DistrictFactory
passages = [PassageFactory(code=f"m-passage-{n}") for n in range(6)]
district = DistrictFactory(code="980002")
sectors = [SectorFactory(code=f"m-sector-{n}") for n in range(6)]
projects = [ProjectFactory(code=f"m-project-{n}", district=district) for n in range(12)]
def cite(about, field, value, n):
    CitationFactory(about=about, field=field, value=value, passage=passages[n % 6])
for n, row in enumerate([*sectors, *projects]):
    cite(row, "name", row.name, n)
for n, project in enumerate(projects):
    project.sectors.set(sectors[n % 6 :])
    cite(project, "district", district.pk, n)
    for place, sector in enumerate(sectors):
        cite(project, "sectors", sector.pk, n + place)
"""
HANG = """
from django.db import transaction
from tests.factories import SectorFactory
with transaction.atomic():
    SectorFactory(code="{code}")
    print("written", flush=True)
    input()
"""


class Mirror:
    """A copy of what anybody sees, kept by the feed alone."""

    def __init__(self, server: Server):
        self.server, self.rows, self.since = server, {}, None
        self.entries, self.pages = 0, 0

    def follow(self) -> None:
        """Read on, up to where the feed stands now."""
        asked = {"expand": "record", "page_size": 200}
        address = (
            f"/api/v1/changes/?{urlencode(asked | ({'since': self.since} if self.since else {}))}"
        )
        while address:
            page = ask(self.server, address)
            for entry in page["results"]:
                self.take(entry)
            self.since, self.pages = page["since"], self.pages + 1
            following = page["next"] and urlsplit(page["next"])
            address = following and f"{following.path}?{following.query}"

    def take(self, entry: dict) -> None:
        self.entries += 1
        row = (entry["resource"], entry["code"])
        if entry["record"] is None or entry["kind"] == "removed":
            self.rows.pop(row, None)
        else:
            self.rows[row] = entry["record"]


def ask(server: Server, path: str) -> dict:
    """What anybody is answered."""
    with closing(server.client()) as client:
        client.request("GET", path, headers={"Accept-Language": "en"})
        response = client.getresponse()
        body = response.read()
    if response.status != 200:
        raise RuntimeError(body.decode())
    return json.loads(body)


def registry(server: Server) -> dict:
    """All that anybody sees in the lists."""
    rows = {}
    for resource, address in ask(server, "/api/v1/").items():
        path = urlsplit(address).path
        if not is_list(resource):
            continue
        following = f"{path}?page_size=1000"
        while following:
            page = ask(server, following)
            for row in page["results"]:
                stated = {name: value for name, value in row.items() if name not in COMPUTED}
                rows[resource, row.get("code", row.get("id"))] = stated
            rest = page["next"] and urlsplit(page["next"])
            following = rest and f"{rest.path}?{rest.query}"
    return rows


def is_list(resource: str) -> bool:
    return resource not in ("docs", "schema", "search", "changes")


def write(serving: tuple[Server, ...], number: int, until: float) -> Counter:
    """One client, which writes at random until then, each time at one of the servers."""
    random, statuses, made = Random(number), Counter(), 0  # noqa: S311
    while time.monotonic() < until:
        made += 1
        method, path, body = random_write(random, f"{number}-{made}")
        answer = random.choice(serving).ask(method, f"/api/v1/{path}", body)
        statuses[f"{method} {answer.status}"] += 1
        if answer.status == 503:
            time.sleep(float(answer.headers["Retry-After"]))
    return statuses


def random_write(random: Random, name: str) -> tuple:
    """A method, a path and a body: rows are changed, published and withdrawn, cited, made and deleted."""
    project = f"m-project-{random.randrange(12)}"
    sector, passage = f"m-sector-{random.randrange(6)}", f"m-passage-{random.randrange(6)}"
    row = random.choice([f"projects/{project}/", f"sectors/{sector}/", f"passages/{passage}/"])
    citation = {
        "record_type": "projects.project",
        "record": project,
        "field": "note",
        "position": random.randrange(30_000),
        "passage": passage,
        "quote": "示例",
        "value": name,
    }
    listed = [f"m-sector-{n}" for n in range(6) if random.random() < 0.5]
    code = f"m-made-{name}"
    return random.choice(
        [
            ("PATCH", row, {"note": name}),
            ("PATCH", row, {"is_published": False}),
            ("PATCH", row, {"is_published": True}),
            ("PATCH", row, {"is_published": True}),
            ("PATCH", f"projects/{project}/", {"sectors": listed}),
            ("POST", "citations/", citation),
            ("PATCH", f"citations/{random.randrange(1, 160)}/", {"passage": passage}),
            ("DELETE", f"citations/{random.randrange(100, 300)}/", None),
            ("POST", "indicators/", indicator(code, is_published=random.random() < 0.7)),
            ("POST", "indicators/", [indicator(f"{code}-{n}", True) for n in range(4)]),
            ("DELETE", f"indicators/?code__startswith=m-made-{name[0]}&max_affected=50", None),
            ("PATCH", f"{row}?dry_run=true", {"note": "Never."}),
        ]
    )


def indicator(code: str, is_published: bool) -> dict:
    return {
        "code": code,
        "name": code,
        "unit": "person",
        "kind": "count",
        "is_published": is_published,
    }


@contextmanager
def hanging_writer(server: Server, code: str):
    """A process that has made a published sector and does not commit before the end."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command"]
    with subprocess.Popen(
        [*command, HANG.format(code=code)],
        cwd=ROOT,
        env=server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            if process.stdout.readline() != "written\n":
                raise RuntimeError("The writer has written nothing.")
            yield
        finally:
            process.communicate("\n")


def keep_mirror(serving: tuple[Server, ...], clients: int, seconds: float) -> tuple:
    """Let the clients write for so long while a mirror follows; the mirror, and how often each write was answered."""
    mirror = Mirror(serving[0])
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(clients) as pool:
        writers = [pool.submit(write, serving, number, until) for number in range(clients)]
        while not all(writer.done() for writer in writers):
            mirror.follow()
        statuses = sum((writer.result() for writer in writers), Counter())
    mirror.follow()
    return mirror, statuses


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    with servers(chosen.servers) as serving:
        serving[0].shell(MAKE_ROWS)
        if serving[0].environment["DATABASE_URL"].startswith("postgres"):
            with hanging_writer(serving[0], "m-hanging"):
                first, some = keep_mirror(serving, chosen.clients, chosen.seconds / 2)
                behind = len(first.rows.keys() ^ registry(serving[0]).keys())
                sys.stdout.write(
                    f"{first.entries:,} entries while a writer hung, {behind} rows behind\n"
                )
            mirror, statuses = keep_mirror(serving, chosen.clients, chosen.seconds / 2)
            first.follow()
            mirrors, statuses = [first, mirror], some + statuses
        else:
            mirror, statuses = keep_mirror(serving, chosen.clients, chosen.seconds)
            mirrors = [mirror]
        rows = registry(serving[0])
    for status, times in sorted(statuses.items()):
        sys.stdout.write(f"{status}: {times:,}\n")
    for each in mirrors:
        sys.stdout.write(
            f"{each.entries:,} entries in {each.pages:,} pages; the mirror holds {len(each.rows):,} "
            f"rows, the registry {len(rows):,}; equal: {each.rows == rows}\n"
        )
    sys.exit(any(each.rows != rows for each in mirrors))


if __name__ == "__main__":
    main()
