"""Evidence: whether the words that the registry cites bear out what it holds."""
