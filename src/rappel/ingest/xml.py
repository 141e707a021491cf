"""XML, read with everything that can hurt switched off.

Owns the parse (no DTD, no entities, no network, listed encodings, comments dropped so
that they cannot cut an amount in two) and :class:`Node`, through which readers take
fields: what is missing or malformed becomes a finding with the path of the field, and
reading goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from lxml import etree

from rappel.core.findings import Finding
from rappel.core.invoices import ZERO
from rappel.ingest.faults import UnreadableError
from rappel.ingest.figures import FigureError, figure, moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from decimal import Decimal

    from lxml.etree import _Element as Element

T = TypeVar("T")
LARGEST: Final = 10_000_000
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


@dataclass(frozen=True, slots=True)
class Node:
    """An element, the path by which people find it, and where its faults are noted."""

    element: Element
    path: str
    notes: list[Finding]

    def children(self, name: str) -> list[Node]:
        """Return the direct children of this name in this element's namespace."""
        namespace, _ = name_of(self.element)
        found = self.element.findall(f"{{{namespace}}}{name}")
        paths = [f"{name}[{place}]" for place in range(1, len(found) + 1)]
        return [Node(*pair, self.notes) for pair in zip(found, paths, strict=True)]

    def child(self, name: str) -> Node | None:
        """Return the one direct child of this name.

        Raises:
            UnreadableError: ``ambiguous_id`` when there are two, since a reader that
                takes the first of them can be fooled.
        """
        found = self.children(name)
        if len(found) > 1:
            raise UnreadableError("ambiguous_id", column=name, name=name)
        return Node(found[0].element, name, self.notes) if found else None

    def text(self, name: str) -> str | None:
        """Return an attribute without outer blanks, ``None`` when empty or absent."""
        return (self.element.get(name) or "").strip() or None

    def need(self, name: str) -> str:
        """Return an attribute that has to be there; else note ``missing_field``."""
        text = self.text(name)
        if text is None:
            self.note("missing_field", name)
        return text or ""

    def amount(self, name: str) -> Decimal | None:
        """Return a figure, ``None`` when absent; a wrong one is noted and ``None``."""
        text = self.text(name)
        return None if text is None else self._read(name, text, figure)

    def need_amount(self, name: str) -> Decimal:
        """Return a figure that has to be there; zero when noted otherwise."""
        text = self.need(name)
        return (self._read(name, text, figure) if text else None) or ZERO

    def need_moment(self, name: str) -> datetime | None:
        """Return a local time that has to be there; ``None`` when noted otherwise."""
        text = self.need(name)
        return self._read(name, text, moment) if text else None

    def note(self, code: str, name: str, **params: str) -> None:
        """Note a finding at one of this element's attributes."""
        column = f"{self.path}@{name}"
        params["field"] = column
        self.notes.append(Finding(code=code, column=column, params=params))

    def _read(self, name: str, text: str, how: Callable[[str], T]) -> T | None:
        try:
            return how(text)
        except FigureError as fault:
            self.note(fault.code, name, value=text[:40])
            return None
