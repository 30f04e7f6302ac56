"""How Chinese text is folded, spelt, read and compared: pure Python that knows no table."""
