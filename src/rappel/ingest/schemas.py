"""Shapes of documents: a mapping against its published JSON Schema.

Owns the translation of a validator's complaints into faults with a path such as
``programmes[0].tiers[1].from``, all of them at once. What the fields mean together is
checked by :mod:`rappel.ingest.soundness`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from rappel.bundled import bundled
from rappel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NAMES: Final = ("programme", "agreement", "lone_agreement", "simulation")
NULL: Final = {"type": "null"}
KINDS: Final = {
    "array": ("a list", "Write it as a list, in square brackets."),
    "object": ("an object", "Write it with its fields, by their names."),
    "string": ("a text", "Write it as text, in quotes."),
    "boolean": ("true or false", "Write true or false, without quotes."),
    "integer": ("a whole number", "Write it without quotes and decimals."),
}
UNDESCRIBED: Final = "The published schema of the document says how it is written."
Complaint: TypeAlias = Any
"""A ``ValidationError``, whose stubs leave the members we read half undefined."""


def path_of(parts: Iterable[str | int]) -> str:
    """Write a path: names joined by dots, places in brackets."""
    text = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts
    )
    return text.removeprefix(".")


def faults_of(name: str, document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return everything in which a document differs from its schema, in its order."""
    errors = _validator(name).iter_errors(document)
    found = dict.fromkeys(fault for error in errors for fault in _faults(error))
    return tuple(sorted(found, key=lambda fault: (fault.field or "", fault.code)))


def _pattern(
    _: Any, pattern: str, instance: object, __: Any
) -> Iterator[ValidationError]:
    """Read a pattern as JSON Schema does: its end is no line break before the end."""
    whole = re.sub(r"\$$", r"\\Z", pattern)
    if isinstance(instance, str) and not re.search(whole, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


Strict: Final[Any] = extend(  # type: ignore[no-untyped-call]  # not typed over there
    Draft202012Validator, {"pattern": _pattern}
)


@cache
def _validator(name: str) -> Any:
    folder = bundled("schemas")
    schemas = {
        one: json.loads((folder / f"{one}.schema.json").read_text()) for one in NAMES
    }
    for schema in schemas.values():
        del schema["$schema"]  # it would bring the library's own reading back
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], DRAFT202012.create_resource(schema))
        for schema in schemas.values()
    )
    return Strict(
        schemas[name], registry=registry, format_checker=FormatChecker(["date"])
    )


def _faults(error: Complaint) -> Iterator[Fault]:
    """Turn one complaint into faults: a choice is told by its likeliest branch."""
    if error.validator == "anyOf":
        yield from (fault for one in _likeliest(error) for fault in _faults(one))
        return
    place = list(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for name in sorted(set(error.instance) - set(known)):
                yield _unknown_field([*place, name])
        case "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield _missing_field([*place, name])
        case _:
            yield _other(error, place)


def _likeliest(error: Complaint) -> list[Complaint]:
    """Return the complaints of the branch that goes deepest, null's never."""
    branches: dict[int | str, list[Complaint]] = {}
    for one in error.context or ():
        if one.schema != NULL:
            branches.setdefault(one.schema_path[0], []).append(one)
    return max(
        branches.values(),
        key=lambda ones: (
            max(len(one.absolute_path) for one in ones),
            all(one.validator != "type" for one in ones),
        ),
    )


def _unknown_field(place: list[str | int]) -> Fault:
    return Fault(
        code="unknown_field",
        message=f"There is no field {place[-1]} here.",
        repair="Remove it, or correct its name.",
        field=path_of(place),
    )


def _missing_field(place: list[str | int]) -> Fault:
    return Fault(
        code="missing_field",
        message=f"The field {place[-1]} is missing.",
        repair="Add it.",
        field=path_of(place),
    )


def _other(error: Complaint, place: list[str | int]) -> Fault:
    code, message, repair = _said(error)
    return Fault(code=code, message=message, repair=repair, field=path_of(place))


def _said(error: Complaint) -> tuple[str, str, str]:
    """Return code, message and repair of a complaint about one value."""
    value = _written(error.instance)
    shown = value if len(value) <= 60 else f"{value[:57]}..."  # noqa: PLR2004  a line
    wanted = error.validator_value
    how = error.schema.get("description", UNDESCRIBED)
    found = ("not_allowed_here", f"{shown}: {error.message}.", how)
    match error.validator:
        case "type" if wanted == "string" and _is_number(error.instance):
            message = f"{shown} is a number, and a figure must be exact."
            found = ("not_text", message, f'Write it as text: "{shown}".')
        case "type":
            what, repair = KINDS[wanted if isinstance(wanted, str) else wanted[0]]
            found = ("wrong_type", f"{shown} is not {what}.", repair)
        case "enum":
            words = ", ".join(str(word) for word in wanted if word)
            message = f"{shown} is none of: {words}."
            found = ("unknown_word", message, "Use one of them.")
        case "pattern":
            found = ("not_readable", f"{shown} cannot be read here.", how)
        case "format":
            found = ("no_such_day", f"{shown} is not a day of the calendar.", how)
        case "minItems":
            found = (found[0], "This is empty.", "Give at least one.")
        case "minLength":
            found = (found[0], "This is empty.", "Write it as text, in quotes.")
        case "uniqueItems":
            found = (found[0], f"{shown} says something twice.", "Say each once.")
    return found


def _written(value: object) -> str:
    """Write a value as the document has it; a decimal is a number, and no text."""
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, default=str, ensure_ascii=False)


def _is_number(value: object) -> bool:
    return not isinstance(value, str | bool | list | dict | None)
