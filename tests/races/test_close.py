"""Several at once, on real connections: one closes, one issues, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from books import consortium
from printing import printed
from purchases import cfdi
from rappel.actions import periods, statements
from rappel.actions.invoices import receive
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.errors import RappelError, Refused
from rappel.store import issued, ranges
from rappel.store.base import Database, connect
from rappel.store.periods import PeriodRow
from world import TAX_IDS, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rappel.core.access import Viewer

NOW = datetime(2026, 4, 10, 12, 0, tzinfo=UTC)
ROUNDS = [
    pytest.param(6, id="6 rounds"),
    pytest.param(50, id="50 rounds", marks=pytest.mark.full),
]


@pytest.fixture
def wide(owner_url: str, tmp_path: Path) -> Iterator[Database]:
    """The books with connections enough for all who race."""
    db = connect(owner_url, cache=tmp_path / "cache", pool_size=20)
    yield db
    db.dispose()


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Let all begin together; answer what each returned, or the refusal it met."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait()
        try:
            return call()
        except RappelError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


MONTHLY = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
[[programmes]]
code = "andes-mensual"
accumulate = "month"
settle = "month"
tiers = [{ from = "0", percent = "2" }]
"""


def month(number: int) -> date:
    """Return the first day of a month after the first quarter."""
    return date(2026 + (number + 3) // 12, (number + 3) % 12 + 1, 1)


def open_month(db: Database, number: int) -> tuple[str, date]:
    """Open a period for the round; answer its code and first day."""
    code, starts = f"month-{number}", month(number)
    with db.writing(SYSTEM) as session:
        row = PeriodRow(code=code, starts=starts, ends=month(number + 1), state="open")
        session.add(row)
    return code, starts


def closing(db: Database, viewer: Viewer, code: str) -> Callable[[], object]:
    return lambda: periods.close(db, viewer, code, now=NOW, early=True)


def issuing(db: Database, viewer: Viewer, code: str) -> Callable[[], object]:
    return lambda: statements.issue(db, viewer, code, now=NOW, render=printed)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_two_who_close_one_does_and_the_other_is_told(
    wide: Database, rounds: int
) -> None:
    books = consortium(wide, MONTHLY)
    periods.close(wide, books.admin, "2026-Q1", now=NOW, early=True)
    for number in range(rounds):
        code, starts = open_month(wide, number)
        books.buy(f"norte andes {starts} CAM-1 1 100.00")
        told = at_once([closing(wide, books.admin, code)] * 2)
        refusals = [one for one in told if isinstance(one, Refused)]
        assert [one.code for one in refusals] == ["already_closed"], told
        assert "by Ada" in refusals[0].detail
    with wide.reading(SYSTEM) as session:
        runs = session.scalar(sa.text("select count(*) from run"))
    assert runs == rounds + 1
    assert verify(wide) == ()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_upload_during_a_close_is_in_its_run_or_late_never_neither(
    wide: Database, rounds: int
) -> None:
    world = small_world(wide, NOW)
    periods.close(wide, world.administrator, "2026-Q1", now=NOW, early=True)
    late = 0
    for number in range(rounds):
        code, starts = open_month(wide, number)
        file = cfdi(
            f"F{number}",
            issuer=TAX_IDS["andes"],
            receiver=TAX_IDS["norte"],
            on=starts.isoformat(),
        )
        send = partial(receive, wide, world.norte, [file], now=NOW)
        told = at_once([closing(wide, world.administrator, code), send])
        assert not [one for one in told if isinstance(one, RappelError)], told
        with wide.reading(SYSTEM) as session:
            row, is_late = session.execute(
                sa.text("select id, late_for is not null from invoice order by id desc")
            ).first() or (0, False)
            pinned = session.scalar(
                sa.text(
                    "select r.snapshot ->> 'invoices' from run r join period p"
                    " on p.run_id = r.id where p.code = :code"
                ),
                {"code": code},
            )
        assert (row in ranges.ids_of(pinned or "{}")) is not is_late
        late += is_late
    assert verify(wide) == ()
    open_month(wide, rounds)
    summary = periods.close(
        wide, world.administrator, f"month-{rounds}", now=NOW, early=True
    )
    assert summary.rebates >= 0
    assert verify(wide) == ()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_who_issue_are_answered_the_same_statements(
    wide: Database, rounds: int
) -> None:
    books = consortium(wide, MONTHLY)
    periods.close(wide, books.admin, "2026-Q1", now=NOW, early=True)
    for number in range(rounds):
        code, starts = open_month(wide, number)
        books.buy(
            f"norte andes {starts} CAM-1 1 100.00", f"sur andes {starts} CAM-1 1 1.00"
        )
        periods.close(wide, books.admin, code, now=NOW, early=True)
        first, second = at_once([issuing(wide, books.admin, code)] * 2)
        assert first == second
        assert [one.number for one in first] == [  # type: ignore[attr-defined]  issued
            f"MX-2026-{2 * number + 1:04d}",
            f"MX-2026-{2 * number + 2:04d}",
        ]
    assert verify(wide) == ()


def test_four_periods_issued_at_once_share_one_series_without_a_gap(
    wide: Database,
) -> None:
    books = consortium(wide, MONTHLY)
    periods.close(wide, books.admin, "2026-Q1", now=NOW, early=True)
    codes = []
    for number in range(4):
        code, starts = open_month(wide, number)
        books.buy(f"norte andes {starts} CAM-1 1 100.00")
        periods.close(wide, books.admin, code, now=NOW, early=True)
        codes.append(code)

    told = at_once([issuing(wide, books.admin, code) for code in codes])
    numbers = sorted(one.number for rows in told for one in rows)  # type: ignore[attr-defined]  issued
    assert numbers == [f"MX-2026-{number:04d}" for number in range(1, 5)]
    assert verify(wide) == ()


class Undone(RappelError):
    """A transaction that took numbers and is rolled back."""


@pytest.mark.parametrize("rounds", ROUNDS)
def test_sixteen_who_take_numbers_leave_no_gap_though_some_give_up(
    wide: Database, rounds: int
) -> None:
    def take(place: int) -> Callable[[], object]:
        def taking() -> int:
            with wide.writing(SYSTEM) as session:
                last = issued.take_numbers(session, "MX-2026", 1)
                if place % 4 == 0:
                    raise Undone("given up")
                return last

        return taking

    taken: list[int] = []
    for _ in range(rounds):
        told = at_once([take(place) for place in range(16)])
        taken += [one for one in told if isinstance(one, int)]
    assert sorted(taken) == list(range(1, 12 * rounds + 1))
