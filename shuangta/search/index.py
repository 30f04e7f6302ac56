"""Keeping what search knows of the records true: after each way of writing, and again where it is not.

A record is known by its title, by its words in folded form, and by the grams of these (``grams``).
"""

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Exists, OuterRef

from shuangta.history import batching
from shuangta.search import ngrams
from shuangta.search.models import TITLE_LENGTH, SearchEntry, SearchGram
from shuangta.search.ngrams import Rank
from shuangta.text.folding import fold
from shuangta.text.pinyin import sort_key, syllables

ROWS_AT_ONCE = 500
COLUMNS = ("kind", "is_published", "title", "sort_key", "text")


def after_write(sender, rows, fields, using, **kwargs):
    """Follow the records of a model that were written: the row at hand spares a query, where it is one, and whole."""
    if fields is not None and {field.name for field in sender._meta.many_to_many} >= set(fields):
        return  # relations lend their words when they are asked for
    if fields is None and len(rows) == 1 and not batching.is_deferred():
        index(rows, using)
    else:
        batching.refresh_derived(refresh, sender, [row.pk for row in rows], using)


def after_delete(sender, instance, using, **kwargs):
    SearchEntry.objects.using(using).of(sender).filter(record=instance.pk).delete()


def refresh(model, codes, using):
    """Follow the records with these codes as they are stored."""
    for start in range(0, len(codes), ROWS_AT_ONCE):
        batch = codes[start : start + ROWS_AT_ONCE]
        index(list(models.QuerySet(model, using=using).filter(pk__in=batch)), using)


def index(rows, using=DEFAULT_DB_ALIAS, anew=False):
    """Bring what search knows of some records of one model up to date.

    Grams are written only where the words changed, or everywhere ``anew``.
    """
    if not rows:
        return
    known = known_entries(rows, using)
    new, reworded, others = [], [], []
    for row in rows:
        entry = known.get(row.pk)
        wanted = entry_for(row)
        if entry is None:
            new.append((wanted, row))
        elif anew or (entry.title, entry.text) != (wanted.title, wanted.text):
            wanted.pk = entry.pk
            reworded.append((wanted, row))
        elif column_values(entry) != column_values(wanted):
            wanted.pk = entry.pk
            others.append(wanted)
    write(new, reworded, others, using)


def write(new, reworded, others, using):
    entries, stored = SearchEntry.objects.using(using), [entry for entry, _row in reworded]
    with transaction.atomic(using=using):
        entries.bulk_create([entry for entry, _row in new])
        if reworded:
            entries.bulk_update(stored, COLUMNS)
            SearchGram.objects.using(using).filter(entry__in=stored).delete()
        if others:
            entries.bulk_update(others, COLUMNS)
        if new or reworded:
            write_grams([*new, *reworded], using)


def write_grams(entries_and_rows, using):
    """Insert the grams below the models: an object for each would take five times as long."""
    connection = connections[using]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in SearchGram._meta.local_concrete_fields)
    statement = f"INSERT INTO {quote(SearchGram._meta.db_table)} ({names}) VALUES (%s, %s, %s)"  # noqa: S608
    values = [
        (entry.pk, gram, rank.value)
        for entry, row in entries_and_rows
        for gram, rank in ranked_grams(row).items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def known_entries(rows, using):
    """What search knows of these rows of one model, by code."""
    entries = SearchEntry.objects.using(using).of(type(rows[0]))
    return {entry.record: entry for entry in entries.filter(record__in=[row.pk for row in rows])}


def entry_for(row):
    """What search should know of the row, without its grams."""
    title = title_of(row)
    return SearchEntry(
        record_type=ContentType.objects.db_manager(row._state.db).get_for_model(row),
        record=row.pk,
        kind=kind_of(row),
        is_published=row.is_published,
        title=title,
        sort_key=sort_key(title)[:500],
        text="\n".join(
            [fold(title) if has_name(row) else "", *map(fold, filter(None, text_lines(row)))]
        ),
    )


def kind_of(row):
    """The choice that says what the row is; empty where none does."""
    return column_text(row, row.kind_field) if row.kind_field else ""


def column_text(row, name):
    """What stands in a column, empty where nothing does."""
    value = getattr(row, name)
    return "" if value is None else str(value)


def title_of(row):
    """The row's title on one line, or its code where it has none."""
    words = (column_text(row, row.title_field) or row.pk).split()
    return " ".join(words)[:TITLE_LENGTH]


def has_name(row):
    """Whether the title is a name: neither a code nor the beginning of a text."""
    name = row.title_field
    return bool(column_text(row, name)) and rank_in(row, name) == Rank.OTHER_NAME


def rank_in(row, name):
    """The rank of what stands in a column, unless it is the title."""
    if name == "code":
        return Rank.CODE_OR_SPELLING
    is_text = isinstance(row._meta.get_field(name), models.TextField)
    return Rank.RUNNING_TEXT if is_text and name not in row.spelt_fields else Rank.OTHER_NAME


def names_of(row):
    """Yield the names of the row that are spelt, each alias by itself."""
    for name in row.spelt_fields:
        yield from column_text(row, name).splitlines()


def text_lines(row):
    """Yield the words by which the row is found besides its title, as written, and their spellings."""
    for name in row.searched_fields:
        if name != row.title_field or not has_name(row):
            yield column_text(row, name)
    for name in names_of(row):
        yield from ngrams.spell(syllables(name))


def ranked_grams(row):
    """The grams of a row, each with the best rank that it has there."""
    found = {}

    def add(gram, rank):
        found[gram] = min(rank, found.get(gram, rank))

    for name in row.searched_fields:
        folded = fold(column_text(row, name))
        if name == row.title_field and has_name(row):
            for gram, rank in ngrams.rank_title_grams(folded):
                add(gram, rank)
        else:
            for _start, gram in ngrams.substrings(folded):
                add(gram, rank_in(row, name))
    for name in names_of(row):
        for gram in ngrams.spelt_grams(name):
            add(gram, Rank.CODE_OR_SPELLING)
    for name in row.names():
        add(ngrams.name_gram(name), Rank.OTHER_NAME)
    return found


def find_stale(rows, using=DEFAULT_DB_ALIAS):
    """The codes of those rows of one model of which search does not know exactly what it should."""
    known = known_entries(rows, using)
    stored = {entry.pk: {} for entry in known.values()}
    for gram in SearchGram.objects.using(using).filter(entry__in=stored):
        stored[gram.entry_id][gram.gram] = gram.rank
    return {
        row.pk
        for row in rows
        if row.pk not in known
        or column_values(known[row.pk]) != column_values(entry_for(row))
        or stored[known[row.pk].pk] != ranked_grams(row)
    }


def column_values(entry):
    return [getattr(entry, name) for name in COLUMNS]


def find_orphans(model, using=DEFAULT_DB_ALIAS):
    """What search knows of rows of a model that are no more."""
    rows = models.QuerySet(model, using=using).filter(pk=OuterRef("record"))
    return SearchEntry.objects.using(using).of(model).filter(~Exists(rows)).order_by("record")
