"""Entries with a name, and how far the things they tell of have come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.models.entries import Entry
from shuangta.pinyin import sort_key
from shuangta.texts import NameListField, SingleLineField


class Progress(models.TextChoices):
    """How far a thing has come. A plan, a trial and a finished thing are never the same; unknown is null."""

    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    TRIAL = "trial", _("On trial")
    IN_OPERATION = "in_operation", _("In operation")
    COMPLETED = "completed", _("Completed")


class Record(Entry):
    """An entry with a name of its own."""

    name = SingleLineField(_("name"), max_length=200)
    name_en = SingleLineField(_("English name"), max_length=200, null=True, blank=True)
    aliases = NameListField(
        _("aliases"), blank=True, default="", help_text=_("Other names, one a line.")
    )
    sort_key = models.CharField(max_length=500, editable=False, default="")

    derived_fields = ("sort_key",)
    editorial_fields = Entry.editorial_fields | {"name_en", "aliases", "sort_key"}
    title_field = "name"
    searched_fields = ("code", "name", "name_en", "aliases")
    spelt_fields = ("name", "aliases")

    class Meta(Entry.Meta):
        abstract = True
        ordering = ["sort_key", "code"]

    def __str__(self):
        return self.name

    def derive(self):
        self.sort_key = sort_key(self.name)[:500]

    def names(self):
        return list(filter(None, [self.name, self.name_en, *self.aliases.splitlines()]))

    def code_words(self):
        return [getattr(self, "district_id", None) or "", self.name]
