"""Slack: the one module that knows it."""
