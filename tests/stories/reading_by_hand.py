"""The story's uploads read naively: ``xml.etree``, ``csv``, exact fractions.

Owns a second reading that shares nothing with the product's, and what becomes of each
document by the story's own rules. It trusts its input, which is ours.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stories.story import Story

CFDI: Final = "{http://www.sat.gob.mx/cfd/4}"
STAMP: Final = "{http://www.sat.gob.mx/TimbreFiscalDigital}TimbreFiscalDigital"
ABROAD: Final = "XEXX010101000"
NAMES: Final = {
    "number": ("Factura", "Nota"),
    "day": ("Fecha", "Emitida em"),
    "supplier": ("RFC proveedor", "RFC do fornecedor"),
    "code": ("Código",),
    "net": ("Importe neto", "Valor"),
    "currency": ("Moneda", "Moeda"),
    "key": ("Folio fiscal",),
}


@dataclass(frozen=True)
class Item:
    """One row of a document: its code, its class key, its net."""

    code: str
    class_code: str
    net: Fraction


@dataclass(frozen=True)
class Paper:
    """One document, or a file that is none (without a number)."""

    file: str
    number: str = ""
    key: str = ""
    credit: bool = False
    supplier: str = ""
    receiver: str = ""
    day: date = date.min
    currency: str = ""
    rate: Fraction | None = None
    replaces: str = ""
    items: tuple[Item, ...] = ()
    table: bool = False
    upload: str = ""
    member: str = ""
    state: str = ""
    why: str = ""


@dataclass
class Intake:
    """What came in by one date, and what became of it; ``papers`` in order."""

    papers: list[Paper] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)

    @property
    def counting(self) -> list[Paper]:
        """The documents that count: accepted and not replaced."""
        accepted = [paper for paper in self.papers if paper.state == "accepted"]
        return [paper for paper in accepted if paper.number not in self.replaced]


def intake(story: Story, until: datetime) -> Intake:
    """Play the story's uploads before a moment."""
    world = story.world
    owners = {tax: one["code"] for one in world["members"] for tax in one["tax_ids"]}
    suppliers = {one["tax_ids"][0]: one["code"] for one in world["suppliers"]}
    found = Intake()
    for event in world["events"]:
        if event["at"] >= until:
            break
        if event["do"] == "add_tax_id":
            owners[event["tax_id"]] = event["member"]
            found.papers = [_again(paper, owners) for paper in found.papers]
        if event["do"] == "upload":
            for path in story.files(event["folder"]):
                for paper in _papers(path):
                    sent = replace(paper, upload=event["folder"])
                    _judge(found, sent, owners, suppliers, event.get("member"))
    return found


def _again(paper: Paper, owners: dict[str, str]) -> Paper:
    if (
        paper.why == "receiver_not_member"
        and owners.get(paper.receiver) == paper.member
    ):
        return replace(paper, state="accepted", why="")
    return paper


def _judge(
    found: Intake,
    paper: Paper,
    owners: dict[str, str],
    suppliers: dict[str, str],
    sender: str | None,
) -> None:
    owner = owners.get(paper.receiver)
    member = sender or owner or ""
    paper = replace(
        paper, member=member, supplier=suppliers.get(paper.supplier, paper.supplier)
    )
    same = [one for one in found.papers if one.number == paper.number]
    counted = {one.member for one in same if one.state == "accepted"}
    state, why = "accepted", ""
    if not paper.number:
        state, why = "refused", "not_well_formed"
    elif paper.supplier not in suppliers.values():
        state, why = "held", "supplier_unknown"
    elif paper.receiver and owner is None:
        state, why = "held", "receiver_not_member"
    elif paper.receiver and owner != member:
        state, why = "held", "receiver_not_yours"
    elif counted == {member}:
        state, why = "known", ""
    elif counted:
        state, why = "held", "already_claimed"
    elif paper.replaces:
        found.replaced |= {
            one.number for one in found.papers if one.key == paper.replaces
        }
    found.papers.append(replace(paper, state=state, why=why))


def _papers(path: Path) -> Iterator[Paper]:
    content = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in sorted(archive.namelist()):
                yield _cfdi(f"{path.name}/{name}", archive.read(name))
    elif path.suffix == ".xml":
        yield _cfdi(path.name, content)
    elif path.suffix == ".xlsx":
        yield from _table(path.name, _sheet(content))
    else:
        yield from _table(path.name, _csv(content))


def _cfdi(file: str, content: bytes) -> Paper:
    try:
        root = ET.fromstring(content)
    except ET.ParseError:
        return Paper(file=file)
    found = {
        name: child.attrib
        for name in ("Emisor", "Receptor", "CfdiRelacionados")
        for child in root.findall(CFDI + name)
    }
    receiver, rate = found["Receptor"], root.get("TipoCambio")
    related = root.find(f"{CFDI}CfdiRelacionados/{CFDI}CfdiRelacionado")
    replacing = found.get("CfdiRelacionados", {}).get("TipoRelacion") == "04"
    stamp = next(root.iter(STAMP))
    abroad = receiver["Rfc"] == ABROAD
    return Paper(
        file=file,
        number=root.attrib["Serie"] + root.attrib["Folio"],
        key=stamp.attrib["UUID"],
        credit=root.attrib["TipoDeComprobante"] == "E",
        supplier=found["Emisor"]["Rfc"],
        receiver=receiver["NumRegIdTrib"] if abroad else receiver["Rfc"],
        day=date.fromisoformat(root.attrib["Fecha"][:10]),
        currency=root.attrib["Moneda"],
        rate=Fraction(rate) if rate else None,
        replaces=related.attrib["UUID"] if related is not None and replacing else "",
        items=tuple(_item(one.attrib) for one in root.iter(f"{CFDI}Concepto")),
    )


def _item(concept: dict[str, str]) -> Item:
    net = Fraction(concept["Importe"]) - Fraction(concept.get("Descuento", "0"))
    return Item(concept["NoIdentificacion"], concept["ClaveProdServ"], net)


def _csv(content: bytes) -> list[dict[str, str]]:
    latin = b";" in content.splitlines()[0]
    text = content.decode("cp1252" if latin else "utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";" if latin else ","))
    if latin:
        for row in rows:
            row["Valor"] = row["Valor"].replace(".", "").replace(",", ".")
    return rows


def _sheet(content: bytes) -> list[dict[str, str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    headings, *rows = book.get_sheet_by_name("Compras").to_python()[3:]
    return [
        {str(name): _text(cell) for name, cell in zip(headings, row, strict=True)}
        for row in rows
    ]


def _text(cell: Any) -> str:
    return cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)


def _table(file: str, rows: list[dict[str, str]]) -> Iterator[Paper]:
    plain = [
        {
            name: next((row[one] for one in known if one in row), "")
            for name, known in NAMES.items()
        }
        for row in rows
    ]
    for number in dict.fromkeys(row["number"] for row in plain):
        own = [row for row in plain if row["number"] == number]
        day, month, year = own[0]["day"].split("/")
        yield Paper(
            file=file,
            number=number,
            key=own[0]["key"],
            supplier=own[0]["supplier"],
            day=date(int(year), int(month), int(day)),
            currency=own[0]["currency"],
            items=tuple(Item(one["code"], "", Fraction(one["net"])) for one in own),
            table=True,
        )
