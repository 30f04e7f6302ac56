"""The REST API that every app shares: what each resource does, whatever it holds.

``views`` names the faces of a resource (list, detail, aggregate, facets, search, history …); each has a module.
"""
