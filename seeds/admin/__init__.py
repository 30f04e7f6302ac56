"""The sources, and the evidence that every other record shows beside its values."""

from seeds.admin import sources
from seeds.admin.citing import CitedForm
from seeds.admin.quoting import CitedEntryAdmin, CitedRecordAdmin

__all__ = ["CitedEntryAdmin", "CitedForm", "CitedRecordAdmin", "sources"]
