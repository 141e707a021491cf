"""What an agreement can say and the books do not record yet.

The one place that knows it, and it only shrinks: a field is taken out here in the
change that records it. A simulation is given what the books lack, and computes it all.
What is listed is refused with ``not_supported``, never computed as something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rappel.core.period import Unit
from rappel.core.terms import Counts
from rappel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rappel.core.agreements import Programme


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
    for name in ("cap", "guarantee"):
        limit = getattr(one, name)
        carries = limit is not None and limit.carry
        if carries and units.index(one.settle) <= units.index(one.accumulate):
            yield f"{name}.carry", f"carry of a {name} that is settled by the window"


def _fault(path: str, said: str) -> Fault:
    return Fault(
        code="not_supported",
        message=f"{said} is not supported yet.",
        repair="Leave it out, or settle this programme by other means.",
        field=path,
    )
