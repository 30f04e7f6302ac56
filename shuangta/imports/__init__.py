"""Imports: a sheet of an editor's, understood, previewed and then applied as it was shown."""
