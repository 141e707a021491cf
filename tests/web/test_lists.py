"""Long lists: a page at a time, by a cursor that was given here and nowhere else."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from litestar.testing import TestClient

from rappel.actions import rates
from rappel.core.access import SYSTEM
from rappel.core.money import exact
from rappel.web import people
from rappel.web.app import create_app
from web.calling import Api, problem
from web.consortium import NOW, TERMS, A, B, Consortium, S

if TYPE_CHECKING:
    from rappel.store.base import Database

PAGED = (
    "members",
    "suppliers",
    "people",
    "keys",
    "agreements",
    f"suppliers/{S}/catalogue",
    "rates",
    "uploads",
    "documents",
    "invoices",
    "rebates",
    "statements",
    "accruals/taken",
)


def pages(api: Api, path: str, limit: int) -> list[list[Any]]:
    """Follow a list to its end."""
    found, cursor = [], None
    while True:
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        said = api.get("administrator", f"/v1/{path}", params=query).json()
        found.append(said["data"])
        cursor = said["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("path", PAGED)
def test_pages_of_one_hold_what_one_page_holds(reading: Api, path: str) -> None:
    (whole,) = pages(reading, path, 500)
    one_by_one = pages(reading, path, 1)
    assert whole
    assert [row for each in one_by_one for row in each] == whole
    assert all(len(each) == 1 for each in one_by_one)


@pytest.mark.parametrize("path", PAGED)
@pytest.mark.parametrize(
    ("limit", "status"), [(0, 422), (1, 200), (500, 200), (501, 422), (-1, 422)]
)
def test_a_page_has_from_1_to_500_rows(
    reading: Api, path: str, limit: int, status: int
) -> None:
    answer = reading.get("administrator", f"/v1/{path}?limit={limit}")
    assert answer.status_code == status
    if status == 422:
        assert problem(answer, 422)["errors"][0]["field"] == "limit"


def test_a_cursor_that_was_changed_or_is_another_lists_is_refused(
    reading: Api,
) -> None:
    said = reading.get("administrator", "/v1/members?limit=1").json()
    cursor = said["next_cursor"]
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for path, wrong in (
        ("members", changed),
        ("members", "é"),
        ("members", ""),
        ("members", "AAAA"),
        ("suppliers", cursor),
        ("people", cursor),
    ):
        answer = reading.get("administrator", f"/v1/{path}", params={"cursor": wrong})
        assert problem(answer, 422)["code"] == "bad_cursor", (path, wrong)


def test_a_cursor_of_all_gives_a_member_its_own_alone(
    reading: Api, standing: Consortium
) -> None:
    del standing
    said = reading.get("administrator", "/v1/invoices?limit=1").json()
    followed = reading.get(A, f"/v1/invoices?cursor={said['next_cursor']}").json()
    assert {one["member"] for one in followed["data"]} <= {A}


def test_lists_are_narrowed_by_what_is_asked(reading: Api) -> None:
    for path, name, value in (
        ("invoices", "member", A),
        ("invoices", "supplier", S),
        ("invoices", "kind", "invoice"),
        ("rebates", "member", B),
        ("rebates", "programme", f"{S}-volumen"),
        ("statements", "member", A),
        ("documents", "state", "held"),
    ):
        rows = reading.get("administrator", f"/v1/{path}?{name}={value}").json()["data"]
        assert rows
        assert {row[name] for row in rows} == {value}
    none = reading.get("administrator", "/v1/invoices?period=2030-Q1").json()
    assert none == {"data": [], "next_cursor": None}


def test_the_newest_word_on_a_rate_and_a_code_is_the_one_that_is_listed(
    fresh: Api,
) -> None:
    rate = {"from": "USD", "to": "MXN", "date": "2026-02-11", "source": "Banxico"}
    for value in ("18.600000", "18.7"):
        body = {"rates": [{**rate, "rate": value}]}
        assert fresh.post("administrator", "/v1/rates", json=body).json() == {
            "added": 1
        }
    (listed,) = fresh.get("administrator", "/v1/rates?from=USD&to=MXN").json()["data"]
    assert (listed["rate"], listed["source"]) == ("18.7", "Banxico")
    assert fresh.get("administrator", "/v1/rates?from=EUR").json()["data"] == []

    path = f"/v1/suppliers/{S}/catalogue"
    body = {"items": [{"code": "CAM-1", "category": "video"}]}
    assert fresh.post("administrator", path, json=body).json() == {"added": 1}
    assert fresh.post("administrator", path, json=body).json() == {"added": 0}
    (item,) = fresh.get("administrator", path).json()["data"]
    assert (item["category"], item["unit"]) == ("video", None)
    problem(fresh.get("administrator", "/v1/suppliers/nobody/catalogue"), 404)


def test_no_more_requests_are_at_work_than_there_are_threads(
    db: Database, here: Consortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, at_work, most = threading.Lock(), 0, 0
    listed = people.people.list_people

    def slowly(*given: Any, **more: Any) -> Any:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.05)
        with lock:
            at_work -= 1
        return listed(*given, **more)

    monkeypatch.setattr(people.people, "list_people", slowly)
    app = create_app(db, threads=3, now=lambda: NOW)
    with TestClient(app) as client, ThreadPoolExecutor(12) as threads:
        api = Api(client, here.keys)
        sent = [threads.submit(api.get, A, "/v1/people") for _ in range(24)]
        assert {one.result().status_code for one in sent} == {200}
    assert 1 < most <= 3


def test_rates_are_recorded_exactly(fresh: Api, db: Database) -> None:
    given = rates.Rate(
        from_currency="EUR",
        to_currency="MXN",
        rate_date=NOW.date(),
        rate=exact("20.123456"),
        source="BCE",
    )
    rates.record(db, SYSTEM, [given], now=NOW)
    (listed,) = fresh.get("administrator", "/v1/rates?from=EUR").json()["data"]
    assert listed["rate"] == "20.123456"


def test_an_amount_is_explained_as_text_to_who_asks_for_text(
    reading: Api, standing: Consortium
) -> None:
    path = f"/v1/rebates/{standing.rebate}/explain"
    told = {
        language: reading.get(
            A, path, headers={"Accept": "text/plain", "Accept-Language": language}
        )
        for language in ("en", "es")
    }
    assert told["es"].headers["content-type"] == "text/plain; charset=utf-8"
    assert told["en"].text != told["es"].text
    assert all("150000" in one.text for one in told.values())


def test_an_agreement_comes_back_as_it_was_signed(reading: Api) -> None:
    answer = reading.get("administrator", f"/v1/agreements/{S}-2026/document")
    assert answer.headers["content-type"] == "application/toml; charset=utf-8"
    assert answer.text == TERMS.format(supplier=S)
    missing = reading.get(
        "administrator", f"/v1/agreements/{S}-2026/document?revision=2"
    )
    problem(missing, 404)
