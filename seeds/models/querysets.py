"""Citations, as one user may see them."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from seeds.models.documents import Article, Document, Passage
from shuangta.history.querysets import RevisionedQuerySet
from shuangta.history.revision import Revision
from shuangta.records.codes import FormerCode
from shuangta.records.models import record_models
from shuangta.records.visibility import may_view
from shuangta.search.models import SearchEntry

# What a citation is from, step by step.
SOURCES = {
    "passage": Passage,
    "passage__article": Article,
    "passage__article__document": Document,
}


class CitationQuerySet(RevisionedQuerySet):
    def get_by_natural_key(self, app_label, model, record, field, position):
        record_type = ContentType.objects.get_by_natural_key(app_label, model)
        return self.get(record_type=record_type, record=record, field=field, position=position)

    def about(self, model):
        """The citations for records of one model."""
        return self.filter(record_type=ContentType.objects.get_for_model(model))

    def visible_to(self, user):
        """The citations of the records that the user may see, from passages that the user may see.

        A citation by which a record is in a list of codes is seen only with that record.
        """
        if may_view(user, self.model):
            return self
        seen = SearchEntry.objects.visible_to(user)
        cited = seen.filter(record_type=OuterRef("record_type"), record=OuterRef("record"))
        quoted = Passage.objects.visible_to(user).values("pk")
        of_lists = [
            Q(record_type=owner, field=name)
            & ~Exists(seen.filter(record_type=member, record=OuterRef("value")))
            for owner, name, member in lists_of_codes()
        ]
        return self.filter(
            Exists(cited),
            Q(passage__isnull=True) | Q(passage__in=quoted),
            ~Q(*of_lists, _connector=Q.OR),
        )

    def requiring(self, type_id, codes):
        """Yield the keys of the citations that nobody sees without one of these records of a type.

        Of those about one of them, also the ones deleted by now.
        """
        citations = ContentType.objects.get_for_model(self.model)
        about = Revision.objects.filter(content_type=citations, owner_type=type_id, owner__in=codes)
        yield from about.values_list("object_id", flat=True).distinct()
        if type_id == ContentType.objects.get_for_model(Passage).pk:
            yield from self.filter(passage__in=codes).values_list("pk", flat=True)
        for owner, name, member in lists_of_codes():
            if member.pk == type_id:
                listing = self.filter(record_type=owner, field=name, value__in=codes)
                yield from listing.values_list("pk", flat=True)

    def formerly_requiring(self, type_id, codes, number):
        """Yield the keys of those, changed after the change of this number, that ever quoted one of these passages.

        Or that ever stood for one of these records in a list of codes.
        """
        if not codes:
            return
        former = FormerCode.objects.filter(record_type=type_id, record__in=codes)
        codes = [*codes, *former.values_list("code", flat=True)]
        named = Q(pk__in=())
        if type_id == ContentType.objects.get_for_model(Passage).pk:
            named |= Q(state__passage_id__in=codes)
        for owner, name, member in lists_of_codes():
            if member.pk == type_id:
                named |= Q(
                    state__record_type_id=owner.pk, state__field=name, state__value__in=codes
                )
        citations = ContentType.objects.get_for_model(self.model)
        revisions = Revision.objects.filter(content_type=citations)
        later = revisions.filter(pk__gt=number).values("object_id")
        named_then = revisions.filter(named, object_id__in=later)
        yield from named_then.values_list("object_id", flat=True).distinct()

    def dated_for(self, user):
        """The citations that date their record: those whose passage, article and document the user may see."""
        dating = self.filter(passage__isnull=False)
        for path, model in SOURCES.items():
            if not may_view(user, model):
                dating = dating.filter(**{f"{path}__is_published": True})
        return dating


def lists_of_codes():
    """Every field that lists codes: the type of its records, its name, and the type of those that it lists."""
    types = ContentType.objects
    return [
        (types.get_for_model(model), field.name, types.get_for_model(field.related_model))
        for model in record_models()
        for field in model._meta.many_to_many
    ]
