"""The sources, and the evidence that every other record shows beside its values."""

from seeds.admin import sources
from seeds.admin.cited_form import CitedForm
from seeds.admin.entries import SourcedNamedRecordAdmin, SourcedRecordAdmin

__all__ = ["CitedForm", "SourcedNamedRecordAdmin", "SourcedRecordAdmin", "sources"]
