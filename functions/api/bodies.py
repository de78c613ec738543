"""Reading what a client sent into a model, or saying what is wrong with it and where."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from functions.api.errors import Malformed, TooLarge, UnsupportedMediaType
from moderation.errors import Fault, Invalid
from schemas.strict import Request

REQUEST_BYTES_MOST = 256 * 1024
FAULTS_MOST = 20
JSON_INVALID = "json_invalid"


def read_body[B: Request](model: type[B], raw: bytes, content_type: str | None) -> B:
    """Parse a JSON body.

    Raises TooLarge above 256 KB, UnsupportedMediaType for anything but JSON, Malformed for what is
    no JSON (too deep a nesting and lone surrogates among it), Invalid with a pointer to each fault.
    """
    if len(raw) > REQUEST_BYTES_MOST:
        raise TooLarge(f"A request has at most {REQUEST_BYTES_MOST // 1024} KB.")
    if not _is_json(content_type):
        raise UnsupportedMediaType("The body must be application/json.")
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise _refused(error, raw) from None


def read_query[Q: Request](model: type[Q], sent: Mapping[str, str]) -> Q:
    """Parse query parameters; Malformed with a pointer (`?name`) to each fault."""
    try:
        return model.model_validate_strings(dict(sent))
    except ValidationError as error:
        faults = tuple(
            Fault("?" + ".".join(str(part) for part in each["loc"]), each["msg"])
            for each in error.errors(include_url=False, include_input=False)[:FAULTS_MOST]
        )
        raise Malformed("A parameter cannot be taken.", faults=faults) from None


def _is_json(content_type: str | None) -> bool:
    kind, _, parameters = (content_type or "application/json").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    return kind.strip().lower() == "application/json" and charset in ("", "charset=utf-8")


def _refused(error: ValidationError, raw: bytes) -> Malformed | Invalid:
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == JSON_INVALID:
        return Malformed("The body is not JSON.", faults=(Fault("", found[0]["msg"]),))
    sent = json.loads(raw)
    faults = tuple(Fault(_pointer(each["loc"], sent), each["msg"]) for each in found[:FAULTS_MOST])
    return Invalid("The body does not fit.", faults=faults)


def _pointer(location: tuple[int | str, ...], sent: Any) -> str:
    """Make a JSON pointer; what pydantic adds to a place (the tag of a union) is left out."""
    path: list[str] = []
    for number, part in enumerate(location):
        try:
            sent = sent[part]
        except (KeyError, IndexError, TypeError):
            if number + 1 < len(location):
                continue
        path.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join("/" + part for part in path)
