"""Agreements over the API: what a document means, before and after it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rappel.paper.figures import BLANK
from web.calling import problem
from web.consortium import TERMS, S

if TYPE_CHECKING:
    from web.calling import Api

ADMIN = "administrator"
CODE = f"{S}-2026"
SIGNED = TERMS.format(supplier=S)
LATER = SIGNED.replace("2026-01-01", "2026-05-01").replace(
    'from = "100000", percent = "2"', 'from = "120000", percent = "2.5"'
)
SPANISH = {"Accept-Language": "es-MX"}
WRONG = """\
code = "x"
supplier = "andes"
currency = "MXN"

[[programmes]]
code = "x-1"
reach = "backwards"
tiers = [{ from = "1000", percent = "1" }, { from = "500", percent = 2 }]
colour = "red"
"""


def test_a_check_says_the_terms_in_words_and_figures_and_stores_nothing(
    reading: Api,
) -> None:
    path = "/v1/agreements/check"
    said = reading.post(ADMIN, path, content=LATER.encode(), headers=SPANISH)
    assert said.status_code == 200
    checked = said.json()
    assert checked["agreement"]["code"] == CODE
    (meaning,) = checked["programmes"]
    assert meaning["sentences"][0].startswith("Sobre las compras")
    earned = {row["bought"]: row["earned"] for row in meaning["examples"]}
    assert (earned["119999.99"], earned["120000.00"]) == ("0.00", "3000.00")
    assert {one["code"] for one in checked["findings"]} >= {"tier_cliff"}
    (first, *_) = checked["findings"]
    assert first["field"] == "programmes[0].tiers[1]"
    assert "120,000" in first["message"]
    assert reading.get(ADMIN, f"/v1/agreements/{CODE}").json()["revisions"] == 1


def test_every_fault_of_a_document_is_named_at_once_with_its_path(
    reading: Api,
) -> None:
    for path in ("/v1/agreements/check", "/v1/agreements"):
        said = problem(reading.post(ADMIN, path, content=WRONG.encode()), 422)
        found = {one["field"]: one["code"] for one in said["errors"]}
        assert found == {
            "programmes[0].colour": "unknown_field",
            "programmes[0].reach": "unknown_word",
            "programmes[0].tiers[1].percent": "not_text",
        }
        assert all(one["message"] and one["repair"] for one in said["errors"])


def test_the_meaning_is_told_in_the_language_that_is_asked_for(reading: Api) -> None:
    path = f"/v1/agreements/{CODE}/meaning"
    told = {
        locale: reading.get(ADMIN, f"{path}?locale={locale}").json()["programmes"]
        for locale in ("es-MX", "pt-BR", "en")
    }
    first = {
        locale: meaning[0]["sentences"][0].replace(BLANK, " ")
        for locale, meaning in told.items()
    }
    assert first["es-MX"].startswith("Sobre")
    assert first["pt-BR"].startswith("Sobre as compras")
    assert first["en"].startswith("On ")
    by_header = reading.get(ADMIN, path, headers=SPANISH).json()["programmes"]
    assert by_header == told["es-MX"]
    assert told["en"][0]["examples"] == told["es-MX"][0]["examples"]
    said = problem(reading.get(ADMIN, f"{path}?locale=fr"), 422)
    assert said["errors"][0]["field"] == "locale"
    problem(reading.get(ADMIN, f"{path}?revision=9"), 404)


def test_signing_answers_what_the_linter_warns_of(api: Api) -> None:
    said = api.post(ADMIN, "/v1/agreements", content=LATER.encode(), headers=SPANISH)
    assert said.status_code == 201
    signed = said.json()
    assert (signed["agreement"], signed["revision"]) == (CODE, 2)
    warned = {one["code"]: one for one in signed["findings"]}
    assert warned["tier_cliff"]["field"] == "programmes[0].tiers[1]"
    assert warned["tier_cliff"]["message"].startswith("Alcanzar")
    compared = api.get(ADMIN, f"/v1/agreements/{CODE}/compare?with=1").json()
    assert (compared["before"], compared["after"]) == (1, 2)
    changed = {
        one["field"]: (one["before"], one["after"]) for one in compared["changes"]
    }
    assert changed["in_force_from"] == ("2026-01-01", "2026-05-01")
    (ladder,) = compared["ladders"]
    steps = [(one["threshold"], one["before"], one["after"]) for one in ladder["steps"]]
    assert ("100000", {"percent": "2"}, None) in steps
    assert ("120000", None, {"percent": "2.5"}) in steps
    back = api.get(ADMIN, f"/v1/agreements/{CODE}/compare?with=2&revision=1").json()
    assert back["changes"][0]["before"] == compared["changes"][0]["after"]


@pytest.mark.parametrize("query", ["with=9", "with=1&revision=9"])
def test_a_revision_that_is_not_there_is_not_found(reading: Api, query: str) -> None:
    problem(reading.get(ADMIN, f"/v1/agreements/{CODE}/compare?{query}"), 404)


def test_a_comparison_needs_what_to_compare_with(reading: Api) -> None:
    said = problem(reading.get(ADMIN, f"/v1/agreements/{CODE}/compare"), 422)
    assert said["errors"][0]["field"] == "with"
