"""Documents of Ecuador (SRI) and the Dominican Republic (e-CF) made on purpose.

Invented firms, a key whose check digit holds, no signature. What is not said is filled
so that the arithmetic holds; what is said is written as it is, right or wrong.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUC: Final = "1790012345001"
RUC_BUYER: Final = "0990012345001"
RNC: Final = "130862346"
RNC_BUYER: Final = "101023681"


class Item(NamedTuple):
    """A line: what it comes to, and the discount that is taken off already."""

    net: str = "100.00"
    discount: str = "0.00"
    code: str = "CAM-1"


def tags(values: Mapping[str, object]) -> str:
    """Return elements without attributes."""
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


def sri_key(kind: str = "01", number: str = "000000042") -> str:
    """Return an access key, its check digit computed."""
    body = f"31032026{kind}{RUC}2001001{number}123456781"
    weighed = (int(one) * (2 + place % 6) for place, one in enumerate(reversed(body)))
    check = 11 - sum(weighed) % 11
    return body + str({11: 0, 10: 1}.get(check, check))


def _detail(item: Item, code: str) -> str:
    said = {
        code: item.code,
        "descripcion": "Cámara",
        "cantidad": "2.000000",
        "precioUnitario": "50.00",
        "descuento": item.discount,
        "precioTotalSinImpuesto": item.net,
    }
    return f"<detalle>{tags(said)}</detalle>"


def sri_xml(
    *items: Item,
    root: str = "factura",
    environment: str = "2",
    key: str | None = None,
    issuer: str = RUC,
    receiver: str = RUC_BUYER,
    day: str = "31/03/2026",
    further: Mapping[str, str] | None = None,
    total: str | None = None,
) -> bytes:
    """Return a document of the SRI; ``further`` are tips, freight and the like."""
    items = items or (Item(),)
    info, amount, party = {
        "factura": ("infoFactura", "importeTotal", "Comprador"),
        "notaCredito": ("infoNotaCredito", "valorModificacion", "Comprador"),
        "notaDebito": ("infoNotaDebito", "valorTotal", "Comprador"),
        "liquidacionCompra": ("infoLiquidacionCompra", "importeTotal", "Proveedor"),
    }[root]
    net = sum((Decimal(item.net) for item in items), Decimal(0))
    tax = (net * 15 / 100).quantize(Decimal("0.01"))
    whole = net + tax + sum(map(Decimal, (further or {}).values()), Decimal(0))
    head = {
        "ambiente": environment,
        "razonSocial": "Cámaras Quito",
        "ruc": issuer,
        "claveAcceso": key or sri_key(),
        "estab": "001",
        "ptoEmi": "001",
        "secuencial": "000000042",
    }
    said = {
        "fechaEmision": day,
        f"razonSocial{party}": "Integra",
        f"identificacion{party}": receiver,
        "totalSinImpuestos": net,
        **(further or {}),
        amount: total or whole,
    }
    if root == "notaCredito":
        said["fechaEmisionDocSustento"] = "15/02/2026"
    taxed = f"<totalConImpuestos><totalImpuesto><valor>{tax}</valor></totalImpuesto>"
    taxed += "</totalConImpuestos>"
    body = "".join(
        _detail(one, "codigoInterno" if root == "notaCredito" else "codigoPrincipal")
        for one in items
    )
    details = f"<detalles>{body}</detalles>"
    if root == "notaDebito":
        taxed = f"<impuestos><impuesto><valor>{tax}</valor></impuesto></impuestos>"
        reasons = (tags({"razon": "Alza", "valor": one.net}) for one in items)
        body = "".join(f"<motivo>{one}</motivo>" for one in reasons)
        details = f"<motivos>{body}</motivos>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} id="comprobante" '
        f'version="1.1.0"><infoTributaria>{tags(head)}</infoTributaria>'
        f"<{info}>{tags(said)}{taxed}</{info}>{details}</{root}>"
    ).encode()


def authorised(content: bytes, state: str = "AUTORIZADO") -> bytes:
    """Return an authorisation with a document as a text in it."""
    return (
        "\n\n<autorizacion><estado>"
        f"{state}</estado><ambiente>PRODUCCIÓN</ambiente><comprobante><![CDATA["
        f"{content.decode()}]]></comprobante></autorizacion>"
    ).encode()


def ecf_xml(
    *items: Item,
    kind: str = "31",
    number: str = "E310000000042",
    issuer: str = RNC,
    receiver: str = RNC_BUYER,
    day: str = "31-03-2026",
    moves: Sequence[tuple[str, str]] = (),
    with_tax: bool = False,
    reference: tuple[str, str] | None = None,
    total: str | None = None,
    billed: str = "1",
) -> bytes:
    """Return an e-CF; ``moves`` are discounts (D) and charges (R) of the whole.

    ``reference``: the number and the reason of the document that a note is about.
    ``with_tax``: prices have ITBIS in them.
    """
    items = items or (Item(),)
    net = sum((Decimal(item.net) for item in items), Decimal(0))
    net = net / Decimal("1.18") if with_tax else net
    net += sum((Decimal(v) * (-1 if m == "D" else 1) for m, v in moves), Decimal(0))
    net = net.quantize(Decimal("0.01")) if billed == "1" else Decimal("0.00")
    tax = (net * 18 / 100).quantize(Decimal("0.01"))
    totals = {"MontoGravadoTotal": net, "TotalITBIS": tax}
    totals["MontoTotal"] = Decimal(total) if total else net + tax
    ids = {"TipoeCF": kind, "eNCF": number, "IndicadorMontoGravado": int(with_tax)}
    seller = {"RNCEmisor": issuer, "RazonSocialEmisor": "Cámaras", "FechaEmision": day}
    buyer = {"RNCComprador": receiver, "RazonSocialComprador": "Integra"}
    lines = "".join(
        f"<Item><TablaCodigosItem><CodigosItem><CodigoItem>{one.code}</CodigoItem>"
        f"</CodigosItem></TablaCodigosItem><IndicadorFacturacion>{billed}"
        "</IndicadorFacturacion><NombreItem>Cámara</NombreItem><CantidadItem>2"
        "</CantidadItem><UnidadMedida>43</UnidadMedida>"
        f"<DescuentoMonto>{one.discount}</DescuentoMonto>"
        f"<MontoItem>{one.net}</MontoItem></Item>"
        for one in items
    )
    whole = "".join(
        "<DescuentoORecargo>"
        + tags({"TipoAjuste": move, "MontoDescuentooRecargo": value})
        + "</DescuentoORecargo>"
        for move, value in moves
    )
    about = ""
    if reference:
        said = dict(
            zip(("NCFModificado", "CodigoModificacion"), reference, strict=True)
        )
        about = f"<InformacionReferencia>{tags(said)}</InformacionReferencia>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<ECF><Encabezado><Version>1.0'
        f"</Version><IdDoc>{tags(ids)}</IdDoc><Emisor>{tags(seller)}</Emisor>"
        f"<Comprador>{tags(buyer)}</Comprador><Totales>{tags(totals)}</Totales>"
        f"</Encabezado><DetallesItems>{lines}</DetallesItems>"
        f"<DescuentosORecargos>{whole}</DescuentosORecargos>{about}</ECF>"
    ).encode()
