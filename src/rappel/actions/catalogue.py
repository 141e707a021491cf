"""The suppliers' catalogues: what each code is, so that scopes can name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rappel.actions import inputs
from rappel.actions.permission import must_administer
from rappel.store import agreements as stored
from rappel.store import audit, parties
from rappel.store.agreements import CatalogueRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rappel.core.access import Viewer
    from rappel.errors import Fault
    from rappel.store.base import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a supplier's code is; ``unit`` is what its quantities count, if known."""

    code: str
    category: str
    unit: str | None = None


def map_codes(
    db: Database,
    viewer: Viewer,
    *,
    supplier: str,
    items: Iterable[Item],
    now: datetime,
) -> int:
    """Say what a supplier's codes are; return how many of them that changed.

    What was said before stays in the books and no longer holds. Of a code given twice
    the last holds.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such supplier.
        Malformed: with a fault for each item that cannot be, at most 20.
    """
    must_administer(viewer)
    given = tuple(items)
    inputs.must_hold(*list(_faults(given))[: inputs.FAULTS])
    wanted = {item.code: (item.category, item.unit) for item in given}
    with db.writing(viewer) as session:
        owner = parties.supplier(session, viewer, supplier)
        holds = stored.newest_items(session, owner.id, wanted)
        changed = {code: it for code, it in wanted.items() if holds.get(code) != it}
        session.add_all(
            CatalogueRow(
                supplier_id=owner.id,
                code=code,
                category=category,
                unit=unit,
                received_at=now,
            )
            for code, (category, unit) in changed.items()
        )
        detail = {"given": len(given), "changed": len(changed)}
        audit.note(session, viewer, "catalogue.map", supplier, detail, at=now)
    return len(changed)


def items_from_csv(content: bytes) -> tuple[Item, ...]:
    """Read a CSV of ``code``, ``category`` and, if it is there, ``unit``.

    Raises:
        Malformed: with a fault for each cell that cannot be, at most 20, naming row
            and column.
    """

    def read(cells: dict[str, str]) -> Item:
        inputs.must_hold(*(inputs.text(name, cells[name]) for name in NAMED))
        return Item(
            code=cells["code"],
            category=cells["category"],
            unit=cells["unit"] or None,
        )

    return inputs.table_of(content, NAMED, read, optional=("unit",))


NAMED: Final = ("code", "category")


def _faults(items: tuple[Item, ...]) -> Iterator[Fault | None]:
    for place, item in enumerate(items):
        checks = (
            inputs.text(f"items[{place}].code", item.code),
            inputs.text(f"items[{place}].category", item.category),
            inputs.text(f"items[{place}].unit", item.unit or "", empty=True),
        )
        yield from (check for check in checks if check is not None)
