"""The models of the packages, for Django, which looks for them here."""

from shuangta.api.models import ApiToken, IdempotentRequest
from shuangta.history.models import Restoration
from shuangta.history.revision import Revision
from shuangta.operations.models import DerivedRules
from shuangta.plans.models import ProposedImport
from shuangta.records.codes import FormerCode
from shuangta.search.models import SearchEntry, SearchGram

__all__ = [
    "ApiToken",
    "DerivedRules",
    "FormerCode",
    "IdempotentRequest",
    "ProposedImport",
    "Restoration",
    "Revision",
    "SearchEntry",
    "SearchGram",
]
