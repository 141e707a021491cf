"""The story of the year 2026 at Jacaranda, and its figures in the shape it expects.

Owns the writing of what :mod:`stories.year_by_hand` computes as the rows of the story's
``expected`` folder.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from stories.by_hand import text
from stories.reading_by_hand import intake
from stories.story import FIXTURES, Story
from stories.year_by_hand import Line, Part, Quarter, year
from stories.year_terms import ZERO, counting, total

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

JACARANDA: Final = Story(FIXTURES / "jacaranda-2026")
WINDOW: Final = "2026-01-01"
CURRENCY: Final = "MXN"

Row = dict[str, Any]


def quarters() -> list[Quarter]:
    """Return the four quarters as settled by hand."""
    return year(JACARANDA)


def moments(what: str) -> dict[str, datetime]:
    """Return when each period was closed, or issued."""
    events = JACARANDA.world["events"]
    return {one["period"]: one["at"] for one in events if one["do"] == what}


def statements(found: list[Quarter]) -> dict[str, list[Row]]:
    """Return the statements of each quarter, numbered by year of issue."""
    given: Counter[str] = Counter()
    answer: dict[str, list[Row]] = {}
    for quarter in found:
        series = f"MX-{moments('issue')[quarter.period].year}"
        rows = answer.setdefault(quarter.period, [])
        for member in sorted({line.member for line in quarter.lines}):
            given[series] += 1
            own = [line for line in quarter.lines if line.member == member]
            rows.append(
                {
                    "number": f"{series}-{given[series]:04d}",
                    "member": member,
                    "period": quarter.period,
                    "currency": CURRENCY,
                    "total": _sum(line.payable_now for line in own),
                    "lines": [figures(line) for line in own],
                }
            )
    return answer


def figures(line: Line) -> Row:
    """Return a line of a statement."""
    return {
        "programme": line.programme,
        "window": WINDOW,
        "volume": text(line.volume),
        "threshold": line.threshold,
        "value": {"percent": line.percent},
        "earned": text(line.earned),
        "fee": text(line.fee),
        "settled_before": text(line.settled_before),
        "due": text(line.due),
        "brought_forward": text(line.brought_forward),
        "payable_now": text(line.payable_now),
        "carried": text(line.carried),
    }


def pools(found: list[Quarter]) -> list[Row]:
    """Return what each programme came to, for the year until each quarter's end."""
    return [
        {
            "period": quarter.period,
            "programme": programme,
            "window": WINDOW,
            "currency": CURRENCY,
            "measure": _sum(line.volume for line in own),
            "contributors": len(own),
            "inbound": _sum(line.earned for line in own),
            "outbound": _sum(line.earned - line.fee for line in own),
            "fee": _sum(line.fee for line in own),
            "difference": _sum(line.fee for line in own),
        }
        for quarter in found
        for programme in sorted({line.programme for line in quarter.lines})
        for own in [[one for one in quarter.lines if one.programme == programme]]
    ]


def working(found: list[Quarter]) -> Row:
    """Return how each line came about: of members, and of the group as a whole."""
    members = [
        {
            "period": quarter.period,
            "member": line.member,
            "programme": line.programme,
            "parts": [part | {"amount": text(one.amount)} for part, one in parts],
            "promotions": [
                {
                    "code": "august-video",
                    "payable": text(one.promoted),
                    "amount": text(one.extra),
                }
                for one in line.parts
                if one.promoted
            ],
        }
        for quarter in found
        for line in quarter.lines
        if line.programme == "faro-year"
        for parts in [[(_part(one), one) for one in line.parts]]
    ]
    group = [
        {
            "period": quarter.period,
            "programme": pool.programme,
            "measure": text(pool.measure),
            "parts": [
                _part(one) | {"table": text(table)}
                for one, table in zip(pool.parts, pool.tables, strict=True)
            ],
            "earned": text(pool.earned),
        }
        for quarter in found
        for pool in quarter.pools
    ]
    return {"members": members, "group": group, "late": late()}


def late() -> list[Row]:
    """Return what came after the close of the quarter of its day, and where it shows.

    Beside each: the quarter it belongs to, and what it adds to the year's volume.
    """
    terms = JACARANDA.agreements()[0]["programmes"][0]
    spans = {e["period"]: e for e in JACARANDA.world["events"] if e["do"] == "open"}
    known: set[str] = set()
    answer = []
    for period, at in moments("close").items():
        papers = intake(JACARANDA, at).counting
        answer += [
            {
                "period": period,
                "member": paper.member,
                "document": paper.number,
                "belongs_to": belongs,
                "amount": text(total(counting(JACARANDA, [paper], terms))),
            }
            for paper in papers
            if paper.number not in known and str(paper.day) < spans[period]["starts"]
            for belongs, span in spans.items()
            if span["starts"] <= str(paper.day) < span["ends"]
        ]
        known = {paper.number for paper in papers}
    return answer


def whole_year(found: list[Quarter]) -> Row:
    """Return the year of each programme and member, and its four instalments."""
    programmes = [
        {
            "programme": programme,
            "window": WINDOW,
            "currency": CURRENCY,
            "members": [
                _of_member([line for line in own if line.member == member])
                for member in sorted({line.member for line in own})
            ],
            **_of_all([one for one in found[-1].lines if one.programme == programme]),
            "due": [
                _sum(line.due for line in quarter.lines if line.programme == programme)
                for quarter in found
            ],
            "paid": _sum(line.payable_now for line in own),
        }
        for programme in sorted({line.programme for line in found[-1].lines})
        for own in [_lines(found, programme)]
    ]
    every = [line for quarter in found for line in quarter.lines]
    return {
        "programmes": programmes,
        "due": _sum(line.due for line in every),
        "paid": _sum(line.payable_now for line in every),
        "carried": _sum(line.carried for line in found[-1].lines),
    }


def intake_rows() -> list[Row]:
    """Return each document of each upload, its state, and whether it came late."""
    answer = []
    for event in JACARANDA.world["events"]:
        if event["do"] == "upload":
            papers = intake(JACARANDA, event["at"] + timedelta(seconds=1)).papers
            closed = _closed_until(event["at"])
            documents = [
                {
                    "file": paper.file,
                    "number": paper.number,
                    "state": paper.state,
                    "findings": ["late_invoice"] if str(paper.day) < closed else [],
                }
                for paper in papers
                if paper.upload == event["folder"]
            ]
            answer.append({"upload": event["folder"], "documents": documents})
    return answer


def _closed_until(at: datetime) -> str:
    events = [one for one in JACARANDA.world["events"] if one["at"] < at]
    closed = {one["period"] for one in events if one["do"] == "close"}
    opened = [one for one in events if one["do"] == "open"]
    return max((one["ends"] for one in opened if one["period"] in closed), default="")


def _part(one: Part) -> Row:
    return {
        "revision": one.revision,
        "payable": text(one.payable),
        "threshold": one.threshold,
        "percent": one.percent,
    }


def _lines(found: list[Quarter], programme: str) -> list[Line]:
    return [
        line
        for quarter in found
        for line in quarter.lines
        if line.programme == programme
    ]


def _of_member(own: list[Line]) -> Row:
    return {
        "member": own[-1].member,
        **_of_all(own[-1:]),
        "due": [text(line.due) for line in own],
        "sum_of_due": _sum(line.due for line in own),
        "paid": [text(line.payable_now) for line in own],
        "sum_of_paid": _sum(line.payable_now for line in own),
    }


def _of_all(last: list[Line]) -> Row:
    return {
        "volume": _sum(line.volume for line in last),
        "earned": _sum(line.earned for line in last),
        "fee": _sum(line.fee for line in last),
        "net": _sum(line.earned - line.fee for line in last),
        "carried": _sum(line.carried for line in last),
    }


def _sum(values: Iterable[Fraction]) -> str:
    return text(sum(values, ZERO))
