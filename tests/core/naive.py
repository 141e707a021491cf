"""A second engine: one line after the other, in exact fractions.

Written from the rules and not from the engine, to disagree with it where one of the two
is wrong. Slow and plain on purpose; rounds with integers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from core.naive_tiers import fixed, rated, reached, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from laws import Book
    from rappel.core.agreements import Programme

Key = tuple[str, int, date]
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FOREVER = date(9999, 12, 31)


@dataclass
class Rebate:
    """What one member has in one window."""

    volume: Fraction
    measure: Fraction
    threshold: Fraction | None
    earned: Fraction
    fee: Fraction
    due: Fraction


def windows(one: Programme, book: Book) -> list[tuple[date, date]]:
    """Walk from long ago, unit by unit, and keep what the period touches."""
    period = book.period
    unit = one.accumulate.value
    if unit == "lifetime":
        start = first_day(one, book)
        return [(start, period.end)] if start < period.end else []
    found = []
    year, month = 2020, one.year_starts.month
    while True:
        start = date(year, month, one.year_starts.day)
        year, month = (
            year + (month - 1 + MONTHS[unit]) // 12,
            (month - 1 + MONTHS[unit]) % 12 + 1,
        )
        end = date(year, month, one.year_starts.day)
        if start >= period.end:
            return found
        if end > period.start:
            found.append((start, min(end, period.end)))


def first_day(one: Programme, book: Book) -> date:
    """Return the first day of a programme's first revision."""
    return min(
        other.in_force_from or date.min
        for other in book.programmes
        if other.code == one.code
    )


def counts(one: Programme, line: dict[str, Any], book: Book) -> bool:
    """Whether a line is inside a programme's terms, whatever its window."""
    member = next(m for m in book.members if m["member"] == line["member"])
    supplier = book.suppliers[line["supplier"] - 1]
    day, category, scope = line["date"], line["category"], one.scope
    excluded = {*scope.exclude_categories, None} if scope.exclude_categories else set()
    excluding = one.returns.value == "excluded"
    pool = {one.segment} if one.pool.value == "segment" else set()
    return (
        (one.suppliers == ("*",) or supplier in one.suppliers)
        and (not scope.categories or category in scope.categories)
        and category not in excluded
        and (not scope.codes or line["code"] in scope.codes)
        and (not scope.countries or member["country"] in scope.countries)
        and (not scope.segments or bool({*scope.segments} & {*member["segments"]}))
        and pool <= {*member["segments"]}
        and not (excluding and line["kind"] == "credit_note")
        and (one.in_force_from or date.min) <= day < (one.in_force_until or FOREVER)
        and (member["joined"] or date.min) <= day < (member["left"] or FOREVER)
    )


def converted(one: Programme, line: dict[str, Any], book: Book) -> Fraction | None:
    """The signed amount in pesos, or nothing when a rate is missing."""
    sign = -1 if line["kind"] == "credit_note" else 1
    amount = sign * Fraction(line["amount"])
    if line["currency"] == one.currency:
        return amount
    official = {(f, d): r for f, t, d, r in book.rates if t == one.currency}
    last = book.period.end - timedelta(days=1)
    rate = {
        "document_rate": line["rate"],
        "fixed": one.fx_rate,
        "invoice_date": official.get((line["currency"], line["date"])),
        "period_end": official.get((line["currency"], last)),
    }[one.fx.value]
    return None if rate is None else amount * Fraction(rate)


def pool_of(one: Programme, number: int, book: Book) -> object:
    """Name the pool of a member."""
    if one.pool.value == "member":
        return number
    if one.pool.value in {"group", "segment"}:
        return "all"
    family = next(m for m in book.members if m["member"] == number)["family"]
    return family or number


def divided(
    total: Fraction, weights: dict[int, Fraction], codes: dict[int, str]
) -> dict[int, Fraction] | None:
    """Give each its quota of cents, and the odd ones to the largest fractions."""
    if len(weights) <= 1:
        return dict.fromkeys(weights, total)
    whole = sum(weights.values(), Fraction(0))
    if whole == 0:
        return None if total else dict.fromkeys(weights, Fraction(0))
    turned = {m: w if whole > 0 else -w for m, w in weights.items()}
    quotas = {m: abs(total) * 100 * w / abs(whole) for m, w in turned.items()}
    parts = {m: q.numerator // q.denominator for m, q in quotas.items()}
    left = int(abs(total) * 100) - sum(parts.values())
    line = sorted(weights, key=lambda m: (parts[m] - quotas[m], -turned[m], codes[m]))
    for member in line[:left]:
        parts[member] += 1
    sign = -1 if total < 0 else 1
    return {m: Fraction(sign * part, 100) for m, part in parts.items()}


def compute(book: Book) -> dict[Key, Rebate]:
    """Compute a book, programme by programme and window by window."""
    found: dict[Key, Rebate] = {}
    for code in dict.fromkeys(one.code for one in book.programmes):
        revisions = [one for one in book.programmes if one.code == code]
        spans: dict[date, list[tuple[Programme, date]]] = {}
        for one in revisions:
            for start, end in windows(one, book):
                begins = max(start, one.in_force_from or date.min)
                if begins < min(end, one.in_force_until or FOREVER):
                    spans.setdefault(start, []).append((one, end))
        stopped = {
            line["member"]
            for held in spans.items()
            for one, end in held[1]
            for line in book.lines
            if held[0] <= line["date"] < end
            and counts(one, line, book)
            and converted(one, line, book) is None
        }
        for start, held in spans.items():
            found |= one_window(code, start, held, stopped, book)
    return found


def one_window(
    code: str,
    start: date,
    held: Sequence[tuple[Programme, date]],
    stopped: set[int],
    book: Book,
) -> dict[Key, Rebate]:
    """Compute one window of one programme over its revisions."""
    last = max(held, key=lambda one: one[0].in_force_from or date.min)[0]
    amounts: dict[tuple[int, int], list[Fraction]] = {}
    for place, (one, end) in enumerate(held):
        for line in book.lines:
            if not (start <= line["date"] < end) or not counts(one, line, book):
                continue
            if line["member"] in stopped:
                continue
            sign = -1 if line["kind"] == "credit_note" else 1
            amount = converted(one, line, book)
            assert amount is not None
            sums = amounts.setdefault((line["member"], place), [Fraction(0)] * 2)
            sums[0] += amount
            sums[1] += sign * Fraction(line["quantity"])
    before = {
        member: Fraction(amount)
        for programme, member, window, amount in book.settled
        if (programme, window) == (code, start) and member not in stopped
    }
    bought = {member for member, _ in amounts}
    everybody = sorted(bought | set(before))
    found: dict[Key, Rebate] = {}
    for pool in dict.fromkeys(pool_of(last, member, book) for member in everybody):
        mine = [m for m in everybody if pool_of(last, m, book) == pool]
        shown = one_pool(Held(held, last, amounts, before), mine, book)
        found |= {(code, member, start): rebate for member, rebate in shown.items()}
    return found


class Held(NamedTuple):
    """What a window holds: its revisions, and what was bought and settled."""

    revisions: Sequence[tuple[Programme, date]]
    last: Programme
    amounts: dict[tuple[int, int], list[Fraction]]
    before: dict[int, Fraction]

    def sums(self, member: int, place: int) -> list[Fraction]:
        """Amount and quantity of a member under one revision."""
        return self.amounts.get((member, place), [Fraction(0)] * 2)

    def measured(self, member: int) -> Fraction:
        """What a member brings to the measure."""
        which = 1 if self.last.measure.value == "quantity" else 0
        places = range(len(self.revisions))
        return total(self.sums(member, place)[which] for place in places)

    def payable(self, member: int, place: int) -> Fraction:
        """What one revision pays a member's rate on."""
        word = self.revisions[place][0].payable.value
        amount, quantity = self.sums(member, place)
        return {"amount": amount, "quantity": quantity, "none": Fraction(0)}[word]

    def weight(self, member: int) -> Fraction:
        """What a member weighs when the pool's rebate is divided."""
        places = range(len(self.revisions))
        if self.last.allocation.value == "equal":
            return Fraction(any((member, place) in self.amounts for place in places))
        return total(self.payable(member, place) for place in places)


def one_pool(held: Held, members: Sequence[int], book: Book) -> dict[int, Rebate]:
    """Measure a pool, let it earn, round once, divide."""
    last = held.last
    measure = total(held.measured(member) for member in members)
    exact = fixed(last, measure) + total(
        rated(one, measure, total(held.payable(member, place) for member in members))
        for place, (one, _) in enumerate(held.revisions)
    )
    buyers = {member for member, _ in held.amounts}
    weights = {member: held.weight(member) for member in members if member in buyers}
    codes = {m["member"]: m["code"] for m in book.members}
    parts = divided(rounded(exact, last.rounding), weights, codes)
    if parts is not None:
        parts = dict.fromkeys(members, Fraction(0)) | parts
    tiers = reached(last, measure)
    found = {}
    for member, earned in (parts or {}).items():
        fee = rounded(earned * Fraction(last.fee_percent) / 100, last.rounding)
        found[member] = Rebate(
            volume=held.measured(member),
            measure=measure,
            threshold=Fraction(tiers[-1].threshold) if tiers else None,
            earned=earned,
            fee=fee,
            due=earned - fee - held.before.get(member, Fraction(0)),
        )
    return found


def total(values: Iterable[Fraction]) -> Fraction:
    """Sum fractions."""
    return sum(values, Fraction(0))
