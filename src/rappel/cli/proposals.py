"""What the terminal prints of terms: warnings, words, worked examples, differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rappel.actions.proposals import told
from rappel.cli import output
from rappel.core.money import plain
from rappel.paper.sentences import said
from rappel.settings import current
from rappel.wording import resay, say, translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rappel.actions.proposals import Check, Meaning
    from rappel.core.agreements import Tier
    from rappel.core.comparison import Comparison
    from rappel.core.findings import Finding

BEFORE_VALUE: Final = ("bought", "quantity", "measure", "threshold")
AFTER_VALUE: Final = ("earned", "fee", "holdback", "due")
VALUES: Final = ("percent", "per_unit", "amount", "every", "plus", "cap")
NONE: Final = "—"
NO_EXAMPLE: Final = "no example: {why}"


def warn(findings: Sequence[Finding]) -> None:
    """Print what the linter says, on standard error."""
    heard = translator(current().locale)
    for one in findings:
        words = told(one, current().locale)
        severity = heard(words["severity"])
        output.note(f"{severity}: {words['field']}: {words['message']}")
        output.note(f"  → {words['repair']}")


def show(checked: Check) -> None:
    """Print what an agreement means, and what somebody should look at."""
    output.say(f"{checked.agreement.code}, {checked.agreement.currency}")
    for meaning in checked.programmes:
        _meaning(meaning)
    warn(checked.findings)


def _meaning(meaning: Meaning) -> None:
    output.say(f"\n{meaning.code}")
    for sentence in meaning.sentences:
        output.say(f"  {said(sentence, current().locale)}")
    if meaning.examples.refused is not None:
        why = resay(current().locale)(meaning.examples.refused)
        output.note(say(NO_EXAMPLE, {"why": why}, current().locale))
        return
    rows = meaning.examples.rows
    differ = any(row["inbound"] != row["earned"] for row in rows)
    after = ("inbound", *AFTER_VALUE) if differ else AFTER_VALUE
    columns = [f">{name}" for name in (*BEFORE_VALUE, "value", *after)]
    output.table(columns, [_example(row, after) for row in rows])


def _example(row: Mapping[str, Any], after: Sequence[str]) -> list[str]:
    value = row["value"] or {}
    return [
        *(row[name] or NONE for name in BEFORE_VALUE),
        " ".join(f"{_word(name)} {figure}" for name, figure in value.items()) or NONE,
        *(row[name] for name in after),
    ]


def differ(compared: Comparison) -> None:
    """Print two revisions side by side."""
    for what, codes in (("added", compared.added), ("removed", compared.removed)):
        for code in codes:
            output.say(f"{_word(what)}: {code}")
    rows = [
        (one.programme or NONE, one.path, one.before or NONE, one.after or NONE)
        for one in compared.changes
    ]
    if rows:
        output.table(["programme", "field", "before", "after"], rows)
    for ladder in compared.ladders:
        steps = [
            (plain(step.threshold), _gives(step.before), _gives(step.after))
            for step in ladder.steps
        ]
        output.say(f"\n{ladder.programme}: {ladder.path}")
        output.table([">from", "before", "after"], steps)


def _gives(tier: Tier | None) -> str:
    given = [(name, getattr(tier, name, None)) for name in VALUES]
    said_of = [
        f"{_word(name)} {plain(figure)}" for name, figure in given if figure is not None
    ]
    return ", ".join(said_of) or NONE


def _word(text: str) -> str:
    """Say one word in the reader's language."""
    return translator(current().locale)(text)
