"""Reading a printed statement back: its pages as text."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def flat(pdf: bytes) -> str:
    """Return the text of all pages in one line."""
    return " ".join(" ".join(pages(pdf)).split())
