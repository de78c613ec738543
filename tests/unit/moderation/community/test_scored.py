"""A late score says what it adds to what the rules have said."""

from dataclasses import dataclass, field, replace

from moderation.community.scored import scored
from moderation.detection.facts import BoardPolicy
from moderation.detection.scorer import Scores
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action
from tests.support.community import OPENING


@dataclass(slots=True)
class FakeScorer:
    """Gives every text the same scores, and keeps what it was asked."""

    scores: Scores | None
    asked: list[tuple[str, str]] = field(default_factory=list)
    version: str = "1"

    def language_supported(self, language: str) -> bool:
        """English alone."""
        return language == "en"

    def score(self, text: str, language: str) -> Scores | None:
        """Score a text."""
        self.asked.append((text, language))
        return self.scores


def _scores(insult_ppm: int, *, supported: bool = True) -> Scores:
    return Scores("fake", "1", {"insult": insult_ppm}, supported, 1)


def test_title_and_body_are_read_as_one_text() -> None:
    """In the language of the post; a reply has no title."""
    scorer = FakeScorer(None)
    scored(OPENING, scorer, BoardPolicy())
    scored(replace(OPENING, title=None), scorer, BoardPolicy())

    assert scorer.asked == [
        ("Filter\n\nWer kennt den Filter?", "de"),
        ("Wer kennt den Filter?", "de"),
    ]


def test_a_high_score_flags_and_never_holds() -> None:
    """It raises a case for a human, and says which model said so."""
    verdict = scored(OPENING, FakeScorer(_scores(990_000)), BoardPolicy())

    assert (verdict.action, verdict.category) == (Action.FLAG, Category.INSULT)
    assert verdict.checked_by == ("fake@1",)


def test_a_low_score_or_none_keeps() -> None:
    """Nothing is added."""
    for scores in (_scores(10_000), None):
        assert scored(OPENING, FakeScorer(scores), BoardPolicy()).action is Action.KEEP


def test_a_score_in_an_unknown_language_is_only_advice() -> None:
    """The signal is kept for whoever looks; it changes nothing."""
    verdict = scored(OPENING, FakeScorer(_scores(990_000, supported=False)), BoardPolicy())

    assert verdict.action is Action.KEEP
    assert [signal.advisory for signal in verdict.signals] == [True]


def test_what_the_post_is_about_is_kept() -> None:
    """A text about the operator stays one."""
    post = replace(OPENING, operator=True)

    assert scored(post, FakeScorer(None), BoardPolicy()).about_operator
