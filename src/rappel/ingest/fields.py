"""Fields of a programme: one reader a field, and one writer for all of them.

Owns the turning of JSON values whose shape has been checked into values of the core,
and back. Checks nothing itself.
"""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rappel.core import agreements, terms
from rappel.core.money import Rounding, plain
from rappel.core.period import Unit, YearStart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FROM: Final = "from"
Special: TypeAlias = agreements.Gate | agreements.Holdback | agreements.Promotion


def day(text: str | None) -> date | None:
    """Read a day, if there is one."""
    return None if text is None else date.fromisoformat(text)


def figure(text: str | None) -> Decimal | None:
    """Read a figure, if there is one."""
    return None if text is None else Decimal(text)


def tier(given: Mapping[str, Any]) -> agreements.Tier:
    """Read a tier."""
    figures = {name: figure(text) for name, text in given.items() if name != FROM}
    return agreements.Tier(threshold=Decimal(given[FROM]), **figures)


def scope(given: Mapping[str, Any]) -> agreements.Scope:
    """Read a scope."""
    return agreements.Scope(**{name: tuple(codes) for name, codes in given.items()})


def limit(given: Mapping[str, Any]) -> agreements.Limit:
    """Read a cap, minimum or guarantee."""
    return agreements.Limit(
        of=terms.LimitOf(given["of"]),
        amount=Decimal(given["amount"]),
        per=terms.LimitPer(given.get("per", "member")),
        carry=given.get("carry", False),
        prorate=given.get("prorate"),
    )


def gate(given: Mapping[str, Any]) -> agreements.Gate:
    """Read a gate."""
    return agreements.Gate(
        measure=terms.Measure(given["measure"]),
        threshold=Decimal(given[FROM]),
        scope=None if given.get("scope") is None else scope(given["scope"]),
    )


def holdback(given: Mapping[str, Any]) -> agreements.Holdback:
    """Read a holdback."""
    release = given.get("release", "window_end")
    later = None if isinstance(release, str) else Decimal(release[FROM])
    return agreements.Holdback(percent=Decimal(given["percent"]), release_from=later)


def baseline(given: Mapping[str, Any]) -> agreements.Baseline:
    """Read where a baseline comes from."""
    policies = {
        name: terms.BaselinePolicy(word)
        for name, word in given.items()
        if name != "source"
    }
    return agreements.Baseline(source=given["source"], **policies)


def promotion(given: Mapping[str, Any]) -> agreements.Promotion:
    """Read a promotion."""
    multiplies = given.get("multiplies")
    adds = given.get("adds")
    return agreements.Promotion(
        code=given["code"],
        start=date.fromisoformat(given["start"]),
        end=date.fromisoformat(given["end"]),
        scope=scope(given.get("scope") or {}),
        multiplies=terms.Multiplies(multiplies) if multiplies else None,
        by=figure(given.get("by")),
        adds=Decimal(adds["percent"]) if adds else None,
        order=given.get("order", 1),
    )


def target(given: Mapping[str, Any]) -> agreements.Target:
    """Read a member's target."""
    return agreements.Target(member=given["member"], amount=Decimal(given["amount"]))


def outbound(given: Mapping[str, Any]) -> agreements.Outbound:
    """Read the members' own terms."""
    return agreements.Outbound(
        tiers=each(tier)(given["tiers"]),
        reach=terms.Reach(given.get("reach", "retroactive")),
        boundary=terms.Boundary(given.get("boundary", "at_least")),
    )


def each(reader: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Make the reader of a list."""
    return lambda given: tuple(reader(one) for one in given)


def shares(given: Mapping[str, str]) -> dict[str, Decimal]:
    """Read the fixed parts of members, or the fixed rates of currencies."""
    return {code: Decimal(text) for code, text in given.items()}


READ: Final[dict[str, Callable[[Any], Any]]] = {
    "code": str,
    "suppliers": tuple,
    "payer": str,
    "in_force_from": day,
    "in_force_until": day,
    "measure": terms.Measure,
    "measure_scope": scope,
    "measure_over": terms.MeasureOver,
    "growth_of": terms.GrowthOf,
    "share_of": scope,
    "payable": terms.Payable,
    "pool": terms.Pool,
    "segment": str,
    "reach": terms.Reach,
    "boundary": terms.Boundary,
    "tiers": each(tier),
    "accumulate": Unit,
    "settle": Unit,
    "year_starts": YearStart.of,
    "scope": scope,
    "gates": each(gate),
    "counts": terms.Counts,
    "less": tuple,
    "order": int,
    "allocation": terms.AllocationBy,
    "shares": shares,
    "cap": limit,
    "minimum": limit,
    "guarantee": limit,
    "payout_minimum": figure,
    "holdback": holdback,
    "fee_percent": figure,
    "outbound": outbound,
    "baseline": baseline,
    "targets": each(target),
    "returns": terms.Returns,
    "fx": terms.Fx,
    "fx_rate": figure,
    "fx_rates": shares,
    "rounding": Rounding,
    "promotions": each(promotion),
}
"""The reader of each field of a programme, by the name of the value's own field."""


def _of_fields(value: Any) -> dict[str, Any]:
    """Write the fields that say something."""
    said = {
        FROM if one.name == "threshold" else one.name: written(getattr(value, one.name))
        for one in fields_of(value)
        if getattr(value, one.name) not in (None, ())
    }
    return {name: one for name, one in said.items() if one != {}}


def _special(value: Special) -> dict[str, Any]:
    """Write the values that documents nest otherwise, or that say something empty."""
    said = _of_fields(value)
    if isinstance(value, agreements.Gate) and value.scope is not None:
        said["scope"] = written(value.scope)
    if "release_from" in said:
        said["release"] = {FROM: said.pop("release_from")}
    if "adds" in said:
        said["adds"] = {"percent": said["adds"]}
    return said


def _listed(value: Any) -> list[Any]:
    return [written(one) for one in value]


def _named(value: Any) -> dict[str, Any]:
    return {name: written(one) for name, one in value.items()}


WRITE: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (Decimal, plain),
    (date, date.isoformat),
    (StrEnum, str),
    (YearStart, str),
    ((agreements.Gate, agreements.Holdback, agreements.Promotion), _special),
    ((tuple, list), _listed),
    (dict, _named),
)
"""How a value is written, by the first type that it is of."""


def written(value: Any) -> Any:
    """Write a value of the core as what a document holds; ``None`` is left out."""
    for kind, how in WRITE:
        if isinstance(value, kind):
            return how(value)
    return _of_fields(value) if is_dataclass(value) else value
