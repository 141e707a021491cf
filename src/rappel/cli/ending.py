"""What a story came to, and how it differs from what its author expected.

Owns the gathering of an ending from the books and its comparison with the story's
``expected`` folder: figures as numbers, everything that the story states and nothing
that it does not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import msgspec

from rappel.actions import statements
from rappel.core.access import SYSTEM
from rappel.core.money import places, plain
from rappel.core.statement_json import line_fields
from rappel.store import documents, issued, rebates, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from rappel.actions.rebates import Preview
    from rappel.cli.story import Story
    from rappel.store.base import Database
    from rappel.store.issued import Issued
    from rappel.store.rebates import PoolFigures

Row = dict[str, Any]

SORTED_BY: Final = {
    "statements": ("number",),
    "pools": ("programme",),
    "late": ("member", "programme"),
    "findings": ("code",),
}
TOLD_ELSEWHERE: Final = {"shown_in", "documents"}  # by the event, and by the PDF


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The statements, the claims, the adjustments to come, the run's findings."""

    statements: list[Row]
    pools: list[Row]
    late: list[Row]
    findings: list[Row]
    states: Mapping[str, int]


def gather(db: Database, period: str, preview: Preview) -> Ending:
    """Read the ending of a period from the books."""
    with db.reading(SYSTEM) as session:
        heads = issued.statements_of(session, SYSTEM, period)
        pools = rebates.pools_of(session, SYSTEM, period)
        run = runs.kept_run(session, period)
        states = states_of(session)
    late = [
        {"member": one.member, "currency": one.currency, **line_fields(one.line)}
        for one in preview.rebates
        if one.line.adjusts is not None
    ]
    return Ending(
        statements=[statement_row(db, head) for head in heads],
        pools=[pool_row(one) for one in pools],
        late=late,
        findings=run.findings,
        states=states,
    )


def statement_row(db: Database, head: Issued) -> Row:
    """Write a statement as ``statements.json`` has it."""
    _, statement = statements.statement_of(db, SYSTEM, head.number)
    return {
        "number": head.number,
        "member": head.member,
        "period": head.period,
        "currency": head.currency,
        "total": plain(head.total, places(head.currency)),
        "sha256": head.sha256,
        "lines": [line_fields(line) for line in statement.lines],
    }


def pool_row(one: PoolFigures) -> Row:
    """Write a programme's window as a whole."""
    return {
        "programme": one.programme,
        "currency": one.currency,
        "measure": plain(one.measure),
        "contributors": one.contributors,
        "inbound": plain(one.inbound),
        "outbound": plain(one.outbound),
        "fee": plain(one.fee),
        "difference": plain(one.difference),
    }


def states_of(session: Session) -> dict[str, int]:
    """Count the documents in each state."""
    count: Counter[str] = Counter()
    cursor: str | None = None
    while True:
        found = documents.list_documents(session, SYSTEM, cursor=cursor, limit=500)
        count.update(one.state for one in found.items)
        cursor = found.next_cursor
        if cursor is None:
            return dict(count)


def differences(story: Story, ending: Ending) -> Iterator[str]:
    """Name every figure that is not the story's."""
    for name, keys in SORTED_BY.items():
        expected = msgspec.json.decode(story.read(f"expected/{name}.json"))
        found = msgspec.to_builtins(getattr(ending, name))
        wanted, got = (
            sorted(rows, key=lambda row: [str(row.get(key)) for key in keys])
            for rows in (expected, found)
        )
        yield from different(name, wanted, got)


def different(place: str, wanted: Any, got: Any) -> Iterator[str]:
    """Compare what is stated; what is not stated may be anything."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name in wanted.keys() - TOLD_ELSEWHERE:
            yield from different(f"{place}.{name}", wanted[name], got.get(name))
    elif isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            yield f"{place}: {len(got)} instead of {len(wanted)}"
        for number, (one, other) in enumerate(zip(wanted, got, strict=False)):
            yield from different(f"{place}[{number}]", one, other)
    elif not same(wanted, got):
        yield f"{place}: {got} instead of {wanted}"


def same(wanted: Any, got: Any) -> bool:
    """Compare two texts: as numbers when both are."""
    try:
        return Decimal(str(wanted)) == Decimal(str(got))
    except InvalidOperation:
        return bool(wanted == got)
