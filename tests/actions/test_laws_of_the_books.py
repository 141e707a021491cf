"""Laws of closed books: random purchases under several agreements and currencies."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

from books import GROUP, MEMBERS, NOW, Q1, RETROACTIVE, SUPPLIERS, consortium, posted
from rappel.actions import periods
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.store import rebates
from rappel.store.base import Database, connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from books import Books
    from rappel.store.embedded import Server

DOLLARS = """
code = "boreal-usd"
supplier = "boreal"
currency = "USD"

[[programmes]]
code = "boreal-dolares"
pool = "group"
fx = "fixed"
fx_rate = "0.054321"
fee_percent = "7.25"
allocation = "equal"
tiers = [
    { up_to = "5000", percent = "1.5" },
    { from = "5000", percent = "2.25", plus = "35" },
]
"""
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 12))]


def purchases(seed: int, *, many: int = 25) -> list[str]:
    """Return random purchases of the first quarter, some of them credit notes."""
    random = Random(seed)
    found = []
    for _ in range(many):
        day = Q1[0] + timedelta(days=random.randrange((Q1[1] - Q1[0]).days))
        net = Decimal(random.randrange(6_000_000)).scaleb(-2)
        kind = random.choice(["", "", "", " credit_note", " USD@18.5", " out=freight"])
        if " USD" in kind:
            net /= 20
        found.append(
            f"{random.choice([*MEMBERS])} {random.choice(SUPPLIERS)} {day} CAM-1 "
            f"{random.randrange(30)} {net:.2f}{kind}"
        )
    return found


@pytest.fixture
def twin(cluster: Server, template: str, tmp_path: Path) -> Iterator[Database]:
    """A second database beside this test's own."""
    name = "test_twin"
    cluster.create_database(name, template=template)
    other = connect(cluster.url(database=name), cache=tmp_path / "twin")
    yield other
    other.dispose()
    cluster.drop_database(name)


def closed(db: Database, uploads: Sequence[Sequence[str]]) -> Books:
    """Return books whose first quarter is closed over these uploads."""
    made = consortium(db, RETROACTIVE, GROUP, DOLLARS)
    for lines in uploads:
        made.buy(*lines)
    periods.close(db, made.admin, "2026-Q1", now=NOW)
    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_uploads_and_of_their_lines_changes_nothing(
    db: Database, twin: Database, seed: int
) -> None:
    lines = purchases(seed)
    mixed = Random(seed).sample(lines, len(lines))
    one = closed(db, [lines])
    other = closed(twin, [mixed[:5], mixed[5:6], mixed[6:]])
    assert posted(one) == posted(other) != []
    with db.reading(SYSTEM) as session, twin.reading(SYSTEM) as again:
        for read in (rebates.pools_of, rebates.volumes_of):
            assert read(session, SYSTEM, "2026-Q1") == read(again, SYSTEM, "2026-Q1")


@pytest.mark.parametrize("seed", SEEDS)
def test_debits_equal_credits_in_each_currency(db: Database, seed: int) -> None:
    """Suppliers owe what members are owed and what the consortium keeps."""
    closed(db, [purchases(seed)])
    debits: dict[str, Decimal] = defaultdict(Decimal)
    credits_: dict[str, Decimal] = defaultdict(Decimal)
    with db.reading(SYSTEM) as session:
        for pool in rebates.pools_of(session, SYSTEM, "2026-Q1"):
            debits[pool.currency] += pool.inbound
            credits_[pool.currency] += pool.difference
        for one in rebates.rebates_of(session, SYSTEM, "2026-Q1"):
            assert one.line.due == one.line.payable_now + one.line.carried
            credits_[one.currency] += one.line.due + one.line.holdback
    assert debits == credits_
    assert set(debits) == {"MXN", "USD"}
    assert verify(db) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_s_snapshot_gives_the_same_rows_whatever_comes_in_later(
    db: Database, seed: int
) -> None:
    made = closed(db, [purchases(seed)])
    before = posted(made)
    first, *_ = made.buy(*purchases(seed + 100, many=5))
    made.event(first, "withdrawn")
    assert posted(made) == before
    assert verify(db) == (), "also the replay of the run from its own snapshot"
