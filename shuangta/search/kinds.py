"""Kinds: what records are, in the words of every language of the registry, for a search that names it.

万达项目 asks for the project 万达: what stands last is not its name, but what it is.
"""

from dataclasses import replace
from functools import cache

from django.conf import settings
from django.utils import translation

from shuangta.records.models import record_models
from shuangta.search.index import kind_of
from shuangta.search.ngrams import Word, split_words
from shuangta.text.pinyin import propose_code

SHORTEST_NAME = 2


def recognize(word):
    """The word with the kinds that it names, or with the name and the kind that it is put together of."""
    kinds = kinds_by_word().get(word.text, frozenset())
    if kinds:
        return replace(word, kinds=kinds)
    for start in range(SHORTEST_NAME, len(word.text)):
        name, kind = Word.of(word.text[:start]), word.text[start:]
        if not kind.isascii() and kind in kinds_by_word():
            named = replace(Word.of(kind), kinds=kinds_by_word()[kind])
            return replace(word, parts=(name, named))
    return word


@cache
def kinds_by_word():
    """The kinds that each word names: the last word of a label, as in “industrial park”, or its pinyin."""
    kinds = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for kind, label in labels():
                for word in (
                    *split_words(label)[-1:],
                    *split_words(propose_code(label).replace("-", "")),
                ):
                    kinds.setdefault(word.text, set()).add(kind)
    return {word: frozenset(named) for word, named in kinds.items()}


def labels():
    """Yield each kind with what it is called in the present language."""
    for model in record_models():
        label = model._meta.label_lower
        yield (label, None), str(model._meta.verbose_name)
        yield (label, None), str(model._meta.verbose_name_plural)
        if model.kind_field:
            for value, name in model._meta.get_field(model.kind_field).flatchoices:
                yield (label, value), str(name)


def is_of(row, word):
    """Whether the row is of a kind that the word names."""
    label = row._meta.label_lower
    return (label, None) in word.kinds or (label, kind_of(row)) in word.kinds
