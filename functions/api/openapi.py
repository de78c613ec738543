"""The OpenAPI 3.1 document, made from the endpoints, the permission table and the schemas.

It is exact because it is not written by anybody: what an endpoint takes, gives and refuses with is
what it is declared with, and a test holds every answer against it.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from functions.api.catalogue import resource
from functions.api.endpoint import JSON, Endpoint
from functions.api.errors import PROBLEMS
from functions.api.idempotency import HEADER
from functions.api.permissions import RESOURCES, Everybody
from schemas.problem import PROBLEM_JSON, TYPE_PREFIX, Problem
from schemas.strict import Nothing, Request, Response

VERSION = "1.0.0"
REF = "#/components/schemas/{model}"
SECRET_HEADER = "Notice-Secret"  # noqa: S105  (the header's name)
UUID = {"type": "string", "format": "uuid"}
OTHER_TYPES = {
    "/docs": "text/html",
    "/openapi.json": JSON,
    "/v1/audit/checkpoint": "text/plain",
    "/v1/audit/entries/{id}/proof": "text/plain",
    "/v1/audit/entries/{id}/tlog-proof": "text/plain",
    "/v1/audit/receipts-help": "text/plain",
}

type Node = dict[str, Any]


@cache
def document_text(server: str) -> str:
    """The document as JSON text, made once."""
    return json.dumps(document(server), ensure_ascii=False)


def document(server: str) -> Node:
    """The document; `server` is the address the API is reached at."""
    endpoints = [(name, e) for name in RESOURCES for e in resource(name).endpoints]
    schemas = _schemas(endpoint for _, endpoint in endpoints)
    paths: dict[str, Node] = {}
    for tag, endpoint in endpoints:
        operation = _operation(tag, endpoint, schemas)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hausrecht",
            "version": VERSION,
            "summary": "A company's customer forum, and the review of what may be unlawful in it.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server or "/"}],
        "tags": [{"name": name} for name in RESOURCES],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _schemas(endpoints: Iterable[Endpoint]) -> dict[str, Node]:
    models: dict[tuple[type[Request] | type[Response], JsonSchemaMode], None] = {
        (Problem, "serialization"): None
    }
    for endpoint in endpoints:
        if endpoint.has_body:
            models[endpoint.takes, "validation"] = None
        if endpoint.gives is not None:
            models[endpoint.gives, "serialization"] = None
    _, definitions = models_json_schema(list(models), ref_template=REF)
    found: dict[str, Node] = definitions["$defs"]
    return {name: _untitled(schema) for name, schema in sorted(found.items())}


def _untitled(schema: Node) -> Node:
    """Without the titles that pydantic makes of names; a field may still be called `title`."""
    fields = schema.get("properties", {})
    kept = {key: value for key, value in schema.items() if key != "title"}
    if fields:
        kept["properties"] = {name: _untitled(each) for name, each in fields.items()}
    return kept


def _operation(tag: str, endpoint: Endpoint, schemas: Mapping[str, Node]) -> Node:
    operation: Node = {
        "operationId": endpoint.handler.__name__,
        "tags": [tag],
        "summary": (endpoint.handler.__doc__ or "").strip().split("\n")[0],
        "security": [{"bearer": []}],
        "parameters": [*_path(endpoint), *_query(endpoint), *_headers(endpoint)],
        "responses": {str(endpoint.status): _success(endpoint), **_refusals(endpoint)},
    }
    who = endpoint.access.who
    if who is Everybody.PUBLIC:
        operation["security"] = [{}, {"bearer": []}]
    elif isinstance(who, frozenset):
        operation["x-roles"] = sorted(role.value for role in who)
    operation["x-ownership"] = endpoint.access.ownership.value
    if endpoint.has_body:
        name = endpoint.takes.__name__
        assert name in schemas, f"{name} is not unique"  # noqa: S101
        operation["requestBody"] = {
            "required": endpoint.takes is not Nothing,
            "content": {JSON: {"schema": {"$ref": REF.format(model=name)}}},
        }
    return operation


def _path(endpoint: Endpoint) -> list[Node]:
    patterns = {
        "id": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "slug": "^[a-z0-9]+(-[a-z0-9]+)*$",
    }
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": patterns[name]},
        }
        for name in endpoint.parameters
    ]


def _query(endpoint: Endpoint) -> list[Node]:
    if endpoint.has_body:
        return []
    schema = endpoint.takes.model_json_schema(ref_template=REF)
    return [
        {"name": name, "in": "query", "required": False, "schema": _not_null(each)}
        for name, each in schema.get("properties", {}).items()
    ]


def _not_null(schema: Node) -> Node:
    """A query parameter is there or not; it is never null."""
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "title")}
    for choice in schema.get("anyOf", []):
        if choice != {"type": "null"}:
            kept |= choice
    if kept.get("default", 0) is None:
        del kept["default"]
    return kept


def _headers(endpoint: Endpoint) -> list[Node]:
    wanted = []
    if endpoint.writes:
        wanted.append((HEADER, endpoint.key, UUID))
    if endpoint.match:
        wanted.append(("If-Match", True, {"type": "string"}))
    if endpoint.secret:
        wanted.append((SECRET_HEADER, True, {"type": "string"}))
    return [
        {"name": name, "in": "header", "required": required, "schema": schema}
        for name, required, schema in wanted
    ]


def _success(endpoint: Endpoint) -> Node:
    said: Node = {"description": HTTPStatus(endpoint.status).phrase}
    if endpoint.gives is not None:
        schema = {"$ref": REF.format(model=endpoint.gives.__name__)}
        said["content"] = {JSON: {"schema": schema}}
    elif endpoint.path in OTHER_TYPES:
        said["content"] = {OTHER_TYPES[endpoint.path]: {"schema": {}}}
    return said


def _refusals(endpoint: Endpoint) -> dict[str, Node]:
    by_status: dict[int, list[str]] = {}
    for code in codes_of(endpoint):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    schema = {"$ref": REF.format(model="Problem")}
    return {
        str(int(status)): {
            "description": ", ".join(f"`{TYPE_PREFIX}{code}`" for code in codes),
            "content": {PROBLEM_JSON: {"schema": schema}},
        }
        for status, codes in sorted(by_status.items())
    }


def codes_of(endpoint: Endpoint) -> list[str]:
    """The codes of every problem an endpoint can refuse with."""
    codes = ["malformed", "unauthorized", "internal", "unavailable", *endpoint.problems]
    if "cursor" in endpoint.takes.model_fields:
        codes.append("cursor-refused")
    if endpoint.access.who is not Everybody.PUBLIC:
        codes.append("forbidden")
    if endpoint.parameters:
        codes.append("not-found")
    if endpoint.writes:
        codes += ["too-many-requests", "idempotency-key-reused"]
    if endpoint.key:
        codes.append("idempotency-key-missing")
    if endpoint.has_body:
        codes += ["too-large", "unsupported-media-type", "invalid"]
    if endpoint.match:
        codes += ["stale", "precondition-required"]
    return sorted(set(codes))
