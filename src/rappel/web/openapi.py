"""What the API's description says of every operation: refusals, bodies, examples.

Litestar reads the routes; this adds what is common to all of them. The refusals are
shared ``responses`` of the document, to which operations refer. The page that shows the
description is in :mod:`rappel.web.page`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROBLEM: Final = "application/problem+json"
REFUSALS: Final = {
    401: ("Unauthenticated", "No key, or one that is unknown or no longer in force."),
    403: ("NotAllowed", "It is for another role."),
    404: ("NotFound", "There is no such thing, or it is not yours: the same answer."),
    409: ("Refused", "The books are not in a state for it."),
    413: ("TooLarge", "The request is larger than is taken here."),
    422: ("Malformed", "The input is wrong; `errors` names each place."),
    503: ("Unavailable", "A part of the house is missing for the moment."),
}
EXAMPLES: Final[dict[int, dict[str, object]]] = {
    401: {
        "type": "urn:rappel:problem:unauthenticated",
        "title": "Not authenticated",
        "status": 401,
        "detail": "This needs a key.",
        "code": "unauthenticated",
        "repair": "Send it as the header Authorization: Bearer rpl_…",
    },
    403: {
        "type": "urn:rappel:problem:not_allowed",
        "title": "Not allowed",
        "status": 403,
        "detail": "This is not for your role.",
        "code": "not_allowed",
    },
    404: {
        "type": "urn:rappel:problem:not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no member sur.",
        "code": "not_found",
    },
    409: {
        "type": "urn:rappel:problem:not_closed",
        "title": "Refused",
        "status": 409,
        "detail": "The period '2026-Q1' is still open.",
        "code": "not_closed",
        "repair": "Close it first: rappel close 2026-Q1",
    },
    413: {
        "type": "urn:rappel:problem:too_large",
        "title": "Malformed input",
        "status": 413,
        "detail": "The request is larger than is taken here.",
        "code": "too_large",
    },
    422: {
        "type": "urn:rappel:problem:malformed",
        "title": "Malformed input",
        "status": 422,
        "detail": "rates[0].rate has more than six decimals.",
        "code": "malformed",
        "errors": [
            {
                "code": "bad_number",
                "message": "18.1234567 has more than six decimals.",
                "repair": "Write it as a plain decimal with at most six places.",
                "field": "rates[0].rate",
            }
        ],
    },
    503: {
        "type": "urn:rappel:problem:unavailable",
        "title": "Unavailable",
        "status": 503,
        "detail": "The database does not answer.",
        "code": "unavailable",
    },
}


def _said(description: str) -> msgspec.Meta:
    return msgspec.Meta(description=description)


class Wrong(msgspec.Struct, kw_only=True):
    """One thing wrong in an input; places that do not apply are left out."""

    code: Annotated[str, _said("Stable, for programs.")]
    message: Annotated[str, _said("What is wrong, in the caller's language.")]
    repair: Annotated[str, _said("What to do about it.")]
    file: Annotated[str, _said("The file it is in.")] = ""
    row: Annotated[int, _said("Its row, from 1.")] = 0
    column: Annotated[str, _said("The name of its column.")] = ""
    field: Annotated[str, _said("Its path: `programmes[0].tiers[1].from`.")] = ""


class Problem(msgspec.Struct, kw_only=True):
    """A refusal (RFC 9457), in the language of `Accept-Language`."""

    type: Annotated[str, _said("`urn:rappel:problem:` and the code.")]
    title: Annotated[str, _said("The kind of problem.")]
    status: Annotated[int, _said("As in the answer.")]
    detail: Annotated[str, _said("What is wrong, in the caller's language.")]
    code: Annotated[str, _said("Stable, for programs.")]
    repair: Annotated[str, _said("What to do about it.")] = ""
    errors: Annotated[list[Wrong], _said("Each thing wrong, with its place.")] = []


SAID: Final = {
    "200": "What was asked for.",
    "201": "What was made.",
    "204": "It is done.",
    "503": REFUSALS[503][1],
}


def described(
    refusals: Iterable[int],
    *,
    answers: Sequence[str] = ("application/json",),
    takes: str | None = None,
    given: object = None,
    answer_example: object = None,
) -> type[Operation]:
    """Return the class of an operation with our refusals, bodies and examples.

    Args:
        refusals: statuses besides success; each is one of the shared responses.
        answers: media types of success; more than one, or bytes, are said here.
        takes: the media type of a body that is read as it comes.
        given: an example of the body.
        answer_example: an example of the answer.
    """
    wanted = tuple(refusals)

    @dataclass
    class Described(Operation):
        def __post_init__(self) -> None:
            found = {
                status: one
                for status, one in (self.responses or {}).items()
                if status != "400"
            }
            for status, one in found.items():
                if isinstance(one, OpenAPIResponse):
                    one.description = SAID.get(status, one.description)
                    _answered(one, answers, answer_example)
            refused = {
                str(status): Reference(
                    ref=f"#/components/responses/{REFUSALS[status][0]}"
                )
                for status in wanted
            }
            self.responses = {**found, **refused}
            self.summary = str(self.operation_id).replace("_", " ").capitalize()
            if takes is not None:
                content = {
                    takes: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))
                }
                self.request_body = RequestBody(required=True, content=content)
            if given is not None and isinstance(self.request_body, RequestBody):
                for media in self.request_body.content.values():
                    media.examples = {"given": Example(value=given)}

    return Described


def _answered(
    response: OpenAPIResponse, answers: Sequence[str], example: object
) -> None:
    """Say the media types of an answer where they are not plain JSON."""
    if response.content is None:
        return
    if tuple(answers) != ("application/json",):
        (was, *_) = response.content.values()
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        text = Schema(type=OpenAPIType.STRING)
        response.content = {
            media: was
            if media.endswith("json")
            else OpenAPIMediaType(schema=text if media.startswith("text/") else binary)
            for media in answers
        }
    if example is not None:
        for media in response.content.values():
            media.examples = {"answer": Example(value=example)}


def _refusal(status: int) -> OpenAPIResponse:
    schema = Reference(ref="#/components/schemas/Problem")
    example = Example(value=EXAMPLES[status])
    return OpenAPIResponse(
        description=REFUSALS[status][1],
        content={
            PROBLEM: OpenAPIMediaType(schema=schema, examples={"refusal": example})
        },
    )


COMPONENTS: Final = Components(
    responses={name: _refusal(status) for status, (name, _) in REFUSALS.items()},
    security_schemes={
        "key": SecurityScheme(
            type="http",
            scheme="bearer",
            description="A key `rpl_…`, as the header `Authorization: Bearer rpl_…`.",
        )
    },
)
