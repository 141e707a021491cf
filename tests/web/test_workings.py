"""Workings over the API: codes for programs, words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.consortium import A, S

if TYPE_CHECKING:
    from web.calling import Api
    from web.consortium import Consortium

SPANISH = {"Accept-Language": "es"}
ROUNDED = "Rounded once to the currency's minor unit (half away from zero)"


def test_a_step_says_its_code_its_filled_text_and_what_fills_it(
    reading: Api, standing: Consortium
) -> None:
    for path in (standing.rebate, f"{standing.rebate}/explain"):
        answers = [
            reading.get(A, f"/v1/rebates/{path}", headers=headers).json()
            for headers in ({}, SPANISH)
        ]
        english, spanish = (
            {step["step"]: step for step in shown(one)["working"]} for one in answers
        )
        assert english["rounded"]["text"] == ROUNDED
        assert english["rounded"]["params"] == {"rounding": "half_away_from_zero"}
        assert english["fee"]["params"] == spanish["fee"]["params"]
        assert all("{" not in one["text"] for one in english.values())
        assert all(
            spanish[name]["text"] != one["text"] for name, one in english.items()
        )


def shown(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the line of a rebate, or of an explanation of one."""
    rebate = answer["rebate"] if isinstance(answer["rebate"], dict) else answer
    line: dict[str, Any] = rebate["line"]
    return line


def test_lists_previews_and_suppositions_are_said_in_words_too(reading: Api) -> None:
    (listed, *_) = reading.get(A, "/v1/rebates", headers=SPANISH).json()["data"]
    assert listed["line"]["working"][0]["text"].startswith("Compras propias")
    path = f"/v1/what-if/purchase?period=2026-Q2&member={A}&supplier={S}"
    path += "&amount=100000&currency=MXN"
    changes = reading.get(A, path, headers=SPANISH).json()["changes"]
    after = next(one["after"] for one in changes if one["after"])
    assert after["working"][0]["text"].startswith("Compras propias")


def test_a_withheld_figure_is_null_and_says_so(reading: Api) -> None:
    found = reading.get(A, f"/v1/rebates?programme={S}-grupo").json()["data"]
    (measure,) = [
        step for step in found[0]["line"]["working"] if step["step"] == "measure"
    ]
    assert measure["amount"] is None
    assert "withheld" in measure["text"]
