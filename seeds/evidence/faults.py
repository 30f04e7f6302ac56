"""What may be wrong with the evidence, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What a finding is about."""

    DOCUMENT = "broken document"
    QUOTE = "broken quote"
    DISAGREEMENT = "disagreement"
    NO_EVIDENCE = "value without evidence"
    STRAY = "stray citation"
    NUMERAL = "unexplained numeral"
    LENGTH = "long quotes"
    CLAIM = "broken claim"
    NEEDLESS = "needless line"


@dataclass(frozen=True)
class EvidenceFault:
    """One thing that does not hold: of which kind, where, and what."""

    kind: Fault
    where: str
    what: str

    def __str__(self):
        return f"{self.kind}: {self.where}: {self.what}"
