"""How what detectors find is put together."""

from dataclasses import replace

import pytest

from moderation.detection.facts import BoardPolicy, Facts, Strictness
from moderation.detection.known_list import FORMAT, parse_list
from moderation.detection.pipeline import load_rules, screen, with_known
from moderation.detection.signal import KNOWN
from moderation.detection.taxonomy import Category, Severity
from moderation.detection.verdict import Action

URL = "https://boese.example/x"
DIGEST = "6a514ee008bd73af5118781c7229d5f99d3159accb224a750dcfd6d1beba1b8b"
LISTED = parse_list(f"{FORMAT}\nurl {DIGEST} CSAM\n")
LENIENT = BoardPolicy(Strictness.LENIENT)


@pytest.mark.parametrize("text", [f"Siehe {URL}", f"Euer Support schickte mir {URL}"])
def test_a_known_address_is_held_whatever_the_board(text: str) -> None:
    """Even where the text is about the operator: a file is no opinion."""
    verdict = with_known(screen(text, Facts(), load_rules()), text, LENIENT, LISTED)
    assert (Action.HOLD, Category.CSAM, Severity.S4) == (
        verdict.action,
        verdict.category,
        verdict.severity,
    )
    assert KNOWN == verdict.signals[0].detector


def test_a_list_that_finds_nothing_says_that_it_has_read() -> None:
    """Which list, beside the rules."""
    found = screen("Guten Tag", Facts(), load_rules())
    verdict = with_known(found, "Guten Tag", BoardPolicy(), LISTED)
    assert replace(found, checked_by=verdict.checked_by) == verdict
    assert (*found.checked_by, f"{KNOWN}@{LISTED.version}") == verdict.checked_by


def test_what_no_rules_have_checked_stays_unchecked() -> None:
    """The list alone is no check."""
    unchecked = replace(screen("Guten Tag", Facts(), load_rules()), checked_by=())
    assert () == with_known(unchecked, "Guten Tag", BoardPolicy(), LISTED).checked_by
