"""Which resource of the API holds which model; the router in ``urls`` is the one list of them."""

from functools import cache

from django.apps import apps
from django.urls import resolve, reverse

from shuangta.models import Versioned


@cache
def viewsets():
    """Every resource's viewset, by its name in the address."""
    models = [model for model in apps.get_models() if issubclass(model, Versioned)]
    addresses = [reverse(f"{model._meta.model_name}-list") for model in models]
    return {address.split("/")[-2]: resolve(address).func.cls for address in addresses}


def viewset_of(model):
    return next(viewset for viewset in viewsets().values() if viewset.queryset.model is model)


def address_of(row):
    """The path of a row in the API, without the host."""
    return reverse(f"{row._meta.model_name}-detail", args=[row.pk])
