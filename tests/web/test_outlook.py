"""The outlook, the accruals and the what-ifs as programs are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.calling import problem
from web.consortium import GROUP, TERMS, A, B, S

if TYPE_CHECKING:
    from web.calling import Api
    from web.consortium import Consortium

FIRST = "start=2026-01-01&end=2026-04-01"


def bought(amount: str, **more: str) -> str:
    given = {
        "period": "2026-Q2",
        "member": A,
        "supplier": S,
        "amount": amount,
        "currency": "MXN",
        **more,
    }
    return "/v1/what-if/purchase?" + "&".join(f"{n}={v}" for n, v in given.items())


def test_one_more_purchase_is_answered_before_and_after(
    reading: Api, standing: Consortium
) -> None:
    del standing
    (own,) = [
        one
        for one in reading.get(A, bought("100000.00")).json()["changes"]
        if one["programme"] == f"{S}-volumen"
    ]
    assert own["before"] is None
    assert own["after"]["earned"] == "2000.00"
    assert own["more"] == {"amount": "2000.00", "currency": "MXN"}


@pytest.mark.parametrize("amount", ["1e3", "-1", "0", "1.0000001", "x"])
def test_an_amount_that_is_none_is_refused(reading: Api, amount: str) -> None:
    problem(reading.get(A, bought(amount)), 422)


def test_terms_are_computed_on_a_members_own_purchases(reading: Api) -> None:
    document = TERMS.format(supplier=S).encode()
    answers = {
        who: reading.post(who, f"/v1/what-if/terms?{FIRST}", content=document).json()
        for who in ("administrator", A, B)
    }
    assert {one["member"] for one in answers["administrator"]["rebates"]} == {A}
    assert answers[A]["rebates"] == answers["administrator"]["rebates"]
    assert answers[A]["rebates"][0]["line"]["earned"] == "6000.00"
    assert answers[B]["rebates"] == []


def test_terms_that_pool_are_no_members_question(reading: Api) -> None:
    document = GROUP.format(supplier=S).encode()
    path = f"/v1/what-if/terms?{FIRST}"
    problem(reading.post(A, path, content=document), 403)
    assert reading.post("administrator", path, content=document).status_code == 200


def test_the_outlook_and_the_accruals_are_of_an_open_period(reading: Api) -> None:
    for path in ("outlook", "accruals"):
        problem(reading.get(A, f"/v1/{path}?period=2026-Q1"), 409)
        problem(reading.get(A, f"/v1/{path}?period=2026-Q9"), 404)
        answer = reading.get(A, f"/v1/{path}?period=2026-Q2&today=2026-05-01").json()
        assert (answer["period"], answer["today"]) == ("2026-Q2", "2026-05-01")
    problem(reading.get(A, "/v1/accruals?period=2026-Q2&policy=hopeful"), 422)
