"""Refusals become problems in one place."""

import pytest

from functions.api.endpoint import Call
from functions.api.errors import PROBLEMS, STATUS, refusal, status_of
from functions.api.etags import etag, revision_in
from moderation import errors
from moderation.errors import Conflict, DomainError, Fault
from tests.support.forum_api import ForumApi


class Odd(DomainError):
    """A refusal of a kind that nobody has given a status."""


class Subtle(Conflict):
    """A conflict of a kind of its own."""


def test_every_kind_of_refusal_has_a_status() -> None:
    """Those of the domain by name; a kind of its own has that of its parent."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    refusals = [kind for kind in kinds if issubclass(kind, DomainError) and kind is not DomainError]

    assert [] == [kind for kind in refusals if kind not in STATUS]
    assert (409, 400) == (status_of(Subtle("x")), status_of(Odd("x")))


def test_the_table_of_problems_fits_the_statuses() -> None:
    """The code of each class is in the table, with the status of the class."""
    for kind, status in STATUS.items():
        assert status == PROBLEMS[kind.code].status


def test_a_problem_says_what_where_and_for_programs() -> None:
    """`errors` and `data` are there where there is something to say, else left out."""
    faults = (Fault("/a", "wrong"),)
    said = refusal(Conflict("No.", code="claimed", faults=faults, data={"by": "kim"}))
    bare = refusal(Odd("Odd."))

    assert (
        '{"type":"urn:hausrecht:problem:claimed","title":"Claimed by somebody else","status":409,'
        '"detail":"No.","errors":[{"pointer":"/a","detail":"wrong"}],"data":{"by":"kim"}}'
    ) == said.body()
    assert (
        '{"type":"urn:hausrecht:problem:error","title":"Bad Request","status":400,"detail":"Odd."}'
    ) == bare.body()


def test_a_revision_is_its_tag() -> None:
    """What is handed out is what is taken back."""
    assert 17 == revision_in(etag(17))


def test_a_handler_that_needs_a_caller_says_so() -> None:
    """A route that lets the public in must not ask for a member."""
    api = ForumApi.fresh()
    call = Call(parts=api.parts, actor=None, path={}, headers={}, route="GET /", query={})

    with pytest.raises(AssertionError):
        _ = call.member
