"""From a judged document to an invoice that counts: keys, periods, what it replaces.

Owns what only the books can say of a document. Used by a first reading, by a second
judgement and by an administrator's release alike, so that a purchase counts once
whichever way it came. Runs in the caller's transaction and notes no audit entry.

Convention: a candidate is a document row that exists and may be accepted; what becomes
of it is answered as :class:`Entered`, and the caller writes that into the row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from rappel.actions.candidates import Books
from rappel.actions.entries import write
from rappel.core.findings import Finding
from rappel.core.judgement import State
from rappel.store import intake, standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.candidates import Candidate
    from rappel.core.access import Viewer
    from rappel.store.standing import Standing

TABLE: Final = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What became of a candidate, and every finding."""

    id: int
    state: State
    findings: tuple[Finding, ...]


class Refusal(NamedTuple):
    """Why a candidate does not become an invoice: its state, and what says so."""

    state: State
    finding: Finding


def enter(
    session: Session,
    viewer: Viewer,
    candidates: Sequence[Candidate],
    *,
    now: datetime,
) -> dict[int, Entered]:
    """Enter candidates into the books, in order; answer what became of each, by id.

    Rules: a fiscal key counts once in the whole consortium. A better document of a
    purchase that a table told of replaces the table's; the reverse is known already. A
    document that is replaced or cancelled stops counting, whichever came first. An
    invoice of a period that is no longer open is late for it, and never in it. What a
    table says of a payment holds of the invoice that counts, the table's or a better.
    """
    if not candidates:
        return {}
    books = _open(session, candidates)
    refused = {each.id: why for each in candidates if (why := _objects(each, books))}
    claims = [
        (each.key, each.id, each.member)
        for each in candidates
        if each.key and each.id not in refused
    ]
    books.claims = standing.claim(session, claims)
    entered = {
        each.id: _place(each, books, refused.get(each.id)) for each in candidates
    }
    standing.free(session, books.freed)
    standing.claim(session, books.moved)
    accepted = [each for each in candidates if entered[each.id].state is State.ACCEPTED]
    entered |= _end(accepted, entered, books)
    write(session, viewer, accepted, books, now=now)
    return entered


def _open(session: Session, candidates: Sequence[Candidate]) -> Books:
    intake.lock_suppliers(session, (each.supplier for each in candidates))
    own = {key for each in candidates for key in (each.key, each.weak) if key}
    near = standing.near(session, own | {k for each in candidates for k in each.ends})
    days = {invoice.invoice_date for invoice in near}
    days |= {each.day for each in candidates if each.day}
    by_key: dict[str, list[Standing]] = {}
    for invoice in near:
        for key in (invoice.fiscal_key, invoice.weak_key):
            if key:
                by_key.setdefault(key, []).append(invoice)
    return Books(
        by_key=by_key,
        waiting=standing.waiting(session, own),
        shut=intake.lock_periods(session, days),
        claims={},
    )


def _objects(candidate: Candidate, books: Books) -> Refusal | None:
    """Say why a candidate may not even claim its key."""
    if _rivals(candidate, books):
        return Refusal(State.HELD, Finding(code="already_claimed"))
    ended = [invoice for key in candidate.ends for invoice in books.meets(key)]
    strange = [i for i in ended if not _concerns(candidate, i)]
    if strange:
        return Refusal(State.HELD, Finding(code="replaces_not_yours"))
    return None


def _rivals(candidate: Candidate, books: Books) -> bool:
    """Whether another member has the same purchase, where no fiscal key can tell."""
    met = books.alike(candidate) if candidate.counts else []
    if candidate.key:
        met = [invoice for invoice in met if invoice.fiscal_key is None]
    return any(invoice.member != candidate.member for invoice in met)


def _concerns(candidate: Candidate, invoice: Standing) -> bool:
    """Whether a candidate may end an invoice: the same purchase, or so decided."""
    same_member = candidate.member == invoice.member or candidate.decided
    return same_member and candidate.supplier == invoice.supplier


def _place(candidate: Candidate, books: Books, refusal: Refusal | None) -> Entered:
    answer = books.claims.get(candidate.id)
    refusal = refusal or _known(candidate, books, answer)
    if refusal is not None:
        if candidate.key and answer == "new":
            books.freed.append((candidate.key, candidate.id))
        found = (*candidate.findings, refusal.finding)
        return Entered(id=candidate.id, state=refusal.state, findings=found)
    findings = candidate.findings
    if candidate.counts:
        _replace_worse(candidate, books)
        books.enter(candidate)
        if late := books.late_for(candidate):
            findings += (Finding(code="late_invoice", params={"period": late.code}),)
    return Entered(id=candidate.id, state=State.ACCEPTED, findings=findings)


def _known(candidate: Candidate, books: Books, answer: str | None) -> Refusal | None:
    """Say whether the purchase counts already, for this member or for another."""
    if answer == "held" or _rivals(candidate, books):
        return Refusal(State.HELD, Finding(code="already_claimed"))
    if not candidate.counts or _worse(candidate, books):
        return None
    key = candidate.key
    first = books.meets(key) if key else books.alike(candidate)
    if answer == "yours" or (first and key is None):
        for invoice in [each for each in first if each.counts][:1]:
            books.pay(candidate, invoice)
        ref = first[0].ref if first else ""
        found = Finding(code="known_already", params={"invoice": ref})
        return Refusal(State.KNOWN, found)
    return None


def _replace_worse(candidate: Candidate, books: Books) -> None:
    for worse in _worse(candidate, books):
        books.end(worse, candidate.id, "replaced")
        if candidate.key and worse.fiscal_key == candidate.key:
            books.freed.append((candidate.key, worse.document))
            books.moved.append((candidate.key, candidate.id, candidate.member))


def _worse(candidate: Candidate, books: Books) -> list[Standing]:
    """Return the invoices of the same purchase that a table told of."""
    if candidate.key is None:
        return []
    found = [i for i in books.alike(candidate) if i.fiscal_key is None]
    if candidate.document.scheme != TABLE:
        found += [i for i in books.meets(candidate.key) if i.scheme == TABLE]
        better = [i for i in books.meets(candidate.key) if i.scheme != TABLE]
        found = [] if better else found
    return [invoice for invoice in found if invoice.member == candidate.member]


def _end(
    accepted: Sequence[Candidate], entered: dict[int, Entered], books: Books
) -> dict[int, Entered]:
    """Let what is replaced or cancelled stop counting; answer who was told so."""
    for each in accepted:
        for key in each.ends:
            for invoice in books.meets(key):
                if invoice.document != each.id and _concerns(each, invoice):
                    books.end(invoice, each.id, each.event)
    for before in books.waiting:
        for key in before.keys:
            for invoice in books.meets(key):
                same = (invoice.member, invoice.supplier)
                if invoice.id == 0 and same == (before.member, before.supplier):
                    books.end(invoice, before.document, before.event)
    return {
        document: replace(
            entered[document],
            findings=(*entered[document].findings, Finding(code=f"{event}_already")),
        )
        for document, (_, _, event) in books.events.items()
        if document in entered
    }
