"""Agreements: the terms that consortium and supplier signed, as frozen values.

Owns every word an agreement can say. Everything obeys this: thresholds are lower
bounds, the next one ends a tier, the last is open;
``percent=Decimal(3)`` is 3 %; intervals are half-open; codes, not row ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from rappel.core.money import ZERO, Rounding
from rappel.core.period import JANUARY, Period, Unit, YearStart, unit_of, units_of
from rappel.core.terms import (
    AllocationBy,
    BaselinePolicy,
    Boundary,
    Counts,
    Fx,
    GrowthOf,
    LimitOf,
    LimitPer,
    Measure,
    MeasureOver,
    Multiplies,
    Payable,
    Pool,
    Reach,
    Returns,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

EVERY: Final = ("*",)
GROWTH: Final = frozenset({Measure.GROWTH_AMOUNT, Measure.GROWTH_PERCENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A value earned from ``threshold`` upwards, until the next tier's threshold.

    One of ``percent`` (3 is 3 %), ``per_unit`` and ``amount`` is given; ``plus`` is a
    fixed amount for having reached the tier.
    """

    threshold: Decimal
    percent: Decimal | None = None
    per_unit: Decimal | None = None
    amount: Decimal | None = None
    plus: Decimal | None = None
    every: Decimal | None = None
    cap: Decimal | None = None

    @property
    def rate(self) -> Decimal | None:
        """What one unit of payable earns, or ``None`` for a fixed amount."""
        if self.percent is not None:
            return self.percent.scaleb(-2)
        return self.per_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which purchases count; an empty tuple asks for nothing, and all must hold."""

    categories: tuple[str, ...] = ()
    exclude_categories: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def asks_category(self) -> bool:
        """Whether a line without a category cannot be judged."""
        return bool(self.categories or self.exclude_categories)


ANYTHING: Final = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A cap, a minimum or a guarantee."""

    of: LimitOf
    amount: Decimal
    per: LimitPer = LimitPer.MEMBER
    carry: bool = False
    prorate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A measure that must be reached before anything is earned."""

    measure: Measure
    threshold: Decimal
    scope: Scope | None = None  # that of the programme

    def by_quantity(self, growth_of: GrowthOf) -> bool:
        """Whether it measures a quantity; ``growth_of`` is what growth is of."""
        grows = self.measure in GROWTH and growth_of is GrowthOf.QUANTITY
        return grows or self.measure is Measure.QUANTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdback:
    """A part of what is earned that is paid later."""

    percent: Decimal
    release_from: Decimal | None = None  # else at the window's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Where a growth baseline comes from, and what its absence means."""

    source: str
    none: BaselinePolicy = BaselinePolicy.REFUSE
    zero: BaselinePolicy = BaselinePolicy.REFUSE
    part_year: BaselinePolicy = BaselinePolicy.REFUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """Earn more for a time: ``by`` times the rate or reward, or ``adds`` percent."""

    code: str
    start: date
    end: date
    scope: Scope = ANYTHING
    multiplies: Multiplies | None = None
    by: Decimal | None = None
    adds: Decimal | None = None
    order: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a member is to reach, for a measure in percent of target."""

    member: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """The members' own terms, where they are not the supplier's less a fee."""

    tiers: tuple[Tier, ...]
    reach: Reach = Reach.RETROACTIVE
    boundary: Boundary = Boundary.AT_LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One way of earning: a revision of it, in force for some days.

    ``suppliers`` are codes, or :data:`EVERY` for all preferred suppliers; ``currency``
    is the agreement's. ``revision`` is the row id of the revision in the books, and
    ``None`` in a simulation. ``fee_percent=Decimal(10)`` is 10 %.
    """

    code: str
    suppliers: tuple[str, ...]
    currency: str
    tiers: tuple[Tier, ...]
    payer: str | None = None
    revision: int | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    since: date | None = None  # its first revision's first day, for a lifetime
    until: date | None = None  # the day on which its last revision ends
    measure: Measure = Measure.AMOUNT
    measure_scope: Scope | None = None
    measure_over: MeasureOver = MeasureOver.WINDOW
    growth_of: GrowthOf = GrowthOf.AMOUNT
    share_of: Scope | None = None
    payable: Payable = Payable.AMOUNT
    pool: Pool = Pool.MEMBER
    segment: str | None = None
    reach: Reach = Reach.RETROACTIVE
    boundary: Boundary = Boundary.AT_LEAST
    accumulate: Unit = Unit.QUARTER
    settle: Unit = Unit.QUARTER
    year_starts: YearStart = JANUARY
    scope: Scope = ANYTHING
    within: tuple[Scope, ...] = ()  # more scopes that must hold; the engine's own
    gates: tuple[Gate, ...] = ()
    counts: Counts = Counts.ISSUED
    less: tuple[str, ...] = ()
    order: int = 1
    allocation: AllocationBy = AllocationBy.PAYABLE
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    cap: Limit | None = None
    minimum: Limit | None = None
    guarantee: Limit | None = None
    payout_minimum: Decimal | None = None
    holdback: Holdback | None = None
    fee_percent: Decimal = ZERO
    outbound: Outbound | None = None
    baseline: Baseline | None = None
    targets: tuple[Target, ...] = ()
    returns: Returns = Returns.DOCUMENT_DATE
    fx: Fx = Fx.DOCUMENT_RATE
    fx_rate: Decimal | None = None  # of the one foreign currency there is
    fx_rates: Mapping[str, Decimal] = field(default_factory=dict)  # by currency
    rounding: Rounding = Rounding.HALF_AWAY_FROM_ZERO
    promotions: tuple[Promotion, ...] = ()

    @property
    def shared(self) -> Pool:
        """Whose measure counts once ``own_tier`` has dissolved the pool."""
        alone = self.allocation is AllocationBy.OWN_TIER
        return Pool.MEMBER if alone else self.pool

    @property
    def carries(self) -> bool:
        """Whether what limits leave of one window counts in the next ones.

        Where a period has rates of its own, its windows alone are compared.
        """
        by_period = self.fx in {Fx.PERIOD_END, Fx.PERIOD_AVERAGE}
        limits = (self.cap, self.guarantee)
        return not by_period and any(one is not None and one.carry for one in limits)

    @property
    def needs_baseline(self) -> bool:
        """Whether anything is compared with what was bought before."""
        measures = {self.measure, *(gate.measure for gate in self.gates)}
        return bool(measures & GROWTH) or self.payable is Payable.INCREMENT

    @property
    def compared_scopes(self) -> frozenset[Scope | None]:
        """The scopes of what a baseline is compared with; ``None`` is the own one."""
        scopes = [gate.scope for gate in self.gates if gate.measure in GROWTH]
        scopes += [self.measure_scope] if self.measure in GROWTH else []
        scopes += [None] if self.payable is Payable.INCREMENT else []
        return frozenset(None if scope == self.scope else scope for scope in scopes)

    @property
    def compared_scope(self) -> Scope | None:
        """The scope of the baseline: there is one, or none is needed."""
        return next(iter(self.compared_scopes), None)

    @property
    def needs_target(self) -> bool:
        """Whether anything is compared with what a member is to reach."""
        measures = {self.measure, *(gate.measure for gate in self.gates)}
        return Measure.TARGET_PERCENT in measures

    @property
    def by_quantity(self) -> bool:
        """Whether the figure that is measured is a quantity."""
        return self.measure is Measure.QUANTITY or (
            self.measure in GROWTH and self.growth_of is GrowthOf.QUANTITY
        )

    @property
    def in_force(self) -> Period:
        """The days on which these terms hold."""
        return Period(self.in_force_from or date.min, self.in_force_until or date.max)

    def windows(self, period: Period) -> tuple[Period, ...]:
        """Return the windows that ``period`` settles, each until ``period.end``.

        A window starts at its own start, also before ``period.start``; a lifetime
        starts with the first revision. A window that the period cuts ends with it.
        """
        if self.accumulate is Unit.LIFETIME:
            start = self.since or self.in_force.start
            return (Period(start, period.end),) if start < period.end else ()
        units = units_of(period, self.accumulate, self.year_starts)
        return tuple(Period(unit.start, min(unit.end, period.end)) for unit in units)

    def settles_on(self, end: date) -> bool:
        """Whether a period that ends on ``end`` is one that these terms pay."""
        if self.settle is Unit.LIFETIME:
            return self.in_force_until is not None and self.in_force_until <= end
        return unit_of(end, self.settle, self.year_starts).start == end


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A signed document: a supplier's programmes in one currency."""

    code: str
    supplier: str
    currency: str
    programmes: tuple[Programme, ...]
    in_force_from: date | None = None
    in_force_until: date | None = None
    evidence_minimum: str | None = None
