"""Two rule sets on the same texts: counts by label, and who changes sides."""

from moderation.detection.ruleset import shipped
from moderation.rulesets.backtest import NAMED_MOST, compare
from moderation.rulesets.comparison import Known
from moderation.rulesets.content import Content
from moderation.rulesets.overlay import laid_over
from tests.support.own_packs import CATCHES, CONTENT


def test_at_most_twenty_cases_a_side_are_named() -> None:
    """The counts say how many there are, of each label by itself."""
    base = shipped()
    before, after = laid_over(Content(), base), laid_over(CONTENT, base)
    texts = [Known(str(number), CATCHES, "kept") for number in range(30)]
    harmless = Known("x", "Guten Tag!", "restricted")

    found = compare([*texts, harmless], before, after)

    kept, restricted = found.counts
    assert (30, 0, 30, 0, 0) == (
        kept.n,
        kept.flagged_before,
        kept.flagged_after,
        kept.held_before,
        kept.held_after,
    )
    assert (1, 0, 0) == (restricted.n, restricted.flagged_before, restricted.flagged_after)
    assert (NAMED_MOST, ()) == (len(found.newly_flagged), found.no_longer_flagged)
    assert NAMED_MOST == len(compare(texts, after, before).no_longer_flagged)
