"""Estimates from draws: one method a file."""
