"""Which resource of the API holds which model; the router in ``urls`` is the one list of them."""

from functools import cache
from graphlib import TopologicalSorter

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.urls import resolve, reverse

from shuangta.history.models import RevisionedModel
from shuangta.records.models import Record


@cache
def viewsets():
    """Every resource's viewset, by its name in the address."""
    models = [model for model in apps.get_models() if issubclass(model, RevisionedModel)]
    addresses = [reverse(f"{model._meta.model_name}-list") for model in models]
    return {address.split("/")[-2]: resolve(address).func.cls for address in addresses}


def viewset_of(model):
    return next(viewset for viewset in viewsets().values() if viewset.queryset.model is model)


def address_of(row):
    """The path of a row in the API, without the host."""
    return reverse(f"{row._meta.model_name}-detail", args=[row.pk])


def in_loading_order(names):
    """The resources in an order in which each comes after those whose records its own name."""
    models = {viewsets()[name].queryset.model: name for name in names}
    needs = {
        name: sorted(models[each] for each in models_named_by(model) & models.keys())
        for model, name in models.items()
    }
    return list(TopologicalSorter(needs).static_order())


def models_named_by(model):
    """The other models whose records those of a model name, directly or through others.

    What may be about any record names all but those that name it in turn.
    """
    needs, to_follow = set(), [model]
    while to_follow:
        fields = to_follow.pop()._meta
        named = {each.related_model for each in (*fields.concrete_fields, *fields.many_to_many)}
        new = (
            {each for each in named if each and issubclass(each, RevisionedModel)} - needs - {model}
        )
        needs |= new
        to_follow += new
    if any(isinstance(field, GenericForeignKey) for field in model._meta.private_fields):
        entries = (viewset.queryset.model for viewset in viewsets().values())
        needs |= {
            each
            for each in entries
            if issubclass(each, Record) and each is not model and model not in models_named_by(each)
        }
    return needs
