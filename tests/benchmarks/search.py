"""Times two-character searches: ``DATABASE_URL=… python -m tests.benchmarks.search [--rows 200000]``.

The database must be a throw-away one: it is migrated and filled with made-up projects, whose names are
put together from the words of the first page; one that is filled already is only asked. The digest is that
of all codes answered, in order: it is the same whichever database answers.
"""

import argparse
import os
import random
import re
import sys
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone
from opencc import OpenCC

FACES = ("/api/v1/search/?q=", "/api/v1/projects/search/?q=", "/api/v1/projects/?search=")
ROWS_AT_ONCE = 2000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--queries", type=int, default=15, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        parser.error("DATABASE_URL must name a throw-away database.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuangta.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    words = words_of_the_page()
    fill(random.Random(options.seed), words, options.rows)  # noqa: S311
    report(asked(random.Random(options.seed), words, options.queries))  # noqa: S311


def words_of_the_page():
    """Pairs of characters of the page in simplified form, as often as they stand there."""
    from shuangta.text.folding import fold

    [page] = Path(settings.BASE_DIR, "seeds", "documents").glob("*.txt")
    runs = re.findall(r"[^\W_a-z0-9]+", fold(page.read_text("utf-8")))
    return [run[start : start + 2] for run in runs for start in range(0, len(run) - 1, 2)]


def fill(chance, words, rows):
    """Make the projects, and then let search know of them."""
    from districts.models import District
    from projects.models import Project
    from shuangta.operations import consistency

    if Project.objects.exists():
        return
    district = District.objects.create(code="990000", name="示例区", level="county")
    now = timezone.now()
    projects = (
        Project(
            code=f"990000-project-{number}",
            name="".join(chance.choices(words, k=chance.randint(2, 5))),
            district=district,
            kind=Project.Kind.CONSTRUCTION,
            is_published=True,
            version=1,
            created_at=now,
            updated_at=now,
        )
        for number in range(rows)
    )
    while batch := list(islice(projects, ROWS_AT_ONCE)):
        for project in batch:
            project.derive()
        models.QuerySet(Project).bulk_create(batch)  # around the history, which is not measured
    empty, start = size(), perf_counter()
    consistency.build(connection.alias, [Project])
    seconds = perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    tell(f"{rows:,} projects indexed in {seconds:.0f} s; search takes {size() - empty:,} bytes.")


def tell(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def size():
    """The bytes of the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return cursor.fetchone()[0]


def asked(chance, words, number):
    """Words of two characters in either script, and the initials of others, by kind."""
    from shuangta.search.ngrams import spell
    from shuangta.text.pinyin import syllables

    traditional = OpenCC("s2t")
    distinct = sorted(set(words))
    return {
        "simplified": chance.sample(distinct, number),
        "traditional": [traditional.convert(word) for word in chance.sample(distinct, number)],
        "initials": [spell(syllables(word))[-1] for word in chance.sample(distinct, number)],
    }


def report(queries):
    from rest_framework.test import APIClient

    client, digest = APIClient(headers={"host": "localhost"}), sha256()
    for face in FACES:
        client.get(f"{face}示例")  # the first request reads the program
        for kind, words in queries.items():
            times = []
            for word in words:
                start = perf_counter()
                answer = client.get(f"{face}{word}")
                times.append((perf_counter() - start) * 1000)
                codes = [row["code"] for row in answer.json()["results"]]
                digest.update(repr((face, word, answer.json()["count"], codes)).encode())
            times.sort()
            p95 = quantiles(times, n=20)[-1]
            tell(
                f"{face} {kind}: median {median(times):.1f} ms, p95 {p95:.1f} ms, "
                f"max {times[-1]:.1f} ms"
            )
    tell(f"digest of all answers: {digest.hexdigest()[:16]}")


if __name__ == "__main__":
    main()
