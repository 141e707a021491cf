"""What the story expects, computed again with fractions from the files as sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from stories import by_hand
from stories.by_hand import Row, text
from stories.reading_by_hand import Intake, Paper, intake
from stories.story import Story, ceiba

if TYPE_CHECKING:
    from collections.abc import Iterable

STORY: Final = ceiba()
AFTERWARDS: Final = datetime(2026, 12, 1, tzinfo=UTC)


def moment(story: Story, what: str) -> datetime:
    (found,) = (event["at"] for event in story.world["events"] if event["do"] == what)
    assert isinstance(found, datetime)
    return found


def closed() -> Intake:
    return intake(STORY, moment(STORY, "close"))


def closed_rows() -> list[Row]:
    return by_hand.rows(STORY, closed().counting)


def figures(row: Row) -> dict[str, Any]:
    return {
        "programme": row.programme,
        "volume": text(row.volume),
        "threshold": row.threshold,
        "value": {"percent": row.percent},
        "earned": text(row.earned),
        "fee": text(row.fee),
        "due": text(row.due),
    }


def total(values: Iterable[Fraction]) -> str:
    return text(sum(values, Fraction(0)))


def test_every_statement_is_what_the_files_come_to() -> None:
    rows = closed_rows()
    numbers = by_hand.numbers(STORY, rows)
    computed = [
        {
            "number": number,
            "member": member,
            "period": "2026-Q1",
            "currency": currency,
            "total": total(row.due for row in own),
            "lines": [figures(row) for row in own],
        }
        for (member, currency), number in numbers.items()
        for own in [[r for r in rows if (r.member, r.currency) == (member, currency)]]
    ]
    assert computed == STORY.expected("statements")


def test_every_pool_is_the_sum_of_its_members() -> None:
    rows = closed_rows()
    computed = [
        {
            "programme": programme.terms["code"],
            "currency": programme.currency,
            "measure": total(row.volume for row in own),
            "contributors": len(own),
            "inbound": total(row.earned for row in own),
            "outbound": total(row.due for row in own),
            "fee": total(row.fee for row in own),
            "difference": total(row.earned - row.due for row in own),
        }
        for programme in by_hand.programmes(STORY)
        for own in [[row for row in rows if row.programme == programme.terms["code"]]]
    ]
    assert computed == STORY.expected("pools")


def test_the_parts_of_the_group_sum_to_its_rounded_rebate() -> None:
    (group,) = (
        one for one in by_hand.programmes(STORY) if one.terms["pool"] == "group"
    )
    own = [row for row in closed_rows() if row.programme == group.terms["code"]]
    whole = by_hand.cents(group.earned(sum((r.volume for r in own), Fraction(0))))
    assert whole == sum(row.earned for row in own) == Fraction("13939.79")


def test_the_finding_of_the_run_is_the_code_without_a_category() -> None:
    found = by_hand.unmapped(STORY, closed().counting)
    computed = [
        {
            "code": "unmapped_code",
            "params": {
                "supplier": supplier,
                "code": code,
                "currency": "MXN",
                "amount": total(nets),
                "lines": str(len(nets)),
            },
        }
        for (supplier, code), nets in found.items()
    ]
    assert computed == STORY.expected("findings")


def test_the_late_invoice_moves_one_rebate_of_the_closed_quarter() -> None:
    before = {(row.programme, row.member): row for row in closed_rows()}
    after = by_hand.rows(STORY, intake(STORY, AFTERWARDS).counting)
    moved = [row for row in after if row != before[row.programme, row.member]]
    computed = [
        {
            "adjusts": "2026-Q1",
            "shown_in": "2026-Q2",
            "member": row.member,
            "currency": row.currency,
            **figures(row),
            "settled_before": text(settled),
            "due": text(row.due - settled),
            "documents": ["AV20596"],
        }
        for row in moved
        for settled in [before[row.programme, row.member].due]
    ]
    assert computed == STORY.expected("late")
    assert len(after) == len(before)


def test_every_document_becomes_what_the_story_says() -> None:
    at_the_close = closed()
    computed = [
        {
            "upload": event["folder"],
            "documents": [
                _answer(paper, at_the_close, event["at"])
                for paper in intake(STORY, event["at"] + timedelta(seconds=1)).papers
                if paper.upload == event["folder"]
            ],
        }
        for event in STORY.world["events"]
        if event["do"] == "upload"
    ]
    assert computed == STORY.expected("intake")


def _answer(paper: Paper, later: Intake, at: datetime) -> dict[str, Any]:
    reasons = sorted({why for item in paper.items if (why := by_hand.reason(item))})
    late = ["late_invoice"] if at > moment(STORY, "close") else []
    answer = {
        "file": paper.file,
        "number": paper.number or None,
        "state": paper.state,
        "findings": [*([paper.why] if paper.why else []), *reasons, *late],
    }
    place = (paper.upload, paper.file, paper.number)
    states = [
        one.state
        for one in later.papers
        if (one.upload, one.file, one.number) == place and one.state != paper.state
    ]
    if paper.number in later.replaced:
        states = ["replaced"]
    return answer | ({"then": states[0]} if states else {})


def test_at_the_close_72_of_77_documents_are_accepted() -> None:
    states = [paper.state for paper in closed().papers]
    counted = {state: states.count(state) for state in dict.fromkeys(states)}
    assert counted == {"accepted": 72, "held": 3, "refused": 1, "known": 1}
