"""Which column of a table is what: a map given by a person, or headings we know.

Owns the fields a table can have, the headings of common exports in three languages,
:class:`ColumnMap` and its TOML form. A map says only what the headings leave open; for
the rest the headings are recognised. A heading that comes twice is refused unless the
map decides.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rappel.errors import Fault, Malformed
from rappel.ingest.marks import COMMA, ORDERS, POINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DELIMITERS: Final = (",", ";", "\t", "|")
SIGNS: Final = ("negative_is_credit", "as_marked")


def words(text: str) -> tuple[str, ...]:
    """Return the entries of a list written with bars between them."""
    return tuple(text.split(" | "))


# field → headings, lower case without accents; the earlier of two wins
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "fiscal_key": words(
        "uuid | folio fiscal | fiscal key | clave de acceso | "
        "chave de acesso | chave | cufe"
    ),
    "series": words("serie | series"),
    "number": words(
        "numatcard | invoice number | invoice no | document number | "
        "numero de factura | numero factura | numero documento | "
        "numero da nota | nota fiscal | cve doc | number | numero | num | "
        "folio | factura | invoice | documento | docnum"
    ),
    "issued_at": words(
        "invoice date | issue date | fecha de emision | fecha emision | "
        "fecha factura | fecha doc | fecha documento | data de emissao | "
        "data emissao | docdate | date | fecha | data"
    ),
    "original_date": words(
        "original invoice date | original date | fecha factura original | "
        "fecha de la factura original | fecha original | data da nota original | "
        "data original"
    ),
    "paid_on": words(
        "paid on | payment date | date paid | fecha de pago | fecha pago | "
        "pagada el | pagado el | data de pagamento | data do pagamento | "
        "data pagamento | pago em"
    ),
    "kind": words(
        "transaction type | document type | tipo de documento | "
        "tipo documento | type | tipo | kind"
    ),
    "status": words(
        "canceled | cancelled | cancelado | cancelada | status | estatus | "
        "estado | situacao"
    ),
    "supplier_tax_id": words(
        "supplier tax id | vendor tax id | rfc emisor | rfc proveedor | "
        "cnpj fornecedor | lictradnum | tax id | rfc | nit | ruc | rut | "
        "cnpj | cuit"
    ),
    "supplier_name": words(
        "supplier name | vendor name | nombre proveedor | supplier | "
        "vendor | proveedor | razon social | cardname | fornecedor | "
        "nombre"
    ),
    "receiver_tax_id": words(
        "receiver tax id | member tax id | rfc receptor | customer tax id | "
        "cnpj destinatario"
    ),
    "receiver_name": words("receiver name | member name | nombre receptor"),
    "code": words(
        "item code | product code | codigo producto | codigo do produto | "
        "codigo articulo | cve art | itemcode | product service | sku | "
        "item | code | codigo | clave | articulo | producto"
    ),
    "class_code": words("claveprodserv | clave prod serv | clave sat | unspsc | ncm"),
    "description": words(
        "item description | nombre producto | memo description | "
        "description | descripcion | descricao | dscription | descr | "
        "concepto"
    ),
    "unit": words("unit | uom | unidad de medida | unidad | unidade"),
    "quantity": words("quantity | qty | cantidad | cant | quantidade | qtde"),
    "price": words(
        "unit price | precio unitario | valor unitario | preco unitario | "
        "price | precio | preco | cost | costo"
    ),
    "gross": words("gross | gross amount | importe bruto | valor bruto"),
    "discount": words("discount amount | discount | descuento | desconto"),
    "net_foreign": words("totalfrgn"),
    "net": words(
        "net amount | importe neto | valor liquido | tot partida | "
        "linetotal | net | neto | subtotal | amount | importe"
    ),
    "tax": words("tax amount | tax | iva | vat | vatsum | igv | impuesto | imposto"),
    "total": words("total amount | importe total | valor total | total"),
    "currency": words("currency | moneda | doccur | moeda"),
    "rate": words(
        "exchange rate | tipo de cambio | tipo cambio | tipcamb | docrate | "
        "taxa de cambio"
    ),
}
_DEFAULTS: Final = ("currency", "supplier_tax_id", "supplier_name", "receiver_tax_id")
_TEXTS: Final = ("date_order", "decimal_mark", "delimiter", "sign", "sheet")
_ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "date_order": ORDERS,
    "decimal_mark": (POINT, COMMA),
    "delimiter": DELIMITERS,
    "sign": SIGNS,
}
_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """What a person says of a layout; ``None`` leaves it to the file.

    ``columns`` has a heading for each field it names, ``""`` for "there is none".
    ``header_row`` counts from 1. ``sign`` is ``negative_is_credit`` (a document whose
    figures are below zero is a credit note) or ``as_marked`` (only its kind says so).
    ``defaults`` fill what the table has no column for.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    decimal_mark: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sign: str = "negative_is_credit"
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the header stands and which place each field has in a row."""

    row: int
    headings: tuple[str, ...]
    places: Mapping[str, int]
    twice: tuple[str, ...] = ()  # headings that claim one field together
    absent: tuple[str, ...] = ()  # headings of the map that the file does not have

    def heading(self, name: str) -> str | None:
        """Return the heading of a field as the file writes it."""
        place = self.places.get(name)
        return None if place is None else self.headings[place]


@lru_cache(maxsize=4096)
def normal_heading(text: str) -> str:
    """Return a heading without accents, case and punctuation."""
    bare = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", bare.lower()).strip()


def propose(row: int, cells: Sequence[str], given: ColumnMap) -> Layout:
    """Return the layout if ``cells`` were the header."""
    headings = tuple(cell.strip() for cell in cells)
    normal = [normal_heading(heading) for heading in headings]
    places, twice, absent = {}, [], []
    for name, known in HEADINGS.items():
        wanted = given.columns.get(name)
        if wanted == "":
            continue
        names = known if wanted is None else (normal_heading(wanted),)
        heading = next((each for each in names if each in normal), None)
        if heading is not None:
            places[name] = normal.index(heading)
            if normal.count(heading) > 1:
                twice.append(headings[places[name]])
        elif wanted is not None:
            absent.append(wanted)
    return Layout(
        row=row,
        headings=headings,
        places=places,
        twice=tuple(dict.fromkeys(twice)),
        absent=tuple(absent),
    )


def column_map(content: bytes) -> ColumnMap:
    """Return the map a TOML document describes.

    The document has the fields of :class:`ColumnMap`, with the tables ``[columns]``
    and ``[defaults]``.

    Raises:
        Malformed: with a fault for each wrong field, by its path.
    """
    try:
        document = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Malformed(detail=f"the column map is no TOML: {fault}") from None
    faults = list(_faults(document))
    if faults:
        detail = "the column map has fields that cannot be used"
        raise Malformed(detail=detail, faults=tuple(faults))
    return ColumnMap(**document)


def _faults(document: dict[str, Any]) -> list[Fault]:
    known = {item.name for item in fields(ColumnMap)}
    found = [
        _fault(path, f"{path} is no field of a column map", sorted(known))
        for path in document.keys() - known
    ]
    for name in _TEXTS:
        value, allowed = document.get(name), _ALLOWED.get(name)
        wrong = not isinstance(value, str) or (allowed and value not in allowed)
        if value is not None and wrong:
            found.append(_fault(name, f"{name} cannot be {value!r}", allowed))
    row = document.get("header_row", 1)
    if not isinstance(row, int) or isinstance(row, bool) or row < 1:
        found.append(_fault("header_row", "header_row counts from 1", ("1", "2", "3")))
    found += _table_faults(document, "columns", tuple(HEADINGS))
    found += _table_faults(document, "defaults", _DEFAULTS)
    return sorted(found, key=lambda fault: fault.field or "")


def _table_faults(
    document: dict[str, Any], name: str, known: tuple[str, ...]
) -> list[Fault]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        return [_fault(name, f"{name} is a table of texts", None)]
    found = []
    for key, value in table.items():
        path = f"{name}.{key}"
        if key not in known:
            found.append(_fault(path, f"{path} is no field of a table", known))
        elif not isinstance(value, str):
            found.append(_fault(path, f"{path} is a text", None))
    return found


def _fault(path: str, message: str, known: Sequence[str] | None) -> Fault:
    repair = "Write it as a text." if known is None else f"Use {', '.join(known)}."
    return Fault(code="malformed", message=message, repair=repair, field=path)
