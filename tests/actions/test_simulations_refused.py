"""A case is refused with every fault at once, each with its path."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from rappel.actions.simulations import simulate, simulate_all
from rappel.bundled import bundled
from rappel.errors import Malformed
from rappel.wording import catalogue, resay
from simulated import CASE, case, short


def refused(given: Any) -> dict[str | None, str]:
    """Return the codes of what is refused, by path."""
    with pytest.raises(Malformed) as refusal:
        simulate(given)
    return {fault.field: fault.code for fault in refusal.value.faults}


def test_every_fault_of_the_shape_is_named_at_once() -> None:
    given = case(colour="red", period={"start": "2026-01-01"})
    given["purchases"][0].update(amount="-3", quantity=7, kind="gift")
    given["programmes"][0]["tiers"][1]["percnt"] = "2"
    given["members"][0]["segments"] = None
    del given["currency"]
    assert refused(given) == {
        "colour": "unknown_field",
        "currency": "missing_field",
        "period.end": "missing_field",
        "members[0].segments": "wrong_type",
        "programmes[0].tiers[1].percnt": "unknown_field",
        "purchases[0].amount": "not_readable",
        "purchases[0].kind": "unknown_word",
        "purchases[0].quantity": "not_text",
    }


def test_what_is_not_a_case_at_all_is_refused() -> None:
    assert refused([]) == {"": "wrong_type"}
    assert refused(case(programmes=[])) == {"programmes": "not_allowed_here"}


def test_who_is_named_must_be_there_and_once() -> None:
    members = [
        {"code": "a"},
        {"code": "a", "joined": "2026-02-01", "left": "2026-02-01"},
    ]
    given = short(
        members=members,
        settled=[{"programme": "q", "member": "c", "amount": "1"}],
        rates=[{"from": "USD", "to": "MXN", "date": "2026-01-01", "rate": "1"}] * 2,
    )
    assert refused(given) == {
        "members[1].code": "duplicate_member",
        "members[1].left": "empty_interval",
        "purchases[1].member": "unknown_member",
        "settled[0].member": "unknown_member",
        "settled[0].programme": "unknown_programme",
        "rates[0]": "duplicate_rate",
        "rates[1]": "duplicate_rate",
    }


def test_a_period_has_a_day_and_a_currency_its_cents() -> None:
    given = short(period={"start": "2026-01-01", "end": "2026-01-01"}, currency="XXX")
    assert refused(given) == {
        "period.end": "empty_interval",
        "currency": "unknown_currency",
        "programmes[0].currency": "unknown_currency",
    }


def test_a_programme_says_whose_it_is() -> None:
    given = short()
    del given["programmes"][0]["supplier"]
    assert refused(given) == {"programmes[0].supplier": "missing_field"}


@pytest.mark.parametrize(
    ("window", "programme"),
    [("2026-02-01", {}), (None, {"in_force_from": "2027-01-01"})],
)
def test_what_was_settled_names_a_window_of_the_period(
    window: str | None, programme: dict[str, str]
) -> None:
    lifetime = {"accumulate": "lifetime", **programme} if programme else {}
    settled = [{"programme": "p", "member": "a", "amount": "1", "window": window}]
    given = short(lifetime, settled=settled)
    assert refused(given) == {"settled[0].window": "unknown_window"}


def test_what_cannot_be_combined_is_refused_with_its_path() -> None:
    given = case()
    given["programmes"][0]["reach"] = "linear"
    given["programmes"][0]["tiers"][0]["cap"] = "500"
    assert refused(given) == {"programmes[0].tiers[0].cap": "cannot_be_combined"}


def test_of_many_cases_a_refused_one_answers_its_problem_in_its_place() -> None:
    bad = case()
    bad["programmes"][0]["tiers"][0]["cap"] = "500"
    bad["programmes"][0]["reach"] = "linear"
    first, second, third = simulate_all([CASE, bad, short(currency="mxn")])
    assert first["rebates"]
    problem = second["problem"]
    assert problem["type"] == "urn:rappel:problem:malformed"
    assert problem["status"] == 422
    assert problem["errors"][0]["field"] == "programmes[0].tiers[0].cap"
    assert third["problem"]["code"] == "malformed"


def test_the_published_schemas_describe_each_other_and_nothing_unknown() -> None:
    for name in ("programme", "agreement", "simulation"):
        text = (bundled("schemas") / f"{name}.schema.json").read_text()
        schema = json.loads(text)
        assert schema["$id"].endswith(f"{name}.schema.json")
        assert schema["additionalProperties"] is False


def test_members_that_terms_name_must_be_listed_where_any_are() -> None:
    terms = {
        "scope": {"members": ["a", "nobody"]},
        "pool": "group",
        "allocation": {"fixed": {"a": "60", "nadie": "40"}},
        "promotions": [
            {
                "code": "x",
                "start": "2026-01-01",
                "end": "2026-02-01",
                "multiplies": "rate",
                "by": "2",
                "scope": {"members": ["ninguem"]},
            }
        ],
    }
    members = [{"code": "a"}, {"code": "b"}]
    assert refused(short(terms, members=members)) == {
        "programmes[0].scope.members[1]": "unknown_member",
        "programmes[0].allocation.fixed.nadie": "unknown_member",
        "programmes[0].promotions[0].scope.members[0]": "unknown_member",
    }
    simulate(short(terms))  # who buys is not known to be all there are


def test_a_target_is_of_somebody_who_is_listed() -> None:
    terms = {
        "measure": "target_percent",
        "targets": [{"member": "nobody", "amount": "1"}],
    }
    given = short(terms, members=[{"code": "a"}, {"code": "b"}])
    assert refused(given) == {"programmes[0].targets[0].member": "unknown_member"}


def test_every_fault_is_told_once_with_something_to_do() -> None:
    given = case(settled="x", purchases=[], members=[])
    terms = given["programmes"][0]
    terms.update(promotions=[{"code": "x"}], targets="x", less=["q", "q"], scope=[])
    terms.update(code="", tiers=[], cap="5", year_starts="13")
    with pytest.raises(Malformed) as refusal:
        simulate(given)
    faults = refusal.value.faults
    assert len({(one.field, one.code) for one in faults}) == len(faults)
    said = {one.field: one for one in faults}
    assert said["programmes[0].targets"].message == '"x" is not a list.'
    assert said["programmes[0].cap"].message == '"5" is not an object.'
    assert said["programmes[0].tiers"].message == "This is empty."
    assert said["programmes[0].less"].message == '["q", "q"] says something twice.'
    assert all(one.message and one.repair for one in faults)
    spanish, portuguese = resay("es"), resay("pt")
    for one in faults:
        for text in (one.message, one.repair):
            assert spanish(text) != text, text
            assert portuguese(text) != text, text


@pytest.mark.parametrize("value", [Decimal("2.5"), 2.5])
def test_a_figure_that_is_a_number_is_named_as_it_was_written(value: object) -> None:
    given = case()
    given["programmes"][0]["tiers"][0]["percent"] = value
    with pytest.raises(Malformed) as refusal:
        simulate(given)
    (fault,) = refusal.value.faults
    assert fault.message == "2.5 is a number, and a figure must be exact."
    assert fault.repair == 'Write it as text: "2.5".'


def test_every_description_that_is_given_as_a_repair_is_translated() -> None:
    read = bundled("schemas") / "programme.schema.json"
    shapes = json.loads(read.read_text("utf-8"))
    told = [
        one["description"]
        for one in (*shapes["$defs"].values(), *shapes["properties"].values())
        if "pattern" in one
    ]
    assert len(told) > 4
    for words in (catalogue("es"), catalogue("pt")):
        assert [text for text in told if text not in words] == []


def test_a_refusal_that_names_more_faults_is_told_in_the_readers_language() -> None:
    given = case()
    given["programmes"][0].update(color="red", tiers=[])
    with pytest.raises(Malformed) as refusal:
        simulate(given)
    assert resay("es")(refusal.value.detail) == (
        "Se rechaza (case): programmes[0].color: Aquí no existe el campo color. "
        "(y 1 más)"
    )
    given["programmes"][0].pop("color")
    with pytest.raises(Malformed) as refusal:
        simulate(given)
    assert resay("pt")(refusal.value.detail) == (
        "Recusado (case): programmes[0].tiers: Isto está vazio."
    )
