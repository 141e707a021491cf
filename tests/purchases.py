"""E-invoices and tables written for a test: only what the test is about is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from rappel.actions.invoices import Incoming
from rappel.core.access import SYSTEM, Role, Viewer
from rappel.store.parties import (
    ChapterRow,
    MemberRow,
    MemberTaxIdRow,
    PersonRow,
    SupplierRow,
    SupplierTaxIdRow,
)
from rappel.store.periods import PeriodRow
from rappel.store.purchases import list_invoices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.store.base import Database

CSV_HEAD = (
    "invoice,date,supplier tax id,receiver tax id,code,quantity,net,total,currency"
)


def uuid(name: str) -> str:
    """Return the fiscal UUID that a test calls ``name``."""
    return str(uuid5(NAMESPACE_URL, name)).upper()


def points_to(relation: str, name: str) -> str:
    """Return the element by which a CFDI points to another."""
    return (
        f'<cfdi:CfdiRelacionados TipoRelacion="{relation}">'
        f'<cfdi:CfdiRelacionado UUID="{uuid(name)}"/></cfdi:CfdiRelacionados>'
    )


def cfdi(
    name: str,
    *,
    issuer: str,
    receiver: str,
    on: str = "2026-02-11",
    net: str = "1000.00",
    kind: str = "I",
    currency: str = "MXN",
    rate: str | None = None,
    number: str | None = None,
    replaces: str | None = None,
    lines: int = 1,
    note: str = "",
) -> Incoming:
    """Return a stamped CFDI 4.0 whose UUID and folio follow from ``name``."""
    amount = Decimal(net)
    subtotal = amount * lines
    tax = (subtotal * Decimal("0.16")).quantize(Decimal("0.01"))
    each = (amount * Decimal("0.16")).quantize(Decimal("0.01"))
    stated = f' TipoCambio="{rate}"' if rate else ""
    related = points_to("04", replaces) if replaces else ""
    related = points_to("03", "returned") if kind == "E" else related
    concept = (
        '<cfdi:Concepto ClaveProdServ="46171610" NoIdentificacion="CAM-1" Cantidad="1"'
        f' ClaveUnidad="H87" Descripcion="Camara" ValorUnitario="{net}"'
        f' Importe="{net}" ObjetoImp="02"><cfdi:Impuestos><cfdi:Traslados>'
        f'<cfdi:Traslado Base="{net}" Impuesto="002" TipoFactor="Tasa"'
        f' TasaOCuota="0.160000" Importe="{each}"/></cfdi:Traslados>'
        "</cfdi:Impuestos></cfdi:Concepto>"
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/4" Version="4.0"'
        f' Folio="{number or name}" Fecha="{on}T10:20:30" SubTotal="{subtotal}"'
        f' Moneda="{currency}"{stated} Total="{subtotal + tax}"'
        f' TipoDeComprobante="{kind}" Exportacion="01" LugarExpedicion="64000"'
        ' MetodoPago="PUE" FormaPago="03" NoCertificado="30001000000500003416"'
        ' Certificado="" Sello="">'
        f"{related}"
        f'<cfdi:Emisor Rfc="{issuer}" Nombre="ANDES" RegimenFiscal="601"/>'
        f'<cfdi:Receptor Rfc="{receiver}" Nombre="MIEMBRO" UsoCFDI="G01"'
        ' DomicilioFiscalReceptor="64000" RegimenFiscalReceptor="601"/>'
        f"<cfdi:Conceptos>{concept * lines}</cfdi:Conceptos>"
        f'<cfdi:Impuestos TotalImpuestosTrasladados="{tax}"><cfdi:Traslados>'
        f'<cfdi:Traslado Base="{subtotal}" Impuesto="002" TipoFactor="Tasa"'
        f' TasaOCuota="0.160000" Importe="{tax}"/></cfdi:Traslados></cfdi:Impuestos>'
        "<cfdi:Complemento><tfd:TimbreFiscalDigital"
        ' xmlns:tfd="http://www.sat.gob.mx/TimbreFiscalDigital" Version="1.1"'
        f' UUID="{uuid(name)}" FechaTimbrado="{on}T10:21:00"'
        ' RfcProvCertif="SAT970701NN3" SelloCFD="" SelloSAT=""'
        ' NoCertificadoSAT="30001000000500003456"/></cfdi:Complemento>'
        f"</cfdi:Comprobante>{note}"
    )
    return Incoming(f"{name}.xml", text.encode())


def table(
    rows: Sequence[Sequence[str]], *, name: str = "compras.csv", head: str = CSV_HEAD
) -> Incoming:
    """Return a CSV table of these rows."""
    lines = [head, *(",".join(row) for row in rows)]
    return Incoming(name, ("\n".join(lines) + "\n").encode())


NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
NORTE, SUR, LEJANO = "XIA190128J61", "URE180429TM6", "CACX7605101P8"
ANDES, BRISA = "EKU9003173C9", "IIA040805DZ4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """Two members of Mexico, a supplier, a period, and those who look."""

    norte: int
    sur: int
    andes: int
    period: int
    administrator: Viewer
    at_norte: Viewer
    at_sur: Viewer
    at_andes: Viewer


def found(db: Database) -> Founded:
    """Put the least into the books that purchases need."""
    with db.writing(SYSTEM) as session:
        session.add(
            ChapterRow(country="MX", name="México", currency="MXN", locale="es-MX")
        )
        session.flush()
        norte, sur = (
            MemberRow(code=code, name=code.title(), country="MX", created_at=NOW)
            for code in ("norte", "sur")
        )
        andes = SupplierRow(code="andes", name="Andes", country="MX", created_at=NOW)
        period = PeriodRow(
            code="2026-Q1", starts=date(2026, 1, 1), ends=date(2026, 4, 1)
        )
        session.add_all([norte, sur, andes, period])
        session.flush()
        session.add_all(
            [
                MemberTaxIdRow(tax_id=NORTE, country="MX", member_id=norte.id),
                MemberTaxIdRow(tax_id=SUR, country="MX", member_id=sur.id),
                SupplierTaxIdRow(tax_id=ANDES, country="MX", supplier_id=andes.id),
            ]
        )
        people = [
            PersonRow(name="Ada", role="administrator", created_at=NOW),
            PersonRow(name="Nina", role="member", member_id=norte.id, created_at=NOW),
            PersonRow(name="Saul", role="member", member_id=sur.id, created_at=NOW),
            PersonRow(
                name="Alba", role="supplier", supplier_id=andes.id, created_at=NOW
            ),
        ]
        session.add_all(people)
        session.flush()
        ada, nina, saul, alba = (person.id for person in people)
        return Founded(
            norte=norte.id,
            sur=sur.id,
            andes=andes.id,
            period=period.id,
            administrator=Viewer(role=Role.ADMINISTRATOR, person=ada),
            at_norte=Viewer(role=Role.MEMBER, person=nina, member=norte.id),
            at_sur=Viewer(role=Role.MEMBER, person=saul, member=sur.id),
            at_andes=Viewer(role=Role.SUPPLIER, person=alba, supplier=andes.id),
        )


def close(db: Database, period: int) -> None:
    """Close a period without computing anything."""
    with db.writing(SYSTEM) as session:
        for state in ("closing", "closed"):
            session.execute(
                sa.update(PeriodRow).where(PeriodRow.id == period).values(state=state)
            )


COUNTED = (
    "upload",
    "upload_file",
    "original",
    "document",
    "invoice",
    "line",
    "line_event",
    "audit_entry",
)


def rows(db: Database) -> dict[str, int]:
    """Return how many rows each table of the intake has."""
    with db.reading(SYSTEM) as session:
        return {
            table: session.execute(
                sa.select(sa.func.count()).select_from(sa.table(table))
            ).scalar_one()
            for table in COUNTED
        }


def counting(db: Database) -> list[tuple[str, str, str]]:
    """Return member, number and scheme of every invoice that counts."""
    with db.reading(SYSTEM) as session:
        listed = list_invoices(session, SYSTEM, limit=500).items
    return sorted((i.member, i.number, i.scheme) for i in listed if not i.stopped)
