"""Files to documents: the one way in.

Owns the dispatch from bytes to a reader. Nothing here or below opens a file, a socket
or a database, and nothing raises for what is wrong in a file: whatever comes in, each
document answers with its verdict and findings, in input order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rappel.ingest import pdf, xml
from rappel.ingest import register as registers
from rappel.ingest import table as tables
from rappel.ingest.archive import members
from rappel.ingest.columns import ColumnMap
from rappel.ingest.evidence import Source, Trust, bundled, proved
from rappel.ingest.faults import UNKNOWN, UnreadableError, rejected
from rappel.ingest.grouping import SCHEME
from rappel.ingest.registry import KNOWN, READERS, WRAPPERS
from rappel.ingest.sniff import Form, sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element as Element

    from rappel.core.invoices import Document

    View = Callable[[str, tables.Table, ColumnMap], tuple[Document, ...]]


@dataclass(frozen=True, slots=True)
class Given:
    """What reading goes by: a column map, whom to believe, how to take a table."""

    columns: ColumnMap
    trust: Trust
    view: View


DEEPEST: Final = 2  # an envelope of a web service around a message around a document
_HOLDS_XML: Final = frozenset({Form.XML, Form.PDF})
_UNREAD: Final = {
    Form.JSON: "JSON",
    Form.OLD_OFFICE: "XLS",
}


def read(
    name: str,
    content: bytes,
    *,
    columns: ColumnMap | None = None,
    trust: Trust | None = None,
) -> tuple[Document, ...]:
    """Return the documents of a file, a table as one register.

    ``name`` only labels them. ``columns`` says what the headings of a table leave open.
    ``trust`` is whom seals are believed by: without one, who comes with this release.
    An archive answers one document or more for each member, labelled with its path.
    """
    given = Given(columns or ColumnMap(), trust or bundled(), _as_register)
    return tuple(_documents(name, content, given))


def read_invoices(
    name: str,
    content: bytes,
    *,
    columns: ColumnMap | None = None,
    trust: Trust | None = None,
) -> tuple[Document, ...]:
    """Return the documents of a file, a table as the invoices its rows make up."""
    given = Given(columns or ColumnMap(), trust or bundled(), registers.invoices)
    return tuple(_documents(name, content, given))


def _as_register(
    name: str, table: tables.Table, given: ColumnMap
) -> tuple[Document, ...]:
    return (registers.register(name, table, given),)


def _documents(name: str, content: bytes, given: Given) -> Iterator[Document]:
    if sniff(content) is not Form.ZIP:
        yield from _file(name, content, given)
        return
    try:
        for member in members(content):
            label = f"{name}/{member.name}"
            if member.fault is None:
                yield from _file(label, member.content, given)
            else:
                yield rejected(label, member.fault)
    except UnreadableError as fault:
        yield rejected(name, fault)


def _file(name: str, content: bytes, given: Given) -> tuple[Document, ...]:
    form = sniff(content)
    try:
        if form in _HOLDS_XML:
            body = pdf.attached(content) if form is Form.PDF else content
            return tuple(_xml(name, Source(body, xml.parse(body)), given.trust))
        if form is Form.TABLE:
            table = tables.read_csv(content, given.columns)
            return given.view(name, table, given.columns)
        if form is Form.XLSX:
            table = tables.read_xlsx(content, given.columns)
            return given.view(name, table, given.columns)
    except UnreadableError as fault:
        scheme = UNKNOWN if form in _HOLDS_XML else SCHEME
        return (rejected(name, fault, scheme=scheme),)
    return (rejected(name, _not_read(form)),)


def _not_read(form: Form) -> UnreadableError:
    if form is Form.EMPTY:
        return UnreadableError("empty_file")
    if form in _UNREAD:
        return UnreadableError("not_supported", name=_UNREAD[form])
    return UnreadableError("unknown_document", name=form.value)


def _xml(
    name: str, source: Source, trust: Trust, inside: tuple[tuple[str, str], ...] = ()
) -> Iterator[Document]:
    """Yield the documents of an element: itself, or what it wraps.

    ``inside`` are the wrappers around it. Rule: nothing is wrapped in its own kind, and
    nothing deeper than a message in an envelope.
    """
    root_name = xml.name_of(source.root)
    unwrap = WRAPPERS.get(root_name)
    if unwrap is None:
        yield _document(name, source, trust)
        return
    if root_name in inside or len(inside) == DEEPEST:
        raise UnreadableError("nesting", name=root_name[1])
    found = unwrap(source.root)
    if not found:
        raise UnreadableError("nothing_inside", name=root_name[1])
    for one in found:
        try:
            inner = _inner(source, one)
            yield from _xml(name, inner, trust, (*inside, root_name))
        except UnreadableError as fault:
            yield rejected(name, fault)


def _inner(source: Source, found: Element | bytes) -> Source:
    """Return what was wrapped, with the bytes that its signature was made of."""
    if isinstance(found, bytes):
        return Source(found, xml.parse(found))
    return Source(source.content, found)


def _document(name: str, source: Source, trust: Trust) -> Document:
    root_name = xml.name_of(source.root)
    reader = READERS.get(root_name)
    if reader is None:
        return _unread(name, root_name)
    try:
        return proved(reader.read(source.root, name), source, trust)
    except UnreadableError as fault:
        return rejected(name, fault, scheme=reader.scheme)


def _unread(name: str, root_name: tuple[str, str]) -> Document:
    scheme, title = KNOWN.get(root_name, (UNKNOWN, ""))
    if title:
        fault = UnreadableError("not_supported", name=title)
        return rejected(name, fault, scheme=scheme)
    namespace, local = root_name
    fault = UnreadableError("unknown_document", name=f"{local} {namespace}".strip())
    return rejected(name, fault)
