"""Agreements: signed, revised and written out again.

Each signing makes a revision, and a revision is never changed. It holds from its day
until the next one's, whenever either was signed; so terms that are signed late hold
from their start, and no day has two revisions of one agreement.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rappel.actions import inputs
from rappel.actions.permission import must_administer
from rappel.core.agreements import EVERY
from rappel.errors import NotFound, Refused
from rappel.ingest.terms import agreement_from_toml
from rappel.store import agreements as stored
from rappel.store import audit
from rappel.store.agreements import (
    AgreementRow,
    ProgrammeRow,
    ProgrammeSupplierRow,
    RevisionRow,
)
from rappel.store.base import add
from rappel.store.parties import SupplierRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.agreements import Agreement, Programme
    from rappel.store.agreements import Revision
    from rappel.store.base import Database

SIGNING = 7_213


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was signed: the codes, and the number of the revision."""

    agreement: str
    revision: int
    programmes: tuple[str, ...]


def sign(
    db: Database,
    viewer: Viewer,
    document: bytes,
    *,
    because: str = "",
    now: datetime,
) -> Signed:
    """Sign an agreement: its first revision, or the next one.

    The same bytes again change nothing and answer what they did the first time.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: the document cannot be read, or names a supplier that is unknown.
        Refused: a revision is in force from that day already, the currency changed, or
            a programme is another agreement's.
    """
    must_administer(viewer)
    inputs.must_hold(inputs.text("because", because, empty=True))
    text = inputs.decoded(document)
    agreement = agreement_from_toml(text)
    sha256 = hashlib.sha256(document).digest()
    with db.writing(viewer) as session:
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(SIGNING)))
        before = stored.revisions(session, viewer, agreement.code)
        for revision in before:
            if revision.sha256 == sha256:
                return _signed(agreement, revision.number)
        row = _agreement(session, agreement, now=now)
        number = _next(agreement, before)
        revised = RevisionRow(
            agreement_id=row.id,
            number=number,
            in_force_from=agreement.in_force_from,
            in_force_until=agreement.in_force_until,
            document=text,
            sha256=sha256,
            because=because,
            signed_at=now,
            signed_by=viewer.person,
        )
        add(session, revised, taken="This revision is signed.")
        _programmes(session, row, agreement.programmes)
        detail = {
            "revision": number,
            "sha256": sha256.hex(),
            "in_force_from": agreement.in_force_from,
            "because": because,
        }
        audit.note(session, viewer, "agreements.sign", agreement.code, detail, at=now)
    return _signed(agreement, number)


def export(
    db: Database, viewer: Viewer, agreement: str, revision: int | None = None
) -> str:
    """Return the document of a revision as it was signed; the last one unless named.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such agreement or revision.
    """
    must_administer(viewer)
    with db.reading(viewer) as session:
        signed = stored.revisions(session, viewer, agreement)
    for found in reversed(signed):
        if revision in {None, found.number}:
            return found.document
    raise NotFound(f"There is no such revision of an agreement {agreement}.")


def take_in(session: Session, supplier: int) -> None:
    """Let programmes of all preferred suppliers count a new one, within its verb."""
    documents = session.scalars(
        sa.select(RevisionRow.document).order_by(RevisionRow.id)
    )
    codes = {
        programme.code
        for document in documents
        for programme in agreement_from_toml(document).programmes
        if programme.suppliers == EVERY
    }
    found = session.scalars(
        sa.select(ProgrammeRow.id).where(ProgrammeRow.code.in_(codes))
    )
    _count(session, ((programme, supplier) for programme in found))


def _signed(agreement: Agreement, revision: int) -> Signed:
    codes = tuple(programme.code for programme in agreement.programmes)
    return Signed(agreement=agreement.code, revision=revision, programmes=codes)


def _agreement(session: Session, signed: Agreement, *, now: datetime) -> AgreementRow:
    row = session.scalar(
        sa.select(AgreementRow).where(AgreementRow.code == signed.code)
    )
    if row is None:
        row = AgreementRow(code=signed.code, currency=signed.currency, created_at=now)
        add(session, row, taken=f"There is an agreement {signed.code} already.")
    elif row.currency != signed.currency:
        raise Refused(
            f"{signed.code} is in {row.currency}, not in {signed.currency}.",
            code="currency_changed",
            repair="Sign terms in another currency as another agreement.",
        )
    return row


def _next(agreement: Agreement, before: tuple[Revision, ...]) -> int:
    for revision in before:
        if revision.in_force_from == agreement.in_force_from:
            day = agreement.in_force_from or "ever"
            raise Refused(
                f"Revision {revision.number} of {agreement.code} is in force from {day}"
                " already, and no day has two.",
                code="in_force_already",
                repair="Give in_force_from a day of its own.",
            )
    return len(before) + 1


def _programmes(
    session: Session, agreement: AgreementRow, programmes: tuple[Programme, ...]
) -> None:
    suppliers = _suppliers(session, programmes)
    for programme in programmes:
        query = sa.select(ProgrammeRow).where(ProgrammeRow.code == programme.code)
        row = session.scalar(query)
        if row is None:
            row = ProgrammeRow(code=programme.code, agreement_id=agreement.id)
            add(session, row, taken=f"There is a programme {programme.code} already.")
        elif row.agreement_id != agreement.id:
            raise Refused(
                f"The programme {programme.code} is another agreement's.",
                code="taken",
                repair="Give it a code of its own.",
            )
        every = programme.suppliers == EVERY
        counted = (
            suppliers.values() if every else map(suppliers.get, programme.suppliers)
        )
        _count(session, ((row.id, one) for one in counted if one is not None))


def _suppliers(session: Session, programmes: tuple[Programme, ...]) -> dict[str, int]:
    rows = session.execute(sa.select(SupplierRow.code, SupplierRow.id))
    known = {row.code: row.id for row in rows}
    inputs.must_hold(
        *(
            inputs.fault(
                f"programmes[{place}].supplier",
                f"There is no supplier {code}.",
                "Add the supplier first, or correct its code.",
            )
            for place, programme in enumerate(programmes)
            for code in programme.suppliers
            if programme.suppliers != EVERY and code not in known
        )
    )
    return known


def _count(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    for programme, supplier in pairs:
        session.execute(
            insert(ProgrammeSupplierRow)
            .values(programme_id=programme, supplier_id=supplier)
            .on_conflict_do_nothing()
        )
