"""Knows what we remember, and nothing about chat."""
