"""Comparison: two revisions of an agreement side by side.

Owns what differs in meaning, not in spelling: a default that is written out equals one
that is left out. Everything obeys this: a path is that of the document, with tiers
named by their threshold, promotions by their code and targets by their member; a value
is plain text, and ``None`` where a revision does not have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rappel.core.agreements import Outbound, Programme, Promotion, Target, Tier
from rappel.core.money import plain
from rappel.core.period import YearStart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.core.agreements import Agreement

DOCUMENT: Final = {
    "suppliers": "supplier",
    "shares": "allocation.fixed",
    "threshold": "from",
    "release_from": "release.from",
    "adds": "adds.percent",
}
NOT_SAID: Final = frozenset({"revision", "since", "until", "programmes", "tiers"})
KEYS: Final[dict[type, Callable[[Any], str]]] = {
    Promotion: lambda one: str(one.code),
    Target: lambda one: str(one.member),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field that differs; ``programme`` is ``None`` for the agreement's own."""

    programme: str | None
    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A threshold of either table, and what each gives there, if it is in it."""

    threshold: Decimal
    before: Tier | None
    after: Tier | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Two tier tables aligned by threshold; ``path`` is ``tiers`` or the outbound's."""

    programme: str
    path: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changes from one revision to another; ladders only where they differ."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changes: tuple[Change, ...]
    ladders: tuple[Ladder, ...]


def compare(before: Agreement, after: Agreement) -> Comparison:
    """Return what the second revision changes of the first."""
    earlier = {one.code: one for one in before.programmes}
    later = {one.code: one for one in after.programmes}
    kept = [(earlier[code], later[code]) for code in earlier if code in later]
    changes = _changes(None, _flat(before), _flat(after))
    for old, new in kept:
        changes += _changes(old.code, _flat(old), _flat(new))
    ladders = [ladder for old, new in kept for ladder in _ladders(old, new)]
    return Comparison(
        added=tuple(code for code in later if code not in earlier),
        removed=tuple(code for code in earlier if code not in later),
        changes=tuple(changes),
        ladders=tuple(ladders),
    )


def _changes(
    programme: str | None, before: Mapping[str, str], after: Mapping[str, str]
) -> list[Change]:
    """Return the paths whose values differ, in the order of the documents."""
    return [
        Change(
            programme=programme,
            path=path,
            before=before.get(path),
            after=after.get(path),
        )
        for path in dict.fromkeys((*before, *after))
        if before.get(path) != after.get(path)
    ]


def _flat(value: Any, at: str = "") -> dict[str, str]:
    """Write what a value says as a text for each path; tier tables stand apart."""
    found: dict[str, str] = {}
    for one in fields(value):
        given = getattr(value, one.name)
        if one.name in NOT_SAID or given in (None, ()):
            continue
        path = f"{at}{DOCUMENT.get(one.name, one.name)}"
        found |= _said(given, path)
    return found


def _said(given: Any, path: str) -> dict[str, str]:
    """Write one field: a text, or one for each part of it."""
    text = _text(given)
    if text is not None:
        return {path: text}
    found: dict[str, str] = {}
    if isinstance(given, Mapping):
        for name, one in given.items():
            found |= _said(one, f"{path}.{name}")
    elif isinstance(given, tuple):
        for place, one in enumerate(given):
            name = KEYS[type(one)](one) if type(one) in KEYS else str(place)
            found |= _flat(one, f"{path}[{name}].")
    else:
        found = _flat(given, f"{path}.")
    return found


def _text(given: Any) -> str | None:
    """Write a value that is one text; ``None`` for what has parts."""
    if isinstance(given, Decimal):
        return plain(given)
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str | int | date | YearStart):
        return str(given)
    codes = isinstance(given, tuple) and all(isinstance(one, str) for one in given)
    return ", ".join(given) if codes else None


def _ladders(old: Programme, new: Programme) -> list[Ladder]:
    """Align the tables of a programme that differ."""
    pairs = {
        "tiers": (old.tiers, new.tiers),
        "outbound.tiers": (_own(old.outbound), _own(new.outbound)),
    }
    return [
        Ladder(programme=old.code, path=path, steps=_steps(before, after))
        for path, (before, after) in pairs.items()
        if before != after
    ]


def _own(outbound: Outbound | None) -> tuple[Tier, ...]:
    return () if outbound is None else outbound.tiers


def _steps(before: Sequence[Tier], after: Sequence[Tier]) -> tuple[Step, ...]:
    earlier = {tier.threshold: tier for tier in before}
    later = {tier.threshold: tier for tier in after}
    return tuple(
        Step(
            threshold=threshold,
            before=earlier.get(threshold),
            after=later.get(threshold),
        )
        for threshold in sorted({*earlier, *later})
    )
