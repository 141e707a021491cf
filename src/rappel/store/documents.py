"""Documents as people look at them, and as a verb takes one up again.

Owns the reading of document rows; :mod:`rappel.store.intake` writes them. A person sees
what was read and why it is held; a verb gets the document back as the value it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from rappel.core.judgement import JUDGED
from rappel.errors import NotFound
from rappel.store.invoices import DocumentRow, InvoiceRow, UploadRow
from rappel.store.pages import page
from rappel.store.parties import MemberRow, SupplierRow
from rappel.store.readings import document_from, findings_from
from rappel.store.uploads import seen_by

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.findings import Finding
    from rappel.core.invoices import Document
    from rappel.store.pages import Page

STATES: Final = ("accepted", "held", "refused", "known")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document with what became of it; ``reading`` is the JSON of ``rappel read``.

    ``member`` and ``supplier`` are codes; ``invoice`` is the reference of what counts
    by it; ``because`` is an administrator's reason.
    """

    ref: str
    upload: str | None
    file: str
    state: str
    member: str | None
    supplier: str | None
    fiscal_key: str | None
    number: str | None
    invoice: str | None
    because: str
    received_at: datetime
    judged_at: datetime
    findings: tuple[Finding, ...]
    reading: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A document taken up by a verb: its row's ids, and the value that was read.

    ``sender`` is the member for which it was uploaded; ``document`` has the reader's
    own findings, without those of an earlier judgement.
    """

    id: int
    ref: str
    upload: int
    sender: int | None
    member: int | None
    state: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a document, in short."""

    ref: str
    file: str
    state: str
    fiscal_key: str | None
    number: str | None
    findings: tuple[Finding, ...]


def list_documents(
    session: Session,
    viewer: Viewer,
    *,
    state: str | None = None,
    upload: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[StoredDocument]:
    """Return the documents the viewer may see, in the order they were read."""
    query = _documents(viewer)
    if state is not None:
        query = query.where(DocumentRow.state == state)
    if upload is not None:
        query = query.where(UploadRow.ref == upload)
    found = page(session, query, (DocumentRow.id,), cursor=cursor, limit=limit)
    return found.map(_stored)


def document(session: Session, viewer: Viewer, ref: str) -> StoredDocument:
    """Return a document.

    Raises:
        NotFound: there is none of that reference, or it is not the viewer's to see.
    """
    query = _documents(viewer).where(DocumentRow.ref == ref)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no document {ref}.")
    return _stored(row)


def take(session: Session, viewer: Viewer, ref: str) -> Taken:
    """Return a document and keep its row for this transaction.

    Raises:
        NotFound: there is none of that reference, or it is not the viewer's to see.
    """
    query = _taken(viewer).where(DocumentRow.ref == ref)
    row = session.execute(query.with_for_update(of=DocumentRow)).one_or_none()
    if row is None:
        raise NotFound(f"There is no document {ref}.")
    return _take(row)


def held_of(session: Session, viewer: Viewer, tax_id: str) -> list[Taken]:
    """Return the held documents that name a tax id, and keep their rows."""
    issuer = DocumentRow.reading["issuer"]["tax_id"].astext
    named = DocumentRow.reading["receiver"]
    receiver = sa.func.coalesce(named["foreign_id"].astext, named["tax_id"].astext)
    query = _taken(viewer).where(
        DocumentRow.state == "held", sa.or_(issuer == tax_id, receiver == tax_id)
    )
    rows = session.execute(
        query.order_by(DocumentRow.id).with_for_update(of=DocumentRow)
    )
    return [_take(row) for row in rows]


def answers(
    session: Session, upload: int, sha256s: Collection[bytes]
) -> dict[bytes, tuple[Answer, ...]]:
    """Return what became of what was read in files of an upload, in order."""
    found: dict[bytes, list[Answer]] = {sha256: [] for sha256 in sha256s}
    rows = session.execute(
        sa.select(
            DocumentRow.sha256,
            DocumentRow.ref,
            DocumentRow.file,
            DocumentRow.state,
            DocumentRow.fiscal_key,
            DocumentRow.number,
            DocumentRow.findings,
        )
        .where(DocumentRow.upload_id == upload, DocumentRow.sha256.in_(sha256s))
        .order_by(DocumentRow.id)
    )
    for row in rows:
        answer = Answer(
            ref=row.ref,
            file=row.file,
            state=row.state,
            fiscal_key=row.fiscal_key,
            number=row.number,
            findings=findings_from(row.findings),
        )
        found[row.sha256].append(answer)
    return {sha256: tuple(came) for sha256, came in found.items()}


def _documents(viewer: Viewer) -> sa.Select[*tuple[Any, ...]]:
    """Outer joins: what stands beside a document may be behind the viewer's wall."""
    beside = (
        UploadRow.ref.label("upload"),
        MemberRow.code.label("member"),
        SupplierRow.code.label("supplier"),
        InvoiceRow.ref.label("invoice"),
    )
    return (
        sa.select(DocumentRow, *beside)
        .outerjoin(UploadRow, UploadRow.id == DocumentRow.upload_id)
        .outerjoin(MemberRow, MemberRow.id == DocumentRow.member_id)
        .outerjoin(SupplierRow, SupplierRow.id == DocumentRow.supplier_id)
        .outerjoin(InvoiceRow, InvoiceRow.document_id == DocumentRow.id)
        .where(seen_by(viewer, DocumentRow.member_id))
    )


def _stored(row: sa.Row[Any]) -> StoredDocument:
    found: DocumentRow = row.DocumentRow
    return StoredDocument(
        ref=found.ref,
        upload=row.upload,
        file=found.file,
        state=found.state,
        member=row.member,
        supplier=row.supplier,
        fiscal_key=found.fiscal_key,
        number=found.number,
        invoice=row.invoice,
        because=found.because,
        received_at=found.received_at,
        judged_at=found.judged_at,
        findings=findings_from(found.findings),
        reading=found.reading,
    )


def _taken(viewer: Viewer) -> sa.Select[DocumentRow, int | None]:
    return (
        sa.select(DocumentRow, UploadRow.member_id.label("sender"))
        .join(UploadRow, UploadRow.id == DocumentRow.upload_id)
        .where(seen_by(viewer, DocumentRow.member_id))
        .execution_options(populate_existing=True)
    )


def _take(row: sa.Row[DocumentRow, int | None]) -> Taken:
    found: DocumentRow = row.DocumentRow
    own = tuple(f for f in findings_from(found.findings) if f.code not in JUDGED)
    return Taken(
        id=found.id,
        ref=found.ref,
        upload=found.upload_id,
        sender=row.sender,
        member=found.member_id,
        state=found.state,
        document=document_from(found.reading, own),
    )
