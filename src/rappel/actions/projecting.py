"""Projecting: where positions are at the end of their windows, if all goes on.

Owns the computing of purchases grown at the pace of today; stores nothing. Everything
obeys this: a programme grows at the pace of its own window; the pace itself is
:mod:`rappel.core.pace`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from rappel.actions.positions import computed
from rappel.core import pace
from rappel.core.accruals import PACES
from rappel.core.frames import REBATES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from rappel.actions.positions import Position
    from rappel.core.agreements import Programme
    from rappel.core.pace import Pace


def going_on(now: Iterable[Position], today: date) -> pl.DataFrame:
    """Return the REBATES of the windows' ends, if all goes on as until today.

    Windows that do not run today are as they are.
    """
    frames = [REBATES.empty()]
    for position in now:
        groups: dict[Pace | None, list[str]] = {}
        for code, windows in position.windows().items():
            groups.setdefault(pace.current(windows, today), []).append(code)
        for given, codes in groups.items():
            rows = position.computation.rebates
            if given is not None:
                rows = _projected(position, given, codes)
            frames.append(rows.filter(pl.col("programme").is_in(codes)))
    return pl.concat(frames)


def _projected(position: Position, given: Pace, codes: Collection[str]) -> pl.DataFrame:
    """Compute programmes again, their window's purchases grown to the window's end."""
    facts = position.facts
    grown = replace(facts, lines=pace.going_on(facts.lines, given))
    wanted = _with_deducted(codes, position.programmes)
    programmes = [one for one in position.programmes if one.code in wanted]
    name = None if position.name is None else (*position.name, repr(given))
    return computed(name, grown, programmes, position.period).rebates


def _with_deducted(
    codes: Collection[str], programmes: Iterable[Programme]
) -> frozenset[str]:
    """Add the programmes that these are paid after."""
    found = frozenset(codes)
    less = {code for one in programmes if one.code in found for code in one.less}
    return found if less <= found else _with_deducted(found | less, programmes)


def paces(now: Iterable[Position], today: date) -> pl.DataFrame:
    """Return PACES of the windows that run today."""
    return PACES.of(
        [
            (code, given.window.start, given.elapsed, given.days)
            for position in now
            for code, windows in position.windows().items()
            if (given := pace.current(windows, today)) is not None
        ]
    )
