"""Who may call what, for every route there is; and that nothing of others comes out.

The table is in :mod:`web.callers`. A route that is not in it fails here.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from litestar.routes import HTTPRoute
from pypdf import PdfReader

from rappel.core.access import Role
from rappel.web.app import create_app
from rappel.web.auth import PUBLIC
from web.callers import CALLERS, TABLE, XML, Row
from web.calling import Api, problem
from web.consortium import CANARIES, STRANGER, A, B, Consortium, S, T

if TYPE_CHECKING:
    from httpx import Response
    from litestar.handlers import HTTPRouteHandler

    from rappel.store.base import Database


def filled(one: Row, here: Consortium, spare_key: str) -> str:
    """Return the address of a row with A's own references in it."""
    own = {
        "UPLOAD": here.upload,
        "DOCUMENT": here.document,
        "INVOICE": here.invoice,
        "SPARE": here.spare,
        "REBATE": here.rebate,
        "STATEMENT": here.statement,
        "ACCRUAL": here.accrual,
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
