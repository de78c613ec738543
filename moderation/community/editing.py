"""Editing a post: new words, the old ones kept as a revision, and the screen asked again.

What moderation has done to a post does not end with an edit. Labels, age gates and territorial
limits stay. A held post stays held, and its case takes the new words in. A removed post cannot be
edited, and neither can one with redacted passages: the redaction names places in the old words, and
new words would either show them again or hide others. The way out of both is the appeal. An edit of
what is under review, or of what a measure has touched, stands in the audit log.
"""

from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action as Did
from moderation.cases.case import Guard, Opener
from moderation.cases.forwarding import passed_on, reports_danger
from moderation.cases.house_rules import HouseRules
from moderation.cases.opening import open_by_detection, revise
from moderation.change import Act, Change, Context, More, Seen
from moderation.community import authorship
from moderation.community.authorship import OwnPost
from moderation.community.deleting import is_moderated
from moderation.community.intake import UNKNOWN_LANGUAGE, Intake
from moderation.community.member import Member
from moderation.community.members import refuse_suspended
from moderation.community.post import Post, PostState, RestrictionKind, Revision
from moderation.detection.verdict import Action, Verdict
from moderation.errors import Conflict, Stale
from moderation.records import Record, Ref
from moderation.rulesets.tally import shadow_hits


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPost:
    """Give a post new words; `expected` is the revision the author has seen (`If-Match`).

    Refused: NotFound, Forbidden (not the author; `suspended`), Stale with `revision`, Conflict
    (`post-removed`, `post-deleted`, `post-redacted`), Invalid (a text that cannot be shown). The
    same words again are no edit.
    """

    actor: Actor
    post_id: str
    body: str
    expected: int
    intake: Intake
    rules: HouseRules

    def reads(self) -> tuple[Ref[Any], ...]:
        """The post, its guard, and who edits."""
        return (*authorship.reads(self.post_id), Member.at(self.actor.id))

    def decide(self, seen: Seen, context: Context) -> Change[Post] | More:
        """The new words, the old revision, and the case where there is one or must be."""
        own = authorship.own_post(self.actor, self.post_id, seen)
        if isinstance(own, More):
            return own
        member = seen.need(Member.at(self.actor.id))
        refuse_suspended(member, context.now)
        refuse_edit(own.post, self.expected)
        if self.body == own.post.body:
            return Change(answer=own.post, reference=own.post.ref)
        known = None if own.post.language == UNKNOWN_LANGUAGE else own.post.language
        taken = self.intake.take(
            board=own.post.board,
            title=own.post.title,
            body=self.body,
            language=known,
            author=member,
            now=context.now,
        )
        edited = replace(
            own.post,
            body=self.body,
            html=taken.html,
            sealed=taken.sealed,
            language=taken.language,
            revision=own.post.revision + 1,
            edited_at=context.now,
            unchecked=taken.unchecked,
            scored_by=None,
            operator=taken.verdict.about_operator,
        )
        return self._change(own, edited, taken.verdict, context)

    def _change(
        self, own: OwnPost, edited: Post, verdict: Verdict, context: Context
    ) -> Change[Post]:
        """The guard must still be as it was read, be it there or not: see `cases/opening.py`."""
        kept = revision_of(own.post)
        beside: tuple[Record, ...] = shadow_hits(edited.id, edited.revision, verdict.signals)
        if reports_danger(verdict.signals) and not self._reported_before(own.post):
            beside = (*beside, passed_on(edited.id, context))
        guard = Guard.at(own.post.id)
        if own.case is None and verdict.action is Action.KEEP:
            return Change(
                answer=edited,
                puts=(edited, kept, *beside),
                checks=(guard,),
                acts=self._acts(own.post, edited),
                reference=edited.ref,
            )
        if own.case is None:
            found = open_by_detection(edited, verdict, Opener.RULE, context, self.rules)
            if found.post.state is edited.state:
                found = replace(found, acts=(*found.acts, *self._acts(own.post, edited)))
        else:
            found = revise(own.case, edited, verdict, self.actor, context=context, rules=self.rules)
        return Change(
            answer=found.post,
            puts=(found.post, kept, *found.puts, *beside),
            checks=() if own.case is None else (guard,),
            acts=found.acts,
            reference=found.post.ref,
        )

    def _acts(self, before: Post, edited: Post) -> tuple[Act, ...]:
        """What moderation has touched is edited as an audited act, as it is deleted as one."""
        if not is_moderated(before):
            return ()
        reason, content = "edit:author", edited.revision
        return (Act(edited.ref, Did.POST_EDIT, self.actor, reason=reason, content=content),)

    def _reported_before(self, post: Post) -> bool:
        """Whether the words before were passed on, so that a corrected typo is not a new report."""
        text = post.body if post.title is None else f"{post.title}\n\n{post.body}"
        return reports_danger(self.intake.screen(text, self.intake.facts).signals)

    def recall(self, reference: Ref[Any], seen: Seen) -> Post | More:
        """The post as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Post.at(reference.id))


def refuse_edit(post: Post, expected: int) -> None:
    """Raise Stale or Conflict where the post cannot be edited from the revision expected."""
    if post.revision != expected:
        raise Stale(
            f"The post is at revision {post.revision} by now.", data={"revision": post.revision}
        )
    if post.state in {PostState.REMOVED, PostState.DELETED}:
        raise Conflict(
            f"This post has been {post.state.value} and cannot be edited.",
            code=f"post-{post.state.value}",
        )
    if any(restriction.kind is RestrictionKind.REDACTION for restriction in post.restrictions):
        raise Conflict(
            "Passages of this post are redacted, so it cannot be edited. You can appeal.",
            code="post-redacted",
        )


def revision_of(post: Post) -> Revision:
    """The words of a post as a record of their own."""
    return Revision(
        post_id=post.id,
        revision=post.revision,
        body=post.body,
        html=post.html,
        sealed=post.sealed,
        title=post.title,
        written_at=post.edited_at or post.created_at,
    )
