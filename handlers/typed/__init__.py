"""Reads what people type after a command: the words, the flags, the people, the dates."""
