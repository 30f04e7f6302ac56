"""The admin that every app shares: what editors see of any record, and how they change it."""
