"""Which resource of the API holds which model; the one router in ``urls`` is the only list of them."""

from functools import cache


@cache
def viewsets():
    """Every resource's viewset, by its name in the address."""
    from shuangta.urls import router

    return {prefix: viewset for prefix, viewset, basename in router.registry}


def viewset_of(model):
    return next(viewset for viewset in viewsets().values() if viewset.queryset.model is model)


def address_of(row):
    """The path of a row in the API, without the host."""
    name = next(name for name, each in viewsets().items() if each.queryset.model is type(row))
    return f"/api/v1/{name}/{row.pk}/"
