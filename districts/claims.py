"""Claims that check themselves: what a source declares, held against what the registry holds."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import CharField, Count, TextChoices, Value
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shuangta.filters import narrowed
from shuangta.problems import unknown
from shuangta.resources import viewsets

CLAIMS_PER_QUERY = 400  # SQLite joins at most 500 selects in one statement.


class State(TextChoices):
    """How a declared count stands against the records that it counts."""

    COMPLETE = "complete", _("Complete")
    PARTLY_REGISTERED = "partly_registered", _("Partly registered")
    EXCEEDED = "exceeded", _("Exceeded (review)")
    SUPERSEDED = "superseded", _("Superseded")


@dataclass(frozen=True)
class Standing:
    """The state of one declared count and how many published records answer its query."""

    state: State
    registered: int


def standings(declared_counts):
    """The standing of each declared count, by code; a constant number of queries for any number of them."""
    declared_counts = list(declared_counts)
    registered = {}
    for start in range(0, len(declared_counts), CLAIMS_PER_QUERY):
        registered |= counted(declared_counts[start : start + CLAIMS_PER_QUERY])
    observations, latest = observed(declared_counts)
    return {
        claim.pk: Standing(
            compared(observations[claim.observation_id], registered.get(claim.pk, 0))
            if latest[claim.resource, claim.query] == claim.pk
            else State.SUPERSEDED,
            registered.get(claim.pk, 0),
        )
        for claim in declared_counts
    }


def counted(declared_counts):
    """How many published records answer each claim’s query, in one statement."""
    counts = [
        rows_of(claim.resource, claim.query)
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


def rows_of(resource, query):
    """The published records that a query names. Raises ValidationError where the query is not valid."""
    viewset = viewsets().get(resource)
    if viewset is None:
        error = unknown(resource, viewsets(), _("There is no such resource."), "unknown_resource")
        raise ValidationError({"resource": ValidationError(str(error), error.code)})
    known = [*viewset.filterset_class.base_filters, "search"]
    parameters = QueryDict(query)
    for name in parameters:
        if name not in known:
            error = unknown(name, known, _("There is no such parameter."), "unknown_parameter")
            raise ValidationError({"query": ValidationError(str(error), error.code)})
    nobody = AnonymousUser()
    rows = viewset.queryset.visible_to(nobody)
    if any(name.startswith("stated_on") for name in parameters):
        rows = rows.with_stated_on()
    try:
        return narrowed(viewset.filterset_class, rows, parameters.dict(), nobody)
    except ValidationError as error:
        raise ValidationError({"query": error.messages}) from error


def observed(declared_counts):
    """The observations behind the claims, and of the claims that ask the same the one of the latest source."""
    from districts.models import DeclaredCount, Observation

    rivals = DeclaredCount.objects.filter(
        resource__in={claim.resource for claim in declared_counts},
        query__in={claim.query for claim in declared_counts},
    )
    rows = Observation.objects.filter(declared_counts__in=rivals).with_stated_on()
    observations = {row.pk: row for row in rows}

    def age(claim):
        row = observations[claim.observation_id]
        return str(row.period_end or ""), str(row.stated_on or ""), claim.pk

    latest = {(claim.resource, claim.query): claim.pk for claim in sorted(rivals, key=age)}
    return observations, latest


def compared(observation, registered):
    """Complete within the declared bounds, below or above them."""
    low, high = observation.low, observation.high
    if low is not None and (registered < low or (observation.low_open and registered == low)):
        return State.PARTLY_REGISTERED
    if high is not None and (registered > high or (observation.high_open and registered == high)):
        return State.EXCEEDED
    return State.COMPLETE
