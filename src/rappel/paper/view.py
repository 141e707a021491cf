"""What a statement's page shows: text, in order, nothing left to decide.

Owns the turning of a statement into printed text: every name cleaned and cut to a
length, every figure written, every sum of the page added up. Does not own labels and
layout (``templates/statement/v1``) nor figures' separators (:mod:`figures`).

Convention: each column adds up to the figure under it, to the last digit printed; a
deduction is printed negative.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from rappel.core.statement_json import statement_json
from rappel.core.statements import total_of
from rappel.paper.annex import EXACT, KEY, Paper, exact_total, papers, widest
from rappel.paper.figures import DASH, DIGITS, currency_name, paper_of
from rappel.paper.lacking import Lacking, lacking
from rappel.paper.sums import Sums, deducted, sums_of
from rappel.paper.text import NUMBER, clean
from rappel.paper.words import Words
from rappel.wording import language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rappel.core.statements import (
        Address,
        Slice,
        Statement,
        StatementLine,
        TierRow,
    )

ZERO: Final = Decimal(0)
WIDE: Final = 13  # characters of an amount from which columns are set smaller


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The payer or the payee."""

    name: str
    code: str
    tax_ids: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A tier of the ladder."""

    threshold: str
    value: str
    reached: bool
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line of the statement, on the first page and in its own section."""

    position: int
    programme: str
    name: str
    supplier: str
    revision: str
    window: str
    adjusts: str
    because: tuple[str, ...]  # what made it correct a closed period
    volume: str
    measure: str
    own: bool  # the member's own volume chose the tier
    value: str
    terms: tuple[str, ...]
    tiers: tuple[Step, ...]
    ahead: str
    progress: int | None  # percent of the way to the next tier
    working: tuple[tuple[str, str, str], ...]
    slices: tuple[tuple[str, str, str, str, str], ...]
    slices_total: str
    volume_short: str  # to the cent, for the first page
    deducted: str
    sums: Sums
    documents: tuple[Paper, ...]
    documents_total: str
    mixed: bool  # its documents are of several suppliers
    converted: bool  # any of them is in another currency
    left_out: tuple[Paper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole document."""

    lang: str
    paper: str
    number: str
    period: str
    days: str
    issued: str
    issued_iso: str
    due: str
    currency: str
    currency_name: str
    places: int
    total: str
    owed: bool
    provisional: bool
    payer: Side
    payee: Side
    deducted: str
    sums: Sums
    parts: tuple[Part, ...]
    lacking: tuple[Lacking, ...]
    left_out: tuple[Paper, ...]
    converted: bool  # any document was in another currency
    wide: bool
    snapshot: str
    run: str
    data_hash: str


def view(statement: Statement) -> Sheet:
    """Write out everything that the pages of ``statement`` show.

    Raises:
        ValueError: it does not add up; such a statement is never shown.
    """
    with localcontext() as context:
        context.prec = DIGITS  # no sum of the page loses a digit
        _adds_up(statement)
        return _view(statement)


def _adds_up(statement: Statement) -> None:
    wrong = [
        line.programme
        for line in statement.lines
        if line.due != line.earned + deducted(line)
    ]
    if wrong or statement.total != total_of(statement.lines):
        number = statement.number
        raise ValueError(f"statement {number} does not add up: {wrong or 'its total'}")


def _view(statement: Statement) -> Sheet:
    words = Words.of(statement)
    lines = statement.lines
    parts = tuple(_part(words, i, line) for i, line in enumerate(lines, 1))
    largest = max((line.volume for line in lines), default=ZERO)
    sums = sums_of(words, lines)
    rows = [*statement.left_out, *(row for line in lines for row in line.documents)]
    return Sheet(
        lang=language(statement.locale),
        paper=paper_of(statement.locale, statement.member.country),
        number=clean(statement.number, NUMBER),
        period=clean(statement.period, NUMBER),
        days=_days(words, statement.period_start, statement.period_end),
        issued=words.form.day(statement.issued_at.date()),
        issued_iso=statement.issued_at.isoformat(timespec="seconds"),
        due=words.form.day(statement.due_on),
        currency=clean(statement.currency, 3),
        currency_name=currency_name(statement.locale, statement.currency),
        places=statement.places,
        total=words.form.money(statement.total, statement.currency, statement.places),
        owed=statement.total > 0,
        provisional=statement.provisional,
        payer=_side(statement.consortium),
        payee=_side(statement.member),
        deducted=words.amount(deducted(*lines)),
        sums=sums,
        parts=parts,
        lacking=tuple(lacking(words, row) for row in statement.stopped),
        left_out=papers(words, statement.left_out),
        converted=any(row.rate is not None for row in rows),
        wide=any(len(text) > WIDE for text in (sums.earned, words.amount(largest, 2))),
        snapshot=clean(statement.snapshot, KEY),
        run=clean(statement.run, KEY),
        data_hash=hashlib.sha256(statement_json(statement)).hexdigest(),
    )


def _days(words: Words, start: date, end: date) -> str:
    """Write a half-open range by its first and last day."""
    last = end - timedelta(days=1)
    return f"{words.form.day(start)} {DASH} {words.form.day(last)}"


def _side(address: Address) -> Side:
    return Side(
        name=clean(address.name),
        code=clean(address.code, NUMBER),
        tax_ids=_listed(clean(tax_id, NUMBER) for tax_id in address.tax_ids[:7]),
        lines=tuple(clean(line) for line in address.lines[:6]),
    )


def _listed(texts: Iterable[str], most: int = 6) -> str:
    """List different texts in their order, the first ``most`` of them."""
    different = list(dict.fromkeys(texts))
    more = ["…"] if len(different) > most else []
    return ", ".join([*different[:most], *more])


def _part(words: Words, position: int, line: StatementLine) -> Part:
    counted = tuple(row for row in line.documents if row.reason is None)
    slices, slices_total = _slices(words, line)
    return Part(
        position=position,
        programme=clean(line.programme, NUMBER) if line.programme != line.name else "",
        name=clean(line.name),
        supplier=clean(line.supplier),
        revision="" if line.revision is None else str(line.revision),
        window=_days(words, line.window, line.window_end),
        adjusts=clean(line.adjusts or "", NUMBER),
        because=words.causes(line.because),
        volume=words.measured(line.volume, line.measured),
        measure=words.measured(line.measure, line.measured),
        own=line.pool == "member",
        value=words.value(line.value),
        terms=words.terms(line),
        tiers=_ladder(words, line.tiers, line.measured),
        ahead=words.ahead(line),
        progress=_progress(line),
        working=tuple(words.step(step, line) for step in line.working),
        slices=slices,
        slices_total=slices_total,
        volume_short=words.measured(line.volume, line.measured, words.places),
        deducted=words.amount(deducted(line)),
        sums=sums_of(words, (line,)),
        documents=papers(words, counted),
        documents_total=exact_total(words, counted),
        mixed=len({row.supplier for row in counted}) > 1,
        converted=any(row.rate is not None for row in counted),
        left_out=papers(
            words, tuple(row for row in line.documents if row.reason is not None)
        ),
    )


def _ladder(words: Words, tiers: tuple[TierRow, ...], kind: str) -> tuple[Step, ...]:
    reached = [i for i, tier in enumerate(tiers) if tier.reached]
    return tuple(
        Step(
            threshold=words.measured(tier.threshold, kind),
            value=words.value(tier.value),
            reached=tier.reached,
            current=reached[-1:] == [i],
        )
        for i, tier in enumerate(tiers)
    )


def _progress(line: StatementLine) -> int | None:
    """Percent of the way from nothing to the next threshold; ``None`` if unknown."""
    if line.next is None or line.measure is None or line.next.threshold <= 0:
        return None
    return int(max(min(100 * line.measure / line.next.threshold, Decimal(100)), ZERO))


def _slices(
    words: Words, line: StatementLine
) -> tuple[tuple[tuple[str, str, str, str, str], ...], str]:
    """Write the slices of marginal tiers and what they add up to, unrounded."""
    places = widest(words, (part.amount for part in line.slices))

    def written(part: Slice) -> tuple[str, str, str, str, str]:
        known = part.measure is not None
        return (
            words.measured(part.threshold, line.measured),
            words.measured(part.measure, line.measured) if known else "",
            words.amount(part.payable, EXACT),
            words.value(part.value),
            words.form.number(part.amount, places, places),
        )

    total = sum((part.amount for part in line.slices), ZERO)
    return tuple(map(written, line.slices)), words.form.number(total, places, places)
