"""Records: what every row of the registry is, and how it is named, restored and renamed."""
