"""Pieces of Django's ORM: fields, lookups, constraints, paging. They know no model of the registry."""
