"""NF-e 4.00 made on purpose: invented firms, a key whose check digit holds, no seal.

What is not said is filled so that the arithmetic holds; what is said is written as it
is, right or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

NFE: Final = "http://www.portalfiscal.inf.br/nfe"
SELLER: Final = "11222333000181"
BUYER: Final = "11444777000161"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line; ``worth`` is what its product comes to."""

    worth: str = "100.00"
    discount: str | None = None
    operation: str = "6102"
    code: str = "CAM-1"
    is_counted: bool = True


def access_key(number: int = 1687, *, issuer: str = SELLER) -> str:
    """Return an access key of a note of June 2026, its check digit computed."""
    body = f"352606{issuer}55001{number:09}1{number + 7:08}"
    weights = [2 + place % 8 for place in range(43)]
    digits = (ord(letter) - 48 for letter in reversed(body))
    rest = sum(a * b for a, b in zip(weights, digits, strict=True)) % 11
    return body + str(0 if rest < 2 else 11 - rest)


def nfe_xml(
    *items: Item,
    number: int = 1687,
    issuer: str = SELLER,
    receiver: str = BUYER,
    purpose: str = "1",
    direction: str = "1",
    environment: str = "1",
    model: str = "55",
    version: str = "4.00",
    issued: str = "2026-06-30T23:30:00-03:00",
    refers_to: str | None = None,
    totals: Mapping[str, str] | None = None,
    protocol: str | None = "100",
    key: str | None = None,
    relieved: str | None = None,
) -> bytes:
    """Return a note in its ``nfeProc``, or bare where ``protocol`` is ``None``.

    ``totals`` are those beside products and discounts, and may say these too.
    """
    items = items or (Item(),)
    key = key or access_key(number, issuer=issuer)
    counted = [one for one in items if one.is_counted]
    products = sum((Decimal(one.worth) for one in counted), Decimal("0.00"))
    discounts = sum((Decimal(one.discount or 0) for one in counted), Decimal("0.00"))
    given = {"vProd": str(products), "vDesc": str(discounts), **(totals or {})}
    minus = ("vDesc", "vICMSDeson")
    total = sum(
        (-Decimal(v) if name in minus else Decimal(v) for name, v in given.items()),
        Decimal(0),
    )
    given.setdefault("vNF", str(total))
    reference = f"<NFref><refNFe>{refers_to}</refNFe></NFref>" if refers_to else ""
    details = "".join(_item(place, one, relieved) for place, one in enumerate(items, 1))
    note = (
        f'<NFe xmlns="{NFE}"><infNFe versao="{version}" Id="NFe{key}"><ide><mod>{model}'
        f"</mod><serie>1</serie><nNF>{number}</nNF><dhEmi>{issued}</dhEmi><tpNF>"
        f"{direction}</tpNF><tpAmb>{environment}</tpAmb><finNFe>{purpose}</finNFe>"
        f"{reference}</ide>"
        f"<emit><CNPJ>{issuer}</CNPJ><xNome>Câmeras do Sul Ltda</xNome></emit>"
        f"<dest><CNPJ>{receiver}</CNPJ><xNome>Integradora Norte Ltda</xNome></dest>"
        f"{details}<total><ICMSTot>"
        + "".join(f"<{name}>{value}</{name}>" for name, value in given.items())
        + "</ICMSTot></total></infNFe></NFe>"
    )
    if protocol is None:
        return note.encode()
    return (
        f'<nfeProc xmlns="{NFE}" versao="{version}">{note}<protNFe><infProt>'
        f"<chNFe>{key}</chNFe><cStat>{protocol}</cStat></infProt></protNFe></nfeProc>"
    ).encode()


def _item(place: int, one: Item, relieved: str | None) -> str:
    discount = f"<vDesc>{one.discount}</vDesc>" if one.discount else ""
    tax = f"<imposto><indDeduzDeson>{relieved}</indDeduzDeson></imposto>"
    return (
        f'<det nItem="{place}"><prod><cProd>{one.code}</cProd><xProd>Câmera</xProd>'
        f"<NCM>85258900</NCM><CFOP>{one.operation}</CFOP><uCom>UN</uCom>"
        f"<qCom>2.0000</qCom><vUnCom>50.0000000000</vUnCom><vProd>{one.worth}</vProd>"
        f"{discount}<indTot>{int(one.is_counted)}</indTot></prod>"
        f"{tax if relieved else ''}</det>"
    )


def event_xml(
    about: str, *, what: str = "110111", said: str = "135", issuer: str = SELLER
) -> bytes:
    """Return an event of a note with the authority's answer to it."""
    return (
        f'<procEventoNFe xmlns="{NFE}" versao="1.00"><evento versao="1.00"><infEvento '
        f'Id="ID{what}{about}01"><CNPJ>{issuer}</CNPJ><chNFe>{about}</chNFe><dhEvento>'
        f"2026-07-01T09:00:00-03:00</dhEvento><tpEvento>{what}</tpEvento></infEvento>"
        f"</evento><retEvento><infEvento><cStat>{said}</cStat></infEvento></retEvento>"
        "</procEventoNFe>"
    ).encode()
