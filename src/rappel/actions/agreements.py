"""Agreements: signed, revised and written out again.

Each signing makes a revision, and a revision is never changed. It holds from its day
until the next one's, whenever either was signed; so terms that are signed late hold
from their start, and no day has two revisions of one agreement.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.actions import inputs
from rappel.actions.permission import must_administer
from rappel.core.agreements import EVERY
from rappel.errors import NotFound, Refused
from rappel.ingest.terms import agreement_from_toml
from rappel.store import agreements as stored
from rappel.store import audit, signing
from rappel.store.agreements import RevisionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.agreements import Agreement, Programme
    from rappel.errors import Fault
    from rappel.store.agreements import Revision
    from rappel.store.base import Database


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
        signing.one_at_a_time(session)
        before = stored.revisions(session, viewer, agreement.code)
        for revision in before:
            if revision.sha256 == sha256:
                return _signed(agreement, revision.number)
        owner = _agreement(session, agreement, now=now)
        number = _next(agreement, before)
        revised = RevisionRow(
            agreement_id=owner,
            number=number,
            in_force_from=agreement.in_force_from,
            in_force_until=agreement.in_force_until,
            document=text,
            sha256=sha256,
            because=because,
            signed_at=now,
            signed_by=viewer.person,
        )
        signing.add_revision(session, revised)
        _programmes(session, owner, agreement.programmes)
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
    codes = {
        programme.code
        for document in signing.documents(session)
        for programme in agreement_from_toml(document).programmes
        if programme.suppliers == EVERY
    }
    found = signing.programmes(session, codes)
    signing.let_count(session, ((programme, supplier) for programme in found))


def _signed(agreement: Agreement, revision: int) -> Signed:
    codes = tuple(programme.code for programme in agreement.programmes)
    return Signed(agreement=agreement.code, revision=revision, programmes=codes)


def _agreement(session: Session, signed: Agreement, *, now: datetime) -> int:
    found = signing.agreement_of(session, signed.code)
    if found is None:
        return signing.add_agreement(session, signed.code, signed.currency, now=now)
    if found.owner != signed.currency:
        raise Refused(
            f"{signed.code} is in {found.owner}, not in {signed.currency}.",
            code="currency_changed",
            repair="Sign terms in another currency as another agreement.",
        )
    return found.id


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
    session: Session, agreement: int, programmes: tuple[Programme, ...]
) -> None:
    known = signing.suppliers(session)
    inputs.must_hold(*_unknown(programmes, known))
    for programme in programmes:
        found = signing.programme_of(session, programme.code)
        if found is not None and found.owner != agreement:
            raise Refused(
                f"The programme {programme.code} is another agreement's.",
                code="taken",
                repair="Give it a code of its own.",
            )
        number = (
            found.id
            if found is not None
            else signing.add_programme(session, programme.code, agreement)
        )
        every = programme.suppliers == EVERY
        codes = known if every else programme.suppliers
        signing.let_count(session, ((number, known[code]) for code in codes))


def _unknown(
    programmes: tuple[Programme, ...], known: Collection[str]
) -> Iterator[Fault]:
    for place, programme in enumerate(programmes):
        if programme.suppliers == EVERY:
            continue
        for code in programme.suppliers:
            if code not in known:
                yield inputs.fault(
                    f"programmes[{place}].supplier",
                    f"There is no supplier {code}.",
                    "Add the supplier first, or correct its code.",
                )
