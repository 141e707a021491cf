"""The language of an answer, and sentences that were already filled said in it."""

from __future__ import annotations

import pytest

from rappel.web.language import wanted
from rappel.wording import resay


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("es", "es"),
        ("pt-BR", "pt-BR"),
        ("fr, es;q=0.2", "es"),
        ("es;q=0.2, pt;q=0.9", "pt"),
        ("es;q=0, fr", "en"),
        ("es;q=nonsense, pt;q=0.1", "pt"),
        ("es;q=0.001, en;q=0", "es"),
        ("*", "en"),
        (";;,,=", "en"),
        ("es," * 10_000, "es"),
        ("ES-mx", "ES-mx"),
    ],
)
def test_the_most_wanted_language_that_is_spoken_here(header: str, locale: str) -> None:
    assert wanted(header) == locale


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("This needs a key.", "Esto requiere una clave."),
        ("The period 'Q1' is still open.", "El período 'Q1' sigue abierto."),
        ("There is no statement MX-1.", "No existe el estado de cuenta MX-1."),
        ("Nobody translated this.", "Nobody translated this."),
        ("", ""),
        (
            "This needs a key. The period 'Q1' is still open.",
            "Esto requiere una clave. El período 'Q1' sigue abierto.",
        ),
        ("There is no statement {number}.", "No existe el estado de cuenta {number}."),
        ("There is no statement .", "No existe el estado de cuenta ."),
    ],
)
def test_a_filled_sentence_is_said_again(english: str, spanish: str) -> None:
    assert resay("es-MX")(english) == spanish
    assert resay("en")(english) == english


def test_what_filled_a_sentence_is_never_a_template() -> None:
    said = resay("es")("There is no statement {__class__}{0}.")
    assert said == "No existe el estado de cuenta {__class__}{0}."


def test_a_sentence_that_is_very_long_is_left_as_it_is() -> None:
    long = f"There is no statement {'x' * 2000}."
    assert resay("es")(long) == long


def test_a_sentence_is_not_taken_for_the_value_that_another_begins_with() -> None:
    said = resay("es")(
        "The case is refused: tiers[0].from: 5 is a number, and a figure must be exact."
    )
    assert said == (
        "Se rechaza (case): tiers[0].from: 5 es un número, y una cifra debe ser exacta."
    )
