"""The authorisation of the API: every route, and what each caller is answered there.

A is the member whose data is asked for and S the supplier it bought of; B and T are
another member and another supplier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from web.consortium import A, B, S, T

CALLERS: Final = (None, "administrator", A, B, S, T)
OPEN: Final = (200, 200, 200, 200, 200, 200)
ADMIN: Final = (401, 200, 403, 403, 403, 403)
MAKE: Final = (401, 201, 403, 403, 403, 403)
MINE: Final = (401, 200, 200, 404, 403, 403)  # what is A's own, by its reference
LIST: Final = (401, 200, 200, 200, 403, 403)
ALL: Final = (401, 200, 200, 200, 200, 200)
BECAUSE: Final = {"json": {"because": "decided on purpose"}}
EARLY = {"json": {"early": True}}


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
    if method == "GET":  # what is not for one's role is not there to be seen
        expected = tuple(404 if status == 403 else status for status in expected)
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
BASELINE: Final = {
    "programme": f"{S}-volumen",
    "member": A,
    "window": "2026-01-01",
    "measure": "100.00",
    "source": "carta",
    "date": "2026-01-15",
}
ACCRUAL: Final = {"period": "2026-Q2", "today": "2026-04-09"}
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
    row("POST /v1/agreements/check", ADMIN, {"content": TERMS}),
    row("GET /v1/agreements/{agreement}/meaning", ADMIN, agreement=f"{S}-2026"),
    row("GET /v1/agreements/{agreement}/compare?with=1", ADMIN, agreement=f"{S}-2026"),
    row("POST /v1/agreements", MAKE, {"content": TERMS}),
    row("GET /v1/rates", ADMIN),
    row("POST /v1/rates", MAKE, {"json": {"rates": [RATE]}}),
    row(
        "POST /v1/rates/file?source=BanRep",
        MAKE,
        {"content": b"from,to,date,rate\nUSD,GTQ,2026-02-11,7.7\n"},
    ),
    row("GET /v1/baselines", LIST),
    row(  # none of the programmes here grows
        "POST /v1/baselines",
        (401, 422, 403, 403, 403, 403),
        {"json": {"baselines": [BASELINE]}},
    ),
    row(
        "POST /v1/baselines/file?source=carta",
        (401, 422, 403, 403, 403, 403),
        {"content": b"programme,member,window,measure,date\nx,y,2026,1,2026\n"},
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
    row("POST /v1/accruals", MAKE, {"json": ACCRUAL}),
    row("GET /v1/accruals/taken", ADMIN),
    row("GET /v1/accruals/taken/{accrual}", ADMIN, accrual="ACCRUAL"),
    row("GET /v1/accruals/taken/{accrual}/lines", ADMIN, accrual="ACCRUAL"),
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
    row(
        "POST /v1/invoices/{invoice}/payments",
        MAKE,
        {"json": {"paid_on": "2026-03-12", "because": "the bank says so"}},
        invoice="SPARE",
    ),
    row("POST /v1/invoices/{invoice}/withdraw", ADMIN, BECAUSE, invoice="SPARE"),
    row("POST /v1/periods/{period}/close", ADMIN, EARLY, period="2026-Q2"),
    row("POST /v1/periods/{period}/issue", ADMIN, period="2026-Q2"),
)
