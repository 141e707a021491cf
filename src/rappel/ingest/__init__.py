"""Bytes to documents and terms: one reader a scheme; no database, no network."""

from __future__ import annotations

from rappel.ingest.columns import ColumnMap, column_map
from rappel.ingest.keys import weak_key
from rappel.ingest.present import document_json, finding_json
from rappel.ingest.reading import read, read_invoices

__all__ = [
    "ColumnMap",
    "column_map",
    "document_json",
    "finding_json",
    "read",
    "read_invoices",
    "weak_key",
]
