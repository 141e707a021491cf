"""Uploads, the documents read in them, and what is held until somebody decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromHeader, FromPath, FromQuery, JSONBody, MultipartBody
from msgspec import Raw

from rappel import ingest
from rappel.actions import documents as judging
from rappel.actions import invoices
from rappel.core.access import Viewer
from rappel.store import documents as stored
from rappel.store import uploads as sent
from rappel.store.base import Database
from rappel.web.auth import ADMINISTRATOR, MEMBER
from rappel.web.idempotency import once
from rappel.web.shapes import (
    Because,
    FindingShown,
    Listing,
    Shown,
    findings_shown,
    listing,
)

UPLOAD_MAX_BYTES = 64 * 1024 * 1024


@dataclass
class Sent:
    """The parts of an upload: ``files``, and for whom and how tables are read.

    ``member`` is for administrators; ``columns`` is a column map in TOML.
    """

    files: list[UploadFile]
    member: str | None = None
    columns: str | None = None


class OutcomeShown(Shown):
    """What became of a document; ``known`` when the same bytes came before."""

    document: str
    file: str
    state: str
    fiscal_key: str | None
    number: str | None
    known: bool
    findings: list[FindingShown]


class ReceivedShown(Shown):
    """What an upload led to."""

    upload: str
    documents: list[OutcomeShown]


class UploadShown(Shown):
    """An upload: who sent what, and how many of its documents are in which state."""

    upload: str
    member: str | None
    received_at: datetime
    states: dict[str, int]
    files: list[str]


class DocumentShown(Shown):
    """A document: its state, its reasons, and the reading it was judged by."""

    document: str
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
    findings: list[FindingShown]
    reading: dict[str, Any] | None = None


class Reassigned(Because):
    """Whose purchase a held document is, and why."""

    member: str


def upload_shown(one: sent.Upload) -> UploadShown:
    """Write an upload."""
    return UploadShown(
        upload=one.ref,
        member=one.member,
        received_at=one.received_at,
        states=dict(one.states),
        files=[file.name for file in one.files],
    )


def document_shown(
    one: stored.StoredDocument, locale: str, *, whole: bool = False
) -> DocumentShown:
    """Write a document; ``whole`` with its reading."""
    return DocumentShown(
        document=one.ref,
        upload=one.upload,
        file=one.file,
        state=one.state,
        member=one.member,
        supplier=one.supplier,
        fiscal_key=one.fiscal_key,
        number=one.number,
        invoice=one.invoice,
        because=one.because,
        received_at=one.received_at,
        judged_at=one.judged_at,
        findings=findings_shown(one.findings, locale),
        reading=dict(one.reading) if whole else None,
    )


def outcome_shown(one: invoices.Outcome, locale: str) -> OutcomeShown:
    """Write what became of a document."""
    return OutcomeShown(
        document=one.document,
        file=one.file,
        state=one.state,
        fiscal_key=one.fiscal_key,
        number=one.number,
        known=one.known,
        findings=findings_shown(one.findings, locale),
    )


class Uploads(Controller):
    """What was sent."""

    path = "/v1/uploads"
    tags = ["Uploads"]

    @post(
        "/",
        sync_to_thread=True,
        request_max_body_size=UPLOAD_MAX_BYTES,
        opt={"roles": MEMBER},
    )
    def upload(
        self,
        data: MultipartBody[Sent],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
        locale: NamedDependency[str],
        idempotency_key: FromHeader[str | None] = None,
    ) -> Response[ReceivedShown | Raw]:
        """Take in e-invoices, ZIPs of them, CSV and XLSX tables.

        The same file again changes nothing and answers the first result. A document
        that is held or refused never stops the rest.
        """
        files = [
            invoices.Incoming(part.filename, part.file.read()) for part in data.files
        ]
        columns = ingest.column_map(data.columns.encode()) if data.columns else None

        def receive() -> ReceivedShown:
            received = invoices.receive(
                db, viewer, files, member=data.member, columns=columns, now=now
            )
            return ReceivedShown(
                upload=received.upload,
                documents=[outcome_shown(one, locale) for one in received.outcomes],
            )

        request = hashlib.sha256(repr((data.member, data.columns)).encode())
        for file in files:
            request.update(file.name.encode() + b"\0")
            request.update(hashlib.sha256(file.content).digest())
        return once(
            db, viewer, idempotency_key, request.digest(), receive, status=201, now=now
        )

    @get("/", sync_to_thread=True, opt={"roles": MEMBER})
    def list_uploads(
        self,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[int] = 50,
    ) -> Listing[UploadShown]:
        """List uploads, the newest first."""
        with db.reading(viewer) as session:
            found = sent.list_uploads(session, viewer, cursor=cursor, limit=limit)
        return listing(found, upload_shown)

    @get("/{upload:str}", sync_to_thread=True, opt={"roles": MEMBER})
    def show_upload(
        self,
        upload: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
    ) -> UploadShown:
        """Show an upload with its files."""
        with db.reading(viewer) as session:
            return upload_shown(sent.upload(session, viewer, upload))


class Documents(Controller):
    """What was read in the uploads, held documents among them."""

    path = "/v1/documents"
    tags = ["Documents"]

    @get("/", sync_to_thread=True, opt={"roles": MEMBER})
    def list_documents(
        self,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        locale: NamedDependency[str],
        state: FromQuery[str | None] = None,
        upload: FromQuery[str | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[int] = 50,
    ) -> Listing[DocumentShown]:
        """List documents: `state` is accepted, held, refused or known."""
        with db.reading(viewer) as session:
            found = stored.list_documents(
                session, viewer, state=state, upload=upload, cursor=cursor, limit=limit
            )
        return listing(found, lambda one: document_shown(one, locale))

    @get("/{document:str}", sync_to_thread=True, opt={"roles": MEMBER})
    def show_document(
        self,
        document: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        locale: NamedDependency[str],
    ) -> DocumentShown:
        """Show a document with what was read in it."""
        with db.reading(viewer) as session:
            found = stored.document(session, viewer, document)
        return document_shown(found, locale, whole=True)

    @get("/{document:str}/original", sync_to_thread=True, opt={"roles": MEMBER})
    def original(
        self,
        document: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
    ) -> Response[bytes]:
        """Download the file as it came; it is never shown inline."""
        with db.reading(viewer) as session:
            _, content = sent.original(session, viewer, document)
        return Response(
            content,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{document}.bin"',
                "Content-Security-Policy": "sandbox",
            },
        )

    @post("/{document:str}/release", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def release(
        self,
        document: FromPath[str],
        data: JSONBody[Because],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
        locale: NamedDependency[str],
    ) -> DocumentShown:
        """Let a held document count."""
        judging.release(db, viewer, document, because=data.because, now=now)
        return self._after(db, viewer, document, locale)

    @post("/{document:str}/refuse", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def refuse(
        self,
        document: FromPath[str],
        data: JSONBody[Because],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
        locale: NamedDependency[str],
    ) -> DocumentShown:
        """Refuse a held document."""
        judging.refuse(db, viewer, document, because=data.because, now=now)
        return self._after(db, viewer, document, locale)

    @post("/{document:str}/reassign", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def reassign(
        self,
        document: FromPath[str],
        data: JSONBody[Reassigned],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
        locale: NamedDependency[str],
    ) -> DocumentShown:
        """Give a held document to a member."""
        judging.reassign(
            db, viewer, document, member=data.member, because=data.because, now=now
        )
        return self._after(db, viewer, document, locale)

    def _after(
        self, db: Database, viewer: Viewer, document: str, locale: str
    ) -> DocumentShown:
        with db.reading(viewer) as session:
            return document_shown(stored.document(session, viewer, document), locale)
