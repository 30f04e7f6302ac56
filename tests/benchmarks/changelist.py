"""Times the admin's list of observations with 100 and with 1,000,000 of them, in one run.

``python -m tests.benchmarks.changelist`` runs it on SQLite, ``python -m tests.postgresql python -m
tests.benchmarks.changelist`` on PostgreSQL. Two servers, each with a new database of its own that is removed
afterwards, are asked for the same page in turn, so that whatever else the machine does hinders both; each time is
the median until the first byte. The million are copies of the hundred, written below the models; the rare ones
among them stand at the end, where a walk through the table finds them last.
"""

import argparse
import json
import sys
from contextlib import closing
from statistics import median
from time import perf_counter

from tests.servers import Server, servers

ADDRESS = "/admin/districts/observation/"
FEW = 100
RARE = 5
PAGES = {
    "first page": "",
    "page 2, by its link": "{second}",
    "a page in the middle": "?p={middle}",
    "last page": "?p=before.",
    "common status": "?status__exact=actual",
    "rare status": "?status__exact=planned",
    "common indicator": "?indicator__code__exact=indicator-0",
    "rare indicator": "?indicator__code__exact=indicator-9",
    "common indicator, rare status": "?indicator__code__exact=indicator-0&status__exact=planned",
    "type of subject": "?subject_type__id__exact={district}",
    "rare type of subject": "?subject_type__id__exact={indicator}",
    "published": "?is_published__exact=1",
    "by indicator": "?o=1",
    "by the lower bound": "?o=-4",
    "by status": "?o=7",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=21, help="that each page is asked for")
    chosen = parser.parse_args()
    with servers(1) as (few,), servers(1) as (many,):
        known = [prepared(few, FEW), prepared(many, chosen.rows)]
        sys.stdout.write(f"{'milliseconds with':32} {FEW:>9,} {chosen.rows:>9,} observations\n")
        for name, query in PAGES.items():
            one, other = medians([few, many], query, known, chosen.times)
            sys.stdout.write(f"{name:32} {one:9.1f} {other:9.1f}   {other / one:5.2f} times\n")
            sys.stdout.flush()


def prepared(server: Server, rows: int) -> dict:
    """What the addresses of a server's pages are made of, once it has so many observations."""
    module = "tests.benchmarks.changelist"
    return json.loads(server.shell(f"from {module} import *; make_few(); fill({rows}); tell()"))


def medians(serving: list[Server], query: str, known: list[dict], times: int) -> list[float]:
    """The median time of the page on each server, all of them asked in turn."""
    took = [[] for _ in serving]
    for turn in range(times + 1):
        for server, own, results in zip(serving, known, took, strict=True):
            result = first_byte(server, ADDRESS + query.format(**own), own["session"])
            if turn:  # the first request reads the program and the pages of the database
                results.append(result)
    return list(map(median, took))


def first_byte(server: Server, path: str, session: str) -> float:
    """How long the first byte of the page takes, in milliseconds."""
    with closing(server.client()) as client:
        client.connect()
        begin = perf_counter()
        client.request("GET", path, headers={"Cookie": f"sessionid={session}"})
        response = client.getresponse()
        took = perf_counter() - begin
        response.read()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return took * 1000


def make_few():
    """The first observations: most alike, the last few rare in every way."""
    from districts.models import District, Indicator, Observation
    from shuangta.records.models import record_type

    for number in range(10):
        code = f"indicator-{number}"
        Indicator.objects.create(code=code, name=f"示例{number}", unit="个", kind="count")
    district = District.objects.create(code="990000", name="示例区", level="county")
    Observation.objects.bulk_create(
        Observation(
            code=f"{'z' if rare else 'a'}-{number:03}",
            indicator_id="indicator-9" if rare else f"indicator-{number % 3}",
            subject_type=record_type("districts.indicator" if rare else "districts.district"),
            subject="indicator-9" if rare else district.pk,
            period_label="2020年",
            low=number,
            wording=f"{number}个",
            status="planned" if rare else "target" if number % 3 else "actual",
            is_published=number % 10 > 0,
        )
        for number in range(FEW)
        for rare in [number >= FEW - RARE]
    )


def fill(rows):
    """Copy all but the rare ones, nine times all that there are, until there are so many."""
    from django.db import connection

    from districts.models import Observation

    columns = [field.column for field in Observation._meta.concrete_fields]
    values = [column if column != "code" else "code || %s" for column in columns]
    with connection.cursor() as cursor:
        for round_name in "bcdefgh":
            for digit in range(9):
                missing = rows - Observation.objects.count()
                if missing:
                    cursor.execute(
                        f"INSERT INTO districts_observation ({', '.join(columns)}) "  # noqa: S608
                        f"SELECT {', '.join(values)} FROM districts_observation "
                        "WHERE code < 'z' AND code NOT LIKE %s LIMIT %s",
                        [f"-{round_name}{digit}", f"%-{round_name}_", missing],
                    )
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # as it does by itself before long


def tell():
    """Print what the addresses of the pages are made of, with the session of one who may see them."""
    from django.contrib.auth.models import User
    from django.test import Client

    from districts.models import Observation
    from shuangta.records.models import record_type

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="editor"))
    changelist = client.get(ADDRESS).context_data["cl"]
    rows = Observation.objects.order_by("code")
    known = {
        "session": client.cookies["sessionid"].value,
        "second": changelist.links["after"] or "",
        "middle": changelist.keyset.encode(rows[rows.count() // 2]),
        "district": record_type("districts.district").pk,
        "indicator": record_type("districts.indicator").pk,
    }
    sys.stdout.write(json.dumps(known))


if __name__ == "__main__":
    main()
