"""One key, one effect: however often, and however many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from purchases import cfdi
from rappel.core.access import SYSTEM
from rappel.store import requests
from rappel.store.audit import AuditRow
from rappel.store.keys import IdempotencyRow
from web.calling import Api, problem
from web.consortium import TAX_IDS, A, B, S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from httpx import Response

    from rappel.store.base import Database

AT_ONCE = 16
PERSON = {"name": "Nueva", "role": "administrator"}


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def upload(name: str, member: str = A) -> list[Any]:
    file = cfdi(name, issuer=TAX_IDS[S], receiver=TAX_IDS[member], on="2026-05-04")
    return [("files", (file.name, file.content, "application/xml"))]


def hits(answers: Sequence[Response]) -> int:
    return sum(one.headers.get("idempotency-hit") == "true" for one in answers)


def audited(db: Database, verb: str) -> int:
    with db.reading(SYSTEM) as session:
        query = sa.select(sa.func.count()).where(AuditRow.verb == verb)
        return session.execute(query).scalar_one()


def test_the_same_request_again_answers_the_first_answer(
    fresh: Api, db: Database
) -> None:
    before = audited(db, "people.add")
    first, again = (
        fresh.post("administrator", "/v1/people", json=PERSON, headers=keyed("k"))
        for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (hits([first]), hits([again])) == (0, 1)
    assert audited(db, "people.add") == before + 1


def test_without_a_key_every_request_acts(fresh: Api) -> None:
    first, again = (
        fresh.post("administrator", "/v1/people", json=PERSON) for _ in range(2)
    )
    assert first.json()["person"] != again.json()["person"]


def test_white_space_and_order_do_not_make_another_request(fresh: Api) -> None:
    bodies = (
        b'{"name":"Nueva","role":"administrator"}',
        b'{ "role": "administrator", "name": "Nueva" }',
    )
    answers = [
        fresh.post("administrator", "/v1/people", content=body, headers=keyed("k"))
        for body in bodies
    ]
    assert hits(answers) == 1


CHAPTER = {"country": "PE", "name": "Perú", "currency": "PEN", "locale": "es"}


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("people.add", ("administrator", "/v1/people", {"json": PERSON})),
        ("chapters.open", ("administrator", "/v1/chapters", {"json": CHAPTER})),
        ("close_period", ("administrator", "/v1/periods/2026-Q1/close", {})),
        ("invoices.receive", (A, "/v1/uploads", {"files": upload("DIED")})),
    ],
)
def test_who_dies_before_the_answer_is_kept_has_done_nothing(
    fresh: Api,
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    asked: tuple[str, str, dict[str, Any]],
) -> None:
    who, path, given = asked
    before = audited(db, verb)

    def dies(*_: object, **__: object) -> None:
        raise SystemError

    with monkeypatch.context() as killed:
        killed.setattr(requests, "keep", dies)
        assert fresh.post(who, path, headers=keyed("k"), **given).status_code == 500
    assert audited(db, verb) == before
    answer = fresh.post(who, path, headers=keyed("k"), **given)
    again = fresh.post(who, path, headers=keyed("k"), **given)
    assert answer.status_code in {200, 201}, answer.text
    assert (again.content, hits([answer, again])) == (answer.content, 1)
    assert audited(db, verb) == before + 1


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/v1/people", {"json": {**PERSON, "name": "Otra"}}),
        ("/v1/chapters", {"json": PERSON}),
        ("/v1/periods/2026-Q2/close", {}),
    ],
)
def test_the_same_key_for_another_request_is_refused(
    fresh: Api, path: str, given: dict[str, Any]
) -> None:
    assert fresh.post("administrator", "/v1/people", json=PERSON, headers=keyed("k"))
    answer = fresh.post("administrator", path, headers=keyed("k"), **given)
    said = problem(answer, 422)
    assert said["code"] in {"idempotency_key", "malformed"}


def test_another_file_under_the_same_key_is_refused_and_not_kept(
    fresh: Api, db: Database
) -> None:
    before = audited(db, "invoices.receive")
    for name, status in (("K1", 201), ("K2", 422), ("K1", 201)):
        answer = fresh.post(A, "/v1/uploads", files=upload(name), headers=keyed("k"))
        assert answer.status_code == status
    assert audited(db, "invoices.receive") == before + 1


def test_two_people_may_use_the_same_key(fresh: Api) -> None:
    mine = fresh.post(A, "/v1/uploads", files=upload("P1"), headers=keyed("k"))
    theirs = fresh.post(B, "/v1/uploads", files=upload("P2", B), headers=keyed("k"))
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert hits([mine, theirs]) == 0
    assert mine.json()["upload"] != theirs.json()["upload"]


def test_what_was_refused_may_be_tried_again_with_its_key(fresh: Api) -> None:
    early = fresh.post("administrator", "/v1/periods/2026-Q1/issue", headers=keyed("k"))
    assert problem(early, 409)["code"] == "not_closed"
    assert fresh.post("administrator", "/v1/periods/2026-Q1/close").status_code == 200
    late = fresh.post("administrator", "/v1/periods/2026-Q1/issue", headers=keyed("k"))
    assert late.status_code == 200
    assert hits([late]) == 0


def test_a_period_is_closed_once_and_told_twice(fresh: Api) -> None:
    path = "/v1/periods/2026-Q1/close"
    first = fresh.post("administrator", path, headers=keyed("k"))
    again = fresh.post("administrator", path, headers=keyed("k"))
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert problem(fresh.post("administrator", path), 409)["code"] == "already_closed"


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 201), ("k" * 256, 422)])
def test_a_key_has_at_most_255_characters(fresh: Api, key: str, status: int) -> None:
    answer = fresh.post("administrator", "/v1/people", json=PERSON, headers=keyed(key))
    assert answer.status_code == status


def test_an_answer_that_holds_a_key_is_never_kept(fresh: Api, db: Database) -> None:
    made = fresh.post(
        "administrator", "/v1/keys", json={"person": 1}, headers=keyed("k")
    ).json()
    with db.reading(SYSTEM) as session:
        kept = session.scalars(sa.select(IdempotencyRow.answer)).all()
    assert all(made["key"].encode() not in answer for answer in kept)


def test_who_waits_too_long_for_its_turn_is_told_to_ask_again(
    fresh: Api, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "PATIENCE", "50ms")
    viewer = fresh.get("administrator", "/v1/people").json()["data"][0]["person"]
    with db.reading(SYSTEM) as session:
        turn = sa.func.hashtextextended(f"{viewer}:k", requests.TURNS)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(turn)))
        answer = fresh.post(
            "administrator", "/v1/people", json=PERSON, headers=keyed("k")
        )
    said = problem(answer, 409)
    assert said["code"] == "busy"
    assert "same key" in said["repair"]


def race(fresh: Api, db: Database, rounds: int) -> None:
    """Send one request under one key from many threads at once, many times."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(rounds):
            before = audited(db, "people.add")
            key = keyed(f"race-{number}")
            sent = [
                threads.submit(
                    fresh.post, "administrator", "/v1/people", json=PERSON, headers=key
                )
                for _ in range(AT_ONCE)
            ]
            answers = [one.result() for one in sent]
            assert {one.status_code for one in answers} == {201}, number
            assert len({one.content for one in answers}) == 1, number
            assert hits(answers) == AT_ONCE - 1, number
            assert audited(db, "people.add") == before + 1, number


def test_sixteen_at_once_have_one_effect(fresh: Api, db: Database) -> None:
    race(fresh, db, 6)


@pytest.mark.full
def test_sixteen_at_once_have_one_effect_at_length(fresh: Api, db: Database) -> None:
    race(fresh, db, 50)


def test_sixteen_uploads_of_one_file_under_one_key_are_one(
    fresh: Api, db: Database
) -> None:
    before = audited(db, "invoices.receive")
    files = upload("RACE")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        sent = [
            threads.submit(
                fresh.post, A, "/v1/uploads", files=files, headers=keyed("one")
            )
            for _ in range(AT_ONCE)
        ]
    answers = [one.result() for one in sent]
    assert {one.status_code for one in answers} == {201}
    assert hits(answers) == AT_ONCE - 1
    assert audited(db, "invoices.receive") == before + 1
