"""Uploads: files sent, taken in, and what came of them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from litestar import Controller, Response
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody
from msgspec import Raw

from rappel import ingest
from rappel.actions import invoices
from rappel.store import uploads as sent
from rappel.web.auth import MEMBER
from rappel.web.given import Acting, Asking, Books, Locale, Now
from rappel.web.handlers import acts, reads
from rappel.web.shapes import (
    Cursor,
    FindingShown,
    Given,
    Limit,
    Listing,
    Shown,
    findings_shown,
    listing,
)

UPLOAD_MAX_BYTES: Final = 64 * 1024 * 1024


class Sent(Given):
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


def upload_shown(one: sent.Upload) -> UploadShown:
    """Write an upload."""
    return UploadShown(
        upload=one.ref,
        member=one.member,
        received_at=one.received_at,
        states=dict(one.states),
        files=[file.name for file in one.files],
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

    @acts("/", MEMBER, finds=True, request_max_body_size=UPLOAD_MAX_BYTES)
    def upload(
        self,
        data: MultipartBody[Sent],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
        once: Acting,
    ) -> Response[ReceivedShown | Raw]:
        """Take in e-invoices, ZIPs of them, CSV and XLSX tables; 64 MB at most.

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

        given = [msgspec.json.encode((data.member, data.columns))]
        for file in files:
            given += [file.name.encode(), file.content]
        return once(receive, *given)

    @reads("/", MEMBER)
    def list_uploads(
        self,
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[UploadShown]:
        """List uploads, the newest first."""
        with db.reading(viewer) as session:
            found = sent.list_uploads(session, viewer, cursor=cursor, limit=limit)
        return listing(found, upload_shown)

    @reads("/{upload:str}", MEMBER)
    def show_upload(
        self,
        upload: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> UploadShown:
        """Show an upload with its files."""
        with db.reading(viewer) as session:
            return upload_shown(sent.upload(session, viewer, upload))
