"""Records of the registry, as one user may see them."""

from django.db.models import OuterRef, Subquery

from shuangta.history.querysets import RevisionedQuerySet
from shuangta.records.visibility import may_view


class RecordQuerySet(RevisionedQuerySet):
    """Records of the registry, as one user may see them."""

    def bulk_create(self, objs, batch_size=None, **options):
        """Create the records, each of which brings its code; none is proposed to many at once."""
        objs = list(objs)
        if not all(row.code for row in objs):
            raise ValueError("bulk_create() of entries needs the code of each.")
        return super().bulk_create(objs, batch_size, **options)

    bulk_create.alters_data = True

    def visible_to(self, user):
        """All rows for those who may view them in the admin; what is published for everybody else."""
        return self if may_view(user, self.model) else self.filter(is_published=True)

    def with_stated_on(self, user):
        """Annotate ``stated_on``: the date of the latest document that the user sees say anything of the record."""
        citations = self.model.citations.field.remote_field.model.objects.about(self.model)
        latest = (
            citations.dated_for(user)
            .filter(record=OuterRef("pk"))
            .order_by("-passage__article__document__published_on")
            .values("passage__article__document__published_on")[:1]
        )
        return self.annotate(stated_on=Subquery(latest))
