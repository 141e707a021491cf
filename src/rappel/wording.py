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
LONGEST_FILLED: Final = 1000
LEAST_FIXED: Final = 6
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


def resay(locale: str) -> Callable[[str], str]:
    """Return the function that says an English sentence, filled or not, in a language.

    A sentence that stands in the catalogue is looked up. Else the template it was
    filled from is found by its fixed words, and what filled it is kept, or said in turn
    if it is a sentence itself. Several sentences in a row are said one by one. One that
    nobody translated stays as it is.
    """
    lang = language(locale)
    words = catalogue(lang)

    def sentence(text: str) -> str:
        if text in words or len(text) > LONGEST_FILLED:
            return words.get(text, text)
        for fixed, names, translation in templates(lang):
            values = _between(text, fixed)
            if values is not None:
                said = [sentence(v) if v.endswith(".") else v for v in values]
                return fill(translation, dict(zip(names, said, strict=True)))
        return text

    def every(text: str) -> str:
        said = sentence(text)
        parts = text.split(". ") if said == text else [text]
        if len(parts) == 1:
            return said
        whole = [f"{part}." for part in parts[:-1]] + parts[-1:]
        return " ".join(sentence(part) for part in whole)

    return every


@cache
def templates(lang: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...]:
    """Return the translated templates: fixed words, placeholders, translation.

    Those that begin with a fixed word come first, lest one that begins with a value
    takes the sentence around it for that value; then those with the most fixed words,
    so that of two that fit a sentence the one that says more of it is taken.
    """
    found = []
    for template, translation in catalogue(lang).items():
        parts = PLACEHOLDER.split(template)
        names, fixed = tuple(parts[1::2]), tuple(parts[0::2])
        if names and all(names) and sum(map(len, fixed)) >= LEAST_FIXED:
            found.append((fixed, names, translation))
    return tuple(sorted(found, key=_likelier))


def _likelier(one: tuple[tuple[str, ...], tuple[str, ...], str]) -> tuple[bool, int]:
    fixed, _, _ = one
    return not fixed[0], -sum(map(len, fixed))


def _between(text: str, fixed: tuple[str, ...]) -> list[str] | None:
    """Return what stands between the fixed words, in order; none if they do not fit."""
    first, *middle, last = fixed
    start, end = len(first), len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last) or start > end:
        return None
    values = []
    for words in middle:
        found = text.find(words, start, end)
        if found < 0 or not words:
            return None
        values.append(text[start:found])
        start = found + len(words)
    return [*values, text[start:end]]


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
