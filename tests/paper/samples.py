"""Statements to print: small, consistent, as long and as hostile as a test asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from rappel.core.statements import (
    Address,
    DocumentRow,
    NextTier,
    Slice,
    Statement,
    StatementLine,
    Step,
    TierRow,
    Value,
    total_of,
)

CENT = Decimal("0.01")


def documents(count: int, supplier: str = "Andes Seguridad SA") -> list[DocumentRow]:
    """Invoices of one quarter; each tenth is in dollars, each twelfth a credit note."""
    return [_document(i, supplier) for i in range(count)]


def _document(i: int, supplier: str) -> DocumentRow:
    dollars = i % 10 == 9
    credit = i % 12 == 11
    net = Decimal(1_000 + 137 * i) + Decimal(i % 100) * CENT
    rate = Decimal("18.523400") if dollars else None
    amount = net * (rate or 1) * (-1 if credit else 1)
    return DocumentRow(
        document=f"doc_{i}",
        fiscal_key=f"6F1C{i:04X}-1F0B-4C55-9D3E-0A4B{i:08X}",
        number=f"{'NC' if credit else 'A'}-{1000 + i}",
        kind="credit_note" if credit else "invoice",
        invoice_date=date(2026, 7, 1) + timedelta(days=i % 90),
        supplier=supplier,
        currency="USD" if dollars else "MXN",
        net=net,
        rate=rate,
        amount=amount,
        evidence="C",
    )


def left_out(count: int) -> list[DocumentRow]:
    """Documents that earned nothing."""
    reasons = ("no_programme", "gift", "late")
    return [
        replace(_document(i, "Bravo Cables SA"), amount=Decimal(0), reason=reason)
        for i, reason in enumerate(reasons[i % 3] for i in range(count))
    ]


TIERS = (
    (Decimal(0), Decimal(0)),
    (Decimal(100_000), Decimal(2)),
    (Decimal(250_000), Decimal("3.5")),
    (Decimal(500_000), Decimal(5)),
    (Decimal(2_500_000), Decimal(6)),
)


def line(
    count: int = 40, *, code: str = "andes-volumen", reach: str = "retroactive"
) -> StatementLine:
    """A line whose figures follow from its documents, fee 10 %, 500.00 settled."""
    rows = documents(count)
    volume = sum((row.amount for row in rows), Decimal(0))
    reached = [tier for tier in TIERS if volume >= tier[0]]
    ahead = [tier for tier in TIERS if volume < tier[0]]
    threshold, percent = reached[-1]
    slices = _slices(volume) if reach == "marginal" else ()
    exact = sum((s.amount for s in slices), Decimal(0)) or volume * percent / 100
    earned = exact.quantize(CENT)
    fee = (earned * Decimal("0.1")).quantize(CENT)
    settled = Decimal("500.00")
    due = earned - fee - settled
    return StatementLine(
        programme=code,
        name="Volumen trimestral Andes",
        supplier="Andes Seguridad SA",
        revision=2,
        window=date(2026, 7, 1),
        window_end=date(2026, 10, 1),
        adjusts=None,
        pool="member",
        reach=reach,
        boundary="at_least",
        volume=volume,
        measure=volume,
        threshold=threshold,
        value=Value(percent=percent),
        earned=earned,
        fee=fee,
        fee_percent=Decimal(10),
        holdback=Decimal("0.00"),
        settled_before=settled,
        due=due,
        payable_now=max(due, Decimal("0.00")),
        carried=min(due, Decimal("0.00")),
        tiers=tuple(
            TierRow(threshold=t, value=Value(percent=p), reached=volume >= t)
            for t, p in TIERS
        ),
        slices=slices,
        working=_working(volume, percent, threshold, earned, fee),
        next=_next(ahead, volume, earned) if ahead else None,
        documents=tuple(rows),
    )


def _slices(volume: Decimal) -> tuple[Slice, ...]:
    ends = [*(t for t, _ in TIERS[1:]), volume]
    return tuple(
        Slice(
            threshold=t,
            measure=min(end, volume) - t,
            payable=min(end, volume) - t,
            value=Value(percent=p),
            amount=(min(end, volume) - t) * p / 100,
        )
        for (t, p), end in zip(TIERS, ends, strict=True)
        if volume > t
    )


def _working(
    volume: Decimal, percent: Decimal, threshold: Decimal, earned: Decimal, fee: Decimal
) -> tuple[Step, ...]:
    return (
        Step(
            step="volume",
            amount=volume,
            text="Own purchases that count, less credit notes",
            params={"volume": str(volume)},
        ),
        Step(
            step="tier",
            amount=threshold,
            text="Tier reached, from {threshold}",
            params={"threshold": str(threshold), "percent": str(percent)},
        ),
        Step(
            step="rounded",
            amount=earned,
            text="Rounded once to the currency's minor unit ({rounding})",
            params={"rounding": "half_away_from_zero"},
        ),
        Step(
            step="fee",
            amount=-fee,
            text="Fee that the consortium keeps, {percent} %",
            params={"percent": "10"},
        ),
    )


def _next(
    ahead: list[tuple[Decimal, Decimal]], volume: Decimal, earned: Decimal
) -> NextTier:
    threshold, percent = ahead[0]
    worth = (threshold * percent / 100).quantize(CENT) - earned
    return NextTier(threshold=threshold, missing=threshold - volume, worth=worth)


def statement(
    *lines: StatementLine, locale: str = "es-MX", country: str = "MX", out: int = 3
) -> Statement:
    """A statement of ``lines`` (else one of 40 documents); ``out`` are left out."""
    whole = lines or (line(),)
    return Statement(
        number="MX-2026-000041",
        period="2026-Q3",
        period_start=date(2026, 7, 1),
        period_end=date(2026, 10, 1),
        currency="MXN",
        places=2,
        locale=locale,
        issued_at=datetime(2026, 10, 5, 9, 30, tzinfo=UTC),
        due_on=date(2026, 10, 31),
        consortium=Address(
            code="unidos",
            name="Integradores Unidos de México SC",
            tax_ids=("IUM010101AB1",),
            country="MX",
            lines=("Av. Insurgentes Sur 1457, piso 9", "03920 Ciudad de México"),
        ),
        member=Address(
            code="norte",
            name="Seguridad Electrónica del Norte SA de CV",
            tax_ids=("SEN980312KJ4", "SEN150601QQ8"),
            country=country,
            lines=("Calle 5 de Mayo 210, Col. Centro", "64000 Monterrey, Nuevo León"),
        ),
        lines=whole,
        left_out=tuple(left_out(out)),
        total=total_of(whole),
        snapshot="9f2c4be1" * 8,
        run="run_01J9ZK7Q4M",
    )
