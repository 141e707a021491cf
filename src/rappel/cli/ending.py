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
from rappel.cli.instalments import instalments
from rappel.core.access import SYSTEM
from rappel.core.money import places, plain
from rappel.core.statement_json import line_fields
from rappel.store import documents, issued, rebates, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from rappel.actions.rebates import Preview
    from rappel.cli.story import Story
    from rappel.core.statements import StatementLine
    from rappel.store.base import Database
    from rappel.store.issued import Issued
    from rappel.store.rebates import PoolFigures

Row = dict[str, Any]

KEYS: Final = {
    "statements": ("number",),
    "pools": ("period", "programme", "window"),
    "late": ("member", "programme"),
    "findings": ("code",),
}
TOLD_ELSEWHERE: Final = {"shown_in", "documents"}  # by the event, and by the PDF
QUARTERS: Final = ("q1", "q2", "q3", "q4")  # the statements of each period apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The statements, the claims, the adjustments to come, the runs' findings.

    ``year`` has what each window came to and its instalments, where there are several.
    """

    periods: tuple[str, ...]
    statements: list[Row]
    pools: list[Row]
    late: list[Row]
    findings: list[Row]
    states: Mapping[str, int]
    year: Row

    def expected(self, name: str) -> Any:
        """Return what the file ``name`` of a story's ``expected`` folder is about.

        None where it is not about the ending.
        """
        if name in QUARTERS:
            period = self.periods[QUARTERS.index(name)]
            return [one for one in self.statements if one["period"] == period]
        return getattr(self, name, None)


def gather(db: Database, story: Story, preview: Preview) -> Ending:
    """Read the ending of a story's periods from the books."""
    heads: list[Issued] = []
    pools: list[PoolFigures] = []
    findings: list[Row] = []
    with db.reading(SYSTEM) as session:
        for period in story.periods:
            heads += issued.statements_of(session, SYSTEM, period)
            pools += rebates.pools_of(session, SYSTEM, period)
            findings += runs.kept_run(session, period).findings
        states = states_of(session)
    rows = [statement_row(db, head) for head in heads]
    late = [
        {"member": one.member, "currency": one.currency, **line_fields(one.line)}
        for one in preview.rebates
        if one.line.adjusts is not None
    ]
    several = len(story.periods) > 1
    return Ending(
        periods=story.periods,
        statements=rows,
        pools=[pool_row(one) for one in pools],
        late=late,
        findings=findings,
        states=states,
        year=instalments(rows, story.periods) if several else {},
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
        "lines": [line_row(line) for line in statement.lines],
    }


def line_row(line: StatementLine) -> Row:
    """Write a line, and beside it what was brought forward to it."""
    brought = line.payable_now + line.carried - line.due
    return line_fields(line) | {"brought_forward": plain(brought)}


def pool_row(one: PoolFigures) -> Row:
    """Write a programme's window as a whole."""
    return {
        "period": one.period,
        "programme": one.programme,
        "window": one.window.isoformat(),
        "currency": one.currency,
        "measure": plain(one.measure),
        "contributors": one.contributors,
        "inbound": plain(one.inbound),
        "outbound": plain(one.outbound),
        "fee": plain(one.fee),
        "difference": plain(one.difference),
        "adjusts": one.adjusts,
        "change": {
            "inbound": plain(one.change.inbound),
            "outbound": plain(one.change.outbound),
            "fee": plain(one.change.fee),
            "difference": plain(one.change.difference),
        },
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
    """Name every figure that is not the story's, file by file of what it expects."""
    for file in sorted((story.folder / "expected").glob("*.json")):
        name = file.stem
        found = msgspec.to_builtins(ending.expected(name))
        if found is None:
            continue
        wanted = msgspec.json.decode(file.read_bytes())
        keys = KEYS.get(name, KEYS["statements"])
        yield from different(name, in_order(wanted, keys), in_order(found, keys))


def in_order(rows: Any, keys: Sequence[str]) -> Any:
    """Return rows sorted by what names them; what is no list is as it is."""
    if not isinstance(rows, list):
        return rows
    return sorted(rows, key=lambda row: [str(row.get(key)) for key in keys])


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
