"""Users and groups, in the same dress as the rest; a new user can log in and work at once."""

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import authenticate
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.views import PasswordChangeView
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import (
    AdminOwnPasswordChangeForm,
    AdminPasswordChangeForm,
    UserChangeForm,
    UserCreationForm,
)
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from shuangta.admin.help import HelpedAdmin
from shuangta.admin.pages.delete import without_links
from shuangta.api.models import ApiToken

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


class AccountAdmin(HelpedAdmin):
    """What may be done, and by whom, is ticked in a list."""

    filter_horizontal = ()
    permissions_field: str

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        if db_field.related_model is Permission:
            kwargs |= {"form_class": PermissionsField, "queryset": permissions()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        """Save what is ticked; a permission for what has no page here cannot be, and stays as it is."""
        held = getattr(form.instance, self.permissions_field)
        not_shown = list(held.exclude(pk__in=permissions()))
        super().save_related(request, form, formsets, change)
        held.add(*not_shown)

    def get_deleted_objects(self, objs, request):
        listed, counts, *more = super().get_deleted_objects(objs, request)
        return *without_links(self.model, listed, counts), *more


@admin.register(User)
class UserAdmin(AccountAdmin, DjangoUserAdmin):
    help = gettext_lazy(
        "Each record is one person who may log in here; what they may do follows from their group."
    )
    permissions_field = "user_permissions"
    form = UserChangeForm
    add_form = UserCreationForm
    add_form_template = None
    add_fieldsets = (
        (
            gettext_lazy("Who it is"),
            {
                "fields": ("username", "last_name", "first_name", "password1", "password2"),
                "description": gettext_lazy(
                    "Tell the new user the name and the password; they can choose another password "
                    "once they are logged in."
                ),
            },
        ),
        (
            gettext_lazy("What they may do"),
            {
                "fields": ("is_staff", "groups"),
                "description": gettext_lazy(
                    "Only staff may open these pages, and only a group lets them do anything there: "
                    "Editors keep the records, Publishers also decide what everybody sees."
                ),
            },
        ),
    )
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "last_name", "first_name", "is_staff", "is_superuser", "last_login")

    def get_changeform_initial_data(self, request):
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def get_deleted_objects(self, objs, request):
        """A user's tokens go with the user, though none is deleted alone; who stands in the history stays."""
        keeping = [self.in_history(user) for user in objs if user.revisions.exists()]
        if keeping:
            return [], {}, set(), keeping
        objects, counts, not_permitted, protected = super().get_deleted_objects(objs, request)
        return objects, counts, not_permitted - {ApiToken._meta.verbose_name}, protected

    def in_history(self, user):
        message = _(
            "“%(user)s” stands in the history, which would no longer tell who did it. Take away the "
            "mark “%(active)s” instead: then nobody logs in by this name."
        )
        label = User._meta.get_field("is_active").verbose_name
        return message % {"user": user, "active": label}


@admin.register(Group)
class GroupAdmin(AccountAdmin, DjangoGroupAdmin):
    help = gettext_lazy(
        "Each record is one group of users, with everything that its members may do."
    )
    permissions_field = "permissions"


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """Counts a wrong old password as one at the login, so that a session is no place to guess at."""

    def __init__(self, *args, request, **options):
        self.request = request
        super().__init__(*args, **options)

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        name = self.user.get_username()
        if authenticate(self.request, username=name, password=password) is None:
            raise ValidationError(self.error_messages["password_incorrect"], "password_incorrect")
        return password


class OwnPasswordView(PasswordChangeView):
    """Lets those who are logged in change their own password."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}
