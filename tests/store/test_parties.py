"""Who is told what of a party."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from rappel.core.access import SYSTEM
from rappel.errors import NotFound
from rappel.store.agreements import agreement
from rappel.store.parties import list_members, list_suppliers, member, supplier
from rappel.store.people import list_people
from rappel.store.periods import PeriodRow, RunRow, VolumeRow
from world import TAX_IDS, small_world

if TYPE_CHECKING:
    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def world(db: Database) -> World:
    return small_world(db, NOW)


def test_a_member_sees_itself_and_the_suppliers_without_their_ids(
    db: Database, world: World
) -> None:
    with db.reading(world.norte) as session:
        (itself,) = list_members(session, world.norte).items
        assert itself.tax_ids == (TAX_IDS["norte"],)
        with pytest.raises(NotFound):
            member(session, world.norte, "sur")
        suppliers = list_suppliers(session, world.norte).items
        assert [(one.code, one.tax_ids) for one in suppliers] == [
            ("andes", ()),
            ("bravo", ()),
        ]
        (me,) = list_people(session, world.norte).items
        assert me.id == world.norte.person


def test_a_supplier_sees_the_members_with_volume_by_code_and_name(
    db: Database, world: World
) -> None:
    with db.reading(world.andes) as session:
        assert list_members(session, world.andes).items == ()
    with db.writing(SYSTEM) as session:
        period = session.scalar(sa.select(PeriodRow.id))
        computed = RunRow(
            ref="run",
            period_id=period,
            as_of=NOW,
            snapshot={},
            snapshot_hash=b"",
            result_hash=b"",
            findings=[],
        )
        session.add(computed)
        session.flush()
        row = VolumeRow(
            run_id=computed.id,
            period_id=period,
            programme_id=session.scalar(sa.text("select id from programme")),
            supplier_id=world.suppliers["andes"],
            member_id=world.members["norte"],
            month=date(2026, 1, 1),
            currency="MXN",
            amount=1,
            quantity=1,
            lines=1,
        )
        session.add(row)
    with db.reading(world.andes) as session:
        (norte,) = list_members(session, world.andes).items
        (itself,) = list_suppliers(session, world.andes).items
        with pytest.raises(NotFound):
            supplier(session, world.andes, "bravo")
    assert (norte.code, norte.name) == ("norte", "Integradora Norte")
    assert (norte.country, norte.tax_ids, norte.joined) == (None, (), None)
    assert (itself.code, itself.tax_ids) == ("andes", (TAX_IDS["andes"],))
    with db.reading(world.bravo) as session:
        assert list_members(session, world.bravo).items == ()
        with pytest.raises(NotFound):
            agreement(session, world.bravo, "andes")
