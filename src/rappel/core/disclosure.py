"""Disclosure: when a figure of the group may be shown to one of its members.

Owns the gate and its two limits. Everything obeys this: with too few contributors, or
one that is most of the figure, the group's figure less one's own says what another
bought; then it is withheld (``None``), and what a member earned stays shown.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

LEAST_CONTRIBUTORS: Final = 5
LARGEST_PERCENT: Final = Decimal(25)


def discloses(
    *,
    contributors: int,
    largest: Decimal,
    measure: Decimal,
    least: int = LEAST_CONTRIBUTORS,
    most: Decimal = LARGEST_PERCENT,
) -> bool:
    """Say whether a group's ``measure`` may be shown outside the administration.

    Rule: at least ``least`` members contribute and none makes up more than ``most``
    percent of it; ``largest`` is the largest contributor's part, in the measure's own
    unit. A measure of nothing, or below it, is never shown: no part of it can be told.
    """
    if contributors < least or measure <= 0:
        return False
    return largest * 100 <= most * measure
