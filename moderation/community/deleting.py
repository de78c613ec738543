"""Deleting a post by its author: it leaves every list at once, and closes no case.

The words stay in the record, shown to the author and to the moderators alone: a case that is open
goes on with them, and one that is decided can be appealed. Destroying them is erasure, which asks
for holds first.
"""

from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Guard
from moderation.cases.opening import follow
from moderation.change import Act, Change, Context, More, Seen
from moderation.community import authorship
from moderation.community.post import Post, PostState
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePost:
    """Delete an own post; doing it again changes nothing. A suspended member may still delete.

    What moderation has touched is deleted as an audited act (`post:delete`), so that the log shows
    who took it away. Refused: NotFound, Forbidden (not the author). `by` is who acts where it is
    not the author: an erasure that hides what it must keep.
    """

    actor: Actor
    post_id: str
    by: Actor | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """The post and its guard."""
        return authorship.reads(self.post_id)

    def decide(self, seen: Seen, context: Context) -> Change[None] | More:
        """The post off all lists, and its case told."""
        own = authorship.own_post(self.actor, self.post_id, seen)
        if isinstance(own, More):
            return own
        if own.post.state is PostState.DELETED:
            return Change(answer=None, reference=own.post.ref)
        deleted = replace(own.post, state=PostState.DELETED, unchecked=False)
        by = self.by or self.actor
        act = Act(
            deleted.ref,
            Action.POST_DELETE,
            by,
            via=Via.API if self.by is None else Via.JOB,
            reason="delete:author" if self.by is None else "delete:erasure",
            content=deleted.revision,
        )
        guard = Guard.at(self.post_id)
        if own.case is not None:
            case, updated = follow(own.case, deleted, "delete", context, by)
            return Change(
                answer=None,
                puts=(deleted, case),
                checks=(guard,),
                acts=(act, updated),
                reference=deleted.ref,
            )
        return Change(
            answer=None,
            puts=(deleted,),
            checks=(guard,),
            acts=(act,) if is_moderated(own.post) else (),
            reference=deleted.ref,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """A deletion answers nothing."""


def is_moderated(post: Post) -> bool:
    """Whether a measure is in force on the post, or one was taken back with reasons given."""
    return (
        post.state is not PostState.PUBLISHED
        or bool(post.restrictions)
        or post.statement_id is not None
    )
