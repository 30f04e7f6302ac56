"""The OpenAPI document: what each resource takes and answers, read from the code that takes and answers it.

A query parameter stands in it because a view knows it, a filter because a filter set declares it, a field because
a serializer lists it; so nothing can be documented that is not there, and nothing be there undocumented.
"""
