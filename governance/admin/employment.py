"""Job fairs in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin import ObservationInline
from governance.models import JobFair
from seeds.admin import SourcedNamedRecordAdmin


@admin.register(JobFair)
class JobFairAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one job fair, or one series of fairs, on the spot or online, with what it "
        "reached."
    )
    list_display = ["name", "name_en", "mode", "organiser", "starts_on", "posts", "is_published"]
    list_filter = ["mode", "organiser", "venues", "district", "is_published"]
    list_select_related = ["organiser"]
    inlines = [ObservationInline]
