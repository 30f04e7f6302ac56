"""Users and groups, in the same dress as the rest."""

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from shuangta.models import ApiToken

admin.site.unregister([User, Group])


DEEDS = {
    "add": gettext_lazy("may add"),
    "change": gettext_lazy("may change"),
    "delete": gettext_lazy("may delete"),
    "view": gettext_lazy("may view"),
}


class PermissionsField(forms.ModelMultipleChoiceField):
    """What a user may do, in the user's words: Django keeps the names of permissions in English."""

    def label_from_instance(self, permission):
        deed, _separator, _model = permission.codename.partition("_")
        model = capfirst(permission.content_type.name)
        return f"{model}: {DEEDS[deed]}" if deed in DEEDS else _(permission.name)


def permissions():
    """The permissions for everything that has a page here."""
    models = [model for model in apps.get_models() if admin.site.is_registered(model)]
    types = ContentType.objects.get_for_models(*models).values()
    return Permission.objects.filter(content_type__in=types).select_related("content_type")


class AccountAdmin(ModelAdmin):
    """What may be done, and by whom, is ticked in a list."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        if db_field.related_model is Permission:
            kwargs |= {"form_class": PermissionsField, "queryset": permissions()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(AccountAdmin, DjangoUserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def get_deleted_objects(self, objs, request):
        """A user's tokens go with the user, though none is deleted alone."""
        objects, counts, not_permitted, protected = super().get_deleted_objects(objs, request)
        return objects, counts, not_permitted - {ApiToken._meta.verbose_name}, protected


@admin.register(Group)
class GroupAdmin(AccountAdmin, DjangoGroupAdmin):
    def get_deleted_objects(self, objs, request):
        """The groups by name; their permissions, which stay, are not told one by one."""
        objects, counts, not_permitted, protected = super().get_deleted_objects(objs, request)
        groups = [each for each in objects if not isinstance(each, list)]
        name = self.opts.verbose_name_plural
        return groups, {name: counts[name]}, not_permitted, protected
