"""The edge is strict in what it takes and exact in what it gives."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

import schemas
from schemas.boards import BoardView, NewBoard
from schemas.posts import PostView
from schemas.strict import Nothing, Request, Response


def models() -> Iterator[type[Request] | type[Response]]:
    """Every model of the package."""
    for module in pkgutil.iter_modules(schemas.__path__):
        for found in vars(importlib.import_module(f"schemas.{module.name}")).values():
            if isinstance(found, type) and issubclass(found, (Request, Response)):
                yield found


@pytest.mark.parametrize(
    "body",
    [
        '{"slug":"hilfe","title":"Hilfe","owner":"me"}',
        '{"slug":"hilfe","title":1}',
        '{"slug":"hilfe","title":null}',
        '{"slug":"hilfe"}',
        '{"slug":["hilfe"],"title":"Hilfe"}',
        '{"slug":"hilfe","title":"Hilfe","visibility":"secret"}',
        "[]",
        "null",
        '"hilfe"',
    ],
)
def test_nothing_is_coerced_or_overlooked(body: str) -> None:
    """Unknown fields, other types, missing fields and unknown words are refused."""
    with pytest.raises(ValidationError):
        NewBoard.model_validate_json(body)


def test_an_empty_request_is_an_empty_object() -> None:
    """Where nothing is to be said, `{}` is all that is taken."""
    assert Nothing() == Nothing.model_validate_json("{}")
    with pytest.raises(ValidationError):
        Nothing.model_validate_json('{"a":1}')


def test_what_was_sent_is_not_repeated_in_an_error() -> None:
    """An error's text names the place and not the words."""
    with pytest.raises(ValidationError) as caught:
        NewBoard.model_validate_json('{"slug":"GEHEIM","title":"Hilfe"}')

    assert "GEHEIM" not in str(caught.value)


def test_every_model_forbids_what_it_does_not_know() -> None:
    """No model of an edge is lax or open."""
    lax = [m.__name__ for m in models() if m.model_config.get("extra") != "forbid"]
    loose = [m.__name__ for m in models() if not m.model_config.get("strict")]

    assert ([], []) == (lax, loose)


def test_every_model_has_a_name_of_its_own() -> None:
    """The OpenAPI document names schemas by their models."""
    names = [model.__name__ for model in set(models())]

    assert sorted(set(names)) == sorted(names)


def test_a_field_of_an_answer_is_always_there_or_said_to_be_optional() -> None:
    """Only a default makes a field of an answer optional, and it is left out, never null."""
    optional = {name for name, field in PostView.model_fields.items() if not field.is_required()}

    assert {"statement_id"} == optional
    left_out = {n for n, field in BoardView.model_fields.items() if not field.is_required()}
    assert {"answer_target"} == left_out
