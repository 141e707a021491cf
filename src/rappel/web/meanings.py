"""What terms mean, as it crosses the API: words, worked examples, differences.

Owns the shapes of a check and of a comparison; what they say is
:mod:`rappel.actions.proposals`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rappel.actions.proposals import check_json, told
from rappel.core.money import plain
from rappel.errors import Fault, Malformed
from rappel.web.shapes import Shown
from rappel.wording import LANGUAGES, resay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rappel.actions.proposals import Check
    from rappel.core.agreements import Tier
    from rappel.core.comparison import Comparison, Ladder
    from rappel.core.findings import Finding

VALUES: Final = ("percent", "per_unit", "amount", "every", "plus", "cap")


class WarningShown(Shown):
    """What the linter says of terms; ``field`` is the path in the document."""

    code: str
    severity: str
    field: str | None
    message: str
    repair: str


class MeaningShown(Shown):
    """A programme in words, and worked by the engine about every threshold.

    ``no_example`` says why there is none.
    """

    code: str
    sentences: list[str]
    examples: list[dict[str, Any]]
    no_example: str | None


class CheckShown(Shown):
    """An agreement as it was understood: its fields, what they mean, what is odd."""

    agreement: dict[str, Any]
    programmes: list[MeaningShown]
    findings: list[WarningShown]


class FieldShown(Shown):
    """A field that differs; ``programme`` is null for the agreement's own."""

    programme: str | None
    field: str
    before: str | None
    after: str | None


class StepShown(Shown):
    """A threshold of either table, and what each gives there; null if it is in one."""

    threshold: str
    before: dict[str, str] | None
    after: dict[str, str] | None


class LadderShown(Shown):
    """Two tier tables aligned by threshold."""

    programme: str
    field: str
    steps: list[StepShown]


class ComparisonShown(Shown):
    """Two revisions side by side: what the later one changes of the earlier one."""

    agreement: str
    before: int
    after: int
    added: list[str]
    removed: list[str]
    changes: list[FieldShown]
    ladders: list[LadderShown]


def warnings_shown(findings: Iterable[Finding], locale: str) -> list[WarningShown]:
    """Write what the linter says in the caller's language."""
    return [WarningShown(**told(one, locale)) for one in findings]


def check_shown(checked: Check, locale: str) -> CheckShown:
    """Write what an agreement means in the caller's language."""
    written = check_json(checked, locale)
    heard = resay(locale)
    return CheckShown(
        agreement=written["agreement"],
        programmes=[
            MeaningShown(
                code=one["code"],
                sentences=one["sentences"],
                examples=one["examples"],
                no_example=None
                if one["no_example"] is None
                else heard(one["no_example"]),
            )
            for one in written["programmes"]
        ],
        findings=warnings_shown(checked.findings, locale),
    )


def comparison_shown(
    found: Comparison, agreement: str, before: int, after: int
) -> ComparisonShown:
    """Write two revisions side by side."""
    return ComparisonShown(
        agreement=agreement,
        before=before,
        after=after,
        added=list(found.added),
        removed=list(found.removed),
        changes=[
            FieldShown(
                programme=one.programme,
                field=one.path,
                before=one.before,
                after=one.after,
            )
            for one in found.changes
        ],
        ladders=[_ladder(one) for one in found.ladders],
    )


def _ladder(one: Ladder) -> LadderShown:
    return LadderShown(
        programme=one.programme,
        field=one.path,
        steps=[
            StepShown(
                threshold=plain(step.threshold),
                before=_gives(step.before),
                after=_gives(step.after),
            )
            for step in one.steps
        ],
    )


def _gives(tier: Tier | None) -> dict[str, str] | None:
    """Write what a tier gives, each value by its name."""
    if tier is None:
        return None
    return {
        name: plain(figure)
        for name in VALUES
        if (figure := getattr(tier, name)) is not None
    }


def spoken(locale: str) -> str:
    """Return a locale that is spoken here.

    Raises:
        Malformed: it is not.
    """
    if locale.replace("_", "-").partition("-")[0].lower() in LANGUAGES:
        return locale
    fault = Fault(
        code="unknown_locale",
        message=f"Nobody speaks {locale} here.",
        repair="Ask in es, pt or en, with a country if figures are to look like its.",
        field="locale",
    )
    raise Malformed(fault.message, code=fault.code, faults=(fault,))
