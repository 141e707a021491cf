"""Phrases: how each word of an agreement is said in English.

Owns one template a word; :mod:`rappel.core.sentences` puts them together and the
catalogues translate them. Everything obeys this: what ends with a dot is a sentence of
its own; anything else is a part of one, in lower case, that is said in its place.
"""

from __future__ import annotations

from typing import Final

from rappel.core.money import Rounding
from rappel.core.period import Unit
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

HEAD: Final = "On {purchases}, {window}, {who} earns {how}: {tiers}."
FLAT: Final = "On {purchases}, {window}, {who} earns {value}."
PURCHASES: Final = "purchases from {suppliers}"
PURCHASES_OF: Final = "purchases of {categories} from {suppliers}"
EVERY_SUPPLIER: Final = "all preferred suppliers"
WINDOWS: Final = {
    Unit.MONTH: "each month",
    Unit.QUARTER: "each quarter",
    Unit.HALF: "each half-year",
    Unit.YEAR: "each year",
    Unit.LIFETIME: "over the whole life of the terms",
}
POOLS: Final = {
    Pool.MEMBER: "each member",
    Pool.FAMILY: "each member together with its affiliates",
    Pool.SEGMENT: "the segment {segment} together",
    Pool.GROUP: "the whole group together",
}
REACHES: Final = {
    Reach.RETROACTIVE: "the rate of the tier it reaches, back to the first unit",
    Reach.MARGINAL: "in each tier its rate on the slice inside that tier",
    Reach.ROLLING: "the rate of every tier it reaches, each on all up to that tier's "
    "end",
    Reach.STACKED: "the rates of all the tiers it reaches, each on everything",
    Reach.HIGHEST_FIXED: "the fixed amount of the highest tier it reaches",
    Reach.EACH_FIXED: "the fixed amounts of all the tiers it reaches",
    Reach.LINEAR: "a rate interpolated between these points, on everything, flat above "
    "the last and nothing below the first",
    Reach.INCREMENT: "for each whole step above the tier it reaches",
}
SINCE: Final = {Boundary.AT_LEAST: "from", Boundary.MORE_THAN: "above"}
EACH_UNIT: Final = "per unit"
PLUS: Final = "plus {amount}"
FOR_EVERY: Final = "for every {step}"
AT_MOST: Final = "at most {amount}"
IN_FORCE: Final = {
    (True, True): "The terms hold from {start} until {end} (not included).",
    (True, False): "The terms hold from {start} without an end.",
    (False, True): "The terms hold until {end} (not included).",
    (False, False): "The terms hold without a beginning or an end.",
}
SCOPE: Final = "Only these count: {scope}."
SCOPES: Final = {
    "categories": "the categories {codes}",
    "exclude_categories": "other categories than {codes}",
    "codes": "the product codes {codes}",
    "members": "the members {codes}",
    "segments": "the segments {codes}",
    "countries": "the countries {codes}",
}
ALL_PURCHASES: Final = "all purchases"
MEASURES: Final = {
    Measure.AMOUNT: "the amount bought",
    Measure.QUANTITY: "the quantity bought",
    Measure.GROWTH_AMOUNT: "what is bought above the baseline",
    Measure.GROWTH_PERCENT: "the growth over the baseline, in percent",
    Measure.SHARE: "the share of these purchases in all comparable ones, in percent",
    Measure.TARGET_PERCENT: "what is bought in percent of the member's target",
}
CHOOSES: Final = "What chooses the tier: {measure}."
NO_MEASURE: Final = "No volume is to be reached: the first tier always holds."
GROWTHS: Final = {
    GrowthOf.AMOUNT: "Growth is that of the amount.",
    GrowthOf.QUANTITY: "Growth is that of the quantity.",
}
MEASURE_SCOPE: Final = "The tier is chosen by purchases of its own: {scope}."
SHARE_OF: Final = "Comparable with them: {scope}."
OVER: Final = {
    MeasureOver.WINDOW: "The measure runs over the same window.",
    MeasureOver.PREVIOUS: "The measure is that of the window before.",
    MeasureOver.ROLLING_12: "The measure runs over the twelve months that end with the "
    "window.",
}
BOUNDARIES: Final = {
    Boundary.AT_LEAST: "A measure on a threshold has reached it.",
    Boundary.MORE_THAN: "A measure on a threshold has not reached it yet.",
}
PAYABLES: Final = {
    Payable.AMOUNT: "The rate is paid on the amount bought.",
    Payable.QUANTITY: "The rate is paid on each unit bought.",
    Payable.INCREMENT: "The rate is paid on what is bought above the baseline.",
    Payable.NONE: "The amounts are fixed and not paid on volume.",
}
TARGETS: Final = "The targets are: {targets}."
BASELINE: Final = "The baseline is {source}."
NO_BASELINE: Final = "A member without a baseline: {policy}."
ZERO_BASELINE: Final = "A baseline of zero: {policy}."
PART_BASELINE: Final = "A baseline of a part of the year: {policy}."
POLICIES: Final = {
    BaselinePolicy.REFUSE: "nothing is computed until somebody decides",
    BaselinePolicy.ZERO: "it counts as zero",
    BaselinePolicy.SKIP: "the member is left out",
    BaselinePolicy.PRORATE: "it is scaled to the whole by days",
}
ALLOCATIONS: Final = {
    AllocationBy.PAYABLE: "It is divided among the members in proportion to what each "
    "of them bought.",
    AllocationBy.EQUAL: "It is divided in equal parts among the members that bought.",
    AllocationBy.OWN_TIER: "Each member earns at the tier that its own volume reaches.",
    AllocationBy.FIXED: "It is divided in fixed parts: {shares}.",
}
UNDIVIDED: Final = (
    "Nothing says by what it is divided among the members: only who bought alone has "
    "it."
)
SETTLES: Final = {
    Unit.MONTH: "It is settled every month.",
    Unit.QUARTER: "It is settled every quarter.",
    Unit.HALF: "It is settled every half-year.",
    Unit.YEAR: "It is settled every year.",
    Unit.LIFETIME: "It is settled once, when the terms end.",
}
TRUED_UP: Final = (
    "Each settlement counts the window from its start and pays what is not paid yet."
)
YEAR_STARTS: Final = "Windows are counted from this month and day: {day}."
COUNTS: Final = {
    Counts.ISSUED: "A purchase counts once it is invoiced.",
    Counts.PAID: "A purchase counts once its invoice is paid.",
}
RETURNS: Final = {
    Returns.DOCUMENT_DATE: "A credit note lowers the volume on its own date.",
    Returns.ORIGINAL_INVOICE: "A credit note lowers the volume on the date of the "
    "invoice it corrects.",
    Returns.EXCLUDED: "Credit notes do not lower the volume.",
}
CURRENCIES: Final = {
    Fx.DOCUMENT_RATE: "Other currencies are converted at the rate the document states.",
    Fx.INVOICE_DATE: "Other currencies are converted at the official rate of the "
    "invoice's date.",
    Fx.PERIOD_END: "Other currencies are converted at the official rate of the "
    "period's end.",
    Fx.PERIOD_AVERAGE: "Other currencies are converted at the average official rate "
    "of the period.",
    Fx.FIXED: "Other currencies are converted at the fixed rate {rate}.",
}
FIXED_RATES: Final = "Other currencies are converted at fixed rates: {rates}."
GATE: Final = "Nothing is earned unless this reaches {threshold}: {measure}."
GATE_IN: Final = (
    "Nothing is earned unless this reaches {threshold}: {measure}, counting only "
    "{scope}."
)
LIMITS: Final = {
    ("cap", LimitOf.MEASURE): "The measure counts up to {amount}, {per}.",
    ("cap", LimitOf.PAYABLE): "The rate is paid on {amount} at most, {per}.",
    ("cap", LimitOf.EARNED): "At most {amount} is earned, {per}.",
    ("minimum", LimitOf.MEASURE): "Nothing is earned while the measure is below "
    "{amount}, {per}.",
    ("minimum", LimitOf.PAYABLE): "Nothing is earned while what the rate is paid on is "
    "below {amount}, {per}.",
    ("minimum", LimitOf.EARNED): "A rebate below {amount} is not earned, {per}.",
    ("guarantee", LimitOf.MEASURE): "When the window ends, the measure counts as "
    "{amount} at least, {per}.",
    (
        "guarantee",
        LimitOf.PAYABLE,
    ): "When the window ends, the rate is paid on {amount} at least, {per}.",
    ("guarantee", LimitOf.EARNED): "When the window ends, at least {amount} is earned, "
    "{per}.",
}
PER: Final = {
    LimitPer.MEMBER: "for each member and window",
    LimitPer.POOL: "for all together in each window",
}
CARRIED: Final = "What this limit cuts off is carried to the next window."
BY_DAYS: Final = "This limit is reduced by days where a window is not whole."
HELD_BACK: Final = "Held back until the window ends: {percent} of what is earned."
HELD_BACK_TO: Final = (
    "Held back until the measure reaches {amount}: {percent} of what is earned."
)
PROMOTIONS: Final = {
    Multiplies.RATE: "Promotion {code}, from {start} until {end} (not included): the "
    "rate times {by}.",
    Multiplies.REWARD: "Promotion {code}, from {start} until {end} (not included): "
    "what is earned times {by}.",
    None: "Promotion {code}, from {start} until {end} (not included): {percent} more.",
}
PROMOTED: Final = "Promotion {code} counts only {scope}."
LESS: Final = (
    "What these programmes earn is deducted from the purchases first: {programmes}."
)
ORDER: Final = "Of programmes that build on each other it is number {order}."
OUTBOUND: Final = "Members are paid by terms of their own, {how}: {tiers}."
GRANTED: Final = (
    "Its promotions and limits are between the supplier and the consortium."
)
FEE: Final = "The consortium keeps {percent} of what is earned."
NO_FEE: Final = "The consortium keeps no fee."
PAYER: Final = "It is owed by {payer}."
PAYOUT: Final = "A balance below {amount} is not paid yet but carried forward."
ROUNDINGS: Final = {
    Rounding.HALF_AWAY_FROM_ZERO: "Amounts in {currency} are rounded once, a half away "
    "from zero.",
    Rounding.HALF_EVEN: "Amounts in {currency} are rounded once, a half to the even "
    "digit.",
}
