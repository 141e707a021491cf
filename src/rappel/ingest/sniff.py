"""What a file is, told from its first bytes and never from its name.

Owns the guess between containers (XML, ZIP, XLSX, PDF, JSON, table); which scheme an
XML is belongs to :mod:`rappel.ingest.registry`.
"""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from typing import Final

_HEAD: Final = 1024
_BLANK: Final = b" \t\r\n"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF16_XML: Final = (b"<\0", b"\0<")
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0b\x0e-\x19\x1b-\x1f]")


class Form(StrEnum):
    """The container of a file."""

    EMPTY = "empty"
    XML = "xml"
    ZIP = "zip"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"
    TABLE = "table"
    OLD_OFFICE = "old_office"  # .xls, or a spreadsheet locked with a password
    BINARY = "binary"


def sniff(content: bytes) -> Form:
    """Return what ``content`` is; anything that reads as text is a table."""
    head = content[:_HEAD]
    if not content.strip(_BLANK):
        return Form.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Form.OLD_OFFICE
    if b"%PDF-" in head:
        return Form.PDF
    return _text(head)


def _archive(content: bytes) -> Form:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Form.ZIP  # the archive reader says what is wrong with it
    return Form.XLSX if "xl/workbook.xml" in names else Form.ZIP


def _text(head: bytes) -> Form:
    wide = head.startswith(_UTF16)
    text = head.replace(b"\0", b"")[2:] if wide else head.removeprefix(b"\xef\xbb\xbf")
    text = text.lstrip(_BLANK)
    if text.startswith(b"<") or head.startswith(_UTF16_XML):
        return Form.XML
    if text.startswith((b"{", b"[")):
        return Form.JSON
    if not wide and _CONTROL.search(head):
        return Form.BINARY
    return Form.TABLE
