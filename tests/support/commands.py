"""Small commands for tests of the stores, without the rules of the forum."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.post import Post, PostState
from moderation.errors import Conflict
from moderation.ids import MemberId, PostId
from moderation.records import Ref

MODERATOR = Actor(MemberId("01KARS0000000000000000MD01"), "Mo")


@dataclass(frozen=True, slots=True)
class Do[A]:
    """A command made of a function."""

    change: Callable[[Seen, Context], Change[A] | More]
    refs: tuple[Ref[Any], ...] = ()
    told: Callable[[Ref[Any], Seen], A | More] | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """What it was given."""
        return self.refs

    def decide(self, seen: Seen, context: Context) -> Change[A] | More:
        """What the function says."""
        return self.change(seen, context)

    def recall(self, reference: Ref[Any], seen: Seen) -> A | More:
        """The record itself, or what the other function makes of it."""
        if self.told is not None:
            return self.told(reference, seen)
        answer: A = seen.need(reference)
        return answer


def put(*records: Any, **rest: Any) -> Do[Any]:
    """Write records that must not be there."""
    change = Change(answer=records[0], puts=records, reference=records[0].ref, **rest)
    return Do(lambda _seen, _context: change)


@dataclass(frozen=True, slots=True)
class WritePost:
    """Write a new post with a fresh id; replies to nothing."""

    like: Post

    def reads(self) -> tuple[Ref[Any], ...]:
        """Nothing."""
        return ()

    def decide(self, seen: Seen, context: Context) -> Change[Post]:  # noqa: ARG002
        """A new post."""
        post = replace(self.like, id=PostId(context.new_id()))
        return Change(answer=post, puts=(post,), reference=post.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> Post:
        """The post."""
        return seen.need(Post.at(reference.id))


@dataclass(frozen=True, slots=True)
class EditPost:
    """Add words to a post: what is lost shows."""

    post_id: str
    words: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The post."""
        return (Post.at(self.post_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Post]:  # noqa: ARG002
        """The next revision."""
        post = seen.need(Post.at(self.post_id))
        edited = replace(post, body=post.body + self.words, revision=post.revision + 1)
        return Change(answer=edited, puts=(edited,), reference=edited.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> Post:
        """The post."""
        return seen.need(Post.at(reference.id))


@dataclass(frozen=True, slots=True)
class TakeDown:
    """Remove a published post, with its audit entry; Conflict where it is removed already."""

    post_id: str
    payload: dict[str, str] | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """The post."""
        return (Post.at(self.post_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Post]:  # noqa: ARG002
        """The removed post."""
        post = seen.need(Post.at(self.post_id))
        if post.state is PostState.REMOVED:
            raise Conflict("The post is removed already.")
        removed = replace(post, state=PostState.REMOVED)
        act = Act(
            post.ref,
            Action.POST_REMOVE,
            MODERATOR,
            reason="ground:SPAM",
            content=post.revision,
            payload=self.payload,
        )
        return Change(answer=removed, puts=(removed,), acts=(act,), reference=post.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> Post:
        """The post."""
        return seen.need(Post.at(reference.id))
