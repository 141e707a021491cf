"""Cases of every mode, as the terminal computes and refuses them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from rappel.bundled import bundled
from terminal import rappel

if TYPE_CHECKING:
    from pathlib import Path

CASES: Final = bundled("stories") / "cases" / "every-mode.json"
EXPECTED: Final = json.loads(CASES.with_suffix(".expected.json").read_text())


def told(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Write an answer as the page of expectations does."""
    if "problem" in answer:
        faults = answer["problem"]["errors"]
        return {"refused": [f"{one['field']} {one['code']}" for one in faults]}
    rows = answer["rebates"]
    return {
        "rebates": [f"{one['member']} {one['earned']} due {one['due']}" for one in rows]
    }


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    state = tmp_path_factory.mktemp("state")
    found: list[dict[str, Any]] = json.loads(
        rappel(state, "simulate", str(CASES)).stdout
    )
    return found


def test_every_case_is_answered_in_its_place(answers: list[dict[str, Any]]) -> None:
    assert len(answers) == len(EXPECTED) == len(json.loads(CASES.read_text()))


@pytest.mark.parametrize("place", range(len(EXPECTED)))
def test_a_case_answers_what_was_worked_out_by_hand(
    answers: list[dict[str, Any]], place: int
) -> None:
    expected = dict(EXPECTED[place])
    name = expected.pop("case")
    assert told(answers[place]) == expected, name


def test_every_refusal_says_what_to_do(answers: list[dict[str, Any]]) -> None:
    refused = [one["problem"] for one in answers if "problem" in one]
    assert len(refused) == sum("refused" in one for one in EXPECTED)
    for problem in refused:
        assert all(one["message"] and one["repair"] for one in problem["errors"])


def test_every_word_of_the_published_vocabulary_has_its_case() -> None:
    """What decides how a programme earns stands in some case, but for its default."""
    schema = json.loads((bundled("schemas") / "programme.schema.json").read_text())
    text = CASES.read_text()
    named = ("measure", "measure_over", "payable", "pool", "reach", "boundary")
    named = (*named, "allocation", "returns", "counts", "fx", "rounding")
    missing = [
        f"{name}: {word}"
        for name in named
        for word in words(schema["properties"][name])
        if f'"{name}": "{word}"' not in text
        and word != schema["properties"][name].get("default")
    ]
    assert missing == []


def words(field: Any) -> list[str]:
    """Return the words that a field of the schema takes."""
    found = [word for word in field.get("enum", ()) if word]
    for one in field.get("anyOf", ()):
        found += words(one)
    return found


def test_an_array_that_is_refused_whole_exits_with_2(tmp_path: Path) -> None:
    refused = [
        case
        for case, one in zip(json.loads(CASES.read_text()), EXPECTED, strict=True)
        if "refused" in one
    ]
    path = tmp_path / "refused.json"
    path.write_text(json.dumps(refused))
    rappel(tmp_path / "state", "simulate", str(path), exits=2)
