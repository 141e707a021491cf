"""Bytes to documents and terms: one reader a scheme; no database, no network."""
