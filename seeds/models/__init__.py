from seeds.models.citations import Citation
from seeds.models.documents import Article, Document, Passage

__all__ = ["Article", "Citation", "Document", "Passage"]
