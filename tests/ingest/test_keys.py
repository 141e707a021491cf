"""Keys, numbers, figures and words in the one form they are compared in."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from documents import cfdi_xml
from rappel.ingest.figures import FigureError, figure, plain, scale
from rappel.ingest.keys import fiscal_key, normal_number
from rappel.ingest.texts import clean, is_tax_id

# keys, figures, texts


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            " aaaaaaaa-1111-4111-8111-111111111111 ",
            "AAAAAAAA-1111-4111-8111-111111111111",
        ),
        ("1" * 44, "1" * 44),
        ("1" * 49, "1" * 49),
        ("1" * 50, "1" * 50),
        ("1" * 45, None),
        ("AB" * 48, "ab" * 48),
        ("AB" * 47, None),
        ("5", None),
    ],
)
def test_a_fiscal_key_has_one_form(text: str, key: str | None) -> None:
    assert fiscal_key(text) == key


@pytest.mark.parametrize(
    ("number", "normal"),
    [
        ("A-00042", "A42"),
        ("a 42", "A42"),
        ("0000001001", "1001"),
        ("F001-123", "F1123"),
        ("000", ""),
    ],
)
def test_a_number_is_compared_without_punctuation_and_zeros(
    number: str, normal: str
) -> None:
    assert normal_number(number) == normal


def test_a_figure_without_digits_has_no_scale() -> None:
    assert [scale(Decimal(text)) for text in ("1.50", "1E+3")] == [2, 0]
    assert scale(Decimal("NaN")) == 0
    assert plain(Decimal("1E+3")) == "1000"


@given(st.text(alphabet="0123456789.,+-eE \uff11\u0663\n", max_size=20))
def test_a_figure_of_an_xml_is_ascii_or_nothing(text: str) -> None:
    try:
        value = figure(text)
    except FigureError:
        return
    assert text.isascii()
    assert value == Decimal(text)
    assert "E" not in plain(value)


@pytest.mark.parametrize(
    ("text", "read"), [("1.5000000000", "1.500000"), ("-2.000000000", "-2.000000")]
)
def test_zeros_beyond_the_sixth_decimal_say_nothing(text: str, read: str) -> None:
    assert str(figure(text)) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.5000001", "too_many_places"),
        ("1.0000000010", "too_many_places"),
        ("1.000000x0", "bad_number"),
        ("1.0000000\n", "bad_number"),
        ("." + "0" * 40, "bad_number"),
        ("1" * 15 + ".0000000", "bad_number"),
    ],
)
def test_no_other_digit_beyond_the_sixth_is_dropped(text: str, code: str) -> None:
    with pytest.raises(FigureError) as refused:
        figure(text)
    assert refused.value.code == code


@given(
    st.text(alphabet="aÑ \t\n\0\u00a0\u00ad\u200b\u2028\u202e\ufeff\x85", max_size=20)
)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not {unicodedata.category(letter) for letter in once} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("EKU9003173C9", True),
        ("PEÑ010101AB1", True),
        ("20100000001", True),
        ("900508908", True),
        ("12345", False),
        ("ABCDEF", False),
        ("\u041012345678", False),
        ("1" * 21, False),
    ],
)
def test_a_tax_id_of_any_country(value: str, *, holds: bool) -> None:
    assert is_tax_id(value) is holds


def test_the_builder_makes_xml() -> None:
    assert etree.fromstring(cfdi_xml()).tag.endswith("Comprobante")
