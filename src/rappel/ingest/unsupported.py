"""What an agreement can say and the engine does not compute yet.

The one place that knows it, and it only shrinks: a field is taken out here in the
change that builds it. Everything else reads, writes and keeps the whole vocabulary.
What is listed is refused with ``not_supported``, never computed as something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.terms import (
    AllocationBy,
    Counts,
    Fx,
    Measure,
    MeasureOver,
    Payable,
    Reach,
    Returns,
)
from rappel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from enum import StrEnum

    from rappel.core.agreements import Programme

NOT_BUILT: Final[dict[str, frozenset[StrEnum]]] = {
    "measure": frozenset(
        {
            Measure.GROWTH_AMOUNT,
            Measure.GROWTH_PERCENT,
            Measure.SHARE,
            Measure.TARGET_PERCENT,
            Measure.NONE,
        }
    ),
    "measure_over": frozenset({MeasureOver.PREVIOUS, MeasureOver.ROLLING_12}),
    "payable": frozenset({Payable.INCREMENT}),
    "reach": frozenset({Reach.LINEAR, Reach.INCREMENT}),
    "allocation": frozenset({AllocationBy.OWN_TIER, AllocationBy.FIXED}),
    "returns": frozenset({Returns.ORIGINAL_INVOICE}),
    "counts": frozenset({Counts.PAID}),
    "fx": frozenset({Fx.PERIOD_AVERAGE}),
}
"""Words of a field that are read and not computed."""

NOT_BUILT_AT_ALL: Final = (
    "measure_scope",
    "share_of",
    "gates",
    "less",
    "cap",
    "minimum",
    "guarantee",
    "holdback",
    "outbound",
    "baseline",
    "targets",
    "promotions",
)
"""Fields that are read and not computed, whatever they say."""


def refuse_unsupported(
    programmes: Sequence[Programme], at: str = "programmes"
) -> tuple[Fault, ...]:
    """Return a fault for everything in the programmes that is not computed yet.

    ``at`` is the path of their list.
    """
    return tuple(
        _fault(f"{at}[{index}].{name}", said)
        for index, programme in enumerate(programmes)
        for name, said in _not_built(programme)
    )


def _fault(path: str, said: str) -> Fault:
    return Fault(
        code="not_supported",
        message=f"{said} is not supported yet.",
        repair="Leave it out, or settle this programme by other means.",
        field=path,
    )


def _not_built(one: Programme) -> Iterator[tuple[str, str]]:
    for name, words in NOT_BUILT.items():
        word = getattr(one, name)
        if word in words:
            yield name, f"{name} {word.value}"
    for name in NOT_BUILT_AT_ALL:
        if getattr(one, name):
            yield name, name
    for index, tier in enumerate(one.tiers):
        for name in ("cap", "every"):
            if getattr(tier, name) is not None:
                yield f"tiers[{index}].{name}", f"{name} of a tier"
