"""The catalogs of translations: what there is to translate, read from the source, and what the files hold.

Simplified Chinese is translated by hand, in its ``.po``; every other file is derived. The files have
neither dates nor line numbers, so that they change only where a message does.
"""

import ast
import io
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django import conf
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize
from opencc import OpenCC

from shuangta.operations.reworded import REWORDED

SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"

COMMENTS = {
    SIMPLIFIED: "# Translated by hand; `make messages` keeps the list of messages.",
    TRADITIONAL: "# Derived from zh_Hans by `make messages`; what is edited here is lost.",
}

# Characters as Taiwan writes them, words as they stand. Conversion by phrase (s2twp) makes the 窗口 of
# a service hall a window on a screen (視窗) and a 项目 a 專案, which the page never says; plain s2t
# writes 爲 and 羣衆, as neither Taipei nor Hong Kong does.
TO_TRADITIONAL = OpenCC("s2tw")

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# Installed packages whose words an editor meets, and which bring no Chinese of their own.
UNTRANSLATED_APPS = frozenset({"unfold", "unfold_filters", "axes"})


class PlainCatalog(Catalog):
    """A catalog whose header says no more than how to read it."""

    def __init__(self, locale):
        super().__init__(locale, header_comment=COMMENTS[locale], fuzzy=False)

    @property
    def mime_headers(self):
        return [
            ("Language", self.locale_identifier),
            ("Plural-Forms", self.plural_forms),
            ("Content-Type", "text/plain; charset=UTF-8"),
        ]


@dataclass(frozen=True)
class Translations:
    """Every message with its Simplified Chinese, and what the catalog held beyond them."""

    catalog: Catalog
    obsolete: list[str]

    @classmethod
    def collect(cls):
        """Read the messages from the source, and their translations from the ``.po``."""
        present = read_catalog(path(SIMPLIFIED, "po"), read_po)
        catalog = PlainCatalog(SIMPLIFIED)
        for identity, context in collect_messages():
            known = present.get(identity, context)
            if known and known.id == identity:
                flags = known.flags & {"fuzzy"}
                catalog.add(identity, known.string, flags=flags, context=context)
            else:
                catalog.add(identity, "" if isinstance(identity, str) else ("",), context=context)
        obsolete = [
            *(each for each in present if each.id and not catalog.get(each.id, each.context)),
            *present.obsolete.values(),
        ]
        return cls(catalog, sorted(map(one_line, obsolete)))

    def faults(self):
        """What a translator has to see to, in words."""
        messages = sorted(message for message in self.catalog if message.id)
        return [
            *(f"Not translated: {one_line(each)}" for each in messages if not is_translated(each)),
            *(f"Not certain (fuzzy): {one_line(each)}" for each in messages if each.fuzzy),
            *(
                f"{error}: {one_line(each)}"
                for each in messages
                for error in each.check(self.catalog)
                if is_translated(each)
            ),
            *(f"No longer used: {name}" for name in self.obsolete),
        ]

    def files(self):
        """What every file should hold, by path."""
        return {
            path(catalog.locale_identifier, suffix): written(catalog)
            for catalog in (self.catalog, traditional(self.catalog))
            for suffix, written in (("po", as_po), ("mo", as_mo))
        }


def path(locale, suffix):
    return Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / f"django.{suffix}"


def read_catalog(file, read):
    if not file.exists():
        return Catalog()
    with file.open("rb") as opened:
        return read(opened)


def collect_messages():
    """Every message that is ours to translate: a set of pairs of a message and its context."""
    folders = {config.label: Path(config.path) for config in apps.get_app_configs()}
    own = {label for label, folder in folders.items() if folder.parent == settings.BASE_DIR}
    found = {message for label in own for message in messages_below(folders[label])}
    found |= {(identity, None) for identity in REWORDED}
    known = known_elsewhere([folders[label] for label in folders.keys() - own])
    for label in folders.keys() & UNTRANSLATED_APPS:
        found |= {
            (identity, context)
            for identity, context in messages_below(folders[label])
            if (singular(identity), context) not in known
        }
    return found


def messages_below(folder):
    """Yield the messages in an app's Python and templates; apps nested in it are not looked into."""
    for file in folder.rglob("*"):
        if "contrib" in file.relative_to(folder).parts:
            continue
        if file.suffix == ".py":
            yield from messages_of_calls(file.read_text("utf-8"))
        elif file.suffix == ".html":
            lines = templatize(file.read_text("utf-8")).splitlines()
            yield from messages_in("\n".join(line.strip() for line in lines))


def messages_of_calls(python):
    """Yield the messages of each call by itself: before 3.12 Python hides those within an f-string."""
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in KEYWORDS:
                yield from messages_in(ast.unparse(node))


def messages_in(python):
    source = io.BytesIO(python.encode())
    for _line, message, _comments, context in extract("python", source, keywords=KEYWORDS):
        yield message, context


def known_elsewhere(folders):
    """The messages, in the singular, that Django and other packages have in both kinds of Chinese."""
    folders = [Path(conf.__file__).parent, *folders]
    in_each = []
    for locale in COMMENTS:
        files = (folder / "locale" / locale / "LC_MESSAGES" / "django.mo" for folder in folders)
        catalogs = [read_catalog(file, read_mo) for file in files]
        in_each.append(
            {(singular(each.id), each.context) for catalog in catalogs for each in catalog}
        )
    return set.intersection(*in_each)


def traditional(catalog):
    """The same catalog in Traditional Chinese; what is not certain stays untranslated there."""
    converted = PlainCatalog(TRADITIONAL)
    for message in catalog:
        if message.id and not message.fuzzy:
            strings = [TO_TRADITIONAL.convert(string) for string in strings_of(message)]
            string = tuple(strings) if message.pluralizable else strings[0]
            converted.add(message.id, string, context=message.context)
    return converted


def strings_of(message):
    return message.string if message.pluralizable else (message.string,)


def is_translated(message):
    return all(strings_of(message))


def singular(identity):
    return identity if isinstance(identity, str) else identity[0]


def one_line(message):
    """The message as one line."""
    line = " ".join(singular(message.id).split())
    return f"{line} ({message.context})" if message.context else line


def as_po(catalog):
    file = io.BytesIO()
    write_po(file, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


def as_mo(catalog):
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()
