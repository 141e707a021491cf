"""Uploads as people look at them: what was sent, by whom, and what came of it.

Owns the reading; :mod:`rappel.store.intake` writes. Also finds what the very same bytes
led to before, so that sending them again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from rappel.errors import NotFound
from rappel.store.invoices import DocumentRow, OriginalRow, UploadFileRow, UploadRow
from rappel.store.pages import page
from rappel.store.parties import MemberRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from rappel.core.access import Viewer
    from rappel.store.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as it was sent; ``sha256`` is in hexadecimal, ``size`` in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One sending; ``member`` is a code, ``None`` when it was for several.

    ``states`` counts its documents by what became of them.
    """

    ref: str
    person: int | None
    member: str | None
    received_at: datetime
    states: Mapping[str, int]
    files: tuple[SentFile, ...] = ()


def seen_by(
    viewer: Viewer, member: InstrumentedAttribute[Any]
) -> sa.ColumnElement[bool]:
    """Return the condition under which the viewer may see what is a member's.

    All for those who administer, its own for a member, nothing for anybody else.
    """
    if viewer.administers:
        return sa.true()
    return sa.false() if viewer.member is None else member == viewer.member


def list_uploads(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[Upload]:
    """Return the uploads the viewer may see, the newest first, without their files."""
    found = page(
        session,
        _uploads(viewer),
        (UploadRow.id,),
        cursor=cursor,
        limit=limit,
        newest_first=True,
    )
    return found.map(_upload)


def upload(session: Session, viewer: Viewer, ref: str) -> Upload:
    """Return an upload with its files.

    Raises:
        NotFound: there is none of that reference, or it is not the viewer's to see.
    """
    query = _uploads(viewer).where(UploadRow.ref == ref)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no upload {ref}.")
    files = session.execute(
        sa.select(UploadFileRow.name, UploadFileRow.sha256, OriginalRow.size)
        .join(OriginalRow, OriginalRow.sha256 == UploadFileRow.sha256)
        .where(UploadFileRow.upload_id == row.UploadRow.id)
        .order_by(UploadFileRow.position)
    )
    sent = (
        SentFile(name=each.name, sha256=each.sha256.hex(), size=each.size)
        for each in files
    )
    return _upload(row, tuple(sent))


def original(session: Session, viewer: Viewer, ref: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the file that a document was read from.

    Raises:
        NotFound: there is no such document, or it is not the viewer's to see.
    """
    row = session.execute(
        sa.select(DocumentRow.file, OriginalRow.content)
        .join(OriginalRow, OriginalRow.sha256 == DocumentRow.sha256)
        .where(DocumentRow.ref == ref, seen_by(viewer, DocumentRow.member_id))
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no document {ref}.")
    return row.file, row.content


def sent_before(
    session: Session, sha256s: Collection[bytes], *, member: int | None
) -> dict[bytes, tuple[int, str]]:
    """Return the upload (id, reference) in which these bytes came for this member.

    The newest where there are several: a table may have been read again with another
    column map. ``member`` is ``None`` for uploads in which the receiver decides.
    """
    rows = session.execute(
        sa.select(UploadFileRow.sha256, UploadRow.id, UploadRow.ref)
        .join(UploadRow, UploadRow.id == UploadFileRow.upload_id)
        .where(
            UploadFileRow.sha256.in_(sha256s),
            UploadRow.member_id.is_not_distinct_from(member),
        )
        .order_by(UploadRow.id)
    )
    return {row.sha256: (row.id, row.ref) for row in rows}


def _uploads(viewer: Viewer) -> sa.Select[Any]:
    counted = (
        sa.select(DocumentRow.state, sa.func.count().label("documents"))
        .where(DocumentRow.upload_id == UploadRow.id)
        .group_by(DocumentRow.state)
        .correlate(UploadRow)
        .subquery()
    )
    states = sa.select(
        sa.func.coalesce(
            sa.func.jsonb_object_agg(counted.c.state, counted.c.documents),
            sa.text("'{}'::jsonb"),
        )
    ).scalar_subquery()
    return (
        sa.select(UploadRow, MemberRow.code.label("member"), states.label("states"))
        .outerjoin(MemberRow, MemberRow.id == UploadRow.member_id)
        .where(seen_by(viewer, UploadRow.member_id))
    )


def _upload(row: sa.Row[Any], files: tuple[SentFile, ...] = ()) -> Upload:
    found: UploadRow = row.UploadRow
    return Upload(
        ref=found.ref,
        person=found.person_id,
        member=row.member,
        received_at=found.received_at,
        states=row.states,
        files=files,
    )
