"""The description of the API: whole, valid, and true to the routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator

from web.calling import PROBLEM
from web.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.calling import Api

METHODS: Final = ("get", "post", "put", "patch", "delete")
AHEAD: Final = ("/v1/outlook", "/v1/accruals", "/v1/what-if/purchase")  # no lists

NO_ADMINISTRATORS_ALONE: Final = {
    "list_chapters",
    "list_members",
    "show_member",
    "list_suppliers",
    "show_supplier",
    "list_people",
    "list_volumes",
    "list_periods",
    "show_period",
    "simulate",
}


@pytest.fixture
def document(reading: Api) -> dict[str, Any]:
    found: dict[str, Any] = reading.get(None, "/docs/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in sorted(document["paths"].items()):
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def nodes(value: Any, path: str = "#") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for name, child in value.items():
            yield from nodes(child, f"{path}/{name}")
    if isinstance(value, list):
        for place, child in enumerate(value):
            yield from nodes(child, f"{path}/{place}")


def deref(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        found: Any = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        value = found
    return value


def test_the_operations_are_these(document: dict[str, Any]) -> None:
    said = [
        f"{method} {path} {one['operationId']}"
        for path, method, one in operations(document)
    ]
    assert "\n".join(said) + "\n" == OPERATIONS


def test_it_is_openapi_of_the_version_it_says(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert set(document) >= {"info", "paths", "components", "tags", "security"}
    assert document["security"] == [{"key": []}]
    scheme = document["components"]["securitySchemes"]["key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = [value for _, value in nodes(document) if isinstance(value, dict)]
    assert [deref(document, value) for value in found if "$ref" in value]


def test_every_schema_is_a_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for path, value in nodes(document["paths"]):
        if path.endswith("/schema"):
            Draft202012Validator.check_schema(value)


def test_every_operation_is_described_tagged_and_answers(
    document: dict[str, Any],
) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    assert all(tag["description"] for tag in document["tags"])
    used = set()
    for path, method, one in operations(document):
        where = f"{method} {path}"
        assert one["description"].endswith("."), where
        assert len(one["tags"]) == 1, where
        used |= set(one["tags"])
        assert any(status.startswith("2") for status in one["responses"]), where
        assert all(
            deref(document, answer)["description"]
            for answer in one["responses"].values()
        ), where
    assert used == tags


def test_parameters_of_a_path_are_those_in_it(document: dict[str, Any]) -> None:
    for path, method, one in operations(document):
        told = [deref(document, each) for each in one.get("parameters", [])]
        inside = {each["name"] for each in told if each["in"] == "path"}
        assert inside == set(re.findall(r"\{(\w+)\}", path)), (method, path)
        assert all(each["required"] for each in told if each["in"] == "path")


def test_every_refusal_that_can_be_is_documented_as_a_problem(
    document: dict[str, Any],
) -> None:
    for path, method, one in operations(document):
        where = f"{method} {path}"
        refused = {
            status: deref(document, answer)
            for status, answer in one["responses"].items()
            if status >= "400"
        }
        if path.startswith("/health"):
            assert set(refused) <= {"503"}
            continue
        wanted = {"401", "422"}
        if one["operationId"] not in NO_ADMINISTRATORS_ALONE:
            wanted.add("403")
        if "{" in path:
            wanted.add("404")
        if method != "get":
            wanted |= {"409", "413"}
        assert set(refused) >= wanted, where
        assert set(refused) <= wanted | {"404"}, where
        for status, answer in refused.items():
            (media,) = answer["content"]
            assert media == PROBLEM, where
            schema = answer["content"][media]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
            (example,) = answer["content"][media]["examples"].values()
            assert str(example["value"]["status"]) == status


def test_a_refusal_is_what_its_schema_says(
    document: dict[str, Any], reading: Api
) -> None:
    schema = document["components"]["schemas"]["Problem"]
    checks = Draft202012Validator({**schema, "components": document["components"]})
    for answer in (
        reading.get(None, "/v1/members"),
        reading.get("administrator", "/v1/members/nobody"),
        reading.get("administrator", "/v1/members?limit=0"),
        reading.post("administrator", "/v1/rates/file?source=x", content=b"a\n"),
    ):
        checks.validate(answer.json())
        assert set(answer.json()) <= set(schema["properties"])


def test_every_body_has_an_example_that_its_schema_allows(
    document: dict[str, Any],
) -> None:
    seen = set()
    for path, method, one in operations(document):
        for media, content in one.get("requestBody", {}).get("content", {}).items():
            if media == "multipart/form-data":
                continue
            (example,) = content["examples"].values()
            schema = {**content["schema"], "components": document["components"]}
            Draft202012Validator(schema).validate(example["value"])
            seen.add((method, path))
    assert (
        len(seen)
        == sum(
            method == "post" and "requestBody" in one
            for _, method, one in operations(document)
        )
        - 1
    )  # the upload is a form


def test_what_a_list_answers_is_what_its_schema_says(
    document: dict[str, Any], reading: Api
) -> None:
    for path, method, one in operations(document):
        if (
            method != "get"
            or "{" in path
            or path.startswith("/health")
            or path in AHEAD
        ):
            continue
        answer = reading.get(
            "administrator", path + ("?period=2026-Q1" if "volumes" in path else "")
        )
        schema = one["responses"]["200"]["content"]["application/json"]["schema"]
        within = {**schema, "components": document["components"]}
        Draft202012Validator(within).validate(answer.json())
        assert set(answer.json()) == {"data", "next_cursor"}, path


def test_a_post_that_makes_or_moves_something_takes_an_idempotency_key(
    document: dict[str, Any],
) -> None:
    without = {
        one["operationId"]
        for _, method, one in operations(document)
        if method == "post"
        and "Idempotency-Key" not in {p["name"] for p in one.get("parameters", [])}
    }
    stores_nothing = {"simulate", "suppose_terms", "check_agreement"}
    assert without == {"create_key", *stores_nothing}


def test_files_are_described_as_what_they_are(document: dict[str, Any]) -> None:
    answers = {
        one["operationId"]: set(one["responses"]["200"]["content"])
        for _, method, one in operations(document)
        if method == "get"
    }
    assert answers["download_statement"] == {"application/pdf"}
    assert answers["export_agreement"] == {"application/toml"}
    assert answers["download_original"] == {"application/octet-stream"}
    assert answers["explain_rebate"] == {"application/json", "text/plain"}
    bodies = {
        one["operationId"]: set(one["requestBody"]["content"])
        for _, method, one in operations(document)
        if "requestBody" in one
    }
    assert bodies["sign_agreement"] == {"application/toml"}
    assert bodies["load_codes"] == {"text/csv"}
    assert bodies["upload"] == {"multipart/form-data"}


def test_the_example_of_a_simulation_is_computed(
    document: dict[str, Any], reading: Api
) -> None:
    body = document["paths"]["/v1/simulations"]["post"]["requestBody"]
    (example,) = body["content"]["application/json"]["examples"].values()
    answer = reading.post("administrator", "/v1/simulations", json=example["value"])
    assert answer.status_code == 200, answer.text
    assert "2400" in answer.text
