"""Three-way merging: a row that somebody else changed while its form was open.

Compared are, field by field, what the row held when the form was opened, what it holds now, and what was typed.
What only one of the two changed is taken; what both changed differently is asked for. A question is a pair of
radio buttons with a hidden mark of what was typed: who types something else afterwards has answered it.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.history.tracking import json_value, latest_revision
from shuangta.records.diff import field_text, revisioned_fields, state_value
from shuangta.records.labels import Names
from shuangta.records.restore import present_states, revisions_of

OPENED = "merge-opened"
MARK = "merge-mark"
ANSWER = "merge-answer"
DELETION = "DELETE"


class Resolution(StrEnum):
    """What becomes of a field that somebody else changed."""

    THEIRS = "theirs"
    YOURS = "yours"
    SAME = "same"
    ASKED = "asked"


def resolution_of(before, theirs, yours):
    if yours == theirs:
        return Resolution.SAME
    if yours == before:
        return Resolution.THEIRS
    return Resolution.YOURS if theirs == before else Resolution.ASKED


@dataclass(frozen=True)
class MergedField:
    """A field that somebody else changed: before, theirs and yours in words, and what becomes of it."""

    name: str
    label: str
    before: str
    theirs: str
    yours: str
    resolution: Resolution
    control: str = ""
    """The id of the field's control; empty where the form has none."""
    mark: str = ""
    """Of what was typed when the question was put."""
    mark_name: str = ""
    answer: str = ""
    answer_name: str = ""

    @property
    def asked(self):
        return self.resolution is Resolution.ASKED

    @property
    def saved(self):
        return self.yours if self.resolution is Resolution.YOURS else self.theirs


class Merge:
    """How what was typed into the form of a row is merged with what the row holds now.

    ``opened`` is the version that the form was opened on, ``seen`` the last one that it was merged with.
    """

    def __init__(self, form, opened, seen):
        self.form, self.model, self.opened = form, form._meta.model, opened
        self.last = latest_revision(form.instance)
        self.row = str(form.instance)
        self.collided = self.last.version != seen
        self.before, self.seen, self.theirs = self.states(opened, seen)
        self.typed = typed_state(form)
        self.names = Names((self.model, each) for each in (self.before, self.theirs, self.typed))
        self.fields = self.merge()

    def states(self, *versions):
        kept = revisions_of(self.model, self.last.object_id).filter(version__in=versions)
        states = {change.version: change.state for change in kept}
        known = [states.get(version, {}) for version in versions]
        return present_states(self.model, [*known, self.last.state])

    @property
    def open(self):
        """Whether a question has no answer yet."""
        return any(each.asked and not each.answer for each in self.fields)

    @property
    def opened_name(self):
        return self.form.add_prefix(OPENED)

    def compared_fields(self):
        """The fields that the merge is about: those of the form, and on a row's own page all others."""
        return [
            field
            for field in revisioned_fields(self.model)
            if not field.primary_key and (field.name in self.form.fields or self.form.tells_all)
        ]

    def changed_since(self, state):
        """The fields that somebody else changed since the row was in this state."""
        return [
            f
            for f in self.compared_fields()
            if state_value(state, f) != state_value(self.theirs, f)
        ]

    def merge(self):
        """Take what only they changed into the form, and return all that they changed."""
        return [self.merge_field(field) for field in self.changed_since(self.before)]

    def merge_field(self, field):
        if field.name not in self.form.fields:
            return self.describe_field(field, Resolution.THEIRS, yours="")
        yours, theirs = state_value(self.typed, field), state_value(self.theirs, field)
        mark = mark_of(yours)
        answer = self.answer(field.name, unless=state_value(self.seen, field) != theirs)
        resolution = self.resolution(field, yours, theirs)
        if yours != theirs and self.is_marked(field.name, mark):
            resolution = Resolution.THEIRS if answer == Resolution.THEIRS else Resolution.ASKED
        if resolution is Resolution.THEIRS:
            self.form.take(field, self.theirs.get(field.attname))
        return self.describe_field(field, resolution, mark=mark, answer=answer)

    def resolution(self, field, yours, theirs):
        """What becomes of a field for which nothing was asked."""
        if self.collided:
            return resolution_of(state_value(self.seen, field), theirs, yours)
        return Resolution.SAME if yours == theirs else Resolution.YOURS

    def is_marked(self, name, mark):
        return self.form.data.get(self.name_of(MARK, name)) == mark

    def answer(self, name, unless=False):
        """The chosen one of ``theirs`` and ``yours``; none where theirs is no longer what was seen."""
        answer = self.form.data.get(self.name_of(ANSWER, name), "")
        return answer if answer in (Resolution.THEIRS, Resolution.YOURS) and not unless else ""

    def name_of(self, part, name):
        return self.form.add_prefix(f"{part}-{name}")

    def describe_field(self, field, resolution, **more):
        shown = field.name in self.form.fields
        words = {
            "before": field_text(self.before, field, self.names),
            "theirs": field_text(self.theirs, field, self.names),
            "yours": field_text(self.typed, field, self.names),
            "control": self.form[field.name].id_for_label if shown else "",
        }
        return self.build_field(
            field.name, capfirst(field.verbose_name), resolution, **{**words, **more}
        )

    def build_field(self, name, label, resolution, **more):
        names = {"mark_name": self.name_of(MARK, name), "answer_name": self.name_of(ANSWER, name)}
        return MergedField(name=name, label=str(label), resolution=resolution, **names, **more)


class DeletionMerge(Merge):
    """The merge of a row that one of the two deleted and the other changed: asked for is the whole row."""

    def merge(self):
        return self.they_deleted() if self.form.deletion else self.you_delete()

    def they_deleted(self):
        yours = [
            f
            for f in self.compared_fields()
            if state_value(self.typed, f) != state_value(self.seen, f)
        ]
        resolution, answer = self.read_answer(mark := mark_of(self.typed), Resolution.YOURS)
        if self.form.is_deleted:
            resolution = Resolution.SAME
        elif self.collided:
            # Who may not add rows changes nothing in one that is gone.
            may_keep = yours and self.form.has_changed()
            resolution = Resolution.ASKED if may_keep else Resolution.THEIRS
        if resolution is Resolution.THEIRS:
            self.form.tick_deletion(True)
        words = {"theirs": _("Deleted"), "yours": self.in_words(yours, self.typed)}
        return [self.about_row(resolution, mark=mark, answer=answer, **words)]

    def you_delete(self):
        theirs = self.changed_since(self.before)
        if not theirs:
            return []
        for field in theirs:
            self.form.take(field, self.theirs.get(field.attname))
        resolution, answer = self.read_answer(mark := mark_of(DELETION), Resolution.YOURS)
        if self.collided:
            resolution, answer = Resolution.ASKED, ""
        if resolution is Resolution.THEIRS:
            self.form.tick_deletion(False)
        words = {"theirs": self.in_words(theirs, self.theirs), "yours": _("Deleted")}
        return [self.about_row(resolution, mark=mark, answer=answer, **words)]

    def read_answer(self, mark, unasked):
        """What becomes of the row by the answer that was given, and that answer."""
        answer = self.answer(DELETION)
        if not self.is_marked(DELETION, mark):
            return unasked, answer
        return (Resolution.THEIRS if answer == Resolution.THEIRS else Resolution.ASKED), answer

    def about_row(self, resolution, **more):
        return self.build_field(DELETION, _("The whole row"), resolution, before="", **more)

    def in_words(self, fields, state):
        return "\n".join(
            f"{capfirst(field.verbose_name)}: {field_text(state, field, self.names) or '–'}"
            for field in fields
        )


def typed_state(form):
    """What was typed, as a history keeps it; what could not be read stays as it was typed."""
    state = {}
    for field in revisioned_fields(form._meta.model):
        if field.primary_key:
            continue
        if field.name in form.cleaned_data:
            state[field.attname] = plain_value(form.cleaned_data[field.name])
        elif field.name in form.fields:
            state[field.attname] = None if field.is_relation else form[field.name].data
    return state


def plain_value(value):
    """A value of a form as a history keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet):
        return sorted(each.pk for each in value)
    return json_value(value)


def mark_of(typed):
    return hashlib.sha256(json.dumps(typed, default=str).encode()).hexdigest()[:20]
