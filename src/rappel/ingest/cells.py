"""The cells of one row: what each means, and what is wrong in it.

Owns :class:`Row` and how a data row becomes one. A row keeps the signs and figures of
the file. Every fault is a finding with the row as a spreadsheet shows it and the
heading as the file writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from rappel.core.findings import Finding, Severity
from rappel.core.invoices import ZERO, DocumentKind, Line, Party
from rappel.core.money import EXACT
from rappel.ingest import keys, marks, vocabulary
from rappel.ingest.classes import reason_of
from rappel.ingest.figures import FigureError, plain
from rappel.ingest.judge import cents
from rappel.ingest.texts import clean, is_tax_id, tax_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.ingest.columns import ColumnMap
    from rappel.ingest.table import Table
    from rappel.ingest.xlsx import Cell

T = TypeVar("T")
_NETS: Final = frozenset({"net", "net_foreign", "gross", "price"})
_MISREAD: Final = frozenset({"bad_number", "decimal_mark_ambiguous", "too_many_places"})
NO_PARTY: Final = Party()


class Role(StrEnum):
    """What a row is in its table."""

    DATA = "data"
    TITLE = "title_row"  # stands above the header
    GROUP = "group_row"  # names the supplier of the rows below
    TOTAL = "total_row"
    NOTE = "note_row"  # a single cell that is neither


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: whose invoice it belongs to, and its line with the file's signs."""

    number: int
    role: Role = Role.DATA
    document: str | None = None
    fiscal_key: str | None = None
    supplier: Party = NO_PARTY
    receiver: Party = NO_PARTY
    issued_at: datetime | None = None
    original: datetime | None = None  # the day of the invoice that it corrects
    paid: datetime | None = None
    kind: DocumentKind | None = None
    cancelled: bool = False
    currency: str | None = None
    rate: Decimal | None = None
    line: Line
    tax: Decimal | None = None
    total: Decimal | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def wrong(self) -> str | None:
        """The code of its first error, ``None`` when it has none."""
        errors = (item for item in self.findings if item.severity is Severity.ERROR)
        return next((item.code for item in errors), None)


@dataclass(slots=True)
class Reading:
    """The cells of one data row while they are being read."""

    table: Table
    given: ColumnMap
    number: int
    cells: Sequence[Cell]
    mark: str | None = field(kw_only=True)
    order: str | None = field(kw_only=True)
    notes: list[Finding] = field(default_factory=list)

    def row(self, position: int, supplier: str | None) -> Row:
        """Return the row; ``supplier`` is the name that a row above it gave."""
        currency, rate = self._currency(), self._rate()
        line, foreign = self._line(position, rate)
        name = self._text("supplier_name") or supplier
        row = Row(
            number=self.number,
            document=self._document(),
            fiscal_key=self._fiscal_key(),
            supplier=Party(tax_id=self._tax_id("supplier_tax_id"), name=name),
            receiver=Party(
                tax_id=self._tax_id("receiver_tax_id"), name=self._text("receiver_name")
            ),
            issued_at=self._day("issued_at"),
            original=self._day("original_date"),
            kind=self._kind(),
            cancelled=self._cancelled(),
            currency=currency,
            rate=rate,
            line=line,
            tax=None if foreign else self._amount("tax"),
            total=None if foreign else self._amount("total"),
            findings=tuple(self.notes),
        )
        if "paid_on" not in self.table.layout.places:
            return row
        return replace(row, paid=self._paid(row), findings=tuple(self.notes))

    def _note(self, code: str, name: str, **params: str) -> None:
        heading = self.table.layout.heading(name)
        params["field"] = heading or name
        self.notes.append(
            Finding(code=code, row=self.number, column=heading, params=params)
        )

    def _cell(self, name: str) -> Cell:
        place = self.table.layout.places.get(name, len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""

    def _text(self, name: str) -> str | None:
        cell = self._cell(name)
        text = plain(cell) if isinstance(cell, Decimal) else str(cell)
        return clean(text) or self.given.defaults.get(name)

    def _try(self, name: str, how: Callable[[], T]) -> T | None:
        try:
            return how()
        except FigureError as fault:
            self._note(fault.code, name, value=str(self._cell(name))[:40])
            return None

    def _amount(self, name: str) -> Decimal | None:
        cell = self._cell(name)
        if isinstance(cell, Decimal):
            return self._try(name, lambda: marks.bounded(cell))
        text = str(cell).strip()
        return self._try(name, lambda: marks.amount(text, self.mark)) if text else None

    def _rate(self) -> Decimal | None:
        rate = self._amount("rate")
        if rate is not None and rate <= 0:
            self._note("bad_number", "rate", value=plain(rate))
            return None
        return rate

    def _day(self, name: str) -> datetime | None:
        cell = self._cell(name)
        if isinstance(cell, datetime):
            return cell
        if text := str(cell).strip():
            return self._try(name, lambda: marks.day(text, self.order))
        if name == "issued_at" and name in self._places():
            self._note("missing_value", name)
        return None

    def _paid(self, row: Row) -> datetime | None:
        """Return the day of payment, not before the invoice's; none of a return.

        What is below zero may be a return, or a discount beside the lines that say it.
        """
        if row.kind is DocumentKind.CREDIT_NOTE:
            return None
        paid, issued = self._day("paid_on"), row.issued_at
        bought = row.line.net >= 0
        if bought and paid and issued and paid.date() < issued.date():
            days = {"value": str(paid.date()), "date": str(issued.date())}
            self._note("paid_before_issued", "paid_on", **days)
            return None
        return paid

    def _document(self) -> str | None:
        number = self._text("number")
        if number is None:
            if "number" in self.table.layout.places and not self._text("fiscal_key"):
                self._note("no_number", "number")
            return None
        return (self._text("series") or "") + number

    def _fiscal_key(self) -> str | None:
        text = self._text("fiscal_key")
        key = keys.fiscal_key(text) if text else None
        if text and key is None:
            self._note("bad_fiscal_key", "fiscal_key", value=text[:60])
        return key

    def _tax_id(self, name: str) -> str | None:
        text = self._text(name)
        value = tax_id(text) if text else None
        if value and not is_tax_id(value):
            self._note("bad_tax_id", name, value=value[:40])
        if value is None and name == "supplier_tax_id" and name in self._places():
            self._note("no_supplier_tax_id", name)
        return value

    def _places(self) -> set[str]:
        return set(self.table.layout.places)

    def _misread(self) -> bool:
        return any(note.code in _MISREAD for note in self.notes)

    def _kind(self) -> DocumentKind | None:
        text = self._text("kind")
        kind = vocabulary.kind_of(text) if text else None
        if text and kind is None:
            self._note("unknown_kind", "kind", value=text[:40])
        return kind

    def _cancelled(self) -> bool:
        heading = self.table.layout.heading("status")
        return vocabulary.says_void(self._text("status") or "", heading or "")

    def _currency(self) -> str | None:
        text = self._text("currency")
        if text is None:
            if "currency" in self._places():
                self._note("no_currency", "currency")
            return None
        code = vocabulary.currency_of(text)
        if code is None:
            self._note("unknown_currency", "currency", value=text[:40])
        return code

    def _line(self, position: int, rate: Decimal | None) -> tuple[Line, bool]:
        """Return the line, and whether its net is in the document's own currency.

        Some exports give each amount twice, in the books' currency and in that of the
        document; the latter is the purchase.
        """
        foreign = self._amount("net_foreign") or None
        quantity, price = self._amount("quantity"), self._amount("price")
        discount = ZERO if foreign else (self._amount("discount") or ZERO)
        read = foreign or self._net(quantity, price, discount)
        net = read or ZERO
        converted = rate not in {None, Decimal(1)}
        if converted and net and not foreign and "net_foreign" in self._places():
            self._note("no_foreign_amount", "net_foreign")
        gross = None if foreign else self._amount("gross")
        code, class_code = self._text("code"), self._text("class_code")
        line = Line(
            position=position,
            code=code,
            class_code=class_code,
            description=self._text("description") or "",
            quantity=quantity or ZERO,
            unit=self._text("unit"),
            gross=net + discount if gross is None else gross,
            discount=discount,
            net=net,
            free=read == 0,
            reason=reason_of(class_code=class_code, code=code),
        )
        return line, foreign is not None

    def _net(
        self, quantity: Decimal | None, price: Decimal | None, discount: Decimal
    ) -> Decimal | None:
        """Return net as stated, else gross or quantity by price less the discount."""
        net = self._amount("net")
        product: Decimal | None = None
        if quantity is not None and price is not None:
            product = EXACT.multiply(quantity, price) - discount
        if net is not None:
            off = product is not None and abs(product - net) > cents(1)
            if discount and off:
                self._note("line_arithmetic", "net", value=plain(net))
            return net
        gross = self._amount("gross")
        found = product if gross is None else gross - discount
        if found is None:
            if self._places() & _NETS and not self._misread():
                self._note("missing_value", "net")
            return None
        return self._try("price", lambda: marks.bounded(found))
