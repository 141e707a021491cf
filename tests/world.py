"""A small consortium for tests: three members, two suppliers, one agreement, a quarter.

Made with the same verbs as anybody's. Figures are the tests' own: the agreement pays
2 % from 100,000 and 3.5 % from 250,000 on what a member bought of Andes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from rappel.actions import agreements, catalogue, keys, parties, setup
from rappel.actions.catalogue import Item
from rappel.core.access import SYSTEM, Viewer
from rappel.store.periods import PeriodRow

if TYPE_CHECKING:
    from datetime import datetime

    from rappel.store.base import Database

PERIOD: Final = "2026-Q1"
TAX_IDS: Final = {
    "consortium": "CUN010203GHA",
    "norte": "NOR010203AB1",
    "sur": "9001234567",
    "maya": "87654321",
    "andes": "AND990501CDA",
    "bravo": "BRA120815EF8",
}
AGREEMENT: Final = """\
code = "andes"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "andes-volumen"
tiers = [
    { from = "0", percent = "0" },
    { from = "100000", percent = "2" },
    { from = "250000", percent = "3.5" },
]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Who is who: viewers and their keys, row ids by code."""

    administrator: Viewer
    norte: Viewer
    sur: Viewer
    maya: Viewer
    andes: Viewer
    bravo: Viewer
    keys: dict[str, str]  # by the names of the viewers
    members: dict[str, int]
    suppliers: dict[str, int]


def small_world(db: Database, now: datetime) -> World:
    """Make the consortium as of ``now``, with the quarter open."""
    first = setup.initialise(
        db,
        name="Compras Unidas",
        tax_id=TAX_IDS["consortium"],
        country="MX",
        address="Reforma 1, México",
        currency="MXN",
        locale="es-MX",
        administrator="Alma",
        email="alma@compras.example",
        now=now,
    )
    shown = {"administrator": first.key}
    members = _members(db, now)
    suppliers = {
        code: parties.add_supplier(
            db,
            SYSTEM,
            code=code,
            name=code.title(),
            country="MX",
            tax_ids=[TAX_IDS[code]],
            now=now,
        )
        for code in ("andes", "bravo")
    }
    for code in members:
        shown[code] = _key(db, code, role="member", now=now)
    for code in suppliers:
        shown[code] = _key(db, code, role="supplier", now=now)
    items = [Item(code="CAM-1", category="cctv", unit="pieza")]
    catalogue.map_codes(db, SYSTEM, supplier="andes", items=items, now=now)
    agreements.sign(db, SYSTEM, AGREEMENT.encode(), now=now)
    with db.writing(SYSTEM) as session:
        quarter = {"starts": date(2026, 1, 1), "ends": date(2026, 4, 1)}
        session.add(PeriodRow(code=PERIOD, **quarter))
    viewers = {name: keys.viewer_of(db, key) for name, key in shown.items()}
    return World(**viewers, keys=shown, members=members, suppliers=suppliers)


def _members(db: Database, now: datetime) -> dict[str, int]:
    countries = {"norte": ("MX", "MXN"), "sur": ("CO", "COP"), "maya": ("GT", "GTQ")}
    members = {}
    for code, (country, currency) in countries.items():
        parties.open_chapter(
            db,
            SYSTEM,
            country=country,
            name=f"Compras Unidas {country}",
            currency=currency,
            locale=f"es-{country}",
            now=now,
        )
        members[code] = parties.admit(
            db,
            SYSTEM,
            code=code,
            name=f"Integradora {code.title()}",
            country=country,
            tax_ids=[TAX_IDS[code]],
            joined=date(2025, 1, 1),
            now=now,
        )
    return members


def _key(db: Database, code: str, *, role: str, now: datetime) -> str:
    person = parties.add_person(
        db,
        SYSTEM,
        name=f"Persona {code.title()}",
        role=role,
        member=code if role == "member" else None,
        supplier=code if role == "supplier" else None,
        now=now,
    )
    return keys.create(db, SYSTEM, person=person, now=now).key
