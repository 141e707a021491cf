"""Rappel: the rebates of a buyers' consortium."""
