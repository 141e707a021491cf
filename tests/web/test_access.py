"""Who may call what, for every route there is; and that nothing of others comes out.

The table below is the authorisation of the API. A route that is not in it fails here.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest
from litestar.routes import HTTPRoute
from pypdf import PdfReader

from rappel.core.access import Role
from rappel.web.app import create_app
from rappel.web.auth import PUBLIC
from web.calling import Api, problem
from web.consortium import CANARIES, STRANGER, A, B, Consortium, S, T

if TYPE_CHECKING:
    from httpx import Response
    from litestar.handlers import HTTPRouteHandler

    from rappel.store.base import Database

CALLERS: Final = (None, "administrator", A, B, S, T)
OPEN: Final = (200, 200, 200, 200, 200, 200)
ADMIN: Final = (401, 200, 403, 403, 403, 403)
MAKE: Final = (401, 201, 403, 403, 403, 403)
MINE: Final = (401, 200, 200, 404, 403, 403)  # what is A's own, by its reference
LIST: Final = (401, 200, 200, 200, 403, 403)
ALL: Final = (401, 200, 200, 200, 200, 200)
BECAUSE: Final = {"json": {"because": "decided on purpose"}}


@dataclass(frozen=True)
class Row:
    """A route, what it is called with, and the status for each of the callers."""

    method: str
    route: str
    expected: tuple[int, ...]
    given: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    names: dict[str, str] = field(default_factory=dict)


def row(
    line: str,
    expected: tuple[int, ...],
    given: dict[str, Any] | None = None,
    **names: str,
) -> Row:
    method, _, rest = line.partition(" ")
    route, _, query = rest.partition("?")
    return Row(method, route, expected, given or {}, query, names)


MEMBER: Final = {
    "code": "nuevo",
    "name": "Nuevo",
    "country": "MX",
    "tax_ids": ["CUN010203GHA"],
}
XML: Final = [("files", ("nada.xml", b"<nada/>", "application/xml"))]
TERMS: Final = b"""\
code = "x"
supplier = "andes"
currency = "MXN"

[[programmes]]
code = "x-1"
tiers = [{ from = "0", percent = "1" }]
"""
RATE: Final = {
    "from": "USD",
    "to": "COP",
    "date": "2026-02-11",
    "rate": "4000",
    "source": "BanRep",
}
# columns: anonymous, administrator, A, B, S, T
TABLE: Final = (
    row("GET /health/live", OPEN),
    row("GET /health/ready", OPEN),
    row("GET /docs", OPEN),
    row("GET /docs/openapi.json", OPEN),
    row("GET /assets/{file_path}", OPEN, file_path="docs.css"),
    row("HEAD /assets/{file_path}", OPEN, file_path="docs.css"),
    row("GET /v1/chapters", ALL),
    row(
        "POST /v1/chapters",
        MAKE,
        {"json": {"country": "GT", "name": "GT", "currency": "GTQ", "locale": "es-GT"}},
    ),
    row("GET /v1/members", ALL),
    row("GET /v1/members/{member}", (401, 200, 200, 404, 200, 404), member=A),
    row("POST /v1/members", MAKE, {"json": MEMBER}),
    row(
        "POST /v1/members/{member}/tax-ids",
        MAKE,
        {"json": {"tax_id": "SEV010203AB4"}},
        member=A,
    ),
    row(
        "POST /v1/members/{member}/leaving",
        ADMIN,
        {"json": {"left_on": "2027-01-01"}},
        member="nuevo",
    ),
    row("GET /v1/suppliers", ALL),
    row("GET /v1/suppliers/{supplier}", (401, 200, 200, 200, 200, 404), supplier=S),
    row(
        "POST /v1/suppliers",
        MAKE,
        {"json": {**MEMBER, "code": "otro", "tax_ids": ["OTR010203AB5"]}},
    ),
    row(
        "POST /v1/suppliers/{supplier}/tax-ids",
        MAKE,
        {"json": {"tax_id": "AND010203AB6"}},
        supplier=S,
    ),
    row("GET /v1/suppliers/{supplier}/catalogue", ADMIN, supplier=S),
    row(
        "POST /v1/suppliers/{supplier}/catalogue",
        MAKE,
        {"json": {"items": [{"code": "CAM-2", "category": "cctv"}]}},
        supplier=S,
    ),
    row(
        "POST /v1/suppliers/{supplier}/catalogue/file",
        MAKE,
        {"content": b"code,category\nCAM-3,cctv\n"},
        supplier=S,
    ),
    row("GET /v1/people", ALL),
    row("POST /v1/people", MAKE, {"json": {"name": "Otra", "role": "administrator"}}),
    row("GET /v1/keys", ADMIN),
    row("POST /v1/keys", MAKE, {"json": {"person": 1}}),
    row("DELETE /v1/keys/{ref}", (401, 204, 403, 403, 403, 403), ref="SPARE-KEY"),
    row("GET /v1/agreements", ADMIN),
    row("GET /v1/agreements/{agreement}", ADMIN, agreement=f"{S}-2026"),
    row("GET /v1/agreements/{agreement}/document", ADMIN, agreement=f"{S}-2026"),
    row("POST /v1/agreements", MAKE, {"content": TERMS}),
    row("GET /v1/rates", ADMIN),
    row("POST /v1/rates", MAKE, {"json": {"rates": [RATE]}}),
    row(
        "POST /v1/rates/file?source=BanRep",
        MAKE,
        {"content": b"from,to,date,rate\nUSD,GTQ,2026-02-11,7.7\n"},
    ),
    row("POST /v1/uploads", (401, 201, 201, 201, 403, 403), {"files": XML}),
    row("GET /v1/uploads", LIST),
    row("GET /v1/uploads/{upload}", MINE, upload="UPLOAD"),
    row("GET /v1/documents", LIST),
    row("GET /v1/documents/{document}", MINE, document="DOCUMENT"),
    row("GET /v1/documents/{document}/original", MINE, document="DOCUMENT"),
    row(
        "POST /v1/documents/{document}/release",
        (401, 409, 403, 403, 403, 403),  # nobody's tax id: it cannot count as it is
        BECAUSE,
        document="HELD-1",
    ),
    row("POST /v1/documents/{document}/refuse", ADMIN, BECAUSE, document="HELD-2"),
    row(
        "POST /v1/documents/{document}/reassign",
        ADMIN,
        {"json": {"member": A, "because": "bought for it"}},
        document="HELD-3",
    ),
    row("GET /v1/invoices", LIST),
    row("GET /v1/invoices/{invoice}", MINE, invoice="INVOICE"),
    row("GET /v1/volumes?period=2026-Q1", ALL),
    row("GET /v1/periods", ALL),
    row("GET /v1/periods/{period}", ALL, period="2026-Q1"),
    row(
        "POST /v1/periods",
        MAKE,
        {"json": {"period": "Q3", "starts": "2026-07-01", "ends": "2026-10-01"}},
    ),
    row("GET /v1/periods/{period}/preview", LIST, period="2026-Q2"),
    row("GET /v1/periods/{period}/pools", ADMIN, period="2026-Q1"),
    row("GET /v1/rebates", LIST),
    row("GET /v1/rebates/{rebate}", MINE, rebate="REBATE"),
    row("GET /v1/rebates/{rebate}/explain", MINE, rebate="REBATE"),
    row("GET /v1/statements", LIST),
    row("GET /v1/statements/{number}", MINE, number="STATEMENT"),
    row("GET /v1/statements/{number}/pdf", MINE, number="STATEMENT"),
    row("POST /v1/simulations", ALL, {"json": []}),
    row("GET /v1/outlook?period=2026-Q2", LIST),
    row("GET /v1/accruals?period=2026-Q2&policy=projected", LIST),
    row(
        "POST /v1/what-if/terms?start=2026-01-01&end=2026-04-01",
        LIST,
        {"content": TERMS},
    ),
    row(
        f"GET /v1/what-if/purchase?period=2026-Q2&member={A}&supplier={S}"
        "&amount=100000&currency=MXN",
        MINE,
    ),
    row("POST /v1/invoices/{invoice}/withdraw", ADMIN, BECAUSE, invoice="SPARE"),
    row("POST /v1/periods/{period}/close", ADMIN, period="2026-Q2"),
    row("POST /v1/periods/{period}/issue", ADMIN, period="2026-Q2"),
)


def filled(one: Row, here: Consortium, spare_key: str) -> str:
    """Return the address of a row with A's own references in it."""
    own = {
        "UPLOAD": here.upload,
        "DOCUMENT": here.document,
        "INVOICE": here.invoice,
        "SPARE": here.spare,
        "REBATE": here.rebate,
        "STATEMENT": here.statement,
        "SPARE-KEY": spare_key,
        **{f"HELD-{n}": ref for n, ref in enumerate(here.held, start=1)},
    }
    names = {name: own.get(value, value) for name, value in one.names.items()}
    path = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], one.route)
    return f"{path}?{one.query}" if one.query else path


def routes(db: Database) -> dict[tuple[str, str], HTTPRouteHandler]:
    """Return every handler of the application by its method and route."""
    return {
        (method, route.path_format): handler
        for route in create_app(db).routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS"
    }


def test_every_route_stands_in_the_table_and_every_row_is_a_route(
    shared_db: Database,
) -> None:
    told = {(one.method, one.route) for one in TABLE}
    assert len(told) == len(TABLE)
    assert set(routes(shared_db)) == told


def test_every_handler_says_for_which_roles_it_is(shared_db: Database) -> None:
    for key, handler in routes(shared_db).items():
        roles = handler.opt.get("roles")
        assert isinstance(roles, frozenset), key
        if roles == PUBLIC:
            assert key[1].startswith(("/health/", "/docs", "/assets/")), key
        else:
            assert Role.ADMINISTRATOR in roles, key
            assert Role.SYSTEM not in roles, key


def test_the_table_holds_and_nothing_of_others_comes_out(
    api: Api, here: Consortium
) -> None:
    made = api.post("administrator", "/v1/keys", json={"person": 1}).json()
    heard: list[tuple[str, Response]] = []
    wrong = []
    for one in TABLE:
        address = filled(one, here, made["ref"])
        places = (0, 3, 5, 4, 2, 1)  # whoever may change something comes last
        for place in places:
            who = CALLERS[place]
            answer = api(who, one.method, address, **one.given)
            if answer.status_code != one.expected[place]:
                wrong.append(
                    (who, one.method, address, answer.status_code, answer.text)
                )
            if answer.status_code in {401, 403, 404, 409}:
                problem(answer, answer.status_code)
            if who in {A, S}:
                heard.append((f"{who} {one.method} {address}", answer))
    assert wrong == []
    assert [leak for name, answer in heard for leak in leaks(name, answer)] == []


def leaks(name: str, answer: Response) -> list[tuple[str, str]]:
    """Return the canaries of B and T in an answer, headers and printed pages too."""
    said = f"{answer.headers} {answer.text}"
    if answer.headers.get("content-type") == "application/pdf":
        pages = PdfReader(io.BytesIO(answer.content)).pages
        said += " ".join(page.extract_text() for page in pages)
    said = said.casefold()
    known = public(name)
    return [
        (name, canary)
        for canary in (*CANARIES[B], *CANARIES[T], *CANARIES["amounts"])
        if canary in said and not (name.startswith(f"{A} ") and canary in known)
    ]


def public(name: str) -> tuple[str, ...]:
    """Return what a member is told of all suppliers: their codes and names."""
    shown = name == f"{A} GET /v1/suppliers"
    return ("tezontle", "tucan") if shown else ()


def test_the_canaries_do_sing_to_those_whose_they_are(
    reading: Api, standing: Consortium
) -> None:
    """What is looked for would be found: it stands in B's, T's and all's answers."""
    theirs = [
        reading.get(B, f"/v1/members/{B}"),
        reading.get(B, f"/v1/statements/{standing.others['statement']}/pdf"),
        reading.get(T, "/v1/volumes?period=2026-Q1"),
        reading.get("administrator", "/v1/suppliers"),
        reading.get("administrator", "/v1/people"),
    ]
    sung = {canary for answer in theirs for _, canary in leaks("any", answer)}
    assert sung >= {*CANARIES[B], *CANARIES[T]}
    assert sung & set(CANARIES["amounts"]) >= {"777333", "15,546.66"}


@pytest.mark.parametrize(
    "route",
    [
        "/v1/uploads/{upload}",
        "/v1/documents/{document}",
        "/v1/documents/{document}/original",
        "/v1/invoices/{invoice}",
        "/v1/rebates/{rebate}",
        "/v1/rebates/{rebate}/explain",
        "/v1/statements/{statement}",
        "/v1/statements/{statement}/pdf",
    ],
)
def test_what_is_anothers_and_what_is_not_there_answer_alike(
    reading: Api, standing: Consortium, route: str
) -> None:
    name = route.split("{")[1].split("}", maxsplit=1)[0]
    there, nowhere = standing.others[name], "MX-2026-9999"
    foreign = reading.get(A, route.format(**{name: there}))
    unknown = reading.get(A, route.format(**{name: nowhere}))
    problem(foreign, 404)
    assert foreign.text.replace(there, nowhere) == unknown.text
    assert dict(foreign.headers) | {"content-length": ""} == dict(unknown.headers) | {
        "content-length": ""
    }


def test_an_upload_for_another_member_answers_as_one_for_nobody(reading: Api) -> None:
    foreign, unknown = (
        reading.post(A, "/v1/uploads", files=XML, data={"member": member})
        for member in (B, "nobody")
    )
    problem(foreign, 404)
    assert foreign.text.replace(B, "nobody") == unknown.text


def test_a_member_asks_in_vain_for_anothers_rows_in_a_list(reading: Api) -> None:
    for path in ("invoices", "rebates", "statements"):
        assert reading.get(A, f"/v1/{path}?member={B}").json()["data"] == []
        assert reading.get("administrator", f"/v1/{path}?member={B}").json()["data"]


def test_a_supplier_is_told_a_members_code_and_name_alone(reading: Api) -> None:
    said = reading.get(S, f"/v1/members/{A}").json()
    assert (said["code"], said["name"]) == (A, "Altavista Integradores")
    assert said["tax_ids"] == []
    assert said["country"] is None
    assert said["joined"] is None


def test_a_key_that_is_revoked_opens_nothing(api: Api) -> None:
    made = api.post("administrator", "/v1/keys", json={"person": 1}).json()
    bearer = {"Authorization": f"Bearer {made['key']}"}
    assert api.get(None, "/v1/members", headers=bearer).status_code == 200
    assert api("administrator", "DELETE", f"/v1/keys/{made['ref']}").status_code == 204
    answer = api.get(None, "/v1/members", headers=bearer)
    assert problem(answer, 401)["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic cnBsOng=", "Bearer rpl_x", "Bearer \t", "rpl_x"],
)
def test_what_is_no_key_is_answered_with_how_to_send_one(
    reading: Api, header: str
) -> None:
    answer = reading.get(None, "/v1/members", headers={"Authorization": header})
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="rappel"'


@pytest.mark.parametrize("path", ["/", "/nothing", "/v1", "/docs/nothing", "/assets/x"])
def test_an_address_that_is_nowhere_is_not_found_as_everything_else(
    reading: Api, path: str
) -> None:
    problem(reading.get("administrator", path), 404)


def test_a_held_document_names_only_what_the_sender_knows(
    reading: Api, standing: Consortium
) -> None:
    said = reading.get(A, f"/v1/documents/{standing.held[0]}").json()
    assert said["state"] == "held"
    assert STRANGER in str(said["reading"])
    assert said["findings"][0]["repair"]
