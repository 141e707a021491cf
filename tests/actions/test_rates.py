"""Exchange rates: with day and source, exact, the newest holding."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from rappel.actions.rates import Rate, rates_from_csv, record
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed
from rappel.store.agreements import newest_rates
from world import small_world

if TYPE_CHECKING:
    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = date(2026, 2, 11)


@pytest.fixture
def world(db: Database) -> World:
    return small_world(db, NOW)


def of(rate: str, source: str = "Banxico", to: str = "MXN") -> Rate:
    return Rate(
        from_currency="USD",
        to_currency=to,
        rate_date=DAY,
        rate=Decimal(rate),
        source=source,
    )


def test_the_newest_holds_and_the_same_again_adds_nothing(
    db: Database, world: World
) -> None:
    assert record(db, world.administrator, [of("18.50")], now=NOW) == 1
    assert record(db, world.administrator, [of("18.500000")], now=NOW) == 0
    assert record(db, world.administrator, [of("18.51")], now=NOW) == 1
    assert record(db, world.administrator, [of("18.51", "DOF")], now=NOW) == 1
    with db.reading(world.norte) as session:
        found = newest_rates(session, [DAY])
    assert found == {("USD", "MXN", DAY): (Decimal("18.510000"), "DOF")}


@pytest.mark.parametrize(
    ("rate", "field"),
    [
        (of("0"), "rates[0].rate"),
        (of("-1"), "rates[0].rate"),
        (of("1.0000001"), "rates[0].rate"),
        (of("123456789012345"), "rates[0].rate"),
        (of("NaN"), "rates[0].rate"),
        (of("Infinity"), "rates[0].rate"),
        (of("1", source=""), "rates[0].source"),
        (of("1", to="USD"), "rates[0].to_currency"),
        (of("1", to="XYZ"), "rates[0].to_currency"),
    ],
)
def test_a_rate_that_cannot_be_stores_nothing(
    db: Database, world: World, rate: Rate, field: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        record(db, world.administrator, [rate], now=NOW)
    assert [fault.field for fault in refusal.value.faults] == [field]
    with db.reading(SYSTEM) as session:
        assert newest_rates(session, [DAY]) == {}


@pytest.mark.parametrize("rate", ["0.000001", "99999999999999.999999", "1E+2"])
def test_the_smallest_and_the_largest_rate_are_kept_exactly(
    db: Database, world: World, rate: str
) -> None:
    record(db, world.administrator, [of(rate)], now=NOW)
    with db.reading(SYSTEM) as session:
        (kept,) = newest_rates(session, [DAY]).values()
    assert kept[0] == Decimal(rate)


def test_only_administrators_record(db: Database, world: World) -> None:
    for viewer in (world.norte, world.andes):
        with pytest.raises(NotAllowed):
            record(db, viewer, [of("18.50")], now=NOW)


def test_a_csv_is_read_in_any_order_of_columns() -> None:
    content = b"date;rate;to;from\n2026-02-11;18.50;MXN;USD\n"
    assert rates_from_csv(content, "Banxico") == (of("18.50"),)


def test_each_bad_cell_of_a_file_is_named_at_once() -> None:
    content = b"from,to,date,rate\nUSD,MXN,soon,x\nUSD,MXN\nUS,MXN,2026-02-11,0\n"
    with pytest.raises(Malformed) as refusal:
        rates_from_csv(content, "Banxico")
    places = {(fault.row, fault.column) for fault in refusal.value.faults}
    assert places == {(2, "date"), (2, "rate"), (3, None), (4, "from"), (4, "rate")}


@pytest.mark.parametrize(("bad", "told"), [(19, 19), (20, 20), (21, 20)])
def test_of_the_bad_rows_of_a_file_at_most_twenty_are_told(bad: int, told: int) -> None:
    content = "from,to,date,rate\n" + "USD,MXN,2026-02-11,x\n" * bad
    with pytest.raises(Malformed) as refusal:
        rates_from_csv(content.encode(), "Banxico")
    assert len(refusal.value.faults) == told


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("USD,MXN,11/02/2026,18.50", "date"),
        ("USD,MXN,2026-02-30,18.50", "date"),
        ("USD,MXN,20260211,18.50", "date"),
        ("USD,MXN,2026-W07-3,18.50", "date"),
        ('USD,MXN,2026-02-11,"18,50"', "rate"),
        ("USD,MXN,2026-02-11,1e2", "rate"),
        ("USD,MXN,2026-02-11,18.1234567", "rate"),
        ("USD,MXN,2026-02-11,0", "rate"),
        ("USD,MXN,2026-02-11,", "rate"),
        ("US,MXN,2026-02-11,18.50", "from"),
        ("USD,USD,2026-02-11,1", "to"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(row: str, column: str) -> None:
    content = f"from,to,date,rate\nUSD,MXN,2026-02-10,18.40\n{row}\n"
    with pytest.raises(Malformed) as refusal:
        rates_from_csv(content.encode(), "Banxico")
    (fault,) = refusal.value.faults
    assert (fault.row, fault.column) == (3, column)
