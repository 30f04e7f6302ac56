"""What keeps records from being deleted, as a user may be told of it."""

from django.contrib.admin.utils import NestedObjects, quote
from django.db import DEFAULT_DB_ALIAS, transaction
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuangta.db.deletion import UNSEEN_DEPENDENTS, delete_independent, filter_visible

NAMED_DEPENDENTS = 5


def rehearse_deletion(rows, user):
    """What keeps the rows of one model that cannot be deleted together: by key, sentences for the user."""
    with transaction.atomic():
        staying = delete_independent(rows)
        transaction.set_rollback(True)
    return explain_staying(staying, user)


def explain_staying(staying, user):
    """The sentences of each row that ``delete_independent`` left: what the user sees, and that more is unseen."""
    keeping = {each: row for dependents in staying.values() for each, row in dependents.items()}
    seen = {(type(row), row.pk) for row in filter_visible(keeping.values(), user)}
    return {
        key: tuple(name_dependents(dependents, seen))
        for (_model, key), dependents in staying.items()
    }


def name_dependents(dependents, seen):
    visible = [row for key, row in dependents.items() if key in seen]
    if visible:
        yield name_first(visible)
    if len(visible) < len(dependents):
        yield str(UNSEEN_DEPENDENTS)


def name_first(rows):
    """The sentence that names the first of the records that depend on one."""
    named = sorted(f"{capfirst(each._meta.verbose_name)} “{each}”" for each in rows)
    more = len(named) - NAMED_DEPENDENTS
    words = "、".join(named[:NAMED_DEPENDENTS])
    if more > 0:
        words += ngettext(" and %(count)s more", " and %(count)s more", more) % {"count": more}
    return _("It is named by: %(records)s.") % {"records": words}


def link_dependents(rows, request, site):
    """A link to each record that keeps the rows and that the user sees, and a sentence where there are others."""
    collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=rows)
    collector.collect(rows)
    visible = filter_visible(collector.protected, request.user)
    unseen = [str(UNSEEN_DEPENDENTS)] if len(visible) < len(collector.protected) else []
    return [*sorted((link_to(row, site) for row in visible), key=strip_tags), *unseen]


def link_to(row, site):
    """The kind of a record, and its name as a link to its page."""
    page = f"{site.name}:{row._meta.app_label}_{row._meta.model_name}_change"
    address = reverse(page, args=[quote(row.pk)])
    return format_html('{}: <a href="{}">{}</a>', capfirst(row._meta.verbose_name), address, row)
