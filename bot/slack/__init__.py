"""Slack: the one place that knows it."""
