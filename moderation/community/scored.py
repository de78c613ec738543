"""What a scorer makes of a post, on its own: the rules have spoken when the post was written."""

from moderation.community.post import Post
from moderation.detection.facts import BoardPolicy
from moderation.detection.pipeline import with_scores
from moderation.detection.scorer import Scorer
from moderation.detection.verdict import Action, Verdict


def scored(post: Post, scorer: Scorer, board: BoardPolicy) -> Verdict:
    """Have title and body read as one text, and say what that adds; it keeps or flags, no more.

    Raises what the scorer raises where it does not answer.
    """
    verdict = Verdict(
        action=Action.KEEP,
        category=None,
        severity=None,
        signals=(),
        about_operator=post.operator,
        language=post.language,
        checked_by=(),
    )
    text = post.body if post.title is None else f"{post.title}\n\n{post.body}"
    scores = scorer.score(text, post.language)
    return verdict if scores is None else with_scores(verdict, scores, board)
