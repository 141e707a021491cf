"""The register: who is admitted, and who may say so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from rappel.actions import parties
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.store.audit import AuditRow, first_broken
from rappel.store.consortium import list_chapters
from rappel.store.parties import (
    list_members,
    member,
    supplier,
)
from rappel.store.people import list_people, person
from world import TAX_IDS, small_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from rappel.core.access import Viewer
    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NEW: dict[str, Any] = {
    "code": "valle",
    "name": "Integradora Valle",
    "country": "MX",
    "tax_ids": ["val-010203 ab1"],
    "now": NOW,
}


@pytest.fixture
def world(db: Database) -> World:
    return small_world(db, NOW)


def trail(db: Database) -> list[str]:
    with db.reading(SYSTEM) as session:
        assert first_broken(session) is None
        return list(session.scalars(sa.select(AuditRow.verb).order_by(AuditRow.id)))


def test_a_member_is_admitted_with_its_tax_ids_in_their_normal_form(
    db: Database, world: World
) -> None:
    parties.admit(
        db,
        world.administrator,
        **NEW | {"tax_ids": ["val-010203 ab1", "VAL010203AB1", "123456789"]},
        family="valle-group",
        segments=["cctv", "cctv", "solar"],
        joined=date(2026, 2, 1),
        locale="en",
    )
    with db.reading(SYSTEM) as session:
        found = member(session, SYSTEM, "valle")
    assert found.tax_ids == ("123456789", "VAL010203AB1")
    assert (found.family, found.segments) == ("valle-group", ("cctv", "solar"))
    assert (found.joined, found.left_on, found.locale) == (date(2026, 2, 1), None, "en")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "norte"}, "taken"),
        ({"tax_ids": [TAX_IDS["norte"]]}, "taken"),
        ({"country": "BR"}, "no_chapter"),
    ],
)
def test_what_is_somebody_elses_is_refused_and_nothing_stays(
    db: Database, world: World, change: dict[str, Any], code: str
) -> None:
    before = trail(db)
    with pytest.raises(Refused) as refusal:
        parties.admit(db, world.administrator, **NEW | change)
    assert refusal.value.code == code
    assert trail(db) == before
    with db.reading(SYSTEM) as session:
        assert len(list_members(session, SYSTEM).items) == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "ñu"}, "code"),
        ({"code": "a" * 65}, "code"),
        ({"code": "a/b"}, "code"),
        ({"name": "\t"}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"country": "mx"}, "country"),
        ({"family": "a b"}, "family"),
        ({"segments": ["ok", ""]}, "segments[1]"),
        ({"locale": "es_MX"}, "locale"),
        ({"tax_ids": []}, "tax_ids"),
        ({"tax_ids": ["VAL010203AB1", "abc"]}, "tax_ids[1]"),
        ({"tax_ids": ["XAXX010101000"]}, "tax_ids[0]"),
    ],
)
def test_a_value_that_cannot_be_names_its_field(
    db: Database, world: World, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        parties.admit(db, world.administrator, **NEW | change)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_the_longest_code_and_text_are_let_in(db: Database, world: World) -> None:
    change = {"code": "a" * 64, "name": "n" * 500}
    parties.admit(db, world.administrator, **NEW | change)
    with pytest.raises(Malformed):
        parties.admit(db, world.administrator, **NEW | {"name": "n" * 501})


def test_a_member_leaves_once_and_after_it_joined(db: Database, world: World) -> None:
    joined = date(2025, 1, 1)
    with pytest.raises(Malformed):
        parties.let_go(db, world.administrator, member="norte", left_on=joined, now=NOW)
    day = date(2025, 1, 2)
    parties.let_go(db, world.administrator, member="norte", left_on=day, now=NOW)
    with db.reading(SYSTEM) as session:
        assert member(session, SYSTEM, "norte").left_on == day
    with pytest.raises(Refused):
        parties.let_go(db, world.administrator, member="norte", left_on=day, now=NOW)


def test_a_tax_id_has_one_owner(db: Database, world: World) -> None:
    administrator = world.administrator
    parties.add_tax_id(db, administrator, member="sur", tax_id="111222333", now=NOW)
    with pytest.raises(Refused):
        parties.add_tax_id(
            db, administrator, member="norte", tax_id="111-222-333", now=NOW
        )
    parties.add_supplier_tax_id(
        db, administrator, supplier="bravo", tax_id="444555666", now=NOW
    )
    with pytest.raises(Refused):
        parties.add_supplier_tax_id(
            db, administrator, supplier="andes", tax_id="444555666", now=NOW
        )
    with db.reading(SYSTEM) as session:
        assert member(session, SYSTEM, "sur").tax_ids == ("111222333", TAX_IDS["sur"])


def test_a_second_chapter_of_a_country_is_refused(db: Database, world: World) -> None:
    with pytest.raises(Refused):
        parties.open_chapter(
            db,
            world.administrator,
            country="MX",
            name="Otra",
            currency="MXN",
            locale="es",
            now=NOW,
        )
    with db.reading(world.norte) as session:
        chapters = list_chapters(session, world.norte)
    assert [chapter.country for chapter in chapters] == ["CO", "GT", "MX"]


@pytest.mark.parametrize(
    ("role", "whose", "fits"),
    [
        ("administrator", {}, True),
        ("administrator", {"member": "norte"}, False),
        ("member", {"member": "norte"}, True),
        ("member", {}, False),
        ("member", {"member": "norte", "supplier": "andes"}, False),
        ("supplier", {"supplier": "andes"}, True),
        ("supplier", {"member": "norte"}, False),
        ("system", {}, False),
        ("owner", {}, False),
    ],
)
def test_a_role_goes_with_whose_person_it_is(
    db: Database, world: World, role: str, whose: dict[str, str], *, fits: bool
) -> None:
    def add() -> int:
        return parties.add_person(
            db, world.administrator, name="Eva", role=role, now=NOW, **whose
        )

    if not fits:
        with pytest.raises(Malformed):
            add()
        return
    with db.reading(SYSTEM) as session:
        before = len(list_people(session, SYSTEM).items)
    number = add()
    with db.reading(SYSTEM) as session:
        found = person(session, SYSTEM, number)
        assert len(list_people(session, SYSTEM).items) == before + 1
    assert found.role == role
    assert {"member": found.member, "supplier": found.supplier} == {
        "member": whose.get("member"),
        "supplier": whose.get("supplier"),
    }


VERBS: dict[str, Callable[[Database, Viewer], object]] = {
    "open_chapter": lambda db, viewer: parties.open_chapter(
        db, viewer, country="BR", name="B", currency="BRL", locale="pt", now=NOW
    ),
    "admit": lambda db, viewer: parties.admit(db, viewer, **NEW),
    "let_go": lambda db, viewer: parties.let_go(
        db, viewer, member="norte", left_on=date(2027, 1, 1), now=NOW
    ),
    "add_tax_id": lambda db, viewer: parties.add_tax_id(
        db, viewer, member="norte", tax_id="111222333", now=NOW
    ),
    "add_supplier": lambda db, viewer: parties.add_supplier(db, viewer, **NEW),
    "add_supplier_tax_id": lambda db, viewer: parties.add_supplier_tax_id(
        db, viewer, supplier="andes", tax_id="111222333", now=NOW
    ),
    "add_person": lambda db, viewer: parties.add_person(
        db, viewer, name="Eva", role="administrator", now=NOW
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_the_administrators_and_leaves_one_entry(
    db: Database, world: World, verb: str
) -> None:
    before = trail(db)
    for viewer in (world.norte, world.andes):
        with pytest.raises(NotAllowed):
            VERBS[verb](db, viewer)
    assert trail(db) == before
    VERBS[verb](db, world.administrator)
    assert len(trail(db)) == len(before) + 1


def test_who_is_not_there_is_not_found(db: Database, world: World) -> None:
    day = date(2027, 1, 1)
    administrator = world.administrator
    with pytest.raises(NotFound):
        parties.let_go(db, administrator, member="no", left_on=day, now=NOW)
    with pytest.raises(NotFound):
        parties.add_supplier_tax_id(
            db, administrator, supplier="no", tax_id="111222333", now=NOW
        )
    for name, query in (("member", member), ("supplier", supplier)):
        with pytest.raises(NotFound, match=f"no {name} no"), db.reading(SYSTEM) as s:
            query(s, SYSTEM, "no")
