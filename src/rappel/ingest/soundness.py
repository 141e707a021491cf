"""Soundness: what the fields of a programme mean together.

Owns the refusal of terms that contradict themselves: tiers out of order, a value that
does not go with what it is paid on, a parameter that is missing or has no use, two
revisions in force on one day. The shape has been checked before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rappel.core.agreements import GROWTH
from rappel.core.money import CURRENCIES, HUNDRED, plain
from rappel.core.terms import AllocationBy, Fx, Payable, Pool, Reach, Returns
from rappel.errors import Fault
from rappel.ingest.comparing import Doubt, amiss, comparing, reaching
from rappel.ingest.limiting import capping, limiting, stacking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from rappel.core.agreements import Programme, Tier

RATED: Final = frozenset(
    {
        Reach.RETROACTIVE,
        Reach.MARGINAL,
        Reach.ROLLING,
        Reach.STACKED,
        Reach.LINEAR,
    }
)
VALUES: Final = ("percent", "per_unit", "amount")
GOES_WITH: Final = {
    "percent": frozenset({Payable.AMOUNT, Payable.INCREMENT}),
    "per_unit": frozenset({Payable.QUANTITY}),
    "amount": frozenset(Payable),
}
ORIGINAL: Final = Returns.ORIGINAL_INVOICE
SHARED_BY_REVISIONS: Final = (
    "currency",
    "accumulate",
    "year_starts",
    "pool",
    "segment",
    "measure",
    "measure_over",
    "payable",
    "growth_of",
    "boundary",
    "order",
)


def unsound(
    programmes: Sequence[Programme], at: str = "programmes"
) -> tuple[Fault, ...]:
    """Return everything that the programmes say against themselves.

    ``at`` is the path of their list.
    """
    return tuple(
        Fault(
            code=doubt.code,
            message=doubt.message,
            repair=doubt.repair,
            field=f"{at}[{index}].{doubt.field}",
        )
        for index, programme in enumerate(programmes)
        for doubt in (
            *rising(programme.tiers),
            *_values(programme),
            *_members_own(programme),
            *_parameters(programme),
            *_revisions(programme, programmes[:index]),
            *stacking(programme, programmes),
        )
    )


def rising(tiers: Sequence[Tier]) -> Iterator[Doubt]:
    """Refuse thresholds that do not rise: the two rows are named."""
    for index, (lower, upper) in enumerate(pairwise(tiers)):
        if lower.threshold >= upper.threshold:
            same = lower.threshold == upper.threshold
            yield Doubt(
                f"tiers[{index + 1}].from",
                "duplicate_threshold" if same else "unsorted_tiers",
                f"Tier {index + 2} starts from {plain(upper.threshold)}, and tier "
                f"{index + 1} before it from {plain(lower.threshold)}.",
                "Let every tier start above the one before it.",
            )


def _values(one: Programme) -> Iterator[Doubt]:
    """Refuse values that are missing, mixed, out of range or paid on nothing."""
    kinds = [_kinds(tier) for tier in one.tiers]
    for index, names in enumerate(kinds):
        if len(names) != 1:
            yield Doubt(
                f"tiers[{index}]",
                "one_value",
                "A tier has one value: percent, per_unit or amount, "
                f"and this one has {len(names)}.",
                "Give it exactly one; plus may stand beside percent or per_unit.",
            )
        elif names != kinds[0]:
            yield Doubt(
                f"tiers[{index}].{names[0]}",
                "mixed_values",
                f"The table starts with {' and '.join(kinds[0])}, not {names[0]}.",
                "Use one kind of value in a table.",
            )
        else:
            yield from _value(one, index, names[0])


def _members_own(one: Programme) -> Iterator[Doubt]:
    """Refuse of the members' own table what is refused of the supplier's."""
    if one.outbound is None:
        return
    said = one.outbound
    own = replace(one, tiers=said.tiers, reach=said.reach, boundary=said.boundary)
    for doubt in (*rising(own.tiers), *_values(own), *reaching(own), *capping(own)):
        yield doubt._replace(field=f"outbound.{doubt.field}")


def _kinds(tier: Tier) -> list[str]:
    return [name for name in VALUES if getattr(tier, name) is not None]


def _value(one: Programme, index: int, name: str) -> Iterator[Doubt]:
    """Refuse a value of a kind that its reach or its payable does not go with."""
    tier = one.tiers[index]
    at = f"tiers[{index}].{name}"
    if tier.percent is not None and tier.percent > HUNDRED:
        yield _too_much(at, tier.percent)
    rated = name != "amount"
    if rated != (one.reach in RATED):
        yield Doubt(
            at,
            "value_and_reach",
            f"A tier with {name} does not go with the reach {one.reach.value}.",
            "Fixed amounts go with highest_fixed, each_fixed and increment; percent "
            "and per_unit with the others.",
        )
    elif one.payable not in GOES_WITH[name]:
        yield Doubt(
            at,
            "value_and_payable",
            f"A tier with {name} is not paid on the payable {one.payable.value}.",
            "percent goes with amount or increment, per_unit with quantity.",
        )
    if tier.plus is not None and not rated:
        yield Doubt(
            f"tiers[{index}].plus",
            "plus_and_amount",
            "A fixed amount has no plus beside it.",
            "Add the two up in amount.",
        )
    if (one.reach is Reach.INCREMENT) != bool(tier.every):
        yield Doubt(
            f"tiers[{index}].every",
            "every",
            "every goes with the reach increment, and increment needs one above 0.",
            "Give every its step, or leave it out.",
        )


def _too_much(field: str, percent: Decimal) -> Doubt:
    return Doubt(
        field,
        "percent_range",
        f"{plain(percent)} % is more than 100 %.",
        "Write 3 for 3 %, 0.5 for 0.5 %.",
    )


def _parameters(one: Programme) -> Iterator[Doubt]:
    """Refuse parameters that are missing, or that nothing uses."""
    if one.currency not in CURRENCIES:
        yield Doubt(
            "currency",
            "unknown_currency",
            f"The minor unit of {one.currency} is not known here.",
            "Use an ISO 4217 code of the countries that are served.",
        )
    if one.fee_percent > HUNDRED:
        yield _too_much("fee_percent", one.fee_percent)
    begins, ends = one.in_force_from, one.in_force_until
    if begins and ends and begins >= ends:
        yield Doubt(
            "in_force_until",
            "empty_interval",
            f"The terms end on {ends}, not after they begin on {begins}.",
            "The last day is the one before in_force_until.",
        )
    yield from amiss(_needs(one))
    yield from _fixed_rates(one)
    yield from comparing(one)
    yield from capping(one)
    yield from limiting(one)


def _fixed_rates(one: Programme) -> Iterator[Doubt]:
    """Refuse a fixed rate of no currency, of the agreement's own, or of zero."""
    for currency, rate in one.fx_rates.items():
        if currency not in CURRENCIES or currency == one.currency:
            yield Doubt(
                f"fx_rate.{currency}",
                "unknown_currency",
                f"A fixed rate from {currency} has no use here.",
                "Name currencies that purchases are in, other than the agreement's.",
            )
        if not rate:
            yield Doubt(
                f"fx_rate.{currency}",
                "zero_rate",
                "A rate is above zero.",
                "State how many units one unit of the other currency is.",
            )


def _needs(one: Programme) -> Iterator[tuple[str, bool, bool]]:
    """Yield a field, whether it is needed, and whether it is given."""
    yield "supplier", True, bool(one.suppliers)
    yield "segment", one.pool is Pool.SEGMENT, one.segment is not None
    yield "fx_rate", one.fx is Fx.FIXED, bool(one.fx_rate or one.fx_rates)
    fixed = one.allocation is AllocationBy.FIXED
    yield "allocation", fixed, bool(one.shares)


def _revisions(one: Programme, before: Sequence[Programme]) -> Iterator[Doubt]:
    """Refuse two revisions in force on one day, or that count differently."""
    for other in before:
        if other.code != one.code:
            continue
        if _begin(one) < _end(other) and _begin(other) < _end(one):
            yield Doubt(
                "in_force_from",
                "overlapping_revisions",
                f"Another revision of {one.code} is in force on some of these days.",
                "End the earlier revision on the day this one begins.",
            )
        yield from _baselines_differ(one, other)
        if (one.returns is ORIGINAL) != (other.returns is ORIGINAL):
            yield Doubt(
                "returns",
                "revisions_differ",
                f"One revision of {one.code} counts returns on their invoice's date.",
                "Give the programme with another policy a code of its own.",
            )
        for name in SHARED_BY_REVISIONS:
            if getattr(one, name) != getattr(other, name):
                yield Doubt(
                    name,
                    "revisions_differ",
                    f"The revisions of {one.code} differ in {name}.",
                    "Give the programme with another one a code of its own.",
                )


def _baselines_differ(one: Programme, other: Programme) -> Iterator[Doubt]:
    """Refuse revisions that ask growth of two scopes: a member has one baseline.

    A gate looks at the whole window over its own scope, a measure at each part of it
    over that of the revision in force.
    """
    scopes = {*one.compared_scopes, *other.compared_scopes}
    gates = (gate for each in (one, other) for gate in each.gates)
    if len(scopes) > 1 and any(gate.measure in GROWTH for gate in gates):
        yield Doubt(
            "gates",
            "two_baselines",
            f"The revisions of {one.code} ask growth of different purchases, and a "
            "member has one baseline.",
            "Let all that is compared with a baseline be of one scope.",
        )


def _begin(one: Programme) -> date:
    return one.in_force_from or date.min


def _end(one: Programme) -> date:
    return one.in_force_until or date.max
