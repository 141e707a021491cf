"""The words that the terms of an agreement are written in.

Owns one enumeration a field; the values are those of the documents and of the API and
never change. What they mean together is in :mod:`rappel.core.agreements`.
"""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    """What climbs the tiers."""

    AMOUNT = "amount"
    QUANTITY = "quantity"
    GROWTH_AMOUNT = "growth_amount"
    GROWTH_PERCENT = "growth_percent"
    SHARE = "share"
    TARGET_PERCENT = "target_percent"
    NONE = "none"  # the first tier always holds


class MeasureOver(StrEnum):
    """Over which days the measure runs."""

    WINDOW = "window"
    PREVIOUS = "previous"
    ROLLING_12 = "rolling_12"


class GrowthOf(StrEnum):
    """Of which figure growth is taken."""

    AMOUNT = "amount"
    QUANTITY = "quantity"


class Payable(StrEnum):
    """What the rate is paid on."""

    AMOUNT = "amount"
    QUANTITY = "quantity"
    INCREMENT = "increment"
    NONE = "none"  # fixed amounts only


class Pool(StrEnum):
    """Whose measure counts."""

    MEMBER = "member"
    FAMILY = "family"
    SEGMENT = "segment"
    GROUP = "group"


class Reach(StrEnum):
    """What a reached tier pays on."""

    RETROACTIVE = "retroactive"  # the reached tier's rate on everything
    MARGINAL = "marginal"  # each slice at its own rate
    ROLLING = "rolling"  # each reached tier's rate on min(measure, its upper end)
    STACKED = "stacked"  # each reached tier's rate on everything
    HIGHEST_FIXED = "highest_fixed"  # the reached tier's amount
    EACH_FIXED = "each_fixed"  # the amount of every reached tier
    LINEAR = "linear"
    INCREMENT = "increment"


class Boundary(StrEnum):
    """Whether a value on the threshold has reached the tier."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


class AllocationBy(StrEnum):
    """How a pool's rebate is divided among its members."""

    PAYABLE = "payable"
    EQUAL = "equal"
    OWN_TIER = "own_tier"
    FIXED = "fixed"


class Returns(StrEnum):
    """On which day a credit note counts."""

    DOCUMENT_DATE = "document_date"
    ORIGINAL_INVOICE = "original_invoice"
    EXCLUDED = "excluded"


class Counts(StrEnum):
    """When a purchase counts."""

    ISSUED = "issued"
    PAID = "paid"


class Fx(StrEnum):
    """Which exchange rate converts a purchase to the agreement's currency."""

    DOCUMENT_RATE = "document_rate"
    INVOICE_DATE = "invoice_date"
    PERIOD_END = "period_end"
    PERIOD_AVERAGE = "period_average"
    FIXED = "fixed"


class LimitOf(StrEnum):
    """What a cap, minimum or guarantee looks at."""

    MEASURE = "measure"
    PAYABLE = "payable"
    EARNED = "earned"


class LimitPer(StrEnum):
    """Whom a cap, minimum or guarantee limits."""

    MEMBER = "member"
    POOL = "pool"


class Multiplies(StrEnum):
    """What a promotion multiplies."""

    RATE = "rate"
    REWARD = "reward"


class BaselinePolicy(StrEnum):
    """What happens when a baseline is missing, zero or covers part of the year."""

    REFUSE = "refuse"
    ZERO = "zero"
    SKIP = "skip"
    PRORATE = "prorate"
