"""What becomes of a document, by itself and by whose its tax ids are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from rappel.core.findings import CATALOGUE, Finding
from rappel.core.invoices import Document, DocumentKind, Party, Related, Verdict
from rappel.core.judgement import (
    JUDGED,
    Judgement,
    State,
    TaxIds,
    ends,
    judge,
    lacks,
    rate_currency,
)

NORTE, SUR, ANDES = 1, 2, 7
OWNERS = TaxIds(members={"N": NORTE, "S": SUR}, suppliers={"A": ANDES})
PLAIN = Document(
    file="a.xml",
    scheme="cfdi",
    verdict=Verdict.ACCEPT,
    kind=DocumentKind.INVOICE,
    fiscal_key="K",
    number="A1",
    issuer=Party(tax_id="A", name="Andes"),
    receiver=Party(tax_id="N"),
    issued_at=datetime(2026, 2, 11, 10, 20, 30),  # noqa: DTZ001 - its own local time
    currency="MXN",
)
ODD = Finding(code="arithmetic")


def judged(sender: int | None = NORTE, **changes: Any) -> Judgement:
    return judge(replace(PLAIN, **changes), OWNERS, sender=sender)


def codes(judgement: Judgement) -> list[str]:
    return [finding.code for finding in judgement.findings]


@pytest.mark.parametrize("sender", [NORTE, None])
def test_a_plain_invoice_is_accepted_for_its_receiver(sender: int | None) -> None:
    assert judged(sender) == Judgement(
        state=State.ACCEPTED, member=NORTE, supplier=ANDES, findings=()
    )


def test_what_the_reader_rejects_is_refused_with_its_findings_alone() -> None:
    judgement = judged(verdict=Verdict.REJECT, findings=(ODD,), receiver=Party())
    assert (judgement.state, codes(judgement)) == (State.REFUSED, ["arithmetic"])


def test_what_the_reader_holds_is_held() -> None:
    judgement = judged(verdict=Verdict.HOLD, findings=(ODD,))
    assert (judgement.state, codes(judgement)) == (State.HELD, ["arithmetic"])


def test_a_finding_of_the_reader_alone_holds_nothing() -> None:
    assert judged(findings=(ODD,)).state is State.ACCEPTED


@pytest.mark.parametrize(
    ("receiver", "sender", "found", "member"),
    [
        ("X", NORTE, "receiver_not_member", NORTE),
        ("X", None, "receiver_not_member", None),
        ("S", NORTE, "receiver_not_yours", NORTE),
        (None, None, "receiver_not_stated", None),
    ],
)
def test_a_receiver_that_is_not_the_member_holds_it(
    receiver: str | None, sender: int | None, found: str, member: int | None
) -> None:
    judgement = judged(sender, receiver=Party(tax_id=receiver))
    assert (judgement.state, codes(judgement)) == (State.HELD, [found])
    assert judgement.member == member


def test_a_document_that_names_no_receiver_is_its_senders() -> None:
    judgement = judged(NORTE, receiver=Party())
    assert (judgement.state, judgement.member) == (State.ACCEPTED, NORTE)


@pytest.mark.parametrize("issuer", ["X", None])
def test_an_issuer_that_is_no_supplier_holds_it(issuer: str | None) -> None:
    judgement = judged(issuer=Party(tax_id=issuer))
    assert (judgement.state, codes(judgement)) == (State.HELD, ["supplier_unknown"])


def test_all_that_is_wrong_is_told_at_once() -> None:
    judgement = judged(
        verdict=Verdict.HOLD,
        findings=(ODD,),
        receiver=Party(tax_id="X"),
        issuer=Party(tax_id="X"),
        currency=None,
    )
    assert codes(judgement) == [
        "arithmetic",
        "receiver_not_member",
        "supplier_unknown",
        "document_incomplete",
    ]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"issued_at": None}, ("issued_at",)),
        ({"currency": None}, ("currency",)),
        ({"number": None}, ()),
        ({"fiscal_key": None}, ()),
        ({"number": None, "fiscal_key": None}, ("number",)),
        ({"kind": DocumentKind.CANCELLATION, "currency": None}, ()),
    ],
)
def test_a_purchase_has_a_date_a_currency_and_a_number_or_a_key(
    changes: dict[str, Any], missing: tuple[str, ...]
) -> None:
    assert lacks(replace(PLAIN, **changes)) == missing


@pytest.mark.parametrize("kind", [DocumentKind.PAYMENT, DocumentKind.OTHER])
def test_what_carries_no_volume_is_accepted_whoever_it_names(
    kind: DocumentKind,
) -> None:
    judgement = judged(kind=kind, receiver=Party(tax_id="X"), issuer=Party())
    assert (judgement.state, judgement.findings) == (State.ACCEPTED, ())


def test_a_cancellation_is_judged_by_its_parties() -> None:
    kind = DocumentKind.CANCELLATION
    assert judged(kind=kind).state is State.ACCEPTED
    assert judged(kind=kind, receiver=Party(tax_id="S")).state is State.HELD


@pytest.mark.parametrize(
    ("scheme", "currency", "rate", "home", "expected"),
    [
        ("cfdi", "USD", "18.5", None, "MXN"),
        ("cfdi", "MXN", "1", None, None),
        ("cfdi", "USD", None, None, None),
        ("dian", "USD", "4000", "MXN", "COP"),
        ("table", "USD", "18.5", "MXN", "MXN"),
        ("table", "MXN", "1", "MXN", None),
        ("table", "USD", "18.5", None, None),
    ],
)
def test_a_rate_converts_to_the_currency_of_the_documents_country(
    scheme: str, currency: str, rate: str | None, home: str | None, expected: str | None
) -> None:
    stated = None if rate is None else Decimal(rate)
    document = replace(PLAIN, scheme=scheme, currency=currency, rate=stated)
    assert rate_currency(document, home) == expected


def test_only_what_it_replaces_or_cancels_ends_by_a_document() -> None:
    related = tuple(
        Related(fiscal_key=key, relation=relation)
        for key, relation in (
            ("R", "replaces"),
            ("C", "cancels"),
            ("O", "returns"),
            ("K", "replaces"),
        )
    )
    assert ends(replace(PLAIN, related=related), "W") == ("C", "R")


def test_a_cancelled_row_ends_the_purchase_that_it_is() -> None:
    row = replace(PLAIN, kind=DocumentKind.CANCELLATION)
    assert ends(row, "W") == ("K", "W")
    assert ends(replace(row, fiscal_key=None), None) == ()


def test_every_finding_of_a_judgement_has_its_words() -> None:
    assert set(CATALOGUE) >= JUDGED
