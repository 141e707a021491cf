"""The sentences of a statement that depend on its terms, in the statement's language.

Owns which sentence says which reach, boundary, pool, value, reason and step. Does not
own labels of the page (the template has them) nor translations (``templates/locale``).

Convention: ``_`` marks an English sentence, so that tests can collect all of them and
ask every language for its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from rappel.core.findings import CATALOGUE
from rappel.paper.figures import DASH, Format, format_of
from rappel.paper.text import SENTENCE, clean
from rappel.wording import PLACEHOLDER, say

if TYPE_CHECKING:
    from rappel.core.statements import (
        Cause,
        NextTier,
        Statement,
        StatementLine,
        Step,
        StoppedRow,
        Value,
    )


def _(sentence: str) -> str:
    """Mark a sentence for translation."""
    return sentence


REACHES: Final = {
    "retroactive": _("The rate of the reached tier applies to the whole volume."),
    "marginal": _("Each slice of the volume earns at the rate of its own tier."),
    "rolling": _("Each reached tier pays its rate on the volume up to its end."),
    "stacked": _("Each reached tier pays its rate on the whole volume."),
    "highest_fixed": _("The highest reached tier gives its fixed amount."),
    "each_fixed": _("Each reached tier gives its fixed amount."),
    "linear": _("The rate is interpolated between the points of the table."),
    "increment": _("Each whole step above the threshold gives its amount."),
}
BOUNDARIES: Final = {
    "at_least": _("A volume on a threshold has reached its tier."),
    "more_than": _("A volume must exceed a threshold to reach its tier."),
}
POOLS: Final = {
    "member": _("The member's own volume chooses the tier."),
    "family": _("The volume of the member's family chooses the tier."),
    "segment": _("The volume of the segment chooses the tier."),
    "group": _("The volume of the whole group chooses the tier."),
}
KINDS: Final = {
    "credit_note": _("credit note"),
    "debit_note": _("debit note"),
}
REASONS: Final = {
    "other_supplier": _("The programme is of another supplier."),
    "other_member": _("The programme is not for this member."),
    "other_segment": _("The programme is for another segment of members."),
    "other_country": _("The programme is for other countries."),
    "no_category": _("The code has no category in the supplier's catalogue."),
    "other_category": _("The programme is for other categories."),
    "excluded_category": _("The programme leaves this category out."),
    "other_code": _("The programme is for other product codes."),
    "returns_excluded": _("The programme does not subtract credit notes."),
    "not_paid": _("The purchase is not paid yet."),
    "no_original": _("The credit note does not say the date of its invoice."),
    "outside_window": _("The date is in no window that this period settles."),
    "not_in_force": _("The programme was not in force on this date."),
    "before_joining": _("The member had not joined yet."),
    "after_leaving": _("The member had left."),
    "no_rate": _("There is no exchange rate to the agreement's currency."),
    "no_quantity": _("The line states no quantity, and the programme counts pieces."),
    "no_programme": _("No programme covers it."),
    "free_goods": _("Free goods do not earn."),
    "freight": _("Freight does not earn."),
    "insurance": _("Insurance does not earn."),
    "financing": _("Financing does not earn."),
    "advance": _("An advance does not earn; its invoice does."),
    "tip": _("Tips do not earn."),
    "price_rebate": _("The credit note is a refund of money, not a return of goods."),
    "carries_no_volume": _("This kind of document carries no volume."),
    "replaced": _("A later or better document replaces this one."),
    "cancelled": _("The supplier cancelled it."),
    "withdrawn": _("It was withdrawn."),
    "held": _("It is held until a person has looked at it."),
}
ROUNDINGS: Final = {
    "half_away_from_zero": _("half away from zero"),
    "half_even": _("half to even"),
}
MEASURED: Final = frozenset(("volume", "measure", "tier"))
STEPS: Final = {
    "volume": _("Volume"),
    "measure": _("Measure"),
    "other_purchases": _("Other purchases"),
    "no_measure": _("No measure"),
    "baseline": _("Baseline"),
    "beyond": _("Baseline"),
    "whole": _("All purchases"),
    "target": _("Target"),
    "gate": _("Gate"),
    "closed_gate": _("Gate not reached"),
    "less": _("Deduction"),
    "tier": _("Tier"),
    "earned": _("Earned"),
    "promotion": _("Promotion"),
    "cap": _("Cap"),
    "tier_cap": _("Cap of the tier"),
    "minimum": _("Minimum"),
    "guarantee": _("Guarantee"),
    "exact": _("Before rounding"),
    "rounded": _("Rounding"),
    "share": _("Share"),
    "fee": _("Fee"),
    "holdback": _("Holdback"),
    "settled_before": _("Settled before"),
    "due": _("Due"),
    "brought_forward": _("Brought forward"),
    "payable_now": _("Payable now"),
    "carried": _("Carried to the next statement"),
}
FEW: Final = 8  # documents that are named where there are too many
MANY: Final = 10
REST: Final = _("{count} more documents; the data attached here name all of them.")
WITHHELD: Final = _("withheld: fewer than five contributors or one above 25 %")


@dataclass(frozen=True, slots=True)
class Words:
    """How one statement speaks: its locale, its figures, its currency."""

    locale: str
    form: Format
    currency: str
    places: int

    @classmethod
    def of(cls, statement: Statement) -> Words:
        """Return the words of a statement; its member's country writes the figures."""
        form = format_of(statement.locale, statement.member.country)
        return cls(statement.locale, form, statement.currency, statement.places)

    def say(self, sentence: str, **params: str) -> str:
        """Say a sentence, filled with text that is already fit to print."""
        return say(sentence, params, self.locale)

    def amount(self, value: Decimal, most: int | None = None) -> str:
        """Write an amount of the statement, its currency being named on the page."""
        return self.form.number(value, self.places, most)

    def measured(
        self, value: Decimal | None, kind: str, most: int | None = None
    ) -> str:
        """Write a measure or a threshold: money, pieces or percent."""
        if value is None:
            return self.say(WITHHELD)
        if kind == "percent":
            return self.form.percent(value)
        if kind == "quantity":
            return self.form.number(value)
        return self.amount(value, most)

    def value(self, value: Value) -> str:
        """Write what a tier gives."""
        parts = []
        if value.percent is not None:
            parts.append(self.form.percent(value.percent))
        if value.per_unit is not None:
            each = self.form.number(value.per_unit, self.places)
            parts.append(self.say(_("{amount} per unit"), amount=each))
        if value.amount is not None:
            parts.append(self.amount(value.amount))
        if value.plus is not None:
            parts.append(f"+ {self.amount(value.plus)}")
        return " ".join(parts) or DASH

    def terms(self, line: StatementLine) -> tuple[str, ...]:
        """Say reach, boundary and pool of a line."""
        named = (
            REACHES.get(line.reach, line.reach),
            BOUNDARIES.get(line.boundary, line.boundary),
            POOLS.get(line.pool, line.pool),
        )
        return tuple(clean(self.say(sentence), SENTENCE) for sentence in named)

    def ahead(self, line: StatementLine) -> str:
        """Say how far the next tier is and what it is worth; empty if unknown."""
        if line.next is None:
            top = line.tiers and line.tiers[-1].reached
            return self.say(_("The highest tier is reached.")) if top else ""
        return self._distance(line, line.next)

    def _distance(self, line: StatementLine, ahead: NextTier) -> str:
        reaches = [tier for tier in line.tiers if tier.threshold == ahead.threshold]
        gives = self.value(reaches[0].value) if reaches else DASH
        worth = self.form.money(ahead.worth, self.currency, self.places)
        if not ahead.missing:
            sentence = _("Any further purchase reaches {value}, worth {worth} more.")
            return self.say(sentence, value=gives, worth=worth)
        if line.measured == "amount":
            cent = Decimal(1).scaleb(-self.places)
            missing = self.form.money(
                ahead.missing.quantize(cent, ROUND_CEILING), self.currency, self.places
            )
        else:
            missing = self.measured(ahead.missing, line.measured)
        alone = _("{missing} more reaches {value}, worth {worth} more.")
        pooled = _(
            "{missing} more by all together reaches {value}, worth {worth} more."
        )
        sentence = alone if line.pool == "member" else pooled
        return self.say(sentence, missing=missing, value=gives, worth=worth)

    def reason(self, code: str) -> str:
        """Say why a document was left out; a code that has no words is said itself."""
        kind = CATALOGUE.get(code)
        whole = kind is not None and not PLACEHOLDER.search(kind.message)
        found = kind.message if kind and whole else code.replace("_", " ")
        return clean(self.say(REASONS.get(code, found)), SENTENCE)

    def lacking(self, row: StoppedRow) -> str:
        """Say what a programme lacks that was not computed."""
        kind = CATALOGUE.get(row.reason)
        found = kind.message if kind else row.reason.replace("_", " ")
        said = self.say(found, **self.form.filling(row.params))
        return clean(said, SENTENCE)

    def causes(self, causes: tuple[Cause, ...]) -> tuple[str, ...]:
        """Say what made a line correct a closed period; of many documents a few."""
        documents = [one for one in causes if "document" in one.params]
        others = [one for one in causes if "document" not in one.params]
        few = documents if len(documents) <= MANY else documents[:FEW]
        said = [self._cause(one) for one in few]
        if few != documents:
            rest = self.form.number(Decimal(len(documents) - FEW))
            said.append(self.say(REST, count=rest))
        return (*said, *(self._cause(one) for one in others))

    def _cause(self, cause: Cause) -> str:
        said = self.say(cause.text, **self.form.filling(cause.params))
        return clean(said, SENTENCE)

    def step(self, step: Step, line: StatementLine) -> tuple[str, str, str]:
        """Say a step of the working: its name, its sentence, its figure.

        A measure that is withheld and a tier that is not reached have no figure.
        """
        name = self.say(STEPS.get(step.step, step.step.replace("_", " ").capitalize()))
        known = {key: ROUNDINGS.get(text, text) for key, text in step.params.items()}
        params = {
            key: self.say(text) if text in ROUNDINGS.values() else text
            for key, text in self.form.filling(known).items()
        }
        sentence = self.say(step.text, **params)
        return clean(name), clean(sentence, SENTENCE), self._figure(step, line)

    def _figure(self, step: Step, line: StatementLine) -> str:
        absent = {"measure": line.measure is None, "tier": line.threshold is None}
        if absent.get(step.step):
            return DASH
        if step.step in MEASURED:
            return self.measured(step.amount, line.measured)
        return self.amount(step.amount)
