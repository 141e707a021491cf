"""Whatever fails says so in one form, in the caller's language, and no more."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from rappel.errors import Unavailable
from rappel.web import auth, people, system
from rappel.web.language import wanted
from rappel.web.problems import scrubbed
from web.calling import PROBLEM, Api, calling, problem
from web.consortium import A, B, Consortium

if TYPE_CHECKING:
    from rappel.store.base import Database

XML = ("nada.xml", b"<nada/>", "application/xml")
MEMBER = {"code": "n", "name": "N", "country": "MX", "tax_ids": ["NUE010203AB3"]}
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("path", "given", "code", "field"),
    [
        ("members", {"content": b"{"}, "malformed", None),
        ("members", {"content": b"\xff"}, "malformed", None),
        ("members", {}, "malformed", None),
        ("members", {"json": []}, "malformed", None),
        ("members", {"json": {**MEMBER, "extra": 1}}, "malformed", "extra"),
        ("members", {"json": {"code": "n"}}, "malformed", "name"),
        ("members", {"json": {**MEMBER, "code": 7}}, "malformed", "code"),
        ("members", {"json": {**MEMBER, "tax_ids": [7]}}, "malformed", "tax_ids[0]"),
        ("members", {"json": {**MEMBER, "code": "no code"}}, "malformed", "code"),
        ("members", {"json": {**MEMBER, "joined": "2026"}}, "malformed", "joined"),
        ("members?limit=3", {"json": MEMBER}, "unknown_query", "limit"),
        ("rates/file", {"content": b""}, "malformed", "source"),
        ("agreements", {"content": b"x ="}, "bad_toml", None),
        ("agreements", {"content": b"\xff"}, "bad_table", None),
        ("uploads", {"content": b"x"}, "malformed", None),
        ("uploads", {"content": b"x", "headers": FORM}, "malformed", None),
        ("uploads", {"files": [("file", XML)]}, "malformed", "file"),
        ("uploads", {"files": [("files", XML)], "data": {"x": "1"}}, "malformed", "x"),
        ("uploads", {"files": [("member", XML)]}, "malformed", "member"),
        ("simulations", {"json": 3}, "malformed", None),
        ("simulations", {"json": {}}, "malformed", "currency"),
    ],
)
def test_what_is_wrong_with_a_request_is_named_with_its_place(
    reading: Api, path: str, given: dict[str, Any], code: str, field: str | None
) -> None:
    said = problem(reading.post("administrator", f"/v1/{path}", **given), 422)
    assert said["code"] == code
    assert said["errors"]
    for fault in said["errors"]:
        assert set(fault) >= {"code", "message", "repair"}
        assert fault["message"].endswith(".")
    assert field in [fault.get("field") for fault in said["errors"]]


def test_every_fault_of_a_body_is_told_at_once(reading: Api) -> None:
    wrong = {**MEMBER, "code": "no code", "country": "Mexico", "name": " "}
    said = problem(reading.post("administrator", "/v1/members", json=wrong), 422)
    fields = {fault["field"] for fault in said["errors"]}
    assert fields == {"code", "country", "name"}


def test_a_table_names_the_row_and_the_column(reading: Api) -> None:
    csv = b"from,to,date,rate\nUSD,MXN,2026-02-11,18.5\nUSD,MXN,2026-02-12,x\n"
    answer = reading.post("administrator", "/v1/rates/file?source=b", content=csv)
    (fault,) = problem(answer, 422)["errors"]
    assert (fault["row"], fault["column"]) == (3, "rate")


def test_a_figure_with_too_many_places_names_its_path(reading: Api) -> None:
    rate = {"from": "USD", "to": "MXN", "date": "2026-02-11", "source": "b"}
    body = {"rates": [{**rate, "rate": "1"}, {**rate, "rate": "1.1234567"}]}
    said = problem(reading.post("administrator", "/v1/rates", json=body), 422)
    assert [fault["field"] for fault in said["errors"]] == ["rates[1].rate"]


def test_a_body_of_two_megabytes_is_taken_and_one_byte_more_is_not(
    reading: Api,
) -> None:
    most = 2 * 1024 * 1024
    at, above = (
        reading.post("administrator", "/v1/agreements", content=b"#" * size)
        for size in (most, most + 1)
    )
    assert problem(at, 422)["code"] == "malformed"
    assert problem(above, 413)["code"] == "too_large"


def test_more_parts_than_a_form_may_have_are_too_large(reading: Api) -> None:
    files = [("files", (f"{n}.xml", b"<x/>", "text/xml")) for n in range(1001)]
    problem(reading.post(A, "/v1/uploads", files=files), 413)


def test_what_is_nested_beyond_reason_is_refused(reading: Api) -> None:
    for path in ("simulations", "members"):
        answer = reading.post("administrator", f"/v1/{path}", content=b"[" * 100_000)
        problem(answer, 422)


def test_an_address_says_which_methods_it_takes(reading: Api) -> None:
    answer = reading("administrator", "PUT", "/v1/members")
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert "GET" in answer.headers["allow"]
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("en", "Not found", "There is no member nobody."),
        ("es-MX,es;q=0.9", "No encontrado", "No hay ningún asociado nobody."),
        ("pt-BR", "Não encontrado", "Não há nenhum associado nobody."),
        ("fr", "Not found", "There is no member nobody."),
        ("fr;q=1, pt;q=0.5, es;q=0.4", "Não encontrado", None),
        ("es;q=0, en", "Not found", None),
    ],
)
def test_a_refusal_is_in_the_language_that_is_most_wanted(
    reading: Api, language: str, title: str, detail: str | None
) -> None:
    headers = {"Accept-Language": language}
    answer = reading.get("administrator", "/v1/members/nobody", headers=headers)
    said = problem(answer, 404)
    assert said["title"] == title
    assert detail is None or said["detail"] == detail
    assert answer.headers["vary"] == "Accept-Language"
    assert answer.headers["content-language"] == wanted(language)[:2]


CASES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("administrator", "GET", "/v1/members?limit=501", {}),
    ("administrator", "GET", "/v1/members?cursor=x", {}),
    ("administrator", "GET", "/v1/members?lmit=1", {}),
    ("administrator", "GET", "/v1/volumes", {}),
    ("administrator", "GET", "/v1/documents?state=gone", {}),
    ("administrator", "POST", "/v1/members", {"content": b"{"}),
    ("administrator", "POST", "/v1/members", {"json": {**MEMBER, "code": "é", "x": 1}}),
    ("administrator", "POST", "/v1/members", {"json": {**MEMBER, "code": "é"}}),
    ("administrator", "POST", "/v1/members", {"json": {**MEMBER, "code": 1}}),
    ("administrator", "POST", "/v1/agreements", {"content": b"x ="}),
    ("administrator", "POST", "/v1/agreements", {"content": b'code = "x"'}),
    ("administrator", "POST", "/v1/periods/2026-Q1/close", {}),
    ("administrator", "GET", "/v1/periods/2026-Q1/preview", {}),
    ("administrator", "POST", "/v1/periods/2026-Q2/issue", {}),
    ("administrator", "GET", "/v1/periods/2026-Q9", {}),
    ("administrator", "GET", "/v1/people?limit=x", {}),
    ("administrator", "PUT", "/v1/members", {}),
    ("administrator", "POST", "/v1/rates/file?source=b", {"content": b"a,b\n1,2\n"}),
    ("administrator", "POST", "/v1/simulations", {"json": {"currency": "MXN"}}),
    (A, "GET", "/v1/keys", {}),
    (A, "GET", f"/v1/members/{B}", {}),
    (A, "GET", "/v1/statements/MX-1", {}),
    (A, "POST", "/v1/uploads", {"files": [("file", XML)]}),
    (A, "GET", "/nowhere", {}),
]


@pytest.mark.parametrize("language", ["es", "pt"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]} {case[2]}")
def test_nothing_of_a_refusal_stays_in_english(
    reading: Api, case: tuple[str, str, str, dict[str, Any]], language: str
) -> None:
    who, method, path, given = case
    english, translated = (
        reading(who, method, path, headers={"Accept-Language": wished}, **given).json()
        for wished in ("en", language)
    )
    assert english["code"] == translated["code"]
    pairs = [
        (english[name], translated[name])
        for name in ("title", "detail", "repair")
        if name in english
    ]
    for one, other in zip(
        english.get("errors", []), translated.get("errors", []), strict=True
    ):
        pairs += [(one[name], other[name]) for name in ("message", "repair")]
    assert [one for one, other in pairs if one == other] == []


def test_findings_are_told_in_the_callers_language(
    reading: Api, standing: Consortium
) -> None:
    path = f"/v1/documents/{standing.held[0]}"
    told = {
        wished: reading.get(A, path, headers={"Accept-Language": wished}).json()
        for wished in ("en", "es", "pt")
    }
    assert len({one["findings"][0]["message"] for one in told.values()}) == 3


SECRET = "the inside of the house"


def test_a_mistake_of_ours_tells_an_incident_and_nothing_else(
    reading: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = reading.keys["administrator"]

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"{SECRET} {key}")

    monkeypatch.setattr(people.people, "list_people", broken)
    with caplog.at_level(logging.DEBUG):
        answer = reading.get("administrator", "/v1/people")
    said = problem(answer, 500)
    assert said["code"] == "internal"
    assert SECRET not in answer.text
    incident = said["repair"].split()[-1].rstrip(".")
    assert incident in caplog.text
    assert SECRET in caplog.text
    assert key not in caplog.text


def test_no_key_is_ever_logged(reading: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for who, key in reading.keys.items():
            reading.get(who, "/v1/members")
            reading("administrator", "DELETE", f"/v1/keys/{key}")
            reading.get(None, f"/v1/members/{key}")
    ours = [each for each in caplog.records if each.name != "httpx"]  # the test's own
    logged = " ".join(each.getMessage() for each in ours)
    assert not [key for key in reading.keys.values() if key in logged]


def test_a_key_is_scrubbed_down_to_its_reference() -> None:
    key = "rpl_0123456789ab_" + "x" * 43
    assert scrubbed(f"GET /v1/keys/{key}?a=1") == "GET /v1/keys/rpl_0123456789ab_…?a=1"


def test_health_says_no_more_than_that_the_database_is_away(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise Unavailable(SECRET)

    monkeypatch.setattr(system, "answers", away)
    with calling(db, {}) as api:
        answer = api.get(None, "/health/ready")
        assert problem(answer, 503)["code"] == "unavailable"
        assert SECRET not in answer.text
        assert api.get(None, "/health/live").status_code == 200


def test_a_refused_verb_leaves_no_trace(reading: Api, standing: Consortium) -> None:
    del standing
    before = reading.get("administrator", "/v1/members").json()
    taken = {**MEMBER, "code": "nuevo", "tax_ids": ["URE180429TM6"]}
    problem(reading.post("administrator", "/v1/members", json=taken), 409)
    assert reading.get("administrator", "/v1/members").json() == before


def test_a_refused_case_of_many_answers_in_its_place_and_language(
    reading: Api,
) -> None:
    headers = {"Accept-Language": "es"}
    answer = reading.post(A, "/v1/simulations", json=[{}, 1], headers=headers)
    first, second = answer.json()
    assert answer.status_code == 200
    assert first["problem"]["title"] == "Entrada incorrecta"
    assert first["problem"]["errors"][0]["message"].startswith("Falta el campo")
    assert second["problem"]["code"] == "malformed"


def test_a_database_that_is_gone_is_told_as_such(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise sa.exc.OperationalError("select 1", {}, Exception(SECRET))

    monkeypatch.setattr(auth.keys, "viewer_of", gone)
    bearer = {"Authorization": "Bearer rpl_x"}
    with calling(db, {}) as api:
        answer = api.get(None, "/v1/members", headers=bearer)
    said = problem(answer, 503)
    assert said["code"] == "unavailable"
    assert SECRET not in answer.text


def test_problems_carry_the_safe_headers_too(reading: Api) -> None:
    answer = reading.get(None, "/v1/members")
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_verbs_own_refusal_reaches_the_caller(reading: Api) -> None:
    twice = {**MEMBER, "code": A}
    said = problem(reading.post("administrator", "/v1/members", json=twice), 409)
    assert said["code"] == "taken"
