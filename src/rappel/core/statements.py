"""Statements: what one member is told and paid for one period, in one currency.

Owns the value that is issued, printed and recomputed: the same object is the API's
JSON, the PDF's content and the data embedded in it. Everything in it is final text or
exact figures; nothing here computes what was earned (:mod:`rappel.core.rebates`).
``total`` is the sum of what each line makes payable now, to the cent. A figure of the
group is ``None`` when the disclosure gate withholds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One side of the statement, as printed."""

    code: str
    name: str
    tax_ids: tuple[str, ...] = ()
    country: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a tier gives: exactly one of the three, and a fixed ``plus`` at most."""

    percent: Decimal | None = None
    per_unit: Decimal | None = None
    amount: Decimal | None = None
    plus: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """A step of the ladder as printed: where it starts, what it gives, if reached."""

    threshold: Decimal
    value: Value
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of the payable and what its value made of it, before rounding."""

    threshold: Decimal
    measure: Decimal | None
    payable: Decimal
    value: Value
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the working: its name, its figure, and a sentence with its filling.

    ``text`` is an English ``str.format`` template, translated at the rim; ``params``
    are plain strings.
    """

    step: str
    amount: Decimal
    text: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTier:
    """The next threshold, how far it is, and what reaching it would be worth."""

    threshold: Decimal
    missing: Decimal
    worth: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document behind a line: what it counted for, or why it did not.

    ``amount`` is signed and in the statement's currency (zero when left out);
    ``net`` is the document's own figure in ``currency``, positive; ``rate`` is the FX
    rate used, ``None`` when the currencies are the same. ``reason`` is the code for
    which it, or the part of it in this row, was left out, else ``None``.
    """

    document: str
    fiscal_key: str | None
    number: str
    kind: str
    invoice_date: date
    supplier: str
    currency: str
    net: Decimal
    rate: Decimal | None
    amount: Decimal
    evidence: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What became known after a period was closed, and made a line correct it.

    ``params`` fill ``text``; those of a document are its ``number``, ``date``,
    ``supplier`` and, as ``document``, the name under which it can be asked for.
    """

    code: str
    text: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One programme in one window: volume, tier, rate, and what is due.

    ``adjusts`` names the closed period that this line corrects, else ``None``, and
    ``because`` what caused it.
    ``pool`` is ``member`` or ``group``: whose measure chose the tier. ``measured`` is
    what measure and thresholds are: ``amount``, ``quantity`` or ``percent``.
    """

    programme: str
    name: str
    supplier: str
    revision: int | None
    window: date
    window_end: date
    adjusts: str | None
    pool: str
    reach: str
    boundary: str
    volume: Decimal
    measure: Decimal | None
    threshold: Decimal | None
    value: Value
    earned: Decimal
    fee: Decimal
    fee_percent: Decimal
    holdback: Decimal
    settled_before: Decimal
    due: Decimal
    payable_now: Decimal
    carried: Decimal
    tiers: tuple[TierRow, ...] = ()
    slices: tuple[Slice, ...] = ()
    working: tuple[Step, ...] = ()
    next: NextTier | None = None
    documents: tuple[DocumentRow, ...] = ()
    measured: str = "amount"
    because: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedRow:
    """A programme that was not computed for the member, and what it lacks.

    ``reason`` is a finding's code and ``params`` fill its sentence. ``adjusts`` names
    the closed period that could not be computed again, else ``None``.
    """

    programme: str
    supplier: str
    reason: str
    params: dict[str, str]
    adjusts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The numbered document; ``locale`` is its language: ``es-MX``, ``pt-BR``, ``en``.

    ``snapshot`` is the hash of the facts it was computed from, so that anybody can say
    which facts those were. ``left_out`` are the period's documents that earned nothing
    under any line, each with its reason; ``stopped`` the programmes of its currency
    that could not be computed.
    """

    number: str
    period: str
    period_start: date
    period_end: date
    currency: str
    places: int
    locale: str
    issued_at: datetime
    due_on: date
    consortium: Address
    member: Address
    lines: tuple[StatementLine, ...]
    left_out: tuple[DocumentRow, ...]
    total: Decimal
    snapshot: str
    run: str
    provisional: bool = False
    stopped: tuple[StoppedRow, ...] = ()


def total_of(lines: tuple[StatementLine, ...]) -> Decimal:
    """Sum what the lines make payable now: the statement's total."""
    return sum((line.payable_now for line in lines), Decimal(0))
