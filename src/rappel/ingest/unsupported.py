"""What an agreement can say and the engine does not compute yet.

The one place that knows it, and it only shrinks: a field is taken out here in the
change that builds it. Everything else reads, writes and keeps the whole vocabulary.
What is listed is refused with ``not_supported``, never computed as something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.agreements import GROWTH
from rappel.core.period import Unit
from rappel.core.terms import (
    Counts,
    LimitOf,
    LimitPer,
    MeasureOver,
    Multiplies,
    Payable,
    Pool,
    Reach,
)
from rappel.errors import Fault
from rappel.ingest.limiting import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rappel.core.agreements import Programme

BY_AMOUNT: Final = {Reach.HIGHEST_FIXED, Reach.EACH_FIXED, Reach.INCREMENT}


def refuse_unsupported(
    programmes: Sequence[Programme], at: str = "programmes"
) -> tuple[Fault, ...]:
    """Return a fault for everything in the programmes that is not computed yet.

    ``at`` is the path of their list.
    """
    return tuple(
        _fault(f"{at}[{index}].{name}", said)
        for index, programme in enumerate(programmes)
        for name, said in (*_not_built(programme), *_again(programme, programmes))
    )


def refuse_unrecorded(
    programmes: Sequence[Programme], at: str = "programmes"
) -> tuple[Fault, ...]:
    """Return a fault for what the books do not record, though a case can say it."""
    return tuple(
        _fault(f"{at}[{index}].{name}", said)
        for index, programme in enumerate(programmes)
        for name, said in _unrecorded(programme)
    )


def _unrecorded(one: Programme) -> Iterator[tuple[str, str]]:
    """Yield what a run cannot know of the windows or the payments before it."""
    if one.counts is Counts.PAID:
        yield "counts", "counts paid, without payments in the books,"
    units = list(Unit)
    for name in LIMITS:
        limit = getattr(one, name)
        carries = limit is not None and limit.carry
        if carries and units.index(one.settle) <= units.index(one.accumulate):
            yield f"{name}.carry", f"carry of a {name} that is settled by the window"


def _again(
    one: Programme, programmes: Sequence[Programme]
) -> Iterator[tuple[str, str]]:
    """Yield what is computed in one revision of a programme, and not in two."""
    codes = [
        code
        for revision in programmes
        if revision.code == one.code
        for code in {promotion.code for promotion in revision.promotions}
    ]
    if any(codes.count(promotion.code) > 1 for promotion in one.promotions):
        yield "promotions", "a promotion that two revisions share"
    if [other.code for other in programmes].count(one.code) == 1:
        return
    if one.measure_over is not MeasureOver.WINDOW:
        yield "measure_over", "looking back over two revisions"
    if one.gates:
        yield "gates", "gates of two revisions"


def _fault(path: str, said: str) -> Fault:
    return Fault(
        code="not_supported",
        message=f"{said} is not supported yet.",
        repair="Leave it out, or settle this programme by other means.",
        field=path,
    )


def _not_built(one: Programme) -> Iterator[tuple[str, str]]:
    for index, tier in enumerate(one.tiers):
        if tier.cap is not None:
            yield f"tiers[{index}].cap", "cap of a tier"
    yield from _not_together(one)


def _not_together(one: Programme) -> Iterator[tuple[str, str]]:
    """Yield what is computed alone, and not with another field."""
    yield from _limited(one)
    yield from _shared(one)
    if one.payable is Payable.INCREMENT and one.measure_scope is not None:
        yield "measure_scope", "measure_scope beside an increment"
    for index, gate in enumerate(one.gates):
        if gate.measure in GROWTH and gate.scope is not None:
            yield f"gates[{index}].scope", "a scope of a gate on growth"


def _shared(one: Programme) -> Iterator[tuple[str, str]]:
    """Yield what is computed for a member alone, and not for a larger pool."""
    if one.shared is Pool.MEMBER:
        return
    if one.payable is Payable.INCREMENT:
        yield "payable", "increments of a larger pool"
    if one.less:
        yield "less", "less in a larger pool"


def _limited(one: Programme) -> Iterator[tuple[str, str]]:
    """Yield the limits and promotions that are not computed with another field."""
    limits = [(name, getattr(one, name)) for name in LIMITS]
    given = [(name, limit) for name, limit in limits if limit is not None]
    of_members = one.shared is not Pool.MEMBER
    for name, limit in given:
        on_part = of_members and limit.per is LimitPer.MEMBER
        by_value = limit.of is not LimitOf.EARNED
        if limit.carry and (by_value or name == "minimum"):
            yield f"{name}.carry", f"carry of a {name}"
        if name == "cap" and by_value and on_part:
            yield "cap.per", f"a cap of {limit.of.value} per member of a larger pool"
        if name == "cap" and limit.of is LimitOf.MEASURE:
            yield "cap.of", "a cap on the measure"
        if name == "cap" and by_value and one.promotions and one.reach in BY_AMOUNT:
            yield "promotions", "promotions of capped fixed amounts"
        if on_part and any(
            promotion.multiplies is Multiplies.REWARD for promotion in one.promotions
        ):
            yield f"{name}.per", f"a {name} per member beside a promoted reward"
    rewarded = any(each.multiplies is Multiplies.REWARD for each in one.promotions)
    if one.guarantee is not None and rewarded:
        yield "promotions", "a promoted reward beside a guarantee"
    if one.promotions and one.payable is Payable.INCREMENT:
        yield "promotions", "promotions of an increment"
    if one.less and one.payable is Payable.INCREMENT:
        yield "less", "less of an increment"
