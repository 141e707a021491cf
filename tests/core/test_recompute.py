"""A statement checked from its own data: each figure that can be changed is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rappel.core.recompute import recompute
from rappel.core.statements import (
    Address,
    DocumentRow,
    Slice,
    Statement,
    StatementLine,
    Step,
    TierRow,
    Value,
)

NOBODY = Address(code="norte", name="Norte")
D = Decimal


def document(amount: str, **changed: object) -> DocumentRow:
    row = DocumentRow(
        document="inv_1",
        fiscal_key=None,
        number="A-1",
        kind="invoice",
        invoice_date=date(2026, 1, 5),
        supplier="Andes",
        currency="MXN",
        net=abs(D(amount)),
        rate=None,
        amount=D(amount),
        evidence="C",
    )
    return replace(row, **changed)  # type: ignore[arg-type]  a test's own fields


def line(**changed: object) -> StatementLine:
    """1,000 bought, 2 % from 500: 20.00, less a fee of 10 %, less 3 paid before."""
    whole = StatementLine(
        programme="andes",
        name="andes",
        supplier="Andes",
        revision=1,
        window=date(2026, 1, 1),
        window_end=date(2026, 4, 1),
        adjusts=None,
        pool="member",
        reach="retroactive",
        boundary="at_least",
        volume=D("1000.00"),
        measure=D("1000.00"),
        threshold=D(500),
        value=Value(percent=D(2)),
        earned=D("20.00"),
        fee=D("2.00"),
        fee_percent=D(10),
        holdback=D("0.00"),
        settled_before=D("3.00"),
        due=D("15.00"),
        payable_now=D("14.00"),
        carried=D("0.00"),
        tiers=(
            TierRow(threshold=D(0), value=Value(percent=D(1)), reached=True),
            TierRow(threshold=D(500), value=Value(percent=D(2)), reached=True),
            TierRow(threshold=D(2000), value=Value(percent=D(3)), reached=False),
        ),
        slices=(
            Slice(
                threshold=D(500),
                measure=D(1000),
                payable=D(1000),
                value=Value(percent=D(2)),
                amount=D(20),
            ),
        ),
        working=(
            Step(step="exact", amount=D(20), text=""),
            Step(
                step="rounded",
                amount=D("20.00"),
                text="",
                params={"rounding": "half_even"},
            ),
            Step(step="brought_forward", amount=D("-1.00"), text=""),
            Step(step="payable_now", amount=D("14.00"), text=""),
        ),
        documents=(
            document("1100.00"),
            document("-200.00", kind="credit_note"),
            document("100.00", net=D("5.00"), currency="USD", rate=D(20)),
            document("0", net=D(9), reason="freight"),
        ),
    )
    return replace(whole, **changed)  # type: ignore[arg-type]  a test's own fields


def statement(*lines: StatementLine, total: str = "14.00") -> Statement:
    return Statement(
        number="MX-2026-0001",
        period="2026-Q1",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 4, 1),
        currency="MXN",
        places=2,
        locale="es-MX",
        issued_at=datetime(2026, 4, 20, tzinfo=UTC),
        due_on=date(2026, 5, 20),
        consortium=NOBODY,
        member=NOBODY,
        lines=lines,
        left_out=(document("0", net=D(9), reason="freight"),),
        total=D(total),
        snapshot="",
        run="run_1",
    )


def places(*lines: StatementLine, total: str = "14.00") -> list[str]:
    return [fault.place for fault in recompute(statement(*lines, total=total))]


def test_a_true_statement_has_no_fault() -> None:
    assert places(line()) == []


def test_the_total_is_the_sum_of_its_lines() -> None:
    (fault,) = recompute(statement(line(), line(), total="27.99"))
    assert (fault.place, fault.stated, fault.recomputed) == ("total", "27.99", "28.00")


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"volume": D("1000.01")}, "lines[0].volume"),
        ({"measure": D("1000.01")}, "lines[0].volume as measure"),
        ({"threshold": D(2000)}, "lines[0].threshold"),
        ({"threshold": None}, "lines[0].threshold"),
        ({"value": Value(percent=D(3))}, "lines[0].threshold as value"),
        ({"earned": D("20.01")}, "lines[0].earned"),
        ({"fee": D("2.01")}, "lines[0].fee"),
        ({"settled_before": D("2.99")}, "lines[0].due"),
        ({"holdback": D("0.01")}, "lines[0].due"),
        ({"carried": D("0.01")}, "lines[0].payable_now"),
        ({"working": ()}, "lines[0].payable_now"),
    ],
)
def test_a_changed_figure_is_found_where_it_stands(
    changed: dict[str, object], place: str
) -> None:
    assert place in places(line(**changed))


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (document("1100.01", net=D("1100.00")), "amount"),
        (document("200.00", kind="credit_note"), "amount"),
        (document("100.00", net=D(5), currency="USD"), "rate"),
        (document("1.00", reason="freight"), "amount"),
    ],
)
def test_a_changed_document_is_found(row: DocumentRow, place: str) -> None:
    found = places(line(documents=(row,)))
    assert f"lines[0].documents[0].{place}" in found


def test_a_step_says_the_figure_of_its_line() -> None:
    steps = tuple(
        replace(one, amount=D(1)) if one.step == "payable_now" else one
        for one in line().working
    )
    assert places(line(working=steps)) == ["lines[0].working.payable_now"]


def test_a_document_left_out_counts_for_nothing_and_says_why() -> None:
    whole = statement(line())
    for row in (document("1.00", reason="freight"), document("0")):
        changed = replace(whole, left_out=(row,))
        assert [one.place for one in recompute(changed)] == ["left_out[0].amount"]


def slices(*rows: tuple[str, str, Value]) -> tuple[Slice, ...]:
    return tuple(
        Slice(
            threshold=D(0),
            measure=None,
            payable=D(payable),
            value=value,
            amount=D(amount),
        )
        for payable, amount, value in rows
    )


def test_a_slice_earns_its_payable_at_its_rate_with_its_fixed_amount() -> None:
    wrong = slices(("1000", "19.99", Value(percent=D(2))))
    assert "lines[0].slices[0].amount" in places(line(slices=wrong))
    with_plus = slices(("1000", "20.00", Value(percent=D("1.5"), plus=D(5))))
    assert places(line(slices=with_plus)) == []
    by_unit = slices(("10", "20.00", Value(per_unit=D(2))))
    assert places(line(slices=by_unit)) == []
    fixed = slices(("0", "20.00", Value(amount=D(20))))
    assert places(line(slices=fixed)) == []


def test_slices_of_a_rate_make_up_the_volume() -> None:
    half = slices(("500", "20.00", Value(percent=D(4))))
    assert places(line(slices=half)) == ["lines[0].slices payable"]


@pytest.mark.parametrize(
    ("unpaid", "found"), [("500", []), ("499", ["lines[0].slices payable"])]
)
def test_what_earlier_terms_pay_nothing_on_is_told(
    unpaid: str, found: list[str]
) -> None:
    half = slices(("500", "20.00", Value(percent=D(4))))
    steps = (Step(step="earlier_terms", amount=D(unpaid), text=""),)
    given = line(slices=half, working=(*line().working, *steps))
    assert places(given) == found


@pytest.mark.parametrize(("rounding", "earned"), [("half_even", "0.12"), ("", "0.13")])
def test_a_half_cent_is_rounded_as_the_working_says(rounding: str, earned: str) -> None:
    steps = (
        Step(step="rounded", amount=D(earned), text="", params={"rounding": rounding}),
    )
    found = line(
        slices=slices(("1000", "0.125", Value(percent=D("0.0125")))),
        earned=D(earned),
        fee=D("0.01"),
        settled_before=D(0),
        due=D(earned) - D("0.01"),
        payable_now=D(earned) - D("0.01"),
        working=steps,
    )
    assert places(found, total=str(D(earned) - D("0.01"))) == []


def test_the_tier_of_a_negative_measure_is_that_of_its_size() -> None:
    returned = line(
        volume=D(-1000),
        measure=D(-1000),
        documents=(document("-1000", kind="credit_note"),),
        slices=slices(("-1000", "-20", Value(percent=D(2)))),
        earned=D("-20.00"),
        fee=D("-2.00"),
        settled_before=D(0),
        due=D("-18.00"),
        payable_now=D("-18.00"),
        working=(),
    )
    assert places(returned, total="-18.00") == []


@pytest.mark.parametrize(("measure", "reached"), [("500", False), ("500.01", True)])
def test_more_than_asks_for_more_than_the_threshold(
    measure: str, *, reached: bool
) -> None:
    found = places(
        line(
            boundary="more_than",
            volume=D(measure),
            measure=D(measure),
            documents=(document(measure),),
        )
    )
    assert ("lines[0].threshold" not in found) is reached


def test_a_groups_part_is_checked_to_the_unit_of_its_division() -> None:
    shared = line(pool="group", measure=None, slices=slices(("1", "19.99", Value())))
    assert places(shared) == []
    shared = line(pool="group", measure=None, slices=slices(("1", "19.98", Value())))
    assert places(shared) == ["lines[0].earned"]


def test_a_quantity_is_not_the_sum_of_amounts() -> None:
    counted = line(measured="quantity", volume=D(7), measure=D(700))
    assert "lines[0].volume" not in places(counted)
    without_ladder = line(tiers=(), threshold=D(1))
    assert places(without_ladder) == []
