"""XML, read with everything that can hurt switched off.

Owns the parse: no DTD, no entities, no network, listed encodings, comments dropped so
that they cannot cut an amount in two. Fields are taken by :mod:`rappel.ingest.nodes`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.ingest.faults import UnreadableError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LARGEST: Final = 10_000_000
LINES_LIMIT: Final = 20_000  # of one document
_ENCODINGS: Final = frozenset(
    {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be"}
    | {"iso-8859-1", "latin1", "windows-1252", "cp1252", "us-ascii", "ascii"}
)
_DECLARED: Final = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_UTF16: Final = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
_FORBIDDEN: Final = (b"<!DOCTYPE", b"<!ENTITY")


def parse(content: bytes) -> Element:
    """Return the root of a document.

    Raises:
        UnreadableError: ``file_too_large``, ``encoding_not_allowed``,
            ``dtd_forbidden`` or ``not_well_formed`` with the line.
    """
    if len(content) > LARGEST:
        raise UnreadableError("file_too_large", limit="10 MB")
    try:
        return tree(content.lstrip(b" \t\r\n"))
    except etree.XMLSyntaxError as fault:
        raise UnreadableError(
            "not_well_formed", row=fault.lineno, reason=str(fault.msg)
        ) from None


def tree(content: bytes) -> Element:
    """Return the root of scanned XML; lxml's own error when it is broken.

    Raises:
        UnreadableError: as :func:`scan`; ``dtd_forbidden`` also for a document type
            that only the parser finds.
    """
    scan(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Element = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("dtd_forbidden")
    return root


def scan(content: bytes) -> None:
    """Look for what may not be in a document before a parser sees it.

    Raises:
        UnreadableError: ``encoding_not_allowed`` or ``dtd_forbidden``.
    """
    wide = _UTF16.get(content[:2])
    try:
        plain = content.decode(wide).encode() if wide else content
    except UnicodeDecodeError:
        raise UnreadableError("encoding_not_allowed", encoding="utf-16") from None
    declared = _DECLARED.search(plain[:400])
    encoding = declared[1].decode("latin-1") if declared else "utf-8"
    if encoding.lower() not in _ENCODINGS:
        raise UnreadableError("encoding_not_allowed", encoding=encoding)
    if any(word in plain for word in _FORBIDDEN):
        raise UnreadableError("dtd_forbidden")


def name_of(root: Element) -> tuple[str, str]:
    """Return (namespace, local name) of an element; the namespace may be empty."""
    name = etree.QName(root)
    return name.namespace or "", name.localname
