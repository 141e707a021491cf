"""A consortium in which every name, code, tax id and amount can be told from others.

A and B are members, S and T suppliers. A bought of S alone, B of T alone, so nothing of
B or T may ever be told to A or S. The first quarter is closed and issued, the second is
open; some documents of A are held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from purchases import cfdi
from rappel.actions import (
    agreements,
    catalogue,
    invoices,
    keys,
    parties,
    periods,
    rates,
    setup,
    statements,
    taking,
)
from rappel.core.access import SYSTEM
from rappel.core.accruals import Policy
from rappel.core.money import exact
from rappel.store import purchases as bought
from rappel.store import rebates as earned

if TYPE_CHECKING:
    from rappel.store.base import Database

NOW: Final = datetime(2026, 4, 10, 12, 0, tzinfo=UTC)
A, B, S, T = "altavista", "zafiro-berilio", "andes", "tezontle-tucan"
PEOPLE: Final = {
    A: ("member", "Ana Alta"),
    B: ("member", "Berenice Barroco"),
    S: ("supplier", "Silvia Sierra"),
    T: ("supplier", "Teodoro Tucan"),
}
NAMES: Final = {
    A: "Altavista Integradores",
    B: "Zafiro Berilio Sistemas",
    S: "Andes Seguridad",
    T: "Tezontle Tucan Mayoreo",
}
TAX_IDS: Final = {
    A: "XIA190128J61",
    B: "URE180429TM6",
    S: "EKU9003173C9",
    T: "IIA040805DZ4",
}
STRANGER: Final = "CACX7605101P8"
CANARIES: Final = {  # what belongs to B and T alone
    B: ("zafiro", "berilio", "berenice", "barroco", "ure180429tm6"),
    T: ("tezontle", "tucan", "teodoro", "iia040805dz4"),
    "amounts": ("777333", "777,333", "15546.66", "15,546.66", "888444", "888,444"),
}
TERMS: Final = """\
code = "{supplier}-2026"
supplier = "{supplier}"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "{supplier}-volumen"
tiers = [
    {{ from = "0", percent = "0" }},
    {{ from = "100000", percent = "2" }},
]
"""
GROUP: Final = """\
code = "{supplier}-grupo-2026"
supplier = "{supplier}"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "{supplier}-grupo"
pool = "group"
tiers = [
    {{ from = "0", percent = "0" }},
    {{ from = "250000", percent = "1" }},
]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consortium:
    """Keys by code, and the references of what is A's."""

    keys: dict[str, str]
    people: dict[str, int]
    upload: str
    document: str
    held: tuple[str, ...]
    invoice: str
    spare: str
    rebate: str
    statement: str
    accrual: str
    others: dict[str, str]  # the same of B


def consortium(db: Database) -> Consortium:
    """Make it by the verbs, up to the issued quarter."""
    shown, people = founded(db)
    return _quarter(db, shown, people)


def founded(db: Database) -> tuple[dict[str, str], dict[str, int]]:
    """Make its parties, terms and periods; return keys and people by code."""
    first = setup.initialise(
        db,
        name="Compras Unidas",
        tax_id="CUN010203GHA",
        country="MX",
        address="Reforma 1\nMéxico",
        currency="MXN",
        locale="es-MX",
        administrator="Alma Admin",
        email="alma@compras.example",
        now=NOW,
    )
    shown, people = _parties(db)
    for supplier in (S, T):
        document = TERMS.format(supplier=supplier).encode()
        agreements.sign(db, SYSTEM, document, now=NOW)
        document = GROUP.format(supplier=supplier).encode()
        agreements.sign(db, SYSTEM, document, now=NOW)
        item = catalogue.Item(code="CAM-1", category="cctv", unit="pieza")
        catalogue.map_codes(db, SYSTEM, supplier=supplier, items=[item], now=NOW)
    rate = rates.Rate(
        from_currency="USD",
        to_currency="MXN",
        rate_date=date(2026, 2, 11),
        rate=exact("18.5"),
        source="Banxico",
    )
    rates.record(db, SYSTEM, [rate], now=NOW)
    for quarter, starts, ends in (
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 7, 1)),
    ):
        periods.open_period(db, SYSTEM, code=quarter, starts=starts, ends=ends, now=NOW)
    return {"administrator": first.key, **shown}, people


def _quarter(db: Database, shown: dict[str, str], people: dict[str, int]) -> Consortium:
    mine = _buy(db, shown[A], A, S, ("A1", "A2"), net="150000.00")
    theirs = _buy(db, shown[B], B, T, ("B1",), net="777333.11")
    _buy(db, shown[B], B, T, ("B2",), net="888444.22", on="2026-05-02")
    taken = taking.take(
        db,
        SYSTEM,
        "2026-Q1",
        policy=Policy.REACHED,
        today=date(2026, 3, 31),
        now=NOW,
    )
    periods.close(db, SYSTEM, "2026-Q1", now=NOW)
    issued = statements.issue(db, SYSTEM, "2026-Q1", now=NOW, workers=1)
    held = tuple(
        _send(db, shown[A], name, receiver=STRANGER, issuer=TAX_IDS[S]).document
        for name in ("H1", "H2", "H3")
    )
    numbers = {one.member: one.number for one in issued}
    with db.reading(SYSTEM) as session:
        listed = bought.list_invoices(session, SYSTEM, limit=500).items
        rebates = earned.rebates_of(session, SYSTEM, "2026-Q1")
    own = [one.ref for one in listed if one.member == A]
    other = [one.ref for one in listed if one.member == B]
    refs = {one.member: one.ref for one in rebates}
    return Consortium(
        keys=shown,
        people=people,
        upload=mine.upload,
        document=mine.outcomes[0].document,
        held=held,
        invoice=own[0],
        spare=own[1],
        rebate=refs[A],
        statement=numbers[A],
        accrual=taken.ref,
        others={
            "upload": theirs.upload,
            "document": theirs.outcomes[0].document,
            "invoice": other[0],
            "rebate": refs[B],
            "statement": numbers[B],
        },
    )


def _parties(db: Database) -> tuple[dict[str, str], dict[str, int]]:
    parties.open_chapter(
        db,
        SYSTEM,
        country="MX",
        name="Compras Unidas México",
        currency="MXN",
        locale="es-MX",
        now=NOW,
    )
    shown: dict[str, str] = {}
    people: dict[str, int] = {}
    for code, (role, name) in PEOPLE.items():
        given = {
            "code": code,
            "name": NAMES[code],
            "country": "MX",
            "tax_ids": [TAX_IDS[code]],
        }
        if role == "member":
            parties.admit(db, SYSTEM, **given, now=NOW)
        else:
            parties.add_supplier(db, SYSTEM, **given, now=NOW)
        person = parties.add_person(
            db,
            SYSTEM,
            name=name,
            role=role,
            member=code if role == "member" else None,
            supplier=code if role == "supplier" else None,
            now=NOW,
        )
        people[code] = person
        shown[code] = keys.create(db, SYSTEM, person=person, now=NOW).key
    return shown, people


def _buy(
    db: Database,
    key: str,
    member: str,
    supplier: str,
    names: tuple[str, ...],
    **more: str,
) -> invoices.Received:
    files = [
        cfdi(name, issuer=TAX_IDS[supplier], receiver=TAX_IDS[member], **more)
        for name in names
    ]
    received = invoices.receive(db, keys.viewer_of(db, key), files, now=NOW)
    assert {one.state for one in received.outcomes} == {"accepted"}, received
    return received


def _send(
    db: Database, key: str, name: str, *, receiver: str, issuer: str
) -> invoices.Outcome:
    file = cfdi(name, issuer=issuer, receiver=receiver, on="2026-05-03")
    received = invoices.receive(db, keys.viewer_of(db, key), [file], now=NOW)
    (outcome,) = received.outcomes
    assert outcome.state == "held", outcome
    return outcome
