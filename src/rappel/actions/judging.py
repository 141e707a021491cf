"""Documents judged, at first and again, and what became of each written down.

Owns the one way in which a document gets its state: judged by itself and by whose its
tax ids are, then entered into the books. Runs in the caller's transaction and notes no
audit entry.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rappel.actions.acceptance import enter
from rappel.actions.candidates import candidate_of
from rappel.core.judgement import State, ends, judge
from rappel.ingest import document_json
from rappel.ingest.keys import weak_key
from rappel.store import intake
from rappel.store.readings import stored_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.invoices import Document
    from rappel.core.judgement import Judgement
    from rappel.store.documents import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that was sent, with what was read in it."""

    name: str
    content: bytes
    sha256: bytes
    documents: tuple[Document, ...]


def judge_first(
    session: Session,
    viewer: Viewer,
    sent: Sequence[Sent],
    upload: int,
    *,
    sender: int | None,
    now: datetime,
) -> dict[str, int]:
    """Keep files and their documents; answer how many are in each state.

    ``sender`` is the member for which they came; ``None``: the receiver decides.
    """
    files = [(file.name, file.sha256, file.content) for file in sent]
    intake.add_files(session, upload, files, now=now)
    read = [(file.sha256, document) for file in sent for document in file.documents]
    intake.hold_tax_ids(session)
    owners = intake.owners(session, tax_ids(document for _, document in read))
    judged = [judge(document, owners, sender=sender) for _, document in read]
    ids = intake.add_documents(
        session,
        [
            {"upload_id": upload, "sha256": sha256, "received_at": now}
            | _row(document, judgement, now=now)
            for (sha256, document), judgement in zip(read, judged, strict=True)
        ],
    )
    candidates = [
        candidate
        for number, (_, document), judgement in zip(ids, read, judged, strict=True)
        if (candidate := candidate_of(number, upload, document, judgement))
    ]
    entered = enter(session, viewer, candidates, now=now)
    changes = []
    for each in candidates:
        became = entered[each.id]
        if (became.state, became.findings) != (State.ACCEPTED, each.findings):
            findings = stored_findings(became.findings)
            row = {"id": each.id, "state": became.state.value, "findings": findings}
            changes.append(row)
    intake.update_documents(session, changes)
    states = dict(zip(ids, (judgement.state for judgement in judged), strict=True))
    states |= {number: became.state for number, became in entered.items()}
    return dict(sorted(Counter(state.value for state in states.values()).items()))


def judge_taken(
    session: Session, viewer: Viewer, taken: Sequence[Taken], *, now: datetime
) -> int:
    """Judge documents again as they were read; answer how many are held no longer."""
    owners = intake.owners(session, tax_ids(each.document for each in taken))
    judged = [judge(each.document, owners, sender=each.sender) for each in taken]
    candidates = [
        candidate
        for each, judgement in zip(taken, judged, strict=True)
        if (candidate := candidate_of(each.id, each.upload, each.document, judgement))
    ]
    entered = enter(session, viewer, candidates, now=now)
    changes = []
    for each, judgement in zip(taken, judged, strict=True):
        became = entered.get(each.id, judgement)
        changes.append(
            {
                "id": each.id,
                "member_id": judgement.member,
                "supplier_id": judgement.supplier,
                "state": became.state.value,
                "findings": stored_findings(became.findings),
                "judged_at": now,
            }
        )
    intake.update_documents(session, changes)
    return sum(change["state"] != State.HELD.value for change in changes)


def tax_ids(documents: Iterable[Document]) -> set[str]:
    """Return every tax id that the documents name."""
    parties = (party for each in documents for party in (each.issuer, each.receiver))
    return {party.identity for party in parties if party.identity}


def _row(document: Document, judgement: Judgement, *, now: datetime) -> dict[str, Any]:
    return {
        "ref": intake.fresh_ref("doc"),
        "file": document.file,
        "member_id": judgement.member,
        "supplier_id": judgement.supplier,
        "state": judgement.state.value,
        "fiscal_key": document.fiscal_key,
        "number": document.number,
        "reading": document_json(document),
        "findings": stored_findings(judgement.findings),
        "judged_at": now,
        "ends": list(ends(document, weak_key(document))),
    }
