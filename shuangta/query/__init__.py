"""The language of filters and groups, without HTTP."""
