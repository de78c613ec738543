"""What stands in for a score that never came: a human reads instead."""

from moderation.detection.signal import Signal
from moderation.detection.taxonomy import Category, facts_of
from moderation.detection.verdict import Action, Verdict

DETECTOR = "unscored"
VERSION = "1"


def unscored(language: str) -> Verdict:
    """A verdict that opens a case for a human, since a detector has not read the text.

    It says nothing against the text: no category, no confidence, and nothing is held.
    """
    signal = Signal(
        detector=DETECTOR,
        version=VERSION,
        category=Category.UNSPEC,
        score_ppm=0,
        span=None,
        excerpt="",
        explanation="No detector could read this text. It is public; please read it yourself.",
        rule="no-score",
    )
    return Verdict(
        action=Action.FLAG,
        category=Category.UNSPEC,
        severity=facts_of(Category.UNSPEC).severity,
        signals=(signal,),
        about_operator=False,
        language=language,
        checked_by=(),
    )
