"""Documents: what was read in the uploads, and what is held until somebody decides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Raw

from rappel.actions import documents as judging
from rappel.store import documents as stored
from rappel.store import uploads as sent
from rappel.web.auth import ADMINISTRATOR, MEMBER
from rappel.web.given import Acting, Asking, Books, Locale, Now
from rappel.web.handlers import DONE, acts, reads
from rappel.web.idempotency import body_of
from rappel.web.shapes import (
    Because,
    Cursor,
    FindingShown,
    Limit,
    Listing,
    Shown,
    findings_shown,
    listing,
)

STATES: TypeAlias = Literal["accepted", "held", "refused", "known"]
BYTES: Final = "application/octet-stream"
REASON: Final = {"because": "The supplier confirmed it by e-mail."}


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


class Documents(Controller):
    """What was read in the uploads, held documents among them."""

    path = "/v1/documents"
    tags = ["Documents"]

    @reads("/", MEMBER)
    def list_documents(
        self,
        db: Books,
        viewer: Asking,
        locale: Locale,
        standing: Annotated[
            STATES | None,
            QueryParameter(name="state", description="What became of them."),
        ] = None,
        upload: Annotated[
            str | None, QueryParameter(description="Those of one upload.")
        ] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[DocumentShown]:
        """List documents, the newest first; those that are held have their reasons."""
        with db.reading(viewer) as session:
            found = stored.list_documents(
                session,
                viewer,
                state=standing,
                upload=upload,
                cursor=cursor,
                limit=limit,
            )
        return listing(found, lambda one: document_shown(one, locale))

    @reads("/{document:str}", MEMBER)
    def show_document(
        self,
        document: FromPath[str],
        db: Books,
        viewer: Asking,
        locale: Locale,
    ) -> DocumentShown:
        """Show a document with what was read in it."""
        with db.reading(viewer) as session:
            found = stored.document(session, viewer, document)
        return document_shown(found, locale, whole=True)

    @reads("/{document:str}/original", MEMBER, answers=(BYTES,))
    def download_original(
        self,
        document: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> Response[bytes]:
        """Download the file as it came; it is never shown inline."""
        with db.reading(viewer) as session:
            _, content = sent.original(session, viewer, document)
        disposition = f'attachment; filename="{document}.bin"'
        return Response(
            content, media_type=BYTES, headers={"Content-Disposition": disposition}
        )

    @acts("/{document:str}/release", ADMINISTRATOR, status=DONE, given=REASON)
    def release_document(
        self,
        document: FromPath[str],
        data: JSONBody[Because],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
        once: Acting,
    ) -> Response[DocumentShown | Raw]:
        """Let a held document count."""

        def act() -> DocumentShown:
            found = judging.release(db, viewer, document, because=data.because, now=now)
            return document_shown(found, locale)

        return once(act, body_of(data), status=DONE)

    @acts("/{document:str}/refuse", ADMINISTRATOR, status=DONE, given=REASON)
    def refuse_document(
        self,
        document: FromPath[str],
        data: JSONBody[Because],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
        once: Acting,
    ) -> Response[DocumentShown | Raw]:
        """Refuse a held document."""

        def act() -> DocumentShown:
            found = judging.refuse(db, viewer, document, because=data.because, now=now)
            return document_shown(found, locale)

        return once(act, body_of(data), status=DONE)

    @acts(
        "/{document:str}/reassign",
        ADMINISTRATOR,
        status=DONE,
        given={"member": "norte", **REASON},
    )
    def reassign_document(
        self,
        document: FromPath[str],
        data: JSONBody[Reassigned],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
        once: Acting,
    ) -> Response[DocumentShown | Raw]:
        """Give a held document to a member, whoever it names as receiver."""

        def act() -> DocumentShown:
            found = judging.reassign(
                db, viewer, document, member=data.member, because=data.because, now=now
            )
            return document_shown(found, locale)

        return once(act, body_of(data), status=DONE)
