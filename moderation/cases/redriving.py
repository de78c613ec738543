"""Having a post read again by the model: an audited act, since a person decides to."""

from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, Guard
from moderation.cases.opening import in_step
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.post import Post, PostState
from moderation.errors import Conflict
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrive:
    """Mark a post unchecked, so that the doorbell rings for it as if it were new.

    For what was given up while the scorer was down or could not read it. The mark and its entry
    (`post:redrive`) are one transaction; a case that is open goes on, and the score joins it. The
    same model at the same version adds nothing that it has said before. Refused: NotFound, Conflict
    (deleted by its author: nobody scores it).
    """

    actor: Actor
    post_id: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The post and its guard."""
        return (Post.at(self.post_id), Guard.at(self.post_id))

    def decide(self, seen: Seen, context: Context) -> Change[Post] | More:
        """The post on the list of what is owed, in step with its case."""
        post = seen.need(Post.at(self.post_id))
        if post.state is PostState.DELETED:
            raise Conflict("Its author has deleted the post.", code="post-deleted")
        guard = seen.get(Guard.at(self.post_id))
        case: Case | None = None
        if guard is not None:
            more = More.unless_seen(seen, (Case.at(guard.case_id),))
            if more is not None:
                return more
            case = seen.need(Case.at(guard.case_id))
        marked = replace(post, unchecked=True)
        act = Act(post.ref, Action.POST_REDRIVE, self.actor, content=post.revision)
        change = in_step(marked, case, "redrive", context, self.actor)
        return Change(
            answer=marked,
            puts=change.puts,
            checks=change.checks,
            acts=(act, *change.acts),
            reference=post.ref,
        )

    def recall(self, reference: Ref[Post], seen: Seen) -> Post | More:
        """The post as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)
