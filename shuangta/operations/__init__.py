"""What an operator does with the registry; the commands are thin and call it."""
