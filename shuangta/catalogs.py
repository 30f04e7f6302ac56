"""The catalogs of translations: what there is to translate, read from the source, and what the files hold.

Simplified Chinese is translated by hand, in the ``.po``; everything else is derived. The files have no
dates and no line numbers, so that they change only where a message does.
"""

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

SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"

# Characters as Taiwan writes them, and the words left as they are. Conversion by phrase (s2twp) makes
# a 窗口 of the service hall a window on a screen (視窗) and a 项目 a 專案, which the page never says;
# plain s2t writes 爲 and 羣衆, which neither Taipei nor Hong Kong does.
TO_TRADITIONAL = OpenCC("s2tw")

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# Installed packages whose words an editor meets, and which bring no Chinese of their own.
UNTRANSLATED_APPS = ("unfold", "unfold_filters", "axes")

COMMENTS = {
    SIMPLIFIED: "# Translated by hand; `make messages` keeps the list of messages.",
    TRADITIONAL: "# Derived from zh_Hans by `make messages`; what is edited here is lost.",
}


class PlainCatalog(Catalog):
    """A catalog whose header says only how to read it."""

    def __init__(self, locale):
        super().__init__(locale, header_comment=COMMENTS[locale], fuzzy=False)

    @property
    def mime_headers(self):
        return [
            ("Language", self.locale_identifier),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


@dataclass(frozen=True)
class Translations:
    """Every message with its Simplified Chinese, what is wrong with them, and the files that follow."""

    catalog: Catalog
    obsolete: list[str]

    @classmethod
    def collect(cls):
        """Read the messages from the source, and their translations from the ``.po``."""
        present = read_present()
        catalog = PlainCatalog(SIMPLIFIED)
        for identity, context in wanted():
            known = present.get(identity, context)
            string = known.string if known and known.id == identity else untranslated(identity)
            flags = known.flags & {"fuzzy"} if known else ()
            catalog.add(identity, string, flags=flags, context=context)
        obsolete = [each for each in present if catalog.get(each.id, each.context) is None]
        return cls(catalog, [named(each) for each in [*obsolete, *present.obsolete.values()]])

    def faults(self):
        """What a translator has to see to, in words."""
        translatable = [message for message in self.catalog if message.id]
        return [
            *(f"not translated: {named(each)}" for each in translatable if not translated(each)),
            *(f"not certain: {named(each)}" for each in translatable if each.fuzzy),
            *(f"{named(each)}: {errors[0]}" for each, errors in self.catalog.check()),
            *(f"no longer used: {name}" for name in self.obsolete),
        ]

    def files(self):
        """The content of every file, by path."""
        return {
            path(catalog.locale_identifier, suffix): content
            for catalog in (self.catalog, traditional(self.catalog))
            for suffix, content in (("po", as_po(catalog)), ("mo", as_mo(catalog)))
        }


def path(locale, suffix):
    return Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / f"django.{suffix}"


def read_present():
    present = path(SIMPLIFIED, "po")
    if not present.exists():
        return Catalog(SIMPLIFIED)
    with present.open("rb") as file:
        return read_po(file)


def wanted():
    """Every message that is ours to translate: a set of pairs of message and context."""
    own, others = [], []
    for config in apps.get_app_configs():
        (own if Path(config.path).parent == settings.BASE_DIR else others).append(config)
    found = {message for config in own for message in messages_below(Path(config.path))}
    folders = [Path(conf.__file__).parent, *(Path(config.path) for config in others)]
    known = {locale: catalogs_in(folders, locale) for locale in COMMENTS}
    for config in others:
        if config.label in UNTRANSLATED_APPS:
            for message in messages_below(Path(config.path)):
                if not all(any(holds(each, *message) for each in known[locale]) for locale in known):
                    found.add(message)
    return found
