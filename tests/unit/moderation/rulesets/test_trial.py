"""A proposed rule set is tried against what is in force, or not at all."""

from typing import Any

import pytest

from moderation.detection.ruleset import shipped
from moderation.errors import Unavailable
from moderation.rulesets.book import RuleBook
from moderation.rulesets.comparison import Comparison, CorpusTrial
from moderation.rulesets.overlay import laid_over
from moderation.rulesets.trial import tried
from tests.support.own_packs import CONTENT


def test_nothing_is_compared_with_rules_that_cannot_be_had() -> None:
    """The proposal is not taken; trying again is safe."""

    def broken(*_: Any) -> Any:
        raise Unavailable("busy")

    book = RuleBook(read=broken, seconds=lambda: 0.0, shipped=shipped, failed=lambda _: None)
    claimed = CorpusTrial(
        content=CONTENT.digest, base="a", before="a", corpus="c", found=Comparison()
    )
    lists: Any = None

    with pytest.raises(Unavailable):
        tried(laid_over(CONTENT, shipped()), claimed, book, lists, ())
