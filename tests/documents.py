"""Documents made on purpose: CFDI 4.0 that hold, tables, archives, spreadsheets.

Used by the tests of the readers and by stories. What is not said is filled so that the
arithmetic holds; what is said is written as it is, right or wrong.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUPPLIER = "EKU9003173C9"
MEMBER = "URE180429TM6"
UUID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
CFDI = "http://www.sat.gob.mx/cfd/4"
STAMP = "http://www.sat.gob.mx/TimbreFiscalDigital"
LOCAL = "http://www.sat.gob.mx/implocal"


@dataclass(frozen=True, kw_only=True)
class Concept:
    """A line of a CFDI; ``gross`` defaults to quantity by price."""

    code: str | None = "CAM-1"
    class_code: str = "46171610"
    description: str = "Cámara domo 4 MP"
    quantity: str = "1"
    price: str = "100.00"
    gross: str | None = None
    discount: str | None = None
    unit: str = "PZA"

    @property
    def worth(self) -> Decimal:
        """Quantity by price."""
        return Decimal(self.quantity) * Decimal(self.price)

    @property
    def amount(self) -> str:
        """The ``Importe``."""
        return self.gross or format(self.worth, "f")


def cfdi_xml(
    *lines: Concept,
    kind: str = "I",
    uuid: str | None = UUID,
    supplier: str = SUPPLIER,
    supplier_name: str = "ESCUELA KEMPER URGATE",
    member: str = MEMBER,
    member_name: str = "UNIVERSIDAD ROBÓTICA ESPAÑOLA",
    series: str | None = "A",
    folio: str | None = "1042",
    date: str = "2026-02-11T10:20:30",
    currency: str = "MXN",
    rate: str | None = None,
    tax: str | None = None,
    discount: str | None = None,
    subtotal: str | None = None,
    total: str | None = None,
    related: Sequence[tuple[str, str]] = (),
    local_tax: str | None = None,
    changes: Mapping[str, str | None] | None = None,
    addenda: str = "",
) -> bytes:
    """Return a CFDI 4.0 in UTF-8.

    ``related`` has pairs of relation code and UUID. ``tax`` defaults to 16 % of what is
    left after discounts. ``changes`` sets attributes of the root; ``None`` removes one.
    """
    lines = lines or (Concept(),)
    gross = sum((line.worth for line in lines), Decimal(0))
    own = sum((Decimal(line.discount or 0) for line in lines), Decimal(0))
    taken = own if discount is None else Decimal(discount)
    taxes = Decimal(tax) if tax is not None else _cents((gross - taken) * 16 / 100)
    local = Decimal(local_tax or 0)
    attributes: dict[str, str | None] = {
        "Version": "4.0",
        "Serie": series,
        "Folio": folio,
        "Fecha": date,
        "SubTotal": subtotal or str(_cents(gross)),
        "Descuento": str(_cents(taken)) if taken else None,
        "Moneda": currency,
        "TipoCambio": rate,
        "Total": total or str(_cents(gross - taken + taxes + local)),
        "TipoDeComprobante": kind,
        "Exportacion": "01",
        "LugarExpedicion": "26015",
        **(changes or {}),
    }
    complement = _stamp(uuid) + _local(local_tax)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<cfdi:Comprobante xmlns:cfdi="{CFDI}"{_written(attributes)}>'
        f"{''.join(_related(*pair) for pair in related)}"
        f"<cfdi:Emisor{_written({'Rfc': supplier, 'Nombre': supplier_name})}/>"
        f"<cfdi:Receptor{_written({'Rfc': member, 'Nombre': member_name})}/>"
        f"<cfdi:Conceptos>{''.join(map(_concept, lines))}</cfdi:Conceptos>"
        f'<cfdi:Impuestos TotalImpuestosTrasladados="{taxes}"/>'
        f"<cfdi:Complemento>{complement}</cfdi:Complemento>"
        f"{addenda}</cfdi:Comprobante>"
    ).encode()


def cfdi_before(content: bytes, version: str) -> bytes:
    """Return a CFDI 4.0 as version 3.3, or as 3.2 with its small letters."""
    text = content.decode().replace(CFDI, CFDI[:-1] + "3")
    text = text.replace('Version="4.0"', f'Version="{version}"')
    if version == "3.2":
        capital = re.compile(r' (?!UUID|Moneda|TipoCambio)([A-Z])(?=[a-zA-Z]*=")')
        text = capital.sub(lambda found: f" {found[1].lower()}", text)
        for code, word in {"I": "ingreso", "E": "egreso", "T": "traslado"}.items():
            said = 'tipoDeComprobante="{}"'
            text = text.replace(said.format(code), said.format(word))
    return text.encode()


def zip_of(**members: bytes) -> bytes:
    """Return a ZIP; a double underscore in a name is a dot, as in ``a__xml``."""
    return zip_members(
        {name.replace("__", "."): body for name, body in members.items()}
    )


def zip_members(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of members under their exact names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return file.getvalue()


def xlsx_of(*sheets: Sequence[Sequence[object]], **options: object) -> bytes:
    """Return a spreadsheet; dates are written as days, all else as it is."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "default_date_format": "dd/mm/yyyy", **options}
    )
    for rows in sheets:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return file.getvalue()


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _written(attributes: Mapping[str, str | None]) -> str:
    return "".join(
        f" {name}={quoteattr(value)}"
        for name, value in attributes.items()
        if value is not None
    )


def _concept(line: Concept) -> str:
    attributes = {
        "ClaveProdServ": line.class_code,
        "NoIdentificacion": line.code,
        "Cantidad": line.quantity,
        "ClaveUnidad": "H87",
        "Unidad": line.unit,
        "Descripcion": line.description,
        "ValorUnitario": line.price,
        "Importe": line.amount,
        "Descuento": line.discount,
        "ObjetoImp": "02",
    }
    return f"<cfdi:Concepto{_written(attributes)}/>"


def _related(code: str, uuid: str) -> str:
    return (
        f'<cfdi:CfdiRelacionados TipoRelacion="{code}">'
        f'<cfdi:CfdiRelacionado UUID="{uuid}"/></cfdi:CfdiRelacionados>'
    )


def _stamp(uuid: str | None) -> str:
    if uuid is None:
        return ""
    return f'<tfd:TimbreFiscalDigital xmlns:tfd="{STAMP}" Version="1.1" UUID="{uuid}"/>'


def _local(tax: str | None) -> str:
    if tax is None:
        return ""
    return (
        f'<implocal:ImpuestosLocales xmlns:implocal="{LOCAL}" version="1.0" '
        f'TotaldeTraslados="{tax}" TotaldeRetenciones="0.00"/>'
    )
