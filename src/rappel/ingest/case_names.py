"""Names in a case: who is named must be there, and only once.

Owns the refusal of members and programmes that nobody listed, wherever facts or terms
name them, and of what is there twice. Knows no figures (:mod:`rappel.ingest.cases`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from rappel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMING: Final = ("settled", "baselines")


def named(case: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for who is named and not there, and for who is there twice."""
    listed = [member["code"] for member in case.get("members", ())]
    programmes = {one["code"] for one in case["programmes"]}
    for place, code in enumerate(listed):
        if code in listed[:place]:
            yield fault(
                "duplicate_member",
                f"members[{place}].code",
                f"The member {code} is listed twice.",
                "List every member once.",
            )
    for field in ("purchases", *NAMING):
        for place, row in enumerate(case.get(field, ())):
            if listed and row["member"] not in listed:
                yield _unknown("member", f"{field}[{place}].member", row["member"])
            if row.get("programme", None) not in {None, *programmes}:
                at = f"{field}[{place}].programme"
                yield _unknown("programme", at, row["programme"])
    for at, code in _asked_for(case["programmes"], "programmes"):
        if listed and code not in listed:
            yield _unknown("member", at, code)
    yield from _twice(case)


def _asked_for(terms: object, at: str) -> Iterator[tuple[str, str]]:
    """Yield the members that terms name, in scopes, targets and parts, by path."""
    if isinstance(terms, list):
        for place, one in enumerate(terms):
            yield from _asked_for(one, f"{at}[{place}]")
    if not isinstance(terms, dict):
        return
    for name, one in terms.items():
        if name == "members":
            codes = enumerate(one or ())
            yield from ((f"{at}.members[{place}]", code) for place, code in codes)
        elif name == "member":
            yield f"{at}.member", one
        elif name == "fixed":
            yield from ((f"{at}.fixed.{code}", code) for code in one)
        else:
            yield from _asked_for(one, f"{at}.{name}")


def _twice(case: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse two baselines or two rates of one thing."""
    baselines = case.get("baselines", ())
    named = Counter((row["programme"], row["member"]) for row in baselines)
    for place, row in enumerate(baselines):
        if named[row["programme"], row["member"]] > 1:
            yield fault(
                "duplicate_baseline",
                f"baselines[{place}]",
                f"There are two baselines of {row['member']} for {row['programme']}.",
                "Give one.",
            )
    pairs = Counter(_pair(row) for row in case.get("rates", ()))
    for place, row in enumerate(case.get("rates", ())):
        if pairs[_pair(row)] > 1:
            yield fault(
                "duplicate_rate",
                f"rates[{place}]",
                "There are two rates for these currencies on this day.",
                "Give one.",
            )


def _pair(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row["from"], row["to"], row["date"]


def _unknown(what: str, field: str, code: str) -> Fault:
    return fault(
        f"unknown_{what}", field, f"There is no {what} {code}.", f"List it in {what}s."
    )


def fault(code: str, field: str, message: str, repair: str) -> Fault:
    """Make a fault of a case."""
    return Fault(code=code, message=message, repair=repair, field=field)
