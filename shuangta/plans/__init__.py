"""Stored plans: what a sheet would do, with the versions that it found."""
