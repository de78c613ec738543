"""A worker's log lines are JSON, and say nothing of what anybody wrote."""

import json

import pytest
from botocore.exceptions import ClientError

from functions.workers import journal
from moderation.errors import Unavailable


def test_an_invocation_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Counts under the worker's name."""
    journal.note("fold", records=3, failed=0)

    assert json.loads(capsys.readouterr().out) == {"worker": "fold", "records": 3, "failed": 0}


def test_a_failure_names_the_record_and_the_kind_of_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The error's own words may quote a text or an address, so they stay out."""
    journal.failed("deliver", "m1", Unavailable("a@example.com did not answer"))

    assert json.loads(capsys.readouterr().out) == {
        "worker": "deliver",
        "failed": "m1",
        "error": "Unavailable",
    }


def test_a_failure_says_what_lay_behind_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The chain of causes, with the code that AWS gave."""
    refusal = ClientError({"Error": {"Code": "AccessDenied", "Message": "secret"}}, "Publish")
    try:
        raise Unavailable("no") from refusal
    except Unavailable as error:
        journal.failed("deliver", "m1", error)

    assert json.loads(capsys.readouterr().out)["error"] == "Unavailable < ClientError AccessDenied"
