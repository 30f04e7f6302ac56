"""What a page says before a deletion, without the rows of tables that only link two others."""

from django.utils.text import capfirst


def without_links(model, listed, counts):
    """What would be deleted, and how many of each kind, as Django tells them of a model’s rows."""
    links = [field.remote_field.through._meta for field in model._meta.many_to_many]
    names = {str(meta.verbose_name_plural) for meta in links}
    beginnings = tuple(f"{capfirst(meta.verbose_name)}: " for meta in links)
    left = {name: count for name, count in counts.items() if str(name) not in names}
    return without(beginnings, listed), left


def without(beginnings, listed):
    """The nested list without the lines that begin so, and without what is empty then."""
    left = []
    for each in listed:
        if isinstance(each, list):
            left += [nested] if (nested := without(beginnings, each)) else []
        elif not each.startswith(beginnings):
            left.append(each)
    return left
