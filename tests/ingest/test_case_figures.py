"""Figures of a case that cannot be are refused; what counts nowhere is said."""

from __future__ import annotations

from typing import Any

import pytest

from rappel.actions.simulations import simulate
from rappel.errors import Malformed


def case(**changes: Any) -> dict[str, Any]:
    """Return a case of one purchase, with changes to its parts."""
    purchase = {
        "member": "norte",
        "supplier": "andes",
        "date": "2026-02-11",
        "amount": "1000",
    }
    return {
        "currency": "MXN",
        "period": {"start": "2026-01-01", "end": "2026-04-01"},
        "members": [{"code": "norte"}],
        "programmes": [
            {"code": "p", "supplier": "andes", "tiers": [{"from": "0", "percent": "1"}]}
            | changes.pop("programme", {})
        ],
        "purchases": [purchase | changes.pop("purchase", {})],
        **changes,
    }


def refused(given: dict[str, Any]) -> dict[str | None, str]:
    """Return the code of each fault by its path."""
    with pytest.raises(Malformed) as caught:
        simulate(given)
    return {fault.field: fault.code for fault in caught.value.faults}


PIECES = {
    "measure": "quantity",
    "payable": "quantity",
    "tiers": [{"from": "0", "per_unit": "1"}],
}


def test_a_programme_that_counts_pieces_is_not_computed_without_their_number() -> None:
    answer = simulate(case(programme=PIECES))
    assert answer["rebates"] == []
    assert [one["code"] for one in answer["findings"]] == ["no_quantity"]
    counted = case(programme=PIECES, purchase={"quantity": "3"})
    assert simulate(counted)["rebates"][0]["earned"] == "3.00"


@pytest.mark.parametrize("rate", ["0", "0.000000"])
def test_a_rate_of_zero_is_no_rate(rate: str) -> None:
    foreign = {"currency": "USD", "rate": rate}
    assert refused(case(purchase=foreign)) == {"purchases[0].rate": "zero_rate"}
    given = {"from": "USD", "to": "MXN", "date": "2026-02-11", "rate": rate}
    assert refused(case(rates=[given])) == {"rates[0].rate": "zero_rate"}


def test_a_settled_amount_has_whole_cents() -> None:
    settled = {"programme": "p", "member": "norte", "amount": "0.005"}
    assert refused(case(settled=[settled])) == {"settled[0].amount": "no_such_cent"}
    whole = simulate(case(settled=[settled | {"amount": "0.05"}]))
    assert whole["rebates"][0]["due"] == "9.95"


def test_a_supplier_that_no_programme_names_is_said() -> None:
    (finding,) = simulate(case(purchase={"supplier": "andse"}))["findings"]
    assert (finding["code"], finding["row"]) == ("uncounted_supplier", 1)
    assert simulate(case())["findings"] == []
    everybody = case(programme={"supplier": "*"}, purchase={"supplier": "any"})
    assert simulate(everybody)["findings"] == []
