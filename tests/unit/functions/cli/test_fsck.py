"""What `hausrecht fsck` prints and answers with."""

import json
from argparse import Namespace

import pytest

from functions.cli import fsck
from functions.cli.__main__ import main
from moderation.audit.fsck import Disagreement, Finding

MENDED: list[str] = []
TILE = Finding(Disagreement.TILE, "tile/0/000", lambda: MENDED.append("tile"))
HEAD = Finding(Disagreement.SUBJECT, "post:1: its head is not its last act")


def options(*, repair: bool, as_json: bool = False) -> Namespace:
    """The arguments that matter."""
    return Namespace(repair=repair, json=as_json)


class Looked:
    """An examination that found this."""

    def __init__(self, *found: Finding) -> None:
        self.found = found
        self.size = 7

    def run(self) -> tuple[Finding, ...]:
        """What it found."""
        return self.found


@pytest.mark.parametrize(
    ("found", "repair", "code", "said"),
    [
        ((), False, 0, "7 entries in the log: all agrees"),
        (
            (TILE, HEAD),
            False,
            1,
            "tile: tile/0/000 (--repair mends it)\n"
            "subject: post:1: its head is not its last act\n"
            "7 entries in the log: 2 found",
        ),
        ((TILE,), True, 0, "tile: tile/0/000 (repaired)\n7 entries in the log: 1 found"),
    ],
)
def test_findings_are_named_and_mended_on_request(
    found: tuple[Finding, ...],
    repair: bool,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 1 where something is left that differs."""
    MENDED.clear()

    assert fsck.told(Looked(*found), options(repair=repair)) == code
    assert capsys.readouterr().out == said + "\n"
    assert MENDED == (["tile"] if repair else [])


def test_a_report_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """For programs."""
    MENDED.clear()

    assert fsck.told(Looked(TILE, HEAD), options(repair=True, as_json=True)) == 1
    tile, head = json.loads(capsys.readouterr().out)["findings"]
    assert tile == {"kind": "tile", "where": TILE.where, "derivable": True, "repaired": True}
    assert (head["derivable"], head["repaired"]) == (False, False)


def test_a_stack_that_cannot_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """Is exit code 2 and one line."""
    endpoint = "http://127.0.0.1:9"

    assert main(["fsck", "--stack", "nowhere", "--endpoint", endpoint]) == 2
    assert capsys.readouterr().err.startswith("hausrecht fsck: ")
