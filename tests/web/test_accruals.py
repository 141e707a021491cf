"""Accruals over the API: taken once, listed, and shown with their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.calling import problem
from web.consortium import A, B, S, T

if TYPE_CHECKING:
    from web.calling import Api
    from web.consortium import Consortium

GIVEN = {"period": "2026-Q2", "policy": "projected", "today": "2026-04-09"}
ADMIN = "administrator"
ZERO = {"amount": "0.00", "currency": "MXN"}


def pesos(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "MXN"}


def test_an_accrual_is_shown_by_programme_and_supplier_and_by_member(
    reading: Api, standing: Consortium
) -> None:
    path = f"/v1/accruals/taken/{standing.accrual}"
    shown = reading.get(ADMIN, path).json()
    assert (shown["period"], shown["today"], shown["policy"]) == (
        "2026-Q1",
        "2026-03-31",
        "reached",
    )
    (mine,) = [one for one in shown["totals"] if one["programme"] == f"{S}-volumen"]
    assert (mine["supplier"], mine["members"]) == (S, 1)
    assert (mine["earlier"], mine["change"]) == (ZERO, pesos("6000.00"))
    lines = reading.get(ADMIN, f"{path}/lines").json()["data"]
    told = [
        (one["member"], one["change"])
        for one in lines
        if one["programme"] == mine["programme"]
    ]
    assert told == [(A, pesos("6000.00"))]
    (first,) = reading.get(ADMIN, f"{path}/lines?limit=1").json()["data"]
    assert first == lines[0]


def test_taking_states_the_difference_and_the_same_again_takes_nothing(
    api: Api,
) -> None:
    said = api.post(ADMIN, "/v1/accruals", json=GIVEN)
    assert said.status_code == 201
    taken = said.json()
    changes = {one["programme"]: one["change"] for one in taken["totals"]}
    assert changes[f"{S}-volumen"] == pesos("-6000.00")
    assert api.post(ADMIN, "/v1/accruals", json=GIVEN).json() == taken
    listed = api.get(ADMIN, "/v1/accruals/taken?period=2026-Q2").json()["data"]
    assert [one["accrual"] for one in listed] == [taken["accrual"]]
    assert {one["supplier"] for one in taken["totals"]} == {S, T}


def test_what_cannot_be_taken_is_refused_in_the_callers_language(api: Api) -> None:
    said = problem(api.post(ADMIN, "/v1/accruals", json=GIVEN | {"policy": "x"}), 422)
    assert said["errors"][0]["field"] == "policy"
    spanish = {"Accept-Language": "es"}
    late = GIVEN | {"today": "2026-04-11"}
    answer = api.post(ADMIN, "/v1/accruals", json=late, headers=spanish)
    assert problem(answer, 422)["detail"] == "El día 2026-04-11 todavía no ha llegado."
    closed = GIVEN | {"period": "2026-Q1"}
    assert problem(api.post(ADMIN, "/v1/accruals", json=closed), 409)["code"] == (
        "already_closed"
    )
    problem(api.post(ADMIN, "/v1/accruals", json=GIVEN | {"period": "2026-Q9"}), 404)
    problem(api.get(B, "/v1/accruals/taken"), 404)
