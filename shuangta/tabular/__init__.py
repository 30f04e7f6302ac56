"""Sheets and files of rows: CSV, XLSX and NDJSON, read and written as streams."""
