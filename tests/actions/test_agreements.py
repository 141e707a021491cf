"""Agreements: each signing a revision, and no day with two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from rappel.actions import parties
from rappel.actions.agreements import Signed, export, sign
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound, RappelError, Refused
from rappel.store.agreements import agreement, list_agreements, revisions
from world import AGREEMENT, small_world

if TYPE_CHECKING:
    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = AGREEMENT.replace("2026-01-01", "2026-02-01").replace('"2"', '"2.5"')


@pytest.fixture
def world(db: Database) -> World:
    return small_world(db, NOW)


def put(db: Database, world: World, text: str, because: str = "") -> Signed:
    return sign(db, world.administrator, text.encode(), because=because, now=NOW)


def entries(db: Database) -> int:
    with db.reading(SYSTEM) as session:
        return session.scalar(sa.text("select count(*) from audit_entry")) or 0


def visible(db: Database, world: World, code: str) -> set[str]:
    """Return the programmes that a supplier sees."""
    viewer = {"andes": world.andes, "bravo": world.bravo}[code]
    with db.reading(viewer) as session:
        found = list_agreements(session, viewer).items
        assert {one.revisions for one in found} <= {0}
        return {programme for one in found for programme in one.programmes}


def test_the_same_document_again_changes_nothing(db: Database, world: World) -> None:
    before = entries(db)
    assert put(db, world, AGREEMENT) == Signed(
        agreement="andes", revision=1, programmes=("andes-volumen",)
    )
    assert entries(db) == before


def test_a_later_day_makes_the_next_revision(db: Database, world: World) -> None:
    assert put(db, world, LATER, "better terms").revision == 2
    with db.reading(SYSTEM) as session:
        first, second = revisions(session, SYSTEM, "andes")
        assert agreement(session, SYSTEM, "andes").revisions == 2
    assert (first.in_force_from, second.in_force_from) == (
        date(2026, 1, 1),
        date(2026, 2, 1),
    )
    assert (second.because, second.document) == ("better terms", LATER)
    assert put(db, world, AGREEMENT).revision == 1


def test_terms_signed_late_may_start_before_others(db: Database, world: World) -> None:
    put(db, world, LATER)
    earlier = AGREEMENT.replace("2026-01-01", "2025-07-01")
    assert put(db, world, earlier).revision == 3


@pytest.mark.parametrize("sign_later_first", [True, False])
def test_no_day_has_two_revisions(
    db: Database, world: World, *, sign_later_first: bool
) -> None:
    if sign_later_first:
        put(db, world, LATER)
    other = AGREEMENT.replace('"3.5"', '"4"')
    with pytest.raises(Refused) as refusal:
        put(db, world, other)
    assert refusal.value.code == "in_force_already"


def test_a_programme_belongs_to_one_agreement(db: Database, world: World) -> None:
    other = AGREEMENT.replace('code = "andes"', 'code = "other"')
    with pytest.raises(Refused) as refusal:
        put(db, world, other)
    assert refusal.value.code == "taken"
    with db.reading(SYSTEM) as session, pytest.raises(NotFound):
        agreement(session, SYSTEM, "other")


def test_the_currency_stays(db: Database, world: World) -> None:
    with pytest.raises(Refused) as refusal:
        put(db, world, LATER.replace("MXN", "USD"))
    assert refusal.value.code == "currency_changed"


def test_an_unknown_supplier_names_its_programme(db: Database, world: World) -> None:
    with pytest.raises(Malformed) as refusal:
        put(db, world, LATER.replace('supplier = "andes"', 'supplier = "nadie"'))
    assert refusal.value.faults[0].field == "programmes[0].supplier"


@pytest.mark.parametrize("document", [b"", b"\xff\xfe", b"a = 1\0", b"code = "])
def test_what_is_no_agreement_is_malformed(
    db: Database, world: World, document: bytes
) -> None:
    with pytest.raises(Malformed):
        sign(db, world.administrator, document, now=NOW)


def test_a_supplier_sees_the_programmes_that_count_it(
    db: Database, world: World
) -> None:
    assert visible(db, world, "andes") == {"andes-volumen"}
    assert visible(db, world, "bravo") == set()
    both = LATER.replace("tiers =", 'supplier = ["andes", "bravo"]\ntiers =')
    put(db, world, both)
    assert visible(db, world, "bravo") == {"andes-volumen"}


def test_a_programme_of_all_suppliers_takes_in_the_next_one(
    db: Database, world: World
) -> None:
    every = AGREEMENT.replace('"andes"', '"todos"').replace("andes-volumen", "todos-v")
    put(db, world, every.replace('supplier = "todos"', 'supplier = "*"'))
    assert visible(db, world, "bravo") == {"todos-v"}
    added = parties.add_supplier(
        db,
        world.administrator,
        code="cumbre",
        name="Cumbre",
        country="MX",
        tax_ids=["CUM010203AB1"],
        now=NOW,
    )
    with db.reading(SYSTEM) as session:
        query = "select p.code from programme_supplier s join programme p"
        query += " on p.id = s.programme_id where supplier_id = :supplier"
        codes = session.scalars(sa.text(query), {"supplier": added}).all()
    assert codes == ["todos-v"]


def test_export_gives_back_what_was_signed(db: Database, world: World) -> None:
    put(db, world, LATER)
    assert export(db, world.administrator, "andes") == LATER
    assert export(db, world.administrator, "andes", 1) == AGREEMENT
    for code, number in (("andes", 3), ("none", None)):
        with pytest.raises(NotFound):
            export(db, world.administrator, code, number)


def test_only_administrators_sign_and_read_terms(db: Database, world: World) -> None:
    for viewer in (world.norte, world.andes):
        with pytest.raises(NotAllowed):
            sign(db, viewer, LATER.encode(), now=NOW)
        with pytest.raises(NotAllowed):
            export(db, viewer, "andes")
        with db.reading(viewer) as session:
            assert revisions(session, viewer, "andes") == ()


def test_two_signings_at_once_make_one_revision(db: Database, world: World) -> None:
    texts = [LATER.replace('"2.5"', f'"2.{n}"') for n in range(1, 7)]

    def attempt(text: str) -> int | None:
        try:
            return put(db, world, text).revision
        except RappelError:
            return None

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(attempt, texts))
    assert sorted(filter(None, found)) == [2]
