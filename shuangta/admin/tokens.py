"""Tokens of the API: made here for a program, shown once, revoked when the program is done with."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from shuangta.admin.help import HelpedAdmin
from shuangta.admin.pages.base import Pages
from shuangta.api.models import ApiToken, digest_of, new_key

COLOURS = {
    ApiToken.State.VALID: "success",
    ApiToken.State.EXPIRED: "warning",
    ApiToken.State.REVOKED: "danger",
}


class ApiTokenForm(forms.ModelForm):
    """A token that is to be made."""

    def clean_expires_at(self):
        expires_at = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."), code="past")
        return expires_at


@admin.register(ApiToken)
class ApiTokenAdmin(HelpedAdmin, Pages):
    """Each user sees, makes and revokes their own tokens; a superuser everybody's. None is changed or deleted."""

    help = gettext_lazy(
        "Each record is one key with which a program reads or writes the registry in a user’s name."
    )
    form = ApiTokenForm
    list_display = (
        "name",
        "user",
        "access",
        "created_at",
        "expires_at",
        "last_used_at",
        "coloured_state",
    )
    list_filter = ("access", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    ordering = ("-created_at",)
    readonly_fields = ("created_at", "last_used_at", "revoked_at", "state")
    actions = ("revoke_selected",)
    actions_detail = ("revoke",)

    @display(description=gettext_lazy("state"))
    def state(self, token):
        return token.state.label

    @display(description=gettext_lazy("state"), label=COLOURS)
    def coloured_state(self, token):
        return token.state, token.state.label

    def get_queryset(self, request):
        tokens = super().get_queryset(request)
        return tokens if request.user.is_superuser else tokens.filter(user=request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_revoke_permission(self, request, object_id=None):
        if not request.user.has_perm("shuangta.change_apitoken"):
            return False
        if object_id is None:
            return True
        token = self.get_object(request, object_id)
        return token is not None and token.revoked_at is None

    def get_fields(self, request, obj=None):
        owner = ["user"] if request.user.is_superuser else []
        known_later = self.readonly_fields if obj else []
        return ["name", *owner, "access", "expires_at", *known_later]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        users = get_user_model().objects.filter(is_active=True).order_by("username")
        kwargs |= {"queryset": users, "initial": request.user}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_view(self, request, form_url="", extra_context=None):
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, only_save)

    def save_model(self, request, obj, form, change):
        """Save a digest of a new key; the key itself goes to the page that shows it, and nowhere else."""
        if not request.user.is_superuser:
            obj.user = request.user
        obj.key = new_key()
        obj.digest = digest_of(obj.key)
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return self.page(
            request,
            "token_key",
            _("The key of the new token"),
            obj,
            key=obj.key,
            back=self.url_of("changelist"),
        )

    @action(
        description=gettext_lazy("Revoke"), permissions=["revoke"], url_path="revoke", icon="block"
    )
    def revoke(self, request, object_id):
        token = self.get_object(request, object_id)
        return self.revoke_all(
            request, ApiToken.objects.filter(pk=token.pk), self.url_of("change", token.pk)
        )

    @admin.action(description=gettext_lazy("Revoke selected API tokens"), permissions=["revoke"])
    def revoke_selected(self, request, queryset):
        return self.revoke_all(request, queryset, self.url_of("changelist"))

    def revoke_all(self, request, tokens, back):
        """Revoke the tokens once the user has said yes; ask before."""
        tokens = tokens.filter(revoked_at=None)
        if "confirmed" not in request.POST:
            title = _("Revoke these tokens?")
            return self.page(request, "revoke_tokens", title, tokens=tokens, back=back)
        for token in tokens:
            self.log_change(request, token, [{"changed": {"fields": ["revoked at"]}}])
        count = tokens.revoke()
        message = ngettext("%d token was revoked.", "%d tokens were revoked.", count) % count
        messages.success(request, message)
        return redirect(back)
