"""Two editors at one record: the version check, the merge, and what a form tells of it."""
