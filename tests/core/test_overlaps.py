"""Overlaps: two programmes that pay one line, and two that cannot."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from deals import deal, tiers
from rappel.core.agreements import Scope
from rappel.core.linter import lint
from rappel.core.terms import Payable, Pool, Reach

FLAT = tiers(("0", "2"))
FIXED = tiers(("0", "5"), value="amount")


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two deals are warned of, in either order."""
    pair = deal("a", **{"tiers": FLAT} | one), deal("b", **{"tiers": FLAT} | other)
    there = [f.code for f in lint(pair) if f.code == "programmes_overlap"]
    back = [f.code for f in lint(pair[::-1]) if f.code == "programmes_overlap"]
    assert there == back
    return bool(there)


def scope(**asked: tuple[str, ...]) -> dict[str, Scope]:
    return {"scope": Scope(**asked)}


CCTV = scope(categories=("cctv",))
FIXED_TERMS = {"tiers": FIXED, "reach": Reach.HIGHEST_FIXED, "payable": Payable.NONE}


@pytest.mark.parametrize(
    ("one", "other", "pays_twice"),
    [
        ({}, {}, True),
        ({"suppliers": ("andes",)}, {}, True),
        ({"suppliers": ("andes",)}, {"suppliers": ("andes", "bravo")}, True),
        ({"suppliers": ("andes",)}, {"suppliers": ("bravo",)}, False),
        ({"less": ("b",)}, {}, False),
        ({}, {"less": ("a",)}, False),
        ({}, {"less": ("c",)}, True),
        (CCTV, {}, True),
        (CCTV, CCTV, True),
        (CCTV, scope(categories=("access",)), False),
        (CCTV, scope(exclude_categories=("cctv",)), False),
        (CCTV, scope(exclude_categories=("access",)), True),
        (CCTV, scope(codes=("CAM-1",)), True),
        (scope(codes=("CAM-1",)), scope(codes=("CAM-1", "CAM-2")), True),
        (scope(codes=("CAM-1",)), scope(codes=("CAM-2",)), False),
        (scope(members=("norte",)), scope(members=("sur",)), False),
        (scope(countries=("MX",)), scope(countries=("CO",)), False),
        (scope(segments=("gold",)), scope(segments=("silver",)), False),
        (scope(segments=("gold",)), {"pool": Pool.SEGMENT, "segment": "gold"}, True),
        (scope(segments=("gold",)), {"pool": Pool.SEGMENT, "segment": "tin"}, False),
        ({}, FIXED_TERMS, False),
    ],
)
def test_two_programmes_meet_where_all_their_scopes_do(
    one: dict[str, Any], other: dict[str, Any], *, pays_twice: bool
) -> None:
    assert overlap(one, other) is pays_twice


@pytest.mark.parametrize(
    ("until", "pays_twice"), [(date(2026, 7, 1), False), (date(2026, 7, 2), True)]
)
def test_terms_of_different_days_do_not_meet(until: date, *, pays_twice: bool) -> None:
    ends, begins = {"in_force_until": until}, {"in_force_from": date(2026, 7, 1)}
    assert overlap(ends, begins) is pays_twice


def test_revisions_of_one_programme_are_one_programme() -> None:
    assert lint([deal(tiers=FLAT), deal(tiers=FLAT)]) == ()


def test_another_agreement_is_asked_only_whether_it_meets_these() -> None:
    own = deal("own", tiers=FLAT)
    beside = [deal("x", tiers=tiers(("0", "0.5"))), deal("y", tiers=FLAT)]
    warned = lint([own], beside)
    assert [(one.code, one.column, one.params) for one in warned] == [
        (
            "programmes_overlap",
            "programmes[0]",
            {"programme": "own", "other": other},
        )
        for other in ("x", "y")
    ]
