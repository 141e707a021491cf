"""Words in a person's language: English sentences in, Spanish and Portuguese out.

Owns the look-up of a sentence in ``templates/locale/{es,pt}.po`` and the filling of its
placeholders. Does not own the sentences (they stand in English where they are said)
nor figures and dates (:mod:`rappel.paper.figures`).

Convention: the English sentence is the ``msgid``; English itself needs no catalogue;
a sentence without a translation is said in English, never left out. Placeholders are
``{name}`` alone: no attributes, indices or format widths, so that neither a hostile
template nor a hostile value can reach anything but ``params``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from babel.messages.pofile import read_po

from rappel.bundled import bundled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rappel.core.findings import Finding

LANGUAGES: Final = ("en", "es", "pt")
PLACEHOLDER: Final = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Said(NamedTuple):
    """A finding in words: what was found, and what to do about it."""

    message: str
    repair: str


def language(locale: str) -> str:
    """Return the language of a locale: ``es-MX`` is ``es``; an unknown one is ``en``.

    >>> language("pt_BR"), language("es-419"), language("fr-CA"), language("")
    ('pt', 'es', 'en', 'en')
    """
    found = locale.replace("_", "-").partition("-")[0].lower()
    return found if found in LANGUAGES else "en"


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Read the translations of a language, English sentence to translated sentence.

    Entries that are fuzzy or empty are left out. A file that is no valid PO raises
    Babel's ``PoFileError``: it is our own mistake.
    """
    if lang == "en":
        return {}
    path = bundled("templates") / "locale" / f"{lang}.po"
    with path.open("rb") as file:
        entries = read_po(file, locale=lang, abort_invalid=True)
    return {
        entry.id: entry.string
        for entry in entries
        if isinstance(entry.id, str)
        and isinstance(entry.string, str)
        and entry.id
        and entry.string
        and not entry.fuzzy
    }


def translator(locale: str) -> Callable[[str], str]:
    """Return the function that says an English sentence in the locale's language."""
    words = catalogue(language(locale))
    return lambda sentence: words.get(sentence, sentence)


def fill(template: str, params: Mapping[str, str]) -> str:
    """Fill ``{name}`` from ``params``; a name that is not there stays as it is written.

    >>> fill("{a} of {b} {{x}}", {"a": "1"})
    '1 of {b} {x}'
    """

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group()[0]
        return params.get(name, match.group())

    return PLACEHOLDER.sub(put, template)


def say(template: str, params: Mapping[str, str], locale: str) -> str:
    """Say an English template, filled from ``params``, in the locale's language."""
    return fill(translator(locale)(template), params)


def say_finding(finding: Finding, locale: str) -> Said:
    """Say what was found and what to do about it, in the locale's language."""
    kind = finding.kind
    return Said(
        message=say(kind.message, finding.params, locale),
        repair=say(kind.repair, finding.params, locale),
    )
