"""Many clients count one record up, over several server processes: no increment may be lost.

``python -m tests.benchmarks.increments`` runs it on SQLite, ``python -m tests.postgresql python -m
tests.benchmarks.increments`` on PostgreSQL, and prints what came of it.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import cycle

from tests.servers import Server, servers

DISTRICT = {"code": "980001", "name": "示例区", "level": "county"}
TEAM = {"code": "980001-team", "name": "示例队", "district": "980001", "member_count": 0}
ADDRESS = "/api/v1/volunteer-teams/980001-team/"


def make_record(server: Server) -> None:
    """Make the record that is counted up, from 0."""
    for resource, body in (("districts", DISTRICT), ("volunteer-teams", TEAM)):
        answer = server.ask("POST", f"/api/v1/{resource}/", body)
        if answer.status != 201:
            raise RuntimeError(answer.body.decode())


def increment(serving: tuple[Server, ...], clients: int, seconds: float) -> Counter:
    """Let the clients count the record up for so long; returns how often each status answered a change."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(clients) as pool:
        tallies = pool.map(lambda number: count_up(serving, number, until), range(clients))
        return sum(tallies, Counter())


def count_up(serving: tuple[Server, ...], number: int, until: float) -> Counter:
    """One client: it reads the record and writes one more over what it read, each at the next server."""
    statuses = Counter()
    first = number % len(serving)
    with ExitStack() as stack:
        turns = [
            (server, stack.enter_context(closing(server.client())))
            for server in serving[first:] + serving[:first]
        ]
        asking = cycle(turns)
        while time.monotonic() < until:
            server, client = next(asking)
            seen = server.ask("GET", ADDRESS, client=client)
            server, client = next(asking)
            more = {"member_count": seen.json()["member_count"] + 1}
            answer = server.ask("PATCH", ADDRESS, more, client, if_match=seen.headers["ETag"])
            statuses[answer.status] += 1
            if answer.status == 503:
                time.sleep(float(answer.headers["Retry-After"]))
    return statuses


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    with servers(chosen.servers) as serving:
        make_record(serving[0])
        statuses = increment(serving, chosen.clients, chosen.seconds)
        record = serving[0].ask("GET", ADDRESS).json()
    made, found = statuses[200], record["member_count"]
    for status, times in sorted(statuses.items()):
        sys.stdout.write(f"{status}: {times:,} ({times / chosen.seconds:.1f}/s)\n")
    sys.stdout.write(f"{made:,} increments, the record holds {found:,}\n")
    sys.exit(made != found)


if __name__ == "__main__":
    main()
