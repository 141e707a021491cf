"""E-invoices and tables written for a test: only what the test is about is said."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from rappel.actions.invoices import Incoming

if TYPE_CHECKING:
    from collections.abc import Sequence

CSV_HEAD = "invoice,date,supplier tax id,receiver tax id,code,quantity,net,total,currency"


def uuid(name: str) -> str:
    """Return the fiscal UUID that a test calls ``name``."""
    return str(uuid5(NAMESPACE_URL, name)).upper()


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
    related = ""
    if replaces:
        related = (
            '<cfdi:CfdiRelacionados TipoRelacion="04">'
            f'<cfdi:CfdiRelacionado UUID="{uuid(replaces)}"/></cfdi:CfdiRelacionados>'
        )
    if kind == "E":
        related = (
            '<cfdi:CfdiRelacionados TipoRelacion="03">'
            f'<cfdi:CfdiRelacionado UUID="{uuid("returned")}"/></cfdi:CfdiRelacionados>'
        )
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
