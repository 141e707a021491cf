"""The schemas that are published are what the reader accepts, both ways."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from rappel.bundled import bundled
from rappel.errors import Malformed
from rappel.ingest.terms import agreement_from_fields, agreement_to_fields
from signed import agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]
NAMES: Final = ("programme", "agreement", "lone_agreement", "simulation")
SHAPE: Final = {
    "unknown_field",
    "unknown_word",
    "not_readable",
    "not_text",
    "no_such_day",
    "wrong_type",
    "not_allowed_here",
}
WRONG: Final = (5, 1.5, "1e3", "", "-1", {"colour": "red"}, ["x", "x"], None, True)
LIMIT: Final = {"of": "earned", "amount": "5000", "per": "member", "prorate": "days"}
FIXED: Final = {"reach": "each_fixed", "tiers": [{"from": "0", "amount": "10"}]}
SCOPE: Final = {
    "categories": ["cctv"],
    "exclude_categories": ["access"],
    "codes": ["A"],
    "members": ["norte"],
    "segments": ["x"],
    "countries": ["MX"],
}
PROGRAMMES: Final[list[Document]] = [
    {},
    {"supplier": ["andes", "bravo"], "payer": "andes", "scope": SCOPE},
    {"supplier": "*", "pool": "segment", "segment": "x", "allocation": "equal"},
    {"pool": "group", "allocation": {"fixed": {"norte": "60", "sur": "40"}}},
    {"pool": "family", "allocation": "own_tier", "fx": "fixed", "fx_rate": "17.5"},
    {"in_force_from": "2026-01-01", "in_force_until": "2027-01-01", "order": 2},
    {"measure": "share", "share_of": {"categories": ["cctv"]}},
    {"measure": "target_percent", "targets": [{"member": "norte", "amount": "9"}]},
    {
        "measure": "growth_percent",
        "growth_of": "quantity",
        "baseline": {"source": "books", "none": "zero", "part_year": "prorate"},
    },
    {"measure_over": "rolling_12", "measure_scope": SCOPE, "accumulate": "year"},
    {"settle": "year", "year_starts": "03-15", "cap": {**LIMIT, "carry": True}},
    {"minimum": LIMIT, "guarantee": LIMIT, "payout_minimum": "50"},
    {"holdback": {"percent": "25", "release": {"from": "9"}}, "fee_percent": "10"},
    {"holdback": {"percent": "25", "release": "window_end"}, "returns": "excluded"},
    {"gates": [{"measure": "amount", "from": "10", "scope": {"codes": ["A"]}}]},
    {"boundary": "more_than", "rounding": "half_even", "fx": "period_end"},
    {"tiers": [{"up_to": "5", "percent": "1"}, {"from": "5", "percent": "2"}]},
    {"outbound": {"tiers": [{"from": "5", "percent": "1"}], "reach": "marginal"}},
    {"tiers": [{"from": "0", "percent": "1", "cap": "9"}]},
    {"payable": "quantity", "tiers": [{"from": "0", "per_unit": "1", "plus": "2"}]},
    {"reach": "increment", "tiers": [{"from": "0", "amount": "1", "every": "5"}]},
    FIXED,
    {
        "promotions": [
            {
                "code": "x",
                "start": "2026-01-01",
                "end": "2026-02-01",
                "scope": {"codes": ["A"]},
                "multiplies": "rate",
                "by": "2",
                "order": 1,
            },
            {
                "code": "y",
                "start": "2026-01-01",
                "end": "2026-02-01",
                "adds": {"percent": "1"},
            },
        ]
    },
]
SOME: Final = [
    pytest.param(one, marks=() if place % 5 == 0 else pytest.mark.full)
    for place, one in enumerate(PROGRAMMES)
]
NOT_SIGNED: Final = {"counts", "less"}
"""What the books do not record, and what takes two programmes."""


@cache
def validator(name: str) -> Draft202012Validator:
    """Return the published schema, as anybody reads it."""
    folder = bundled("schemas")
    schemas = {
        one: json.loads((folder / f"{one}.schema.json").read_text()) for one in NAMES
    }
    resources = [
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(
        schemas[name], registry=registry, format_checker=FormatChecker(["date"])
    )


def whole(programme: Document) -> Document:
    return {**agreement(**programme), "evidence_minimum": "C"}


def alone(document: Document) -> Document:
    """Return a document of one programme, its fields at the top."""
    (programme,) = document["programmes"]
    above = {name: one for name, one in document.items() if name != "programmes"}
    supplier = document["supplier"]
    return {**programme, **above, "supplier": supplier}


def refused(document: Document) -> set[str]:
    try:
        agreement_from_fields(document)
    except Malformed as problem:
        return {fault.code for fault in problem.faults}
    return set()


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_what_can_be_signed_is_what_the_schemas_describe(programme: Document) -> None:
    document = whole(programme)
    assert refused(document) == set()
    assert [*validator("agreement").iter_errors(document)] == []
    lone = alone(document)
    assert refused(lone) == set()
    assert [*validator("lone_agreement").iter_errors(lone)] == []


def test_every_field_of_a_programme_is_among_the_examples() -> None:
    named = {name for one in PROGRAMMES for name in one} | {"code", "tiers"}
    schema = json.loads((bundled("schemas") / "programme.schema.json").read_text())
    assert set(schema["properties"]) == named | NOT_SIGNED


def changes(value: Any) -> Iterator[Any]:
    """Return a document with one thing wrong, of every kind at every place."""
    if isinstance(value, dict):
        yield {**value, "colour": "red"}
        for name, inner in value.items():
            yield {other: one for other, one in value.items() if other != name}
            for changed in changes(inner):
                yield {**value, name: changed}
    elif isinstance(value, list):
        yield []
        for place, inner in enumerate(value):
            for changed in changes(inner):
                yield [*value[:place], changed, *value[place + 1 :]]
    yield from (copy.deepcopy(wrong) for wrong in WRONG)


def agreed(programme: Document, *, lone: bool) -> int:
    """Count what a schema refuses; the reader refuses the same, for its shape."""
    name = "lone_agreement" if lone else "agreement"
    count = 0
    for document in changes(alone(whole(programme)) if lone else whole(programme)):
        if not isinstance(document, dict) or ("programmes" in document) is lone:
            continue
        wrong = not validator(name).is_valid(document)
        codes = refused(document)
        assert codes if wrong else not codes & SHAPE, (document, codes)
        count += wrong
    return count


@pytest.mark.parametrize("programme", SOME)
def test_what_the_schema_refuses_the_reader_refuses_and_no_other_shape(
    programme: Document,
) -> None:
    assert agreed(programme, lone=False) > len(WRONG)


@pytest.mark.parametrize("programme", PROGRAMMES[-1:])
def test_so_it_is_of_a_programme_that_stands_alone(programme: Document) -> None:
    assert agreed(programme, lone=True) > len(WRONG)


def test_a_lone_agreement_has_the_fields_of_both() -> None:
    lone, both, one = (
        json.loads((bundled("schemas") / f"{name}.schema.json").read_text())
        for name in ("lone_agreement", "agreement", "programme")
    )
    fields = {*both["properties"], *one["properties"]} - {"programmes"}
    assert set(lone["properties"]) == fields


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_export_import_and_export_are_the_same_bytes(programme: Document) -> None:
    first = agreement_to_fields(agreement_from_fields(whole(programme)))
    again = agreement_to_fields(agreement_from_fields(json.loads(json.dumps(first))))
    assert json.dumps(again) == json.dumps(first)
