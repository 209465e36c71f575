"""Finds the thing people mean by its name as they typed it, or says that nobody knows it."""

from storage.names.index import Index
from storage.names.name import Found, Name

__all__ = ["Found", "Index", "Name"]
