"""History: every way of writing a row leaves a revision behind and counts its version."""
