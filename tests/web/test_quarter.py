"""A quarter through HTTP alone: three people, three keys, one real socket."""

from __future__ import annotations

import hashlib
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pypdf import PdfReader

from purchases import cfdi
from rappel.actions.setup import initialise
from rappel.store.base import connect
from web.calling import PROBLEM
from web.consortium import NOW, TAX_IDS, TERMS, A, B, S, T
from web.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Q1 = "2026-Q1"


class People:
    """Clients of the server, each with its own key."""

    def __init__(self, address: str, administrator: str) -> None:
        self.address = address
        self.clients = {"administrator": self._client(administrator)}
        for path, given in SETTING_UP:
            self.made("administrator", path, json=given)
        for code, role in ((A, "member"), (B, "member"), (S, "supplier")):
            given = {"name": f"Persona {code}", "role": role, role: code}
            person = self.made("administrator", "/v1/people", json=given)["person"]
            key = self.made("administrator", "/v1/keys", json={"person": person})["key"]
            self.clients[code] = self._client(key)

    def _client(self, key: str) -> httpx.Client:
        bearer = {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.address, headers=bearer, timeout=120)

    def made(self, who: str, path: str, **given: Any) -> dict[str, Any]:
        answer = self.clients[who].post(path, **given)
        assert answer.status_code in {200, 201}, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def got(self, who: str, path: str, **given: Any) -> dict[str, Any]:
        answer = self.clients[who].get(path, **given)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def close(self) -> None:
        for client in self.clients.values():
            client.close()


def party(code: str) -> dict[str, object]:
    return {
        "code": code,
        "name": code.title(),
        "country": "MX",
        "tax_ids": [TAX_IDS[code]],
    }


SETTING_UP: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "/v1/chapters",
        {"country": "MX", "name": "México", "currency": "MXN", "locale": "es-MX"},
    ),
    ("/v1/members", party(A)),
    ("/v1/members", party(B)),
    ("/v1/suppliers", party(S)),
    ("/v1/suppliers", party(T)),
    ("/v1/periods", {"period": Q1, "starts": "2026-01-01", "ends": "2026-04-01"}),
    (
        f"/v1/suppliers/{S}/catalogue",
        {"items": [{"code": "CAM-1", "category": "cctv", "unit": "pieza"}]},
    ),
)


@pytest.fixture
def people(owner_url: str, tmp_path: Path) -> Iterator[People]:
    books = connect(owner_url, cache=tmp_path / "founding")
    first = initialise(
        books,
        name="Compras Unidas",
        tax_id="CUN010203GHA",
        country="MX",
        address="Reforma 1\nMéxico",
        currency="MXN",
        locale="es-MX",
        administrator="Alma Admin",
        email=None,
        now=NOW,
    )
    books.dispose()
    with served(owner_url, tmp_path) as address:
        found = People(address, first.key)
        yield found
        found.close()


def files(*names: str, member: str = A, net: str = "60000.00") -> list[Any]:
    sent = [
        cfdi(name, issuer=TAX_IDS[S], receiver=TAX_IDS[member], net=net)
        for name in names
    ]
    return [("files", (one.name, one.content, "application/xml")) for one in sent]


def taken(people: People) -> dict[str, Any]:
    """Let A take its statement: the list, the very bytes, what is printed."""
    (mine,) = people.got(A, "/v1/statements")["data"]
    assert mine["total"] == {"amount": "2400.00", "currency": "MXN"}
    pdf = people.clients[A].get(f"/v1/statements/{mine['number']}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert hashlib.sha256(pdf.content).hexdigest() == mine["sha256"]
    pages = PdfReader(io.BytesIO(pdf.content)).pages
    printed = " ".join(page.extract_text() for page in pages)
    assert mine["number"] in printed
    assert "2,400.00" in printed
    return dict(mine)


def test_a_quarter_from_e_invoices_to_a_statement_with_three_keys(
    people: People, tmp_path: Path
) -> None:
    terms = TERMS.format(supplier=S)
    signed = people.made("administrator", "/v1/agreements", content=terms)
    assert (signed["agreement"], signed["revision"], signed["programmes"]) == (
        f"{S}-2026",
        1,
        [f"{S}-volumen"],
    )
    received = people.made(A, "/v1/uploads", files=files("A1", "A2"))
    assert [one["state"] for one in received["documents"]] == ["accepted"] * 2
    assert people.made(B, "/v1/uploads", files=files("B1", member=B, net="500.00"))

    preview = people.got(A, f"/v1/periods/{Q1}/preview")
    assert preview["payable"] == [{"amount": "2400.00", "currency": "MXN"}]
    assert {one["member"] for one in preview["rebates"]} == {A}

    run = people.made("administrator", f"/v1/periods/{Q1}/close")
    assert run["due"] == [{"amount": "2400.00", "currency": "MXN"}]
    issued = people.made("administrator", f"/v1/periods/{Q1}/issue")["data"]
    assert {one["member"] for one in issued} == {A, B}

    mine = taken(people)
    volumes = people.got(S, f"/v1/volumes?period={Q1}")["data"]
    told = {one["member"]: Decimal(one["volume"]["amount"]) for one in volumes}
    assert told == {A: Decimal(120000), B: Decimal(500)}

    (rebate,) = people.got(A, "/v1/rebates")["data"]
    explained = people.got(A, f"/v1/rebates/{rebate['rebate']}/explain")
    documents = explained["rebate"]["line"]["documents"]
    assert sum(Decimal(one["amount"]) for one in documents) == Decimal(120000)

    invoice = people.got(A, "/v1/invoices")["data"][0]
    for path in (
        f"/v1/statements/{mine['number']}",
        f"/v1/statements/{mine['number']}/pdf",
        f"/v1/rebates/{rebate['rebate']}",
        f"/v1/rebates/{rebate['rebate']}/explain",
        f"/v1/uploads/{received['upload']}",
        f"/v1/documents/{received['documents'][0]['document']}",
        f"/v1/documents/{received['documents'][0]['document']}/original",
        f"/v1/invoices/{invoice['invoice']}",
        f"/v1/members/{A}",
    ):
        assert people.clients[A].get(path).status_code == 200, path
        answer = people.clients[B].get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == PROBLEM
    assert people.clients[S].get(f"/v1/suppliers/{T}").status_code == 404

    log = (tmp_path / "server.log").read_text()
    assert all(
        client.headers["authorization"].removeprefix("Bearer ") not in log
        for client in people.clients.values()
    )


def test_the_same_upload_over_the_socket_is_answered_once_and_for_all(
    people: People,
) -> None:
    key = {"Idempotency-Key": "upload-1"}
    first = people.clients[A].post("/v1/uploads", files=files("A1"), headers=key)
    again = people.clients[A].post("/v1/uploads", files=files("A1"), headers=key)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "idempotency-hit" not in first.headers
    assert again.headers["idempotency-hit"] == "true"
    other = people.clients[A].post("/v1/uploads", files=files("A2"), headers=key)
    assert other.status_code == 422
    assert len(people.got(A, "/v1/uploads")["data"]) == 1


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(
    people: People,
) -> None:
    large = [("files", ("large.csv", b"0" * (65 * 1024 * 1024), "text/csv"))]
    answer = people.clients[A].post("/v1/uploads", files=large)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["code"] == "too_large"
    assert people.got(A, "/v1/uploads")["data"] == []
