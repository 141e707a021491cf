"""What people send: received, judged, entered into the books; and withdrawn again.

Owns :func:`receive` and :func:`withdraw`. Reading happens before the transaction; then
one transaction keeps the originals, the documents and what counts by them, with one
audit entry, or nothing of all that. What an administrator decides on a held document
is in :mod:`rappel.actions.documents`.

Convention: the transaction runs as the system, because whose a tax id or a key is must
be known to judge and no member may see it. What comes back is about the sender's own
documents alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.actions.documents import judge_again, reassign, refuse, release, said
from rappel.actions.judging import Sent, judge_first
from rappel.actions.trusting import trust
from rappel.core.access import SYSTEM, Role
from rappel.core.judgement import State
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.ingest import read_invoices
from rappel.store import audit, documents, intake, standing, uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.findings import Finding
    from rappel.ingest import ColumnMap
    from rappel.ingest.evidence import Trust
    from rappel.store.base import Database
    from rappel.store.documents import Answer

    Progress = Callable[[int, int], None]  # how many are done, of how many

__all__ = [
    "Incoming",
    "Outcome",
    "Received",
    "judge_again",
    "reassign",
    "receive",
    "refuse",
    "release",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it is sent: the name it is given, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a document; ``document`` is its reference.

    ``known``: the same bytes came before, and this is what they led to then.
    """

    document: str
    file: str
    state: str
    fiscal_key: str | None
    number: str | None
    known: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What an upload led to, in the order of the files and of what was in them."""

    upload: str
    outcomes: tuple[Outcome, ...]


def receive(
    db: Database,
    viewer: Viewer,
    files: Sequence[Incoming],
    *,
    member: str | None = None,
    columns: ColumnMap | None = None,
    now: datetime,
    progress: Progress | None = None,
) -> Received:
    """Take in files: keep them, judge what is in them, enter what counts.

    The same bytes again, for the same member, change nothing and answer what they led
    to at first; only a table of which nothing could be used is read again, when a
    column map comes with it. A document that is refused or held never stops the rest.

    Args:
        db: the books.
        viewer: a member sends for itself; an administrator for anybody.
        files: at least one.
        member: the code of the member it is for; ``None``: the viewer's own, and for
            an administrator the one whose tax id the receiver's is.
        columns: what the headings of tables leave open.
        now: when it came.
        progress: told after each file that was read.

    Raises:
        NotAllowed: suppliers send nothing here.
        NotFound: there is no such member, or the viewer is not of it.
        Malformed: there is no file.
    """
    if viewer.role is Role.SUPPLIER:
        raise NotAllowed("Suppliers do not upload purchases.")
    if not files:
        raise Malformed("There is no file in this upload.", code="no_file")
    with db.reading(SYSTEM) as session:
        believed = trust(session, SYSTEM)
    read = _read(files, columns, believed, progress)
    with db.writing(SYSTEM) as session:
        sender = _sender(session, viewer, member)
        intake.one_at_a_time(session, sender)
        before = uploads.sent_before(session, {f.sha256 for f in read}, member=sender)
        answers = _answers(session, before, again=columns is not None)
        fresh = {file.sha256: file for file in read if file.sha256 not in answers}
        ref = before[read[0].sha256][1] if not fresh else ""
        if fresh:
            sent = [*fresh.values()]
            upload, ref = intake.add_upload(
                session, person=viewer.person, member=sender, now=now
            )
            states = judge_first(session, viewer, sent, upload, sender=sender, now=now)
            answers |= documents.answers(session, upload, fresh)
            detail = {"files": [file.sha256.hex() for file in sent], **states}
            audit.note(session, viewer, "invoices.receive", ref, detail, at=now)
    return Received(upload=ref, outcomes=tuple(_outcomes(read, answers, set(fresh))))


def withdraw(
    db: Database, viewer: Viewer, invoice: str, *, because: str, now: datetime
) -> None:
    """Let an invoice stop counting, and free its fiscal key.

    A member takes back its own as long as the period of its date is open; an
    administrator any, and in a closed period that is an adjustment in the next one.

    Raises:
        NotAllowed: suppliers have no invoices here.
        NotFound: there is no such invoice, or it is not the viewer's.
        Malformed: no reason is given.
        Refused: it does not count any more, or its period is closed to its member.
    """
    if viewer.role is Role.SUPPLIER:
        raise NotAllowed("Suppliers do not withdraw purchases.")
    reason = said(because)
    with db.writing(SYSTEM) as session:
        found = standing.one(session, viewer, invoice)
        if found is None:
            raise NotFound(f"There is no invoice {invoice}.")
        intake.lock_suppliers(session, [found.supplier])
        shut = intake.lock_periods(session, [found.invoice_date])
        found = standing.one(session, viewer, invoice)
        if found is None or not found.counts:
            raise Refused("The invoice does not count any more.", code="not_counting")
        if shut and not viewer.administers:
            raise Refused(
                f"The period {shut[0].code} is closed.",
                code="period_closed",
                repair="Ask an administrator: it will be an adjustment.",
            )
        event = {
            "invoice_id": found.id,
            "member_id": found.member,
            "event": "withdrawn",
            "because": reason,
            "person_id": viewer.person,
            "at": now,
        }
        intake.add_events(session, [event])
        if found.fiscal_key:
            standing.free(session, [(found.fiscal_key, found.document)])
        detail = {"because": reason}
        audit.note(session, viewer, "invoices.withdraw", invoice, detail, at=now)


def _read(
    files: Sequence[Incoming],
    columns: ColumnMap | None,
    believed: Trust,
    progress: Progress | None,
) -> list[Sent]:
    read = []
    for done, file in enumerate(files, start=1):
        name = _printable(file.name)
        found = read_invoices(name, file.content, columns=columns, trust=believed)
        read.append(
            Sent(
                name=name,
                content=file.content,
                sha256=hashlib.sha256(file.content).digest(),
                documents=found,
            )
        )
        if progress is not None:
            progress(done, len(files))
    return read


def _printable(name: str) -> str:
    """Return a file's name without what no database takes."""
    kept = "".join(letter for letter in name if letter.isprintable()).strip()
    return kept.encode(errors="replace").decode() or "unnamed"


def _sender(session: Session, viewer: Viewer, member: str | None) -> int | None:
    if member is None:
        return viewer.member
    found = intake.member_of_code(session, member)
    if found is None or (viewer.role is Role.MEMBER and found != viewer.member):
        raise NotFound(f"There is no member {member}.")
    return found


def _answers(
    session: Session, before: Mapping[bytes, tuple[int, str]], *, again: bool
) -> dict[bytes, tuple[Answer, ...]]:
    """Return what the bytes led to that came before, but what is to be read again."""
    found: dict[bytes, tuple[Answer, ...]] = {}
    for upload in sorted({upload for upload, _ in before.values()}):
        mine = [sha256 for sha256, (other, _) in before.items() if other == upload]
        found |= documents.answers(session, upload, mine)
    useless = {State.REFUSED.value}
    return {
        sha256: came
        for sha256, came in found.items()
        if not again or {answer.state for answer in came} != useless
    }


def _outcomes(
    read: Sequence[Sent],
    answers: Mapping[bytes, tuple[Answer, ...]],
    fresh: set[bytes],
) -> Iterator[Outcome]:
    """Yield what became of each file's documents; the same bytes twice are known."""
    for file in read:
        known = file.sha256 not in fresh
        fresh.discard(file.sha256)
        for answer in answers.get(file.sha256, ()):
            yield Outcome(
                document=answer.ref,
                file=answer.file,
                state=answer.state,
                fiscal_key=answer.fiscal_key,
                number=answer.number,
                known=known,
                findings=answer.findings,
            )
