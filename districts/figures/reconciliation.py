"""Claims that check themselves: what a source declares, held against what the registry holds."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import CharField, Count, TextChoices, Value
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shuangta.api.parameters import FILTERS, misnamed_parameters
from shuangta.query.filters import Narrowing
from shuangta.query.resources import viewsets
from shuangta.query.suggestions import unknown

CLAIMS_PER_QUERY = 400  # SQLite joins at most 500 selects in one statement.


class State(TextChoices):
    """How a declared count stands against the records that it counts."""

    COMPLETE = "complete", _("Complete")
    PARTLY_REGISTERED = "partly_registered", _("Partly registered")
    EXCEEDED = "exceeded", _("Exceeded (review)")
    SUPERSEDED = "superseded", _("Superseded")


TO_BE_SEEN_TO = (State.PARTLY_REGISTERED, State.EXCEEDED)


@dataclass(frozen=True)
class Standing:
    """The state of one declared count, if it can be told, and how many published records answer its query."""

    state: State | None
    registered: int


def reconcile(declared_counts, among):
    """The standing of each declared count, by code; a constant number of queries for any number of them.

    A later one ``among`` all declared counts, a queryset, supersedes one that asks the same.

    There is no state to one whose observation the reader may not see.
    """
    declared_counts = list(declared_counts)
    registered = {}
    for start in range(0, len(declared_counts), CLAIMS_PER_QUERY):
        registered |= count_registered(declared_counts[start : start + CLAIMS_PER_QUERY])
    observations, superseded = find_observations(declared_counts, among)
    return {
        claim.pk: Standing(
            state_of(claim, observations, superseded, registered.get(claim.pk, 0)),
            registered.get(claim.pk, 0),
        )
        for claim in declared_counts
    }


def state_of(claim, observations, superseded, registered):
    if claim.observation_is_hidden:
        return None
    if claim.pk in superseded:
        return State.SUPERSEDED
    return compare_counts(observations[claim.observation_id], registered)


def count_registered(declared_counts):
    """How many published records answer each claim’s query, in one statement."""
    counts = [
        rows_of(claim.resource, claim.query, nameable=matches_all)
        .order_by()
        .annotate(claim=Value(claim.pk, output_field=CharField()))
        .values("claim")
        .annotate(number=Count("pk", distinct=True))
        .values_list("claim", "number")
        for claim in declared_counts
    ]
    if not counts:
        return {}
    return dict(counts[0].union(*counts[1:], all=True) if counts[1:] else counts[0])


def what_exists(model):
    """A query that is being written may name what exists, published or not."""
    return model.objects.all()


def matches_all(model):
    """What a stored query names may be gone by now; then nothing answers it."""
    return


def rows_of(resource, query, nameable=what_exists):
    """The published records that a query names. Raises ValidationError where the query is not valid."""
    viewset = viewsets().get(resource)
    if viewset is None:
        error = unknown(resource, viewsets(), _("There is no such resource."), "unknown_resource")
        raise ValidationError({"resource": ValidationError(str(error), error.code)})
    filterset = viewset.filterset_class
    given = QueryDict(query)
    for error in misnamed_parameters(given, FILTERS, viewset).values():
        raise ValidationError({"query": ValidationError(str(error), error.code)})
    parameters = {name: ",".join(values) for name, values in given.lists()}
    nobody = AnonymousUser()
    rows = viewset.queryset.visible_to(nobody)
    if any(name.startswith("stated_on") for name in parameters):
        rows = rows.with_stated_on(nobody)
    try:
        return Narrowing(filterset, parameters, nobody, nameable).of(rows)
    except ValidationError as error:
        raise ValidationError({"query": error.messages}) from error


def find_observations(declared_counts, among):
    """The observations behind the claims, and which claims ask what a published one of a later source asks."""
    rivals = among.filter(
        resource__in={claim.resource for claim in declared_counts},
        query__in={claim.query for claim in declared_counts},
    )
    counted = among.model._meta.get_field("observation").related_model.objects
    rows = counted.filter(declared_counts__in=rivals).with_stated_on(AnonymousUser())
    observations = {row.pk: row for row in rows}

    def age(claim):
        row = observations[claim.observation_id]
        return str(row.period_end or ""), str(row.stated_on or ""), claim.pk

    latest = {}
    for claim in sorted(rivals.filter(is_published=True, observation__is_published=True), key=age):
        latest[claim.resource, claim.query] = age(claim)
    superseded = {
        claim.pk
        for claim in declared_counts
        if age(claim) < latest.get((claim.resource, claim.query), ())
    }
    return observations, superseded


def compare_counts(observation, registered):
    """Complete within the declared bounds, below or above them."""
    low, high = observation.low, observation.high
    if low is not None and (registered < low or (observation.low_open and registered == low)):
        return State.PARTLY_REGISTERED
    if high is not None and (registered > high or (observation.high_open and registered == high)):
        return State.EXCEEDED
    return State.COMPLETE
