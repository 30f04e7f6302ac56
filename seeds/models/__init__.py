from seeds.models.citations import Citation
from seeds.models.documents import Article, Document, Passage
from seeds.models.issues import EvidenceIssue

__all__ = ["Article", "Citation", "Document", "EvidenceIssue", "Passage"]
