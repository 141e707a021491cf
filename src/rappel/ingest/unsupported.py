"""What an agreement can say and the books do not record yet.

The one place that knows it, and it only shrinks: a field is taken out here in the
change that records it. A simulation is given what the books lack, and computes it all.
What is listed is refused with ``not_supported``, never computed as something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """Yield what a run cannot know of the payments before it."""
    if one.counts is Counts.PAID:
        yield "counts", "counts paid, without payments in the books,"


def _fault(path: str, said: str) -> Fault:
    return Fault(
        code="not_supported",
        message=f"{said} is not supported yet.",
        repair="Leave it out, or settle this programme by other means.",
        field=path,
    )
