"""Knows HTTP pages: the server, what stands in front of it, and the sandbox."""
