"""Closing over HTTP: what it says, and that early is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.calling import Api, problem
from web.consortium import A

if TYPE_CHECKING:
    from rappel.store.base import Database

Q2 = "/v1/periods/2026-Q2"


@pytest.fixture
def second(fresh: Api, db: Database) -> Api:
    """The books with the first quarter closed, in April."""
    assert db
    assert fresh.post("administrator", "/v1/periods/2026-Q1/close").status_code == 200
    return fresh


@pytest.mark.parametrize("given", [{}, {"json": {}}, {"json": {"early": False}}])
def test_a_period_that_is_not_over_is_refused(
    second: Api, given: dict[str, object]
) -> None:
    said = problem(second.post("administrator", f"{Q2}/close", **given), 409)
    assert said["code"] == "not_over"
    assert "early" in said["repair"]


def test_it_is_closed_early_if_that_is_said(second: Api) -> None:
    given = {"json": {"early": True}}
    assert second.post("administrator", f"{Q2}/close", **given).status_code == 200


def test_an_unknown_word_in_the_body_is_refused(second: Api) -> None:
    answer = second.post("administrator", f"{Q2}/close", json={"erly": True})
    assert problem(answer, 422)["errors"][0]["field"] == "erly"


def test_findings_are_told_in_words_to_who_previews_and_who_closes(
    fresh: Api,
) -> None:
    preview = fresh.get("administrator", "/v1/periods/2026-Q1/preview").json()
    closed = fresh.post("administrator", "/v1/periods/2026-Q1/close").json()
    assert closed["findings"] == preview["findings"]
    for one in closed["findings"]:
        assert one["message"]
        assert one["params"]
    mine = fresh.get(A, "/v1/periods/2026-Q2/preview").json()["findings"]
    assert all(one["params"]["member"] == A for one in mine)
