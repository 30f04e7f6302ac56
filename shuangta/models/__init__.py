"""The kernel's models; the apps build theirs on ``Record`` and ``Entry``."""

from shuangta.history import Change
from shuangta.models.codes import FormerCode, FreeCodes
from shuangta.models.entries import Entry, entry_models, record_type
from shuangta.models.idempotency import IdempotentRequest
from shuangta.models.imports import ProposedImport
from shuangta.models.marks import EvidenceMark
from shuangta.models.records import Progress, Record
from shuangta.models.restorations import Restoration
from shuangta.models.search import DerivedRules, SearchEntry, SearchGram
from shuangta.models.tokens import ApiToken
from shuangta.models.versioned import Versioned

__all__ = [
    "ApiToken",
    "Change",
    "DerivedRules",
    "Entry",
    "EvidenceMark",
    "FormerCode",
    "FreeCodes",
    "IdempotentRequest",
    "Progress",
    "ProposedImport",
    "Record",
    "Restoration",
    "SearchEntry",
    "SearchGram",
    "Versioned",
    "entry_models",
    "record_type",
]
