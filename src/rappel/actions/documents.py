"""What an administrator decides on a document that is held, and what a new tax id does.

Owns :func:`release`, :func:`refuse`, :func:`reassign` and :func:`judge_again`. Each
decision has a reason, one transaction and one audit entry, and answers the document as
it stands after it. A document that cannot count as it is stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rappel.actions.acceptance import enter
from rappel.actions.candidates import CARRIES, Candidate
from rappel.actions.inputs import must_hold, text
from rappel.actions.judging import judge_taken, tax_ids
from rappel.actions.permission import must_administer
from rappel.core.judgement import State, lacks
from rappel.errors import NotFound, Refused
from rappel.store import audit, documents, intake
from rappel.store.readings import stored_findings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.acceptance import Entered
    from rappel.core.access import Viewer
    from rappel.core.judgement import TaxIds
    from rappel.store.base import Database
    from rappel.store.documents import StoredDocument, Taken


def release(
    db: Database, viewer: Viewer, document: str, *, because: str, now: datetime
) -> StoredDocument:
    """Accept a held document as it is.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such document.
        Malformed: no reason is given.
        Refused: it is not held; its member or supplier cannot be found; it does not
            say what a purchase must; the purchase counts already for another member.
    """
    reason = _decides(viewer, because)
    with db.writing(viewer) as session:
        taken = _held(session, viewer, document)
        _accept(session, viewer, taken, member=None, because=reason, now=now)
        detail = {"because": reason}
        found = documents.document(session, viewer, document)
        audit.note(session, viewer, "documents.release", document, detail, at=now)
    return found


def refuse(
    db: Database, viewer: Viewer, document: str, *, because: str, now: datetime
) -> StoredDocument:
    """Refuse a held document for good.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such document.
        Malformed: no reason is given.
        Refused: it is not held.
    """
    reason = _decides(viewer, because)
    with db.writing(viewer) as session:
        taken = _held(session, viewer, document)
        change = {"id": taken.id, "state": State.REFUSED.value}
        change |= {"because": reason, "judged_at": now}
        intake.update_documents(session, [change])
        found = documents.document(session, viewer, document)
        detail = {"because": reason}
        audit.note(session, viewer, "documents.refuse", document, detail, at=now)
    return found


def reassign(
    db: Database,
    viewer: Viewer,
    document: str,
    *,
    member: str,
    because: str,
    now: datetime,
) -> StoredDocument:
    """Accept a held document as a member's purchase, whoever it names as receiver.

    For what was bought under a personal tax id, for example.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such document or no such member.
        Malformed: no reason is given.
        Refused: as :func:`release`, but for the member.
    """
    reason = _decides(viewer, because)
    with db.writing(viewer) as session:
        number = intake.member_of_code(session, member)
        if number is None:
            raise NotFound(f"There is no member {member}.")
        taken = _held(session, viewer, document)
        _accept(session, viewer, taken, member=number, because=reason, now=now)
        detail = {"because": reason, "member": member}
        found = documents.document(session, viewer, document)
        audit.note(session, viewer, "documents.reassign", document, detail, at=now)
    return found


def judge_again(session: Session, viewer: Viewer, *, tax_id: str, now: datetime) -> int:
    """Judge the held documents that name a tax id; answer how many are so no longer.

    Called in the transaction that gives the tax id to a member or a supplier.
    """
    intake.await_judgements(session)
    taken = documents.held_of(session, viewer, tax_id)
    return judge_taken(session, viewer, taken, now=now)


def said(because: str) -> str:
    """Return a reason without the space around it.

    Raises:
        Malformed: nothing was said, or too much.
    """
    must_hold(text("because", because))
    return because.strip()


def _decides(viewer: Viewer, because: str) -> str:
    must_administer(viewer)
    return said(because)


def _held(session: Session, viewer: Viewer, document: str) -> Taken:
    taken = documents.take(session, viewer, document)
    if taken.state != State.HELD.value:
        raise Refused(f"The document is {taken.state}, not held.", code="not_held")
    return taken


def _accept(
    session: Session,
    viewer: Viewer,
    taken: Taken,
    *,
    member: int | None,
    because: str,
    now: datetime,
) -> None:
    document = taken.document
    owners = intake.owners(session, tax_ids([document]))
    supplier = owners.suppliers.get(document.seller.tax_id or "")
    change = {"id": taken.id, "state": State.ACCEPTED.value}
    if document.kind in CARRIES:
        member = member or _receiver(taken, owners)
        _complete(taken, supplier)
        candidate = Candidate(
            id=taken.id,
            upload=taken.upload,
            document=document,
            member=member,
            supplier=supplier or 0,
            findings=document.findings,
            decided=True,
        )
        became = enter(session, viewer, [candidate], now=now)[taken.id]
        _unclaimed(became)
        change |= {"state": became.state.value, "member_id": member}
        change |= {"findings": stored_findings(became.findings)}
    change |= {"supplier_id": supplier, "because": because, "judged_at": now}
    intake.update_documents(session, [change])


def _receiver(taken: Taken, owners: TaxIds) -> int:
    """Return whose purchase it is by what it says, or refuse to guess."""
    tax_id = taken.document.buyer.identity
    found = taken.sender if tax_id is None else owners.members.get(tax_id)
    if found is None or taken.sender not in {None, found}:
        raise Refused(
            "The receiver's tax id is not that of the member it was sent for.",
            code="no_member",
            repair="Reassign it to a member, or give the member this tax id.",
        )
    return found


def _complete(taken: Taken, supplier: int | None) -> None:
    if supplier is None:
        raise Refused(
            "The issuer's tax id belongs to no supplier.",
            code="no_supplier",
            repair="Give the supplier this tax id: the document is then judged again.",
        )
    if lacks(taken.document):
        raise Refused(
            "The document lacks what a purchase needs: number, date or currency.",
            code="document_incomplete",
            repair="Refuse it, and ask for a complete one.",
        )


def _unclaimed(became: Entered) -> None:
    if became.state is State.HELD:
        raise Refused(
            "The purchase counts already for another member.",
            code="already_claimed",
            repair="Withdraw the other invoice first, or refuse this document.",
        )
