"""The catalogue: what a supplier's code is, and a file of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from rappel.actions.catalogue import Item, items_from_csv, map_codes
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound
from rappel.store.agreements import newest_items
from world import small_world

if TYPE_CHECKING:
    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def world(db: Database) -> World:
    return small_world(db, NOW)


def put(db: Database, world: World, *items: Item) -> int:
    return map_codes(db, world.administrator, supplier="andes", items=items, now=NOW)


def holds(db: Database, world: World) -> dict[str, tuple[str, str | None]]:
    with db.reading(SYSTEM) as session:
        return newest_items(session, world.suppliers["andes"], ["CAM-1", "CAM-2"])


def test_the_newest_holds_and_what_is_the_same_adds_nothing(
    db: Database, world: World
) -> None:
    same = Item(code="CAM-1", category="cctv", unit="pieza")
    assert put(db, world, same) == 0
    changed = Item(code="CAM-1", category="recording")
    assert put(db, world, changed, Item(code="CAM-2", category="cctv")) == 2
    assert holds(db, world) == {"CAM-1": ("recording", None), "CAM-2": ("cctv", None)}
    assert put(db, world, changed) == 0
    assert put(db, world, same) == 1
    assert holds(db, world)["CAM-1"] == ("cctv", "pieza")


def test_of_a_code_given_twice_the_last_holds(db: Database, world: World) -> None:
    twice = [Item(code="CAM-2", category=name) for name in ("a", "b")]
    assert put(db, world, *twice) == 1
    assert holds(db, world)["CAM-2"] == ("b", None)


def test_another_suppliers_code_is_its_own(db: Database, world: World) -> None:
    items = [Item(code="CAM-1", category="other")]
    assert map_codes(db, SYSTEM, supplier="bravo", items=items, now=NOW) == 1
    assert holds(db, world)["CAM-1"] == ("cctv", "pieza")


def test_a_bad_item_stores_nothing(db: Database, world: World) -> None:
    with pytest.raises(Malformed) as refusal:
        put(db, world, Item(code="CAM-2", category="a"), Item(code="", category=""))
    fields = [fault.field for fault in refusal.value.faults]
    assert fields == ["items[1].code", "items[1].category"]
    assert "CAM-2" not in holds(db, world)


def test_of_many_faults_the_first_twenty_are_told(db: Database, world: World) -> None:
    with pytest.raises(Malformed) as refusal:
        put(db, world, *(Item(code="", category="x") for _ in range(21)))
    assert len(refusal.value.faults) == 20


def test_only_administrators_map_and_only_known_suppliers(
    db: Database, world: World
) -> None:
    for viewer in (world.norte, world.andes):
        with pytest.raises(NotAllowed):
            map_codes(db, viewer, supplier="andes", items=[], now=NOW)
    with pytest.raises(NotFound):
        map_codes(db, SYSTEM, supplier="nadie", items=[], now=NOW)


@pytest.mark.parametrize(
    "content",
    [
        "code,category,unit\nCAM-1,cctv,pieza\n,,\nCAM-2,cctv,\n",
        "\ufeffCategory;CODE;unit\r\ncctv;CAM-1;pieza\r\ncctv;CAM-2;\r\n",
        'unit,code,category\n"pieza"," CAM-1 ",cctv\n\n"",CAM-2,"cctv"',
    ],
)
def test_a_csv_is_read_whatever_its_dialect(content: str) -> None:
    assert items_from_csv(content.encode()) == (
        Item(code="CAM-1", category="cctv", unit="pieza"),
        Item(code="CAM-2", category="cctv"),
    )


def test_the_unit_may_be_missing_as_a_column() -> None:
    (item,) = items_from_csv(b"code,category\nCAM-1,cctv\n")
    assert item.unit is None


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        (b"", 1, "code"),
        (b"code,unit\nA,b\n", 1, "category"),
        (b"code,category,price\nA,b,1\n", 1, "price"),
        (b"code,category,code\nA,b,c\n", 1, "code"),
        (b"code,category\nA,b\n,b\n", 3, "code"),
        (b"code,category\nA,\n", 2, "category"),
        (b"code,category\nA,b,c\n", 2, None),
        (b"code,category\nA\n", 2, None),
        (b'code,category\nA,"b\n', 2, None),
        (b"code,category\nA,\xff\n", None, None),
        (b"code,category\nA,b\0\n", None, None),
    ],
)
def test_a_bad_csv_names_row_and_column(
    content: bytes, row: int | None, column: str | None
) -> None:
    with pytest.raises(Malformed) as refusal:
        items_from_csv(content)
    (fault,) = refusal.value.faults
    assert (fault.row, fault.column) == (row, column)
    assert fault.repair


def test_each_bad_row_of_a_csv_is_named_at_once() -> None:
    with pytest.raises(Malformed) as refusal:
        items_from_csv(b'code,category\n,b\nA\nC,d\nA,"b\n')
    places = [(fault.row, fault.column) for fault in refusal.value.faults]
    assert places == [(2, "code"), (3, None), (5, None)]


def test_a_file_of_20_megabytes_is_the_largest() -> None:
    line = b"CAM-1," + b"c" * 493 + b"\n"
    head = b"code,category\n"
    full = head + line * ((20_000_000 - len(head)) // len(line))
    assert len(items_from_csv(full)) == 39_999
    with pytest.raises(Malformed, match="20 MB"):
        items_from_csv(full + line)
