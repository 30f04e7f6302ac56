"""Job fairs in the admin."""

from django.contrib import admin

from districts.admin import ObservationInline
from governance.models import JobFair
from seeds.admin import CitedRecordAdmin


@admin.register(JobFair)
class JobFairAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "mode", "organiser", "starts_on", "posts", "is_published"]
    list_filter = ["mode", "organiser", "venues", "district", "is_published"]
    list_select_related = ["organiser"]
    inlines = [ObservationInline]
