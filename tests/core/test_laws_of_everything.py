"""Laws that hold of everything that is computed, over random cases of all of it.

Beside them: more never earns less (:mod:`core.test_laws_of_more`), marginal tiers do
not jump at their thresholds (:mod:`core.test_laws`, :mod:`core.test_laws_measured`),
and the engine equals a naive one (:mod:`core.test_naive`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.cases import (
    Row,
    case_of,
    earned_of,
    figures,
    is_bought,
    key_of,
    net,
    parted,
    settled,
    shuffled,
    with_purchases,
    with_terms,
)
from rappel.actions.simulations import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.cases import Key

TESTS = Path(__file__).parents[1]
BYTES = """
import json
from core.cases import case_of
from rappel.actions.simulations import simulate
print(json.dumps([simulate(case_of(seed)) for seed in range(4)]))
"""


def order_is_nothing(seed: int) -> None:
    case = case_of(seed)
    facts = ("purchases", "rates", "baselines", "settled")
    other = case | {name: shuffled(case[name], seed) for name in facts}
    other["members"] = shuffled(case["members"], seed)
    one, same = simulate(case), simulate(other)
    for answer in (one, same):
        answer["rebates"].sort(key=lambda row: (*key_of(row), row["leg"]))
        for finding in answer["findings"]:
            del finding["row"]  # its place among the purchases
        answer["findings"].sort(key=str)
    assert one == same


def pairs_are_nothing(seed: int) -> None:
    def kept(one: Row) -> Row:
        returns = one.get("returns", "document_date")
        policy = returns.replace("excluded", "document_date")
        return {**one, "returns": policy}

    case = with_terms(case_of(seed), kept)
    bought = [one for one in case["purchases"] if is_bought(one)]
    assume(bought)
    again = Random(seed).choice(bought)
    note = {
        **again,
        "kind": "credit_note",
        "original": {"document": "D-1", "date": again["date"]},
    }
    more = with_purchases(case, [*case["purchases"], again, note])
    assert figures(simulate(more)) == figures(simulate(case))


def splitting_is_nothing(seed: int) -> None:
    case, random = case_of(seed), Random(seed)
    assume(case["purchases"])
    place = random.randrange(len(case["purchases"]))
    before, one, after = (
        case["purchases"][:place],
        case["purchases"][place],
        case["purchases"][place + 1 :],
    )
    split = with_purchases(case, [*before, *parted(one, random), *after])
    assert figures(simulate(split)) == figures(simulate(case))


def debits_are_credits(seed: int) -> None:
    """What a supplier owes is what members are owed and what the group keeps."""
    answer = simulate(case_of(seed))
    members = earned_of(answer)
    kept: dict[str, Decimal] = defaultdict(Decimal)
    legs: dict[str, Decimal] = defaultdict(Decimal)
    for row in answer["rebates"]:
        if row["leg"] == "outbound":
            kept[row["programme"]] += Decimal(row["fee"])
    for pool in answer["pools"]:
        inbound, outbound, fee, difference = (
            Decimal(pool[name]) for name in ("inbound", "outbound", "fee", "difference")
        )
        assert inbound - outbound == difference
        legs[pool["programme"]] += outbound + fee
        kept[pool["programme"]] -= fee
    for code, paid in members.items():
        assert legs[code] == paid
        assert kept[code] == 0


def nothing_due_is_lost(seed: int) -> None:
    case = case_of(seed)
    answer = simulate(case)
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in answer["rebates"]:
        due, before, now, carried = (
            Decimal(row[name])
            for name in ("due", "settled_before", "payable_now", "carried")
        )
        assert due == net(row) - before
        assert now + carried == due
        paid[row["programme"], row["member"]] += now
    assert all(amount >= 0 for amount in paid.values())
    posted = {key_of(row): net(row) for row in answer["rebates"]}
    again = simulate(case | {"settled": settled(posted)})
    assert {Decimal(row["due"]) for row in again["rebates"]} <= {Decimal(0)}
    assert earned_of(again) == earned_of(answer)


QUARTERS = ("2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01", "2027-01-01")


def instalments_are_the_whole(seed: int) -> None:
    """Settle a year quarter by quarter, documents coming late, and all at once."""
    random = Random(seed)

    def yearly(one: Row) -> Row:
        return {**one, "accumulate": "year", "year_starts": "01-01"}

    case = with_terms(case_of(seed), yearly) | {"settled": []}
    known = [
        max(row["date"], random.choice(["", *QUARTERS[1:-1]]))
        for row in case["purchases"]
    ]
    posted: dict[Key, Decimal] = defaultdict(Decimal)
    for start, end in pairwise(QUARTERS):
        rows = [
            row for row, day in zip(case["purchases"], known, strict=True) if day < end
        ]
        quarter = {"period": {"start": start, "end": end}}
        now = with_purchases(case, rows) | quarter | {"settled": settled(posted)}
        for row in simulate(now)["rebates"]:
            posted[key_of(row)] += Decimal(row["due"])
    year = {"period": {"start": QUARTERS[-2], "end": QUARTERS[-1]}}
    known_in_time = [
        row
        for row, day in zip(case["purchases"], known, strict=True)
        if day < QUARTERS[-1]
    ]
    whole = simulate(with_purchases(case, known_in_time) | year)
    nets = {key_of(row): net(row) for row in whole["rebates"]}
    stopped = " ".join(finding["message"] for finding in whole["findings"])
    assert {key: sum_ for key, sum_ in nets.items() if sum_} == {
        key: sum_
        for key, sum_ in posted.items()
        if sum_ and (key in nets or key[0] not in stopped)
    }


def the_working_adds_up(seed: int) -> None:
    """Slices sum to what is earned before limits, and due follows from the steps."""
    for row in simulate(case_of(seed))["rebates"]:
        steps = [(step["step"], Decimal(step["amount"])) for step in row["working"]]
        (exact,) = (amount for name, amount in steps if name == "exact")
        assert (
            sum((Decimal(one["amount"]) for one in row["slices"]), Decimal(0)) == exact
        )
        taken = {"fee", "holdback", "settled_before"}
        less = sum((amount for name, amount in steps if name in taken), Decimal(0))
        assert Decimal(row["earned"]) + less == Decimal(row["due"])


LAWS: Final[dict[str, Callable[[int], None]]] = {
    "the order of facts changes nothing": order_is_nothing,
    "a purchase and its full credit note are nothing": pairs_are_nothing,
    "a purchase in two documents is the same": splitting_is_nothing,
    "what comes in goes out or is kept": debits_are_credits,
    "slices and steps of the working add up": the_working_adds_up,
    "nothing due is lost or paid twice": nothing_due_is_lost,
    "instalments of late documents are the whole": instalments_are_the_whole,
}


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**63))
def test_a_law_holds(law: str, seed: int) -> None:
    LAWS[law](seed)


@pytest.mark.full
@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**63))
def test_a_law_holds_of_many(law: str, seed: int) -> None:
    LAWS[law](seed)


def test_the_same_facts_are_the_same_bytes() -> None:
    """In two processes that hash words differently."""
    said = {
        subprocess.run(
            [sys.executable, "-c", BYTES],
            env={**os.environ, "PYTHONPATH": str(TESTS), "PYTHONHASHSEED": hashing},
            check=True,
            capture_output=True,
        ).stdout
        for hashing in ("1", "2")
    }
    assert len(said) == 1
    assert json.loads(said.pop())
