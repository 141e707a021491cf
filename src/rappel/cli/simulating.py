"""``rappel simulate``: terms over purchases with the real engine; stores nothing."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from rappel.actions.simulations import simulate as simulate_one
from rappel.actions.simulations import simulate_all
from rappel.cli import EXIT_MALFORMED, output
from rappel.errors import Fault, Malformed


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
def simulate(case: Path) -> None:
    """Compute a CASE.json, or an array of cases, and print the answer as JSON.

    A refused case of an array answers its problem in its place; exit 2 only when all
    are refused.
    """
    read = load(case)
    if not isinstance(read, list):
        output.as_json(simulate_one(read))
        return
    answers = simulate_all(read)
    output.as_json(answers)
    if answers and all("problem" in answer for answer in answers):
        raise click.exceptions.Exit(EXIT_MALFORMED)


def load(path: Path) -> Any:
    """Read a JSON file; figures keep their text, repeated names are refused."""
    try:
        return json.loads(
            path.read_bytes(),
            parse_float=Decimal,
            object_pairs_hook=_once,
            parse_constant=_no_constant,
        )
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be opened") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, str(error) or "it is nested too deeply") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"the name {', '.join(twice)} stands twice in one object")
    return found


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a figure")


def _unreadable(path: Path, why: str) -> Malformed:
    fault = Fault(
        code="bad_json",
        message=f"This is not JSON that can be read: {why}.",
        repair="Correct the file; docs/schemas/simulation.schema.json describes it.",
        file=str(path),
    )
    return Malformed(f"{path} cannot be read.", code="bad_json", faults=(fault,))
