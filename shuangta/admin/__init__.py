"""The admin that every app shares: what editors see of any record, and how they change it.

The modules of accounts, changes and tokens register their own models; the rest is for the apps to build on.
"""

from shuangta.admin import accounts, changes, tokens
from shuangta.admin.entries import EntryAdmin, ReasonedForm, RecordAdmin, VersionedAdmin
from shuangta.admin.inlines import (
    EntryFormSet,
    EntryInline,
    EntryRowForm,
    GenericEntryInline,
    GenericFormSet,
    RegistryInline,
)
from shuangta.admin.versions import VersionedForm

__all__ = [
    "EntryAdmin",
    "EntryFormSet",
    "EntryInline",
    "EntryRowForm",
    "GenericEntryInline",
    "GenericFormSet",
    "ReasonedForm",
    "RecordAdmin",
    "RegistryInline",
    "VersionedAdmin",
    "VersionedForm",
    "accounts",
    "changes",
    "tokens",
]
