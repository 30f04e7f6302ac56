"""Times exports, and how much memory they take: ``DATABASE_URL=… python -m tests.benchmarks.export [--rows 100000]``.

The database must be a throw-away one: it is migrated and filled with made-up observations, of which every
tenth is cited; one that is filled already is only read. Each format is asked for in a process of its own, through
the whole application but no server; ``memory`` is by how much the export raised the peak of that process.
"""

import argparse
import os
import resource
from datetime import date
from multiprocessing import get_context
from time import perf_counter, process_time

import django
from django.core.management import call_command
from django.db import connection

ADDRESS = "/api/v1/observations/"
CODE = "990000-observation-{:04}-{:03}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--formats", default="ndjson,csv,xlsx")
    options = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        parser.error("DATABASE_URL must name a throw-away database.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuangta.settings"
    print(apart(fill, options.rows), flush=True)  # noqa: T201
    for file_format in options.formats.split(","):
        print(apart(exported, file_format), flush=True)  # noqa: T201


def apart(function, argument):
    """What the function returns, called in a process of its own, which begins with a small peak."""
    with get_context("spawn").Pool(1, initializer=django.setup) as process:
        return process.apply(function, [argument])


def fill(rows):
    """Make the observations where there are none; returns what there is."""
    from districts.models import Observation
    from seeds.models import Citation

    call_command("migrate", verbosity=0)
    if not Observation.objects.exists():
        make_a_thousand()
        for number in range(1, rows // 1000):
            copy_of_thousand(Observation, "code", number)
            copy_of_thousand(Citation, "record", number)
    return f"{connection.vendor}, {Observation.objects.count():,} observations"


def make_a_thousand():
    """A thousand observations, of which every tenth is cited."""
    from districts.models import District, Indicator, Observation
    from seeds.models import Article, Citation, Document, Passage
    from shuangta.records.models import record_type

    district = District.objects.create(code="990000", name="示例区", level="county")
    indicator = Indicator.objects.create(code="things", name="示例", unit="个", kind="count")
    document = Document.objects.create(
        code="page",
        title="示例版",
        kind="newspaper_page",
        text="示例12.5个",
        published_on=date(2021, 5, 13),
    )
    article = Article.objects.create(code="article", document=document, position=1, kind="feature")
    passage = Passage.objects.create(
        code="passage", article=article, position=1, kind="body", text=document.text, start=0
    )
    observations = [
        Observation(
            code=CODE.format(0, number),
            indicator=indicator,
            subject_type=record_type("districts.district"),
            subject=district.pk,
            period_start=date(2020, 1, 1),
            period_end=date(2020, 12, 31),
            period_label="2020年",
            low="12.5",
            wording="12.5个",
            status="actual",
            is_published=True,
        )
        for number in range(1000)
    ]
    Observation.objects.bulk_create(observations)
    Citation.objects.bulk_create(
        Citation(cited=row, field="low", passage=passage, quote="12.5个", start=2, value="12.5")
        for row in observations[::10]
    )


def copy_of_thousand(model, key, number):
    """The first thousand once more, under other codes, below the ways of writing that keep a history."""
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    values = [column if column != key else f"%s || substr({key}, %s)" for column in columns]
    begin = len(CODE.format(0, 0)) - 3
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608
            f"SELECT {', '.join(values)} FROM {model._meta.db_table} WHERE {key} < %s",
            [CODE.format(number, 0)[: begin - 1], begin, CODE.format(1, 0)],
        )


def exported(file_format):
    """What one export took, in a line."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.get(ADDRESS, {"format": file_format, "code": CODE.format(0, 0)}).getvalue()
    peak, began, cpu, size = peak_memory(), perf_counter(), process_time(), 0
    response = client.get(ADDRESS, {"format": file_format})
    assert response.status_code == 200, response.content.decode()
    first = None
    for part in response.streaming_content:
        first = first or perf_counter() - began
        size += len(part)
    seconds = perf_counter() - began
    return (
        f"{file_format:7} {seconds:7.1f} s ({process_time() - cpu:.1f} s of processor)   first byte {first:7.2f} s   "
        f"{size / 1e6:8.1f} MB   memory +{peak_memory() - peak:.1f} MB"
    )


def peak_memory():
    """The peak of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
