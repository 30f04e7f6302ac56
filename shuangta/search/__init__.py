"""Search in both scripts, by pinyin and initials, kept beside the records."""
