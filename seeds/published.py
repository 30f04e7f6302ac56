"""What everybody saw of a citation: it was as published as its record and its passage."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import chain, product

from django.contrib.contenttypes.models import ContentType

from seeds.models import Citation
from shuangta.history.revision import Revision
from shuangta.records.restore import present_states, revisions_of
from shuangta.records.visibility import may_view

ALWAYS = datetime.min.replace(tzinfo=UTC)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def versions_seen(revisions, user, moment=None):
    """Those of a citation's changes that the user saw at any time while they held.

    With a moment they are one change, that which held then, if it was seen at that moment.
    """
    held = list(revisions.order_by("version"))
    states = present_states(Citation, [revision.state for revision in held])
    needed = [Citation.required_records(state) for state in states]
    spells = {record: spells_of(*record, user) for record in set(chain(*needed))}
    times = [instant(moment)] if moment else times_held(held)
    seen = [
        revision.pk
        for revision, records, time in zip(held, needed, times, strict=True)
        if reduce(in_common, (spells[record] for record in records), [time])
    ]
    return revisions.filter(pk__in=seen)


def times_held(revisions):
    """The time for which each of a row's changes held; of a deletion its instant."""
    spells = spells_between([revision.created_at for revision in revisions])
    return [
        instant(revision.created_at) if revision.action == Revision.Action.DELETED else spell
        for revision, spell in zip(revisions, spells, strict=True)
    ]


def spells_of(type_id, code, user):
    """The spells in which the user saw a record, each by its first moment and the one that ended it.

    There are none of a record that the user may not see now.
    """
    model = ContentType.objects.get_for_id(type_id).model_class()
    if not model.objects.visible_to(user).filter(pk=code).exists():
        return []
    if may_view(user, model):
        return [(ALWAYS, FOR_EVER)]
    revisions = revisions_of(model, code).order_by("version")
    told = list(revisions.values_list("created_at", "action", "state__is_published"))
    spells = spells_between([created_at for created_at, _action, _published in told])
    return [
        spell
        for spell, (_created_at, action, is_published) in zip(spells, told, strict=True)
        if is_published and action != Revision.Action.DELETED
    ]


def spells_between(moments):
    """From each moment to the next, and from the last on."""
    return list(zip(moments, [*moments[1:], FOR_EVER], strict=True))


def instant(moment):
    return moment, moment + timedelta.resolution


def in_common(some, others):
    """The spells that lie in both lists."""
    both = [(max(a[0], b[0]), min(a[1], b[1])) for a, b in product(some, others)]
    return [(start, end) for start, end in both if start < end]
