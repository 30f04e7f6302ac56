"""How the API writes: one row or many, once, and for a reason."""
