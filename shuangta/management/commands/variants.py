"""Derive the table of variant characters from the Unihan database."""

from collections import defaultdict
from pathlib import Path

from django.core.management.base import BaseCommand
from opencc import OpenCC
from pypinyin import Style, pinyin

from shuangta.text.folding import VARIANTS, simplify

# Characters that the national table (2013) numbers up to here are the common ones. Those above are of
# names, places and sciences, and many of them are variants of a common one.
LAST_COMMON = 6500
LAST_PLANE_OF_VARIANTS = 0x4B
SAME_WORD = ("kSimplifiedVariant", "kTraditionalVariant", "kZVariant")
SAME_MEANING = "kSemanticVariant"
HEADER = """\
# What each first character stands for: all that follow it in its line fold to it. See the command “variants”.
# Derived from OpenCC and from the Unihan database of Unicode {version}, © Unicode, Inc.; see NOTICE.
"""


class Command(BaseCommand):
    """Writes which characters fold to a common one besides those that OpenCC simplifies.

    A character folds where it is less common than its variant: it is no common character of the national table (so
    that 芸, which Japan writes for 藝, stays). Two characters are variants where Unihan says so, where the codes of
    libraries (EACC) say so, or where OpenCC writes one for the other in Japan, Taiwan or Hong
    Kong. Those that Unihan gives the same meaning must have the same reading too: other words may mean the
    same. What is a variant of several characters folds to none.
    """

    help = "Derive the table of variant characters from a folder with Unihan’s files."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="holds Unihan_Variants.txt and the others")

    def handle(self, folder, **options):
        numbers = {
            character: int(value.split(":")[1].split()[0])
            for character, name, value in properties(folder / "Unihan_OtherMappings.txt")
            if name == "kTGH"
        }
        groups = defaultdict(list)
        for character, choices in sorted(variants(folder).items()):
            common = targets(character, choices, numbers)
            if len(common) == 1:
                groups[common.pop()].append(character)
        version = (folder / "Unihan_Variants.txt").read_text("utf-8").split("nicode Version ")[1]
        lines = (target + "".join(groups[target]) for target in sorted(groups))
        header = HEADER.format(version=version.split()[0])
        VARIANTS.write_text(header + "\n".join(lines) + "\n", "utf-8")
        self.stdout.write(f"{sum(map(len, groups.values()))} characters fold to {len(groups)}.")


def properties(file):
    """Yield what a file of Unihan states: a character, the name of a property and its value."""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("U+"):
            point, name, value = line.split("\t")
            yield chr(int(point[2:], 16)), name, value


def variants(folder):
    """The characters of which each one is a variant, in simplified form, either way."""
    found = defaultdict(set)
    for one, other in {*unihan_variants(folder), *eacc_variants(folder), *opencc_variants()}:
        one, other = simplify(one), simplify(other)
        if one != other:
            found[one].add(other)
            found[other].add(one)
    return found


def unihan_variants(folder):
    for character, name, value in properties(folder / "Unihan_Variants.txt"):
        for point in value.split():
            other = chr(int(point.partition("<")[0][2:], 16))
            is_same = name == SAME_MEANING and reading(character) == reading(other)
            if is_same or name in SAME_WORD:
                yield character, other


def reading(character):
    """The usual one; empty where none is known."""
    return pinyin(character, Style.TONE, errors=lambda unread: [[""]])[0][0]


def eacc_variants(folder):
    """The East Asian Character Code keeps the variants of a character at its place in every sixth plane."""
    places = defaultdict(set)
    for character, name, value in properties(folder / "Unihan_OtherMappings.txt"):
        if name == "kEACC":
            plane, place = int(value[:2], 16), value[2:]
            if plane <= LAST_PLANE_OF_VARIANTS:
                places[plane % 6, place].add(character)
    for characters in places.values():
        for one in characters:
            yield from ((one, other) for other in characters if other != one)


def opencc_variants():
    characters = [chr(point) for point in range(0x3400, 0xA000)]
    for name in ("jp2t", "tw2t", "hk2t"):
        converted = OpenCC(name).convert("\n".join(characters)).split("\n")
        yield from zip(characters, converted, strict=True)


def targets(character, choices, numbers):
    """The characters for which this one may stand: those that are more common than it is."""
    own = numbers.get(character)
    if own is not None and own <= LAST_COMMON:
        return set()
    common = {each for each in choices if numbers.get(each, LAST_COMMON + 1) <= LAST_COMMON}
    if common or own is not None:
        return common
    return {each for each in choices if each in numbers}
