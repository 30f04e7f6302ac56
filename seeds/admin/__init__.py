"""The sources, and the evidence that every other record shows beside its values."""

from seeds.admin import sources
from seeds.admin.entries import CitedEntryAdmin, CitedRecordAdmin
from seeds.admin.forms import CitedForm

__all__ = ["CitedEntryAdmin", "CitedForm", "CitedRecordAdmin", "sources"]
