"""Laws of both legs over the instalments of a year: random purchases, told late."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

from books import GROUP, MEMBERS, RETROACTIVE, SUPPLIERS
from quarters import OWN, QUARTERS, SINCE, close, opened
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.store import rebates
from rappel.store.base import Database, connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from books import Books
    from rappel.store.embedded import Server

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 9))]
TERMS = (
    RETROACTIVE,
    GROUP.replace("tiers", 'fee_percent = "7.25"\ntiers'),
    OWN.replace("andes-", "own-").replace('from = "1000"', 'from = "90000"'),
    OWN.replace("andes-", "year-").replace("tiers", 'accumulate = "year"\ntiers', 1),
    GROUP.replace("boreal-", "both-")
    + '\n[programmes.outbound]\ntiers = [{ from = "0", percent = "0.777" }]\n',
)
Sums = dict[tuple[str, date], list[Decimal]]


def purchases(random: Random, many: int) -> list[str]:
    """Return random purchases of the first quarter, some of them credit notes."""
    found = []
    for _ in range(many):
        day = SINCE + timedelta(days=random.randrange(90))
        net = Decimal(random.randrange(6_000_000)).scaleb(-2)
        kind = random.choice(["", "", " credit_note"])
        whose = f"{random.choice([*MEMBERS])} {random.choice(SUPPLIERS)}"
        found.append(f"{whose} {day} CAM-1 {random.randrange(30)} {net:.2f}{kind}")
    return found


def added(books: Books) -> Sums:
    """Sum what periods added to both legs, the fee and the difference of a window."""
    sums: Sums = defaultdict(lambda: [Decimal()] * 4)
    with books.db.reading(SYSTEM) as session:
        for code in QUARTERS:
            for one in rebates.pools_of(session, SYSTEM, code):
                new = one.change
                legs = (new.inbound, new.outbound, new.fee, new.difference)
                key = (one.programme, one.window)
                pairs = zip(sums[key], legs, strict=True)
                sums[key] = [before + more for before, more in pairs]
    return {key: found for key, found in sums.items() if any(found)}


@pytest.fixture
def twin(cluster: Server, template: str, tmp_path: Path) -> Iterator[Database]:
    """A second database beside this test's own."""
    name = "claims_twin"
    cluster.create_database(name, template=template)
    other = connect(cluster.url(database=name), cache=tmp_path / "twin")
    yield other
    other.dispose()
    cluster.drop_database(name)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_periods_add_sums_to_the_whole_whenever_it_was_told(
    db: Database, twin: Database, seed: int
) -> None:
    random = Random(seed)
    lines = [purchases(random, 6) for _ in range(3)]
    late, at_once = opened(db, *TERMS), opened(twin, *TERMS)
    at_once.buy(*(line for some in lines for line in some))
    for quarter, some in zip(("Q1", "Q2", "Q3"), lines, strict=True):
        late.buy(*some)
        close(late, quarter)
        close(at_once, quarter)
    assert added(late) == added(at_once) != {}
    assert verify(db) == ()
    assert verify(twin) == ()
