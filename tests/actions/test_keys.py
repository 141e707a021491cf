"""Keys: shown once, kept as a digest, out of force the moment they are revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from rappel.actions.keys import create, revoke, viewer_of
from rappel.core.access import SYSTEM, Role, Viewer
from rappel.errors import NotAllowed, NotFound, Refused, Unauthenticated
from rappel.store.keys import KeyRow, list_keys
from rappel.store.parties import ChapterRow, MemberRow, PersonRow

if TYPE_CHECKING:
    from rappel.store.base import Database

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def ana(db: Database) -> int:
    with db.writing(SYSTEM) as session:
        chapter = ChapterRow(country="MX", name="M", currency="MXN", locale="es")
        member = MemberRow(code="norte", name="N", country="MX", created_at=NOW)
        session.add(chapter)
        session.flush()
        session.add(member)
        session.flush()
        row = PersonRow(name="Ana", role="member", member_id=member.id, created_at=NOW)
        session.add(row)
        session.flush()
        return row.id


def test_a_key_makes_its_bearer_the_viewer(db: Database, ana: int) -> None:
    made = create(db, SYSTEM, person=ana, note="erp", now=NOW)
    viewer = viewer_of(db, made.key)
    assert viewer.role is Role.MEMBER
    assert viewer.person == ana
    assert viewer.member is not None
    assert viewer.supplier is None


def test_the_books_hold_no_part_of_the_secret(db: Database, ana: int) -> None:
    made = create(db, SYSTEM, person=ana, now=NOW)
    secret = made.key.removeprefix(f"rpl_{made.ref}_")
    assert len(secret) == 43
    with db.reading(SYSTEM) as session:
        kept = session.execute(sa.select(sa.text("api_key::text")).select_from(KeyRow))
        trail = session.execute(sa.text("select audit_entry::text from audit_entry"))
        for text in (*kept.scalars(), *trail.scalars()):
            assert secret not in text


def test_a_revoked_key_proves_nothing(db: Database, ana: int) -> None:
    made = create(db, SYSTEM, person=ana, now=NOW)
    other = create(db, SYSTEM, person=ana, now=NOW)
    revoke(db, SYSTEM, made.ref, now=NOW)
    with pytest.raises(Unauthenticated):
        viewer_of(db, made.key)
    assert viewer_of(db, other.key).person == ana
    with pytest.raises(Refused):
        revoke(db, SYSTEM, made.ref, now=NOW)


def test_unknown_wrong_and_odd_keys_get_one_answer(db: Database, ana: int) -> None:
    made = create(db, SYSTEM, person=ana, now=NOW)
    last = "A" if made.key[-1] != "A" else "B"
    answers = set()
    for key in (
        "",
        "rpl_",
        made.key[:-1],
        made.key[:-1] + last,
        made.key + "A",
        made.key + "\n",
        f"rpl_{'0' * 12}_{'a' * 43}",
        made.key.upper(),
        "rpl_" + "\0" * 12 + "_" + "é" * 43,
    ):
        with pytest.raises(Unauthenticated) as refusal:
            viewer_of(db, key)
        answers.add((refusal.value.detail, refusal.value.code))
    assert len(answers) == 1


def test_only_administrators_make_and_revoke(db: Database, ana: int) -> None:
    member = Viewer(role=Role.MEMBER, person=ana, member=1)
    with pytest.raises(NotAllowed):
        create(db, member, person=ana, now=NOW)
    with pytest.raises(NotAllowed):
        revoke(db, member, "0" * 12, now=NOW)
    with pytest.raises(NotFound), db.reading(member) as session:
        list_keys(session, member)


def test_a_key_of_nobody_and_an_unknown_key_are_not_found(db: Database) -> None:
    with pytest.raises(NotFound):
        create(db, SYSTEM, person=99, now=NOW)
    with pytest.raises(NotFound):
        revoke(db, SYSTEM, "0" * 12, now=NOW)


def test_the_list_shows_when_a_key_was_revoked(db: Database, ana: int) -> None:
    made = create(db, SYSTEM, person=ana, note="erp", now=NOW)
    revoke(db, SYSTEM, made.ref, now=NOW)
    with db.reading(SYSTEM) as session:
        (key,) = list_keys(session, SYSTEM).items
    assert (key.ref, key.note, key.revoked_at) == (made.ref, "erp", NOW)
