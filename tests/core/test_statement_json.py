"""A statement as JSON: the same bytes, read back exactly, everything else refused."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from paper.samples import line, statement
from rappel.core.statement_json import (
    SCHEMA,
    line_fields,
    line_from_fields,
    statement_from_json,
    statement_json,
)
from rappel.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_statement_comes_back_exactly(count: int) -> None:
    issued = statement(line(count, reach="marginal"))
    written = statement_json(issued)
    assert statement_from_json(written) == issued
    assert statement_json(statement_from_json(written)) == written


def test_a_line_alone_comes_back_exactly() -> None:
    one = line(40, reach="marginal")
    assert line_from_fields(json.loads(json.dumps(line_fields(one)))) == one
    with pytest.raises(Malformed):
        line_from_fields([])


def test_figures_are_strings_with_their_own_places() -> None:
    content = json.loads(statement_json(statement(line(1))))
    assert content["schema"] == SCHEMA
    assert content["lines"][0]["settled_before"] == "500.00"
    assert content["left_out"][0]["amount"] == "0"


@pytest.mark.parametrize(
    ("figure", "written"),
    [("1E+3", "1000"), ("-0.00", "0.00"), ("1E-7", "0.0000001"), ("-1.50", "-1.50")],
)
def test_a_figure_is_plain_and_zero_has_no_sign(figure: str, written: str) -> None:
    content = json.loads(statement_json(replace(statement(), total=Decimal(figure))))
    assert content["total"] == written


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity"])
def test_a_figure_that_is_not_finite_is_never_written(figure: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        statement_json(replace(statement(), total=Decimal(figure)))


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    written = statement_json(statement(line(1), out=0)).decode()
    again = json.dumps(
        json.loads(written), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert written == again


def test_a_field_with_a_default_may_be_missing() -> None:
    content = json.loads(statement_json(statement()))
    del content["provisional"]
    assert statement_from_json(json.dumps(content).encode()) == statement()


def test_every_kind_of_missing_value_comes_back_as_none() -> None:
    bare = replace(line(1), revision=None, measure=None, threshold=None, next=None)
    issued = statement(bare)
    assert statement_from_json(statement_json(issued)) == issued


def _first_line(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["lines"][0]
    return found


SPOILT: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "another schema": ("schema", lambda c: c.update(schema="rappel.statement/2")),
    "no schema": ("schema", lambda c: c.pop("schema")),
    "unknown field": ("extra", lambda c: c.update(extra="1")),
    "unknown field inside": (
        "lines[0].extra",
        lambda c: _first_line(c).update(extra="1"),
    ),
    "missing field": ("number", lambda c: c.pop("number")),
    "number for a figure": ("total", lambda c: c.update(total=12)),
    "word for a figure": ("total", lambda c: c.update(total="twelve")),
    "exponent": ("total", lambda c: c.update(total="1E+999999999")),
    "too long a figure": ("total", lambda c: c.update(total="1" * 39)),
    "other digits": ("total", lambda c: c.update(total="١٢")),
    "bool for a number": ("places", lambda c: c.update(places=True)),
    "number for a bool": ("provisional", lambda c: c.update(provisional=1)),
    "no such day": ("due_on", lambda c: c.update(due_on="2026-02-30")),
    "another way of a day": ("due_on", lambda c: c.update(due_on="20260228")),
    "number for a day": ("due_on", lambda c: c.update(due_on=20260228)),
    "no such time": ("issued_at", lambda c: c.update(issued_at="noon")),
    "object for a list": ("lines", lambda c: c.update(lines={})),
    "list for an object": ("member", lambda c: c.update(member=[])),
    "text that is no Unicode": ("number", lambda c: c.update(number="\ud800")),
    "figure for a filling": (
        "lines[0].working[0].params.volume",
        lambda c: _first_line(c)["working"][0]["params"].update(volume=1),
    ),
    "list for a filling": (
        "lines[0].working[0].params",
        lambda c: _first_line(c)["working"][0].update(params=[]),
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_what_is_not_a_statement_is_refused_with_its_path(spoilt: str) -> None:
    path, spoil = SPOILT[spoilt]
    content = json.loads(statement_json(statement()))
    spoil(content)
    with pytest.raises(Malformed) as refused:
        statement_from_json(json.dumps(content).encode())
    assert refused.value.code == "bad_statement"
    assert refused.value.faults[0].field == path


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe\x00",
        b'{"schema":"rappel.statement/1","total":1.5}',
        b'{"schema":"rappel.statement/1","total":NaN}',
        b'{"schema":"rappel.statement/1","schema":"rappel.statement/1"}',
        b"[" * 200_000,
        b"1" * 5_000,
    ],
    ids=["empty", "list", "bytes", "float", "nan", "twice", "deep", "long"],
)
def test_what_is_no_json_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        statement_from_json(content)
