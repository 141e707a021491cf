"""DTE of Chile and FEL of Guatemala made on purpose: invented firms, no signature.

What is not said is filled so that the arithmetic holds; what is said is written as it
is, right or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DTE: Final = "http://www.sii.cl/SiiDte"
FEL: Final = "http://www.sat.gob.gt/dte/fel/0.2.0"
END: Final = "http://www.sat.gob.gt/dte/fel/0.1.0"
NOTES: Final = "http://www.sat.gob.gt/face2/ComplementoReferenciaNota/0.1.0"
RUT: Final = "76086428-5"
RUT_BUYER: Final = "77215640-5"
NIT: Final = "28733657"
NIT_BUYER: Final = "48513296"
UUID: Final = "D412A347-9720-44C0-A9CC-FDE068F0A2E7"
PESO: Final = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a DTE; ``worth`` is its ``MontoItem``."""

    worth: int = 1000
    discount: int | None = None
    code: str | None = "CAM-1"
    exempt: str | None = None


def dte_xml(
    *rows: Row,
    code: str = "33",
    folio: str = "170",
    issuer: str = RUT,
    receiver: str = RUT_BUYER,
    moves: Sequence[tuple[str, str, str]] = (),
    references: Sequence[tuple[str, str, str | None]] = (),
    with_tax: bool = False,
    taxes: Mapping[str, int] | None = None,
    totals: Mapping[str, int] | None = None,
    namespace: str = DTE,
    day: str = "2026-03-31",
) -> bytes:
    """Return a DTE.

    ``moves`` are global ones: D or R, % or $, value. ``references``: type, folio and
    reason. ``with_tax``: prices have VAT in them. ``taxes`` are withheld or further
    ones, by their code.
    """
    rows = rows or (Row(),)
    exempt = sum(row.worth for row in rows if row.exempt == "1")
    taxed = sum(row.worth for row in rows if row.exempt is None)
    net = Decimal(taxed) / Decimal("1.19") if with_tax else Decimal(taxed)
    for move, unit, value in moves:
        part = (net + exempt) * Decimal(value) / 100 if unit == "%" else Decimal(value)
        net += (-1 if move == "D" else 1) * part.quantize(PESO, ROUND_HALF_UP)
    net = net.quantize(PESO, ROUND_HALF_UP)
    vat = (net * 19 / 100).quantize(PESO, ROUND_HALF_UP)
    said: dict[str, object] = {"MntNeto": net, "MntExe": exempt, "IVA": vat}
    said["MntTotal"] = net + exempt + vat + sum((taxes or {}).values())
    said |= totals or {}
    further = "".join(
        f"<ImptoReten><TipoImp>{name}</TipoImp><MontoImp>{abs(value)}</MontoImp>"
        "</ImptoReten>"
        for name, value in (taxes or {}).items()
    )
    space = f' xmlns="{namespace}"' if namespace else ""
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        f'<DTE version="1.0"{space}>'
        f'<Documento ID="F{folio}"><Encabezado><IdDoc><TipoDTE>{code}</TipoDTE>'
        f"<Folio>{folio}</Folio><FchEmis>{day}</FchEmis>"
        f"<MntBruto>{int(with_tax)}</MntBruto></IdDoc>"
        f"<Emisor><RUTEmisor>{issuer}</RUTEmisor><RznSoc>Ñuble</RznSoc></Emisor>"
        f"<Receptor><RUTRecep>{receiver}</RUTRecep><RznSocRecep>Integra</RznSocRecep>"
        f"</Receptor><Totales>{_tags(said)}{further}</Totales></Encabezado>"
        f"{''.join(_row(*pair) for pair in enumerate(rows, 1))}"
        f"{''.join(_move(*move) for move in moves)}"
        f"{''.join(_reference(*one) for one in references)}</Documento></DTE>"
    ).encode("iso-8859-1")


def _tags(values: Mapping[str, object]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


def _row(place: int, row: Row) -> str:
    code = f"<CdgItem><VlrCodigo>{row.code}</VlrCodigo></CdgItem>" if row.code else ""
    exempt = f"<IndExe>{row.exempt}</IndExe>" if row.exempt else ""
    less = f"<DescuentoMonto>{row.discount}</DescuentoMonto>" if row.discount else ""
    return (
        f"<Detalle><NroLinDet>{place}</NroLinDet>{code}{exempt}<NmbItem>Cámara</NmbItem>"
        f"<QtyItem>2.00</QtyItem><UnmdItem>UN</UnmdItem>{less}"
        f"<MontoItem>{row.worth}</MontoItem></Detalle>"
    )


def _move(move: str, unit: str, value: str) -> str:
    said = {"TpoMov": move, "TpoValor": unit, "ValorDR": value}
    return f"<DscRcgGlobal>{_tags(said)}</DscRcgGlobal>"


def _reference(about: str, folio: str, why: str | None) -> str:
    said = {"TpoDocRef": about, "FolioRef": folio} | ({"CodRef": why} if why else {})
    return f"<Referencia>{_tags(said)}</Referencia>"


def fel_xml(
    *totals: str,
    kind: str = "FACT",
    currency: str = "GTQ",
    issuer: str = NIT,
    receiver: str = NIT_BUYER,
    uuid: str = UUID,
    issued: str = "2026-03-31T23:30:00-06:00",
    about: str | None = None,
    taxed: bool = True,
) -> bytes:
    """Return a FEL whose lines come to these totals, 12 % VAT in each."""
    totals = totals or ("112.000000",)
    rows, taxes = "", Decimal(0)
    for place, total in enumerate(totals, start=1):
        tax = Decimal(total) * 12 / 112 if taxed else Decimal(0)
        tax = tax.quantize(Decimal("0.000001"))
        taxes += tax
        rows += (
            f'<d:Item NumeroLinea="{place}"><d:Cantidad>2</d:Cantidad>'
            "<d:UnidadMedida>UND</d:UnidadMedida><d:Descripcion>Cámara</d:Descripcion>"
            f"<d:Precio>{total}</d:Precio><d:Descuento>0</d:Descuento><d:Impuestos>"
            f"<d:Impuesto><d:MontoImpuesto>{tax}</d:MontoImpuesto></d:Impuesto>"
            f"</d:Impuestos><d:Total>{total}</d:Total></d:Item>"
        )
    whole = sum(map(Decimal, totals), Decimal(0))
    note = (
        f'<d:Complementos><d:Complemento><n:ReferenciasNota xmlns:n="{NOTES}" '
        f'NumeroAutorizacionDocumentoOrigen="{about}"/></d:Complemento>'
        "</d:Complementos>"
        if about
        else ""
    )
    return (
        f'<d:GTDocumento xmlns:d="{FEL}" Version="0.1"><d:SAT><d:DTE><d:DatosEmision>'
        f'<d:DatosGenerales CodigoMoneda="{currency}" FechaHoraEmision="{issued}" '
        f'Tipo="{kind}"/><d:Emisor NITEmisor="{issuer}" NombreEmisor="Cámaras Xela"/>'
        f'<d:Receptor IDReceptor="{receiver}" NombreReceptor="Integra"/>'
        f"<d:Items>{rows}</d:Items><d:Totales><d:TotalImpuestos><d:TotalImpuesto "
        f'NombreCorto="IVA" TotalMontoImpuesto="{taxes}"/></d:TotalImpuestos>'
        f"<d:GranTotal>{whole}</d:GranTotal></d:Totales>{note}</d:DatosEmision>"
        f'<d:Certificacion><d:NumeroAutorizacion Numero="2535474368" Serie="D412A347">'
        f"{uuid}</d:NumeroAutorizacion></d:Certificacion></d:DTE></d:SAT></d:GTDocumento>"
    ).encode()


def fel_end(about: str = UUID) -> bytes:
    """Return the annulment of a FEL."""
    return (
        f'<d:GTAnulacionDocumento xmlns:d="{END}" Version="0.1"><d:SAT><d:AnulacionDTE>'
        f'<d:DatosGenerales NumeroDocumentoAAnular="{about}" NITEmisor="{NIT}" '
        f'IDReceptor="{NIT_BUYER}" FechaHoraAnulacion="2026-04-02T09:00:00-06:00"/>'
        "</d:AnulacionDTE></d:SAT></d:GTAnulacionDocumento>"
    ).encode()
