"""Views: what a programme looks at beside what it pays on.

Owns which purchases make a measure, the whole of a share, a baseline or a gate, and on
which days. A view is a programme like another, with a scope and days of its own, so
that everything is qualified, converted and summed by the same rules. Everything obeys
this: ``v`` numbers the programmes given (``v == p``) and then their further views.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import polars as pl

from rappel.core import deductions, programmes
from rappel.core.agreements import ANYTHING, EVERY
from rappel.core.period import Period, unit_of
from rappel.core.terms import Measure, MeasureOver, Payable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme, Promotion, Scope

PAID: Final = "paid"  # what the rate is paid on
MEASURED: Final = "measured"  # what climbs the tiers
WHOLE: Final = "whole"  # what a share is of
BASE: Final = "base"  # the same days a year before
GATE: Final = "gate"
GATE_WHOLE: Final = "gate_whole"
PROMOTION: Final = "promotion"  # what a promotion counts
LESS: Final = "less"  # what it has in common with a programme that it deducts
PREVIOUS_YEAR: Final = "previous_year"
BACK: Final = frozenset({MEASURED, WHOLE})  # what may look back

DAYS: Final = ("p", "window", "start", "stop")


class View(NamedTuple):
    """A further view of programme ``p``, and the days it looks at in a window.

    They are found from the row of ``terms``, the revision whose terms it looks by.
    """

    p: int
    role: str
    position: int
    programme: Programme
    days: Callable[[Programme, Mapping[str, Any]], Iterator[tuple[date, date]]]
    terms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """The programmes given and their further views.

    ``counted``: ``p`` (a view's ``v``), ``window, start, stop``; ``roles``: ``v, p,
    role, position``: a view that is also another one has a row for each. ``by_pieces``
    are those that cannot do without a line's quantity.
    """

    programmes: tuple[Programme, ...]
    counted: pl.DataFrame
    roles: pl.DataFrame
    by_pieces: tuple[int, ...]


def views(given: Sequence[Programme], period: Period) -> Views:
    """Return every view of the programmes in the windows that ``period`` settles."""
    counted = programmes.windows(given, period)
    spans = _spanned(counted, given, period).to_dicts()
    codes = [one.code for one in given]
    chains = [codes.index(code) for code in codes]
    further = [view for p, one in enumerate(given) for view in _views_of(p, one)]
    further += [
        view
        for p, one in enumerate(given)
        for r, other in enumerate(given)
        if codes[r] == one.code
        for view in _gates_of(p, one, r, other)
    ]
    further += [view for p in range(len(given)) for view in _base_of(p, given)]
    further += [
        View(p, LESS, chain, overlap, _while_in_force, p)
        for p, chain, overlap in deductions.overlaps(given)
    ]
    present = {(row["p"], row["window"]) for row in spans}
    numbered = list(enumerate(further, start=len(given)))
    days = [
        (v, row["window"], start, stop)
        for v, view in numbered
        for row in spans
        if (view.p, row["window"]) in present or view.role in BACK
        if _concerns(view, row, chains[view.p])
        for start, stop in view.days(view.programme, row)
    ]
    apart = {view.p for view in further if view.role == MEASURED}
    plain = [p for p in range(len(given)) if p not in apart]
    roles = [
        *((p, p, PAID, 0) for p in range(len(given))),
        *((p, p, MEASURED, 0) for p in plain),
        *((v, view.p, view.role, view.position) for v, view in numbered),
    ]
    own = counted.select(DAYS)
    return Views(
        programmes=(*given, *(view.programme for view in further)),
        counted=pl.concat([own, pl.DataFrame(days, schema=own.schema, orient="row")]),
        roles=pl.DataFrame(
            roles,
            schema={
                "v": pl.Int64,
                "p": pl.Int64,
                "role": pl.String,
                "position": pl.Int64,
            },
            orient="row",
        ),
        by_pieces=(
            *(p for p, one in enumerate(given) if pays_by_pieces(one)),
            *(v for v, view in numbered if _looks_at_pieces(view, given[view.p])),
        ),
    )


def pays_by_pieces(one: Programme) -> bool:
    """Whether what a programme pays on must state its quantity."""
    return one.payable is Payable.QUANTITY or (
        one.by_quantity and not _is_measured_apart(one)
    )


def _is_measured_apart(one: Programme) -> bool:
    return one.measure_scope is not None or one.measure_over is not MeasureOver.WINDOW


def _looks_at_pieces(view: View, one: Programme) -> bool:
    """Whether a further view must know the quantity of what it looks at."""
    if view.role in {GATE, GATE_WHOLE}:
        return one.gates[view.position].by_quantity(one.growth_of)
    return view.role in {MEASURED, WHOLE, BASE} and one.by_quantity


def _concerns(view: View, row: Mapping[str, Any], chain: int) -> bool:
    """Whether a view looks at something in one revision's row of a window.

    What looks back does so once a window, also by revisions that are over.
    """
    if view.role in BACK and view.programme.measure_over is not MeasureOver.WINDOW:
        return bool(row["final"] and row["chain"] == chain)
    return bool(row["p"] == view.terms)


def looked_at(given: Sequence[Programme], period: Period) -> tuple[Period, ...]:
    """Return the days that some view looks at, also those before every window."""
    days = views(given, period).counted.select("start", "stop").unique().rows()
    return tuple(Period(start, stop) for start, stop in days)


def _spanned(
    counted: pl.DataFrame, given: Sequence[Programme], period: Period
) -> pl.DataFrame:
    """Add each window's ``end``."""
    days = programmes.spans(given, period)
    ends = [
        (p, window.start, window.end)
        for p, (one, span) in enumerate(zip(given, days, strict=True))
        for window in one.windows(span)
    ]
    schema = {"p": pl.Int64, "window": pl.Date, "end": pl.Date}
    return counted.join(
        pl.DataFrame(ends, schema=schema, orient="row"), on=["p", "window"]
    )


def _views_of(p: int, one: Programme) -> Iterator[View]:
    """Yield what a programme looks at beside what it pays on."""
    scope = one.scope if one.measure_scope is None else one.measure_scope
    over = OVER[one.measure_over]
    if _is_measured_apart(one):
        yield View(p, MEASURED, 0, replace(one, scope=scope), over, p)
    if one.measure is Measure.SHARE:
        yield View(p, WHOLE, 0, _everywhere(one), over, p)
    for place, promotion in enumerate(one.promotions):
        yield View(p, PROMOTION, place, _promoted(one, promotion), _while_in_force, p)


def _gates_of(p: int, one: Programme, r: int, other: Programme) -> Iterator[View]:
    """Yield what the gates of ``one`` look at while a revision ``other`` holds.

    Rule: a gate looks at the whole window; what counts in each part of it is said by
    the terms in force on its day, and over which scope by the gate, where it says so.
    """
    for place, gate in enumerate(one.gates):
        asked = other.scope if gate.scope is None else gate.scope
        yield View(p, GATE, place, replace(other, scope=asked), _in_the_window, r)
        if gate.measure is Measure.SHARE:
            yield View(p, GATE_WHOLE, place, _everywhere(other), _in_the_window, r)


def _base_of(p: int, given: Sequence[Programme]) -> Iterator[View]:
    """Yield a revision's part of a baseline: its days a year before.

    It is looked at where any revision of its programme is compared with it.
    """
    one = given[p]
    asking = [
        other
        for other in (one, *given)
        if other.code == one.code
        and other.needs_baseline
        and other.baseline
        and other.baseline.source == PREVIOUS_YEAR
    ]
    for other in asking[:1]:
        own = other.compared_scope
        scope = one.scope if own is None else own
        yield View(p, BASE, 0, replace(one, scope=scope), _a_year_before, p)


def _promoted(one: Programme, promotion: Promotion) -> Programme:
    """Return the view of a promotion: its days and scope inside the programme's."""
    return replace(
        one,
        scope=promotion.scope,
        within=(*one.within, one.scope),
        in_force_from=promotion.start,
        in_force_until=promotion.end,
    )


def _everywhere(one: Programme) -> Programme:
    """Return the view of what a share is of: purchases from every supplier."""
    of: Scope = ANYTHING if one.share_of is None else one.share_of
    return replace(one, suppliers=EVERY, scope=of)


def _in_the_window(_: Programme, row: Mapping[str, Any]) -> Iterator[tuple[date, date]]:
    yield row["start"], row["stop"]


def _while_in_force(
    view: Programme, row: Mapping[str, Any]
) -> Iterator[tuple[date, date]]:
    """Yield the days of the window on which the view itself is in force too."""
    yield from _in_force(view, row["start"], row["stop"])


def _in_force(one: Programme, start: date, stop: date) -> Iterator[tuple[date, date]]:
    """Yield the days on which terms are in force, if there are any."""
    first, end = max(start, one.in_force.start), min(stop, one.in_force.end)
    if first < end:
        yield first, end


def of(qualified: pl.DataFrame, seen: Views, role: str) -> pl.DataFrame:
    """Return the purchases that one role looks at, with ``p`` and ``position``."""
    roles = seen.roles.filter(pl.col("role") == role).drop("role")
    return qualified.rename({"p": "v"}).join(roles, on="v").drop("v")


def _before_the_window(
    one: Programme, row: Mapping[str, Any]
) -> Iterator[tuple[date, date]]:
    """Yield the days of the whole window before this one."""
    day = row["window"] - timedelta(days=1)
    unit = unit_of(day, one.accumulate, one.year_starts)
    yield from _in_force(one, unit.start, unit.end)


def _in_twelve_months(
    one: Programme, row: Mapping[str, Any]
) -> Iterator[tuple[date, date]]:
    """Yield the days of the twelve months that end with the window."""
    yield from _in_force(one, year_before(row["end"]), row["end"])


def _a_year_before(_: Programme, row: Mapping[str, Any]) -> Iterator[tuple[date, date]]:
    yield year_before(row["start"]), year_before(row["stop"])


def year_before(day: date) -> date:
    """Return the same day a year before; for 29 February the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


OVER: Final = {
    MeasureOver.WINDOW: _in_the_window,
    MeasureOver.PREVIOUS: _before_the_window,
    MeasureOver.ROLLING_12: _in_twelve_months,
}
"""The days of a measure, by what it runs over."""
