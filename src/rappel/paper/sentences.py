"""Terms in words: the sentences of the core in a person's language.

Owns how the parts of a sentence are written: figures as the locale writes them, with
the currency's code before an amount, days in words, lists one after the other. Does not
own what is said (:mod:`rappel.core.sentences`) nor translations (``templates/locale``).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rappel.core.clauses import PERCENT, Figure, Listed, Sentence
from rappel.core.money import CURRENCIES, places
from rappel.paper.figures import BLANK, format_of
from rappel.wording import say

if TYPE_CHECKING:
    from rappel.core.clauses import Filling
    from rappel.paper.figures import Format


def said(sentence: Sentence, locale: str, country: str = "") -> str:
    """Say a sentence in the locale's language; ``country`` decides how figures look."""
    return _said(sentence, locale, format_of(locale, country))


def _said(filling: Filling, locale: str, form: Format) -> str:
    if isinstance(filling, Sentence):
        params = {
            name: _said(one, locale, form) for name, one in filling.params.items()
        }
        return say(filling.text, params, locale)
    if isinstance(filling, Listed):
        return filling.apart.join(_said(one, locale, form) for one in filling.ones)
    if isinstance(filling, Figure):
        return _figure(filling, form)
    return form.day(filling) if isinstance(filling, date) else filling


def _figure(figure: Figure, form: Format) -> str:
    """Write a figure with its unit; whole amounts without decimals."""
    if figure.unit == PERCENT:
        return form.percent(figure.value, 0)
    if figure.unit not in CURRENCIES:
        return form.number(figure.value)
    whole = figure.value == figure.value.to_integral_value()
    least = 0 if whole else places(figure.unit)
    return f"{figure.unit}{BLANK}{form.number(figure.value, least)}"
