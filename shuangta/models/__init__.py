"""The kernel's models; the apps build theirs on ``Record`` and ``Entry``."""

from shuangta.history import Change
from shuangta.models.entries import Entry, FormerCode, entry_models, record_type
from shuangta.models.records import Progress, Record
from shuangta.models.versioned import Versioned
from shuangta.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Change",
    "Entry",
    "FormerCode",
    "Progress",
    "Record",
    "Versioned",
    "entry_models",
    "record_type",
]
