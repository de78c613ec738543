"""A score that comes after the post: it clears the mark, and opens or joins a case for a human."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from moderation.actor import SYSTEM
from moderation.cases.case import Case, Guard, Opener
from moderation.cases.house_rules import HouseRules
from moderation.cases.opening import Opened, follow, join_by_detection, open_by_detection
from moderation.change import Change, Context, More, Seen
from moderation.community.post import Post
from moderation.detection.verdict import Action, Verdict
from moderation.ids import PostId
from moderation.records import Ref

Answer = Literal["stale", "clear", "found"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScore:
    """What the scorer made of one revision. Answers whether something was found.

    A score of words that have changed since is "stale" and writes nothing: the edit has asked for
    its own score. Repeating is harmless: a checked post is left alone, and what one model at one
    version makes of one revision counts once, whatever was decided since. Advice opens no case and
    is shown in one that is open. A verdict that no
    detector has reached hands the post to a human; what he finds, no machine has found.
    """

    post_id: PostId
    revision: int
    verdict: Verdict
    rules: HouseRules

    def reads(self) -> tuple[Ref[Any], ...]:
        """The post and its guard."""
        return (Post.at(self.post_id), Guard.at(self.post_id))

    def decide(self, seen: Seen, context: Context) -> Change[Answer] | More:
        """Clear the mark; with the case, where one is open or must be opened."""
        post = seen.need(Post.at(self.post_id))
        if post.revision != self.revision or not post.unchecked:
            return Change(answer="stale")
        reader = next(iter(self.verdict.checked_by), None)
        new = reader is None or reader != post.scored_by
        found = new and self.verdict.action is not Action.KEEP
        checked = replace(post, unchecked=False, scored_by=reader or post.scored_by)
        guard = seen.get(Guard.at(self.post_id))
        if guard is None and not found:
            return Change(answer="clear", puts=(checked,), checks=(Guard.at(self.post_id),))
        if guard is None:
            checked = replace(checked, operator=checked.operator or self.verdict.about_operator)
            opener = Opener.SCORE if self.verdict.checked_by else Opener.MODERATOR
            return _answered(open_by_detection(checked, self.verdict, opener, context, self.rules))
        more = More.unless_seen(seen, (Case.at(guard.case_id),))
        if more is not None:
            return more
        case = seen.need(Case.at(guard.case_id))
        if new and self.verdict.signals:
            joined = join_by_detection(case, checked, self.verdict, context, self.rules)
            return _answered(joined) if found else replace(_answered(joined), answer="clear")
        followed, act = follow(case, checked, "score", context, SYSTEM)
        return Change(answer="clear", puts=(checked, followed), acts=(act,))

    def recall(self, reference: Ref[Post], seen: Seen) -> Answer | More:
        """Never asked for by a key; a repeated score finds its post checked."""
        return More.unless_seen(seen, (reference,)) or "stale"


def _answered(opened: Opened) -> Change[Answer]:
    return Change(answer="found", puts=(opened.post, *opened.puts), acts=opened.acts)
