"""Checking: programmes as documents give them, and all that is wrong with them at once.

Owns the order of the questions: the shape (:mod:`rappel.ingest.schemas`), whether the
tiers make a scale, and what the fields mean together
(:mod:`rappel.ingest.soundness`). A programme that fails at one question is not asked
the next, but its neighbours are, so that nothing is said of a programme that it does
not say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rappel.errors import Fault
from rappel.ingest.fields import each, tier
from rappel.ingest.scales import misfits, scaled
from rappel.ingest.soundness import rising

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme
    from rappel.ingest.comparing import Doubt

AT: Final = re.compile(r"programmes\[(\d+)\]")
TABLED: Final = ("tiers", "outbound", "boundary")
BESIDE: Final = "unknown_programme"
"""What is asked of the neighbours, and cannot be answered where one is misshapen."""


class Checked(NamedTuple):
    """The programmes that could be read, and everything that is wrong."""

    programmes: tuple[Programme, ...]
    faults: tuple[Fault, ...]


def checked(
    given: Mapping[str, Any],
    misshapen: Sequence[Fault],
    *,
    read: Callable[[int, Mapping[str, Any]], Programme],
    judge: Callable[[Sequence[Programme]], tuple[Fault, ...]],
) -> Checked:
    """Check the programmes of a document, of which some may be misshapen.

    ``misshapen`` are the faults of the document's shape; ``read`` makes a programme of
    its place and its fields, and ``judge`` says what programmes mean together.
    """
    paths = [fault.field or "" for fault in misshapen]
    rows = _rows(given)
    told, sound = [*misshapen], []
    for place, row in enumerate(rows):
        whole = not _wrong(paths, f"programmes[{place}]")
        doubts = [*_of_table(row, whole=whole)] if _tabled(place, row, paths) else []
        told += [_fault(place, doubt) for doubt in doubts]
        if whole and not doubts:
            sound.append(place)
    programmes = tuple(read(place, rows[place]) for place in sound)
    judged = [_placed(fault, sound) for fault in judge(programmes)]
    alone = len(sound) < len(rows)
    meant = [fault for fault in judged if not (alone and fault.code == BESIDE)]
    return Checked(programmes, (*told, *meant))


def _rows(given: Mapping[str, Any]) -> Sequence[Any]:
    rows = given.get("programmes") if isinstance(given, dict) else None
    return rows if isinstance(rows, list) else ()


def _tabled(place: int, row: object, paths: Sequence[str]) -> bool:
    """Whether a programme's tiers can be read, whatever else is misshapen."""
    at = f"programmes[{place}]"
    ill = at in paths or any(_wrong(paths, f"{at}.{name}") for name in TABLED)
    return isinstance(row, dict) and not ill


def _wrong(paths: Sequence[str], at: str) -> bool:
    """Whether something at a path or below it is misshapen."""
    return any(re.match(rf"{re.escape(at)}(\W|$)", path) for path in paths)


def _of_table(row: Mapping[str, Any], *, whole: bool) -> Iterator[Doubt]:
    """Say what is wrong with a scale; of what is not judged whole, with its order."""
    ends = [*misfits(row)]
    yield from ends
    if not (whole or ends):
        yield from rising(each(tier)(scaled(row)["tiers"]))


def _fault(place: int, doubt: Doubt) -> Fault:
    return Fault(
        code=doubt.code,
        message=doubt.message,
        repair=doubt.repair,
        field=f"programmes[{place}].{doubt.field}",
    )


def _placed(fault: Fault, places: Sequence[int]) -> Fault:
    """Give a fault the place that its programme has in the document."""
    path = fault.field or ""
    moved = AT.sub(lambda found: f"programmes[{places[int(found[1])]}]", path, count=1)
    return replace(fault, field=moved)
