"""``manage.py check_evidence``: does every value of the registry follow from the words it cites?"""

from collections import Counter
from itertools import chain
from statistics import median

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations

from districts.figures import reconciliation
from districts.models import DeclaredCount
from seeds.evidence.check import check, quote_lengths
from seeds.evidence.dataset import Dataset
from seeds.evidence.faults import EvidenceFault, Fault
from seeds.evidence.numerals import numerals
from seeds.evidence.reviewed import Reviewed
from shuangta.operations.databases import RequiresMigrations


class Command(RequiresMigrations, BaseCommand):
    help = "Check every value of the registry against the words that it cites."

    @no_translations
    def handle(self, *args, **options):
        holdings = Dataset.read()
        declared = {
            claim.pk: claim for claim in DeclaredCount.objects.select_related("observation")
        }
        sections = check(holdings, Reviewed.load())
        sections["declared counts"] = check_queries(declared.values())
        findings = list(chain.from_iterable(sections.values()))
        unanswered = {each.where for each in sections["declared counts"]}
        answered = [claim for pk, claim in declared.items() if pk not in unanswered]
        standings = reconciliation.reconcile(answered, among=DeclaredCount.objects.all())
        for title, found in sections.items():
            self.write_section(f"{title}: {len(found) or 'nothing'} broken", found)
        self.write_section("states of the declared counts", state_lines(declared, standings))
        self.stdout.write(f"longest quote: {max(quote_lengths(holdings), default=0)} characters")
        self.stdout.write(summary(holdings, findings, standings))
        if findings:
            raise CommandError(f"{len(findings)} findings: the evidence does not hold.")

    def write_section(self, title, lines):
        self.stdout.write(title)
        for line in lines:
            self.stdout.write(f"  {line}")


def check_queries(declared_counts):
    """Each declared count asks something that the API can answer."""
    findings = []
    for claim in declared_counts:
        try:
            reconciliation.rows_of(claim.resource, claim.query)
        except ValidationError as error:
            what = f"/{claim.resource}/?{claim.query}: {' '.join(error.messages)}"
            findings.append(EvidenceFault(Fault.CLAIM, claim.pk, what))
    return findings


def state_lines(declared, standings):
    return [
        f"{code}: {words(standing.state)}, {standing.registered} of {declared[code].observation.wording}"
        for code, standing in sorted(standings.items())
    ]


def words(state):
    return state.value.replace("_", " ")


def summary(holdings, findings, standings):
    """What was compared, and what does not hold, on one line."""
    found = Counter(finding.kind for finding in findings)
    states = Counter(standing.state for standing in standings.values())
    return (
        f"evidence: {len(holdings.records)} records, {len(holdings.all_citations())} citations, "
        f"{found[Fault.QUOTE]} broken quotes, {found[Fault.DISAGREEMENT]} disagreements, "
        f"{found[Fault.NO_EVIDENCE]} values without evidence, "
        f"{found[Fault.NUMERAL]} unexplained numerals (of {len(numerals(holdings))}), "
        f"median quote {median(quote_lengths(holdings) or [0]):g} characters, declared counts: "
        + ", ".join(f"{states[state]} {words(state)}" for state in reconciliation.State)
    )
