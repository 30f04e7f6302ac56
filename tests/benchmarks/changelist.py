"""Times the admin's list of observations with 100 and with 1,000,000 of them, in one run.

``python -m tests.benchmarks.changelist`` runs it on SQLite, ``python -m tests.postgresql python -m
tests.benchmarks.changelist`` on PostgreSQL, on a new database that is removed afterwards. Each time is the median
until the page is made, before which no byte of it is sent. The million are copies of the hundred, written below
the models; the rare ones among them stand at the end, where a walk through the table finds them last.
"""

import argparse
import os
import sys
from statistics import median
from time import perf_counter

import django
from django.core.management import call_command

from tests.servers import database

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
    parser.add_argument("--times", type=int, default=11, help="that each page is asked for")
    chosen = parser.parse_args()
    with database() as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "shuangta.settings"}
        django.setup()
        call_command("migrate", verbosity=0)
        make_few()
        few = measured(chosen.times)
        fill(chosen.rows)
        report(few, measured(chosen.times), chosen.rows)
        django.db.connections.close_all()


def make_few():
    """The first observations: most alike, the last few rare in every way."""
    from districts.models import District, Indicator, Observation
    from shuangta.models import record_type

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
    begin = perf_counter()
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
    tell(f"{Observation.objects.count():,} observations in {perf_counter() - begin:.0f} s.")


def measured(times):
    """The median time of each page in milliseconds."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    user, _is_new = User.objects.get_or_create(username="editor", is_staff=True, is_superuser=True)
    client.force_login(user)
    known = known_in(client.get(ADDRESS))  # the first request reads the program
    return {
        name: median(time_of(client, ADDRESS + query.format(**known)) for _ in range(times))
        for name, query in PAGES.items()
    }


def known_in(response):
    """What the addresses of the pages are made of."""
    from districts.models import Observation
    from shuangta.models import record_type

    changelist = response.context_data["cl"]
    rows = Observation.objects.order_by("code")
    middle = rows[rows.count() // 2]
    return {
        "second": changelist.links["after"] or "",
        "middle": changelist.keyset.encoded(middle),
        "district": record_type("districts.district").pk,
        "indicator": record_type("districts.indicator").pk,
    }


def time_of(client, address):
    begin = perf_counter()
    response = client.get(address)
    took = perf_counter() - begin
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return took * 1000


def report(few, many, rows):
    from django.db import connection

    tell(f"{connection.vendor}: milliseconds with {FEW} rows and with {rows:,}")
    for name, time in few.items():
        tell(f"{name:32} {time:8.1f} {many[name]:8.1f}   {many[name] / time:6.2f} times")


def tell(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
