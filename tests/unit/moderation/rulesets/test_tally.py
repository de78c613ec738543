"""What is counted of a case, and the share that was reversed."""

from dataclasses import replace

from moderation.cases.case import CaseState, Opener
from moderation.detection.signal import RULES, Signal
from moderation.detection.taxonomy import Category
from moderation.rulesets.tally import (
    CountedCase,
    counted_of,
    empty,
    shadow_hits,
)
from tests.support.samples import CASE, CASE_ID, POST_ID, RULE_TALLY

A, B = "de.a@1", "de.b@2"


def signal(rule: str, *, advisory: bool = False, detector: str = RULES) -> Signal:
    """One signal of a rule."""
    return Signal(detector, "1", Category.SPAM, 500_000, None, "", "Weil.", rule, advisory)


OPEN = replace(
    CASE, state=CaseState.OPEN, decision=None, opened_by=Opener.RULE, signals=(signal(A),)
)


def test_scores_and_strange_names_are_no_rules() -> None:
    """A model's heads and detectors of other kinds have no tally."""
    strange = replace(OPEN, signals=(signal(A, detector="detoxify"), signal("no-version")))

    assert counted_of(strange) == CountedCase(case_id=CASE_ID)
    assert () == shadow_hits(POST_ID, 1, [signal("x", advisory=True), signal(A)])


def test_a_rate_is_the_share_of_what_was_decided() -> None:
    """Nothing decided has none; a case that is not of the rule moves nothing."""
    assert (3, 333_333) == (RULE_TALLY.decided, RULE_TALLY.reversal_rate_ppm)
    assert empty(RULE_TALLY.ref).reversal_rate_ppm is None
    assert CountedCase(case_id=CASE_ID, rules=(A,)).added_to(RULE_TALLY, 1) == RULE_TALLY
