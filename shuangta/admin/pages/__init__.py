"""Pages of a model's admin beside its list and its form."""
