"""Figures: what observations come to together, and declared counts held against the registry."""
