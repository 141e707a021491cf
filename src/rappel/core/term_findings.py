"""Findings of terms: what the linter says of an agreement that is sound.

Owns codes, severities and sentences, as data; :mod:`rappel.core.findings` makes the
catalogue of them, and :mod:`rappel.core.linter` the findings.
"""

from __future__ import annotations

from typing import Final

# code → severity, message, repair
TERMS: Final = {
    "percent_fraction": (
        "warning",
        (
            "Every percent of {programme}'s table is below 1, up to {percent} %: is "
            "it {hundredfold} % that is meant?"
        ),
        "Write 3 for 3 %; keep the table if {percent} % is meant.",
    ),
    "threshold_fraction": (
        "warning",
        (
            "The thresholds of {programme} are percents, up to {threshold} %: is it "
            "{hundredfold} % that is meant?"
        ),
        "Write 25 for 25 %; keep the table if {threshold} % is meant.",
    ),
    "divided_by_nothing": (
        "warning",
        (
            "{programme} pays several members together on nothing: only who bought "
            "alone would have what it earns, and nobody where two did."
        ),
        (
            'Write payable = "amount" to divide by what each bought, or give the '
            "allocation equal or stated parts."
        ),
    ),
    "falling_value": (
        "warning",
        (
            "Tier {tier} of {programme}, from {threshold}, gives less than the tier "
            "before it: {field} {value} after {before}."
        ),
        "Let values rise with the thresholds, or keep it if it was agreed.",
    ),
    "falling_total": (
        "warning",
        (
            "Reaching {threshold} in {programme} lowers what is earned by {amount} "
            "{currency}: buying more earns less."
        ),
        "Raise what tier {tier} gives.",
    ),
    "falling_average": (
        "warning",
        (
            "Above {threshold} in {programme} the lower slices are paid on less as "
            "more is measured that is not paid on: buying more may earn less."
        ),
        "Measure what is paid on, and cap what is earned; or keep it if it was agreed.",
    ),
    "falling_cut": (
        "warning",
        (
            "Beyond the cap of {cap} in {programme} what is measured and not paid on "
            "lowers what is paid on: buying more may earn less."
        ),
        "Cap what is paid on or what is earned; or keep it if it was agreed.",
    ),
    "tier_cliff": (
        "warning",
        (
            "Reaching {threshold} in {programme} pays {jump} {currency} at once. "
            "Above {cheaper} buying up to it returns more than it costs; above {half} "
            "it returns more than half."
        ),
        (
            "Make the tiers marginal or their steps smaller, or tell members who "
            "stand just below."
        ),
    ),
    "tier_jump": (
        "info",
        "Reaching {threshold} in {programme} pays {jump} {currency} at once.",
        "Compare it with the price of the units that are still to buy.",
    ),
    "tier_slope": (
        "warning",
        (
            "Between {start} and {threshold} in {programme} each further purchase "
            "returns more than half of its price, at the end {percent} %."
        ),
        "Put a point between them, or lower the rate of tier {tier}.",
    ),
    "step_pays_much": (
        "warning",
        (
            "In tier {tier} of {programme} each step of {every} pays {amount}, more "
            "than half of it."
        ),
        "Check the amount and the step.",
    ),
    "tier_without_measure": (
        "warning",
        (
            "Tier {tier} of {programme} never holds: without a measure the first one "
            "always does."
        ),
        "Name a measure, or leave the tier out.",
    ),
    "tier_beyond_whole": (
        "warning",
        (
            "Tier {tier} of {programme} is never reached: it starts from {threshold} "
            "%, and no share is that large."
        ),
        "Write 25 for a share of 25 %.",
    ),
    "tier_beyond_cap": (
        "warning",
        (
            "Tier {tier} of {programme} is never reached: it starts from {threshold}, "
            "and the measure is capped at {cap}."
        ),
        "Raise the cap, or leave the tier out.",
    ),
    "tier_past_cap": (
        "warning",
        (
            "Tier {tier} of {programme}, from {threshold}, never pays more: the cap "
            "of {cap} is earned before it begins."
        ),
        "Raise the cap, or leave the tier out.",
    ),
    "tier_below_minimum": (
        "warning",
        (
            "Tier {tier} of {programme}, from {threshold}, never pays: it ends before "
            "the minimum of {minimum} is reached."
        ),
        "Lower the minimum, or leave the tier out.",
    ),
    "rates_beyond_whole": (
        "warning",
        "The rates of {programme} are paid together and add up to {percent} %.",
        "Check the reach: retroactive pays the reached tier's rate alone.",
    ),
    "promotion_without_end": (
        "warning",
        (
            "The promotion {promotion} of {programme} has no end while the terms "
            "hold: it runs until {end}."
        ),
        "End it earlier, or write it into the tiers.",
    ),
    "programmes_overlap": (
        "warning",
        (
            "{programme} and {other} pay on some purchases both, and neither lists "
            "the other in less."
        ),
        "Narrow a scope, or list one in the other's less; keep it if both are to pay.",
    ),
}
