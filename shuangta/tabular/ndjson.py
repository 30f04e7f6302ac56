"""NDJSON: one document a line, in UTF-8, each the same as in a page of the list."""

from rest_framework.utils.encoders import JSONEncoder

encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def ndjson_lines(batches):
    """Yield the lines of each batch as bytes."""
    for batch in batches:
        text = "".join(f"{encode(document)}\n" for document in batch)
        # Some readers take these two for the ends of lines.
        yield text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()
