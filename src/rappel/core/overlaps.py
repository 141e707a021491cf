"""Overlaps: programmes that pay one line twice.

Owns whether two programmes can meet on a line, as far as their terms tell: suppliers,
scopes and days in force. Everything obeys this: an empty list of a scope holds every
code; segments meet when they share a name, though a member may be in two of them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Final

from rappel.core.agreements import EVERY
from rappel.core.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rappel.core.agreements import Programme, Scope

SCOPES: Final = ("codes", "members", "segments", "countries")


def overlaps(
    programmes: Sequence[Programme], beside: Sequence[Programme]
) -> Iterator[Finding]:
    """Warn of two programmes that pay one line, unless one deducts the other."""
    places_of = {id(one): place for place, one in enumerate(programmes)}
    for other, one in chain(combinations(programmes, 2), product(beside, programmes)):
        if _together(one, other):
            yield Finding(
                code="programmes_overlap",
                column=f"programmes[{places_of[id(one)]}]",
                params={"programme": one.code, "other": other.code},
            )


def _together(one: Programme, other: Programme) -> bool:
    """Whether both pay on some line, as far as their terms tell.

    Fixed amounts are paid for having reached a tier and not on a line.
    """
    if one.code == other.code or one.code in other.less or other.code in one.less:
        return False
    fixed = any(terms.tiers[0].amount is not None for terms in (one, other))
    in_force, others = one.in_force, other.in_force
    apart = in_force.start >= others.end or others.start >= in_force.end
    if fixed or apart or not _meet(_named(one), _named(other)):
        return False
    scopes = [_scope(one), _scope(other)]
    return _categories_meet(one, other) and all(
        _meet(*(getattr(scope, name) for scope in scopes)) for name in SCOPES
    )


def _named(one: Programme) -> tuple[str, ...]:
    return () if one.suppliers == EVERY else one.suppliers


def _scope(one: Programme) -> Scope:
    """Return the scope, the segment of a segment's pool in it."""
    if one.segment is None or one.scope.segments:
        return one.scope
    return replace(one.scope, segments=(one.segment,))


def _meet(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lists have a code in common; an empty one holds every code."""
    return not some or not others or not set(some).isdisjoint(others)


def _categories_meet(one: Programme, other: Programme) -> bool:
    left_out = {*one.scope.exclude_categories, *other.scope.exclude_categories}
    asked = [set(terms.scope.categories) for terms in (one, other)]
    named = [categories for categories in asked if categories]
    return not named or bool(set.intersection(*named) - left_out)
