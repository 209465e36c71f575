"""Knows chat, and nothing about alignment."""
