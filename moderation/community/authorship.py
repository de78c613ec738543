"""What an author may do to a post of their own, and what anybody else is told of it."""

from dataclasses import dataclass
from typing import Any

from moderation.actor import Actor
from moderation.cases.case import Case, Guard
from moderation.change import More, Seen
from moderation.community.post import Post
from moderation.errors import Forbidden, NotFound
from moderation.records import Ref


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post as its author found it, and the case that is open on it."""

    post: Post
    case: Case | None


def reads(post_id: str) -> tuple[Ref[Any], ...]:
    """The post and its guard: whoever writes a post must know whether it is under review."""
    return (Post.at(post_id), Guard.at(post_id))


def own_post(actor: Actor, post_id: str, seen: Seen) -> OwnPost | More:
    """The post, if it is the actor's, with its case where it has one.

    Raises Forbidden for a post of somebody else, and NotFound for one the actor cannot even see.
    """
    post = seen.need(Post.at(post_id))
    if post.author.id != actor.id:
        if post.is_listed:
            raise Forbidden("Only its author may change a post.")
        raise NotFound("There is no such post.")
    guard = seen.get(Guard.at(post_id))
    if guard is None:
        return OwnPost(post, None)
    case = Case.at(guard.case_id)
    return More.unless_seen(seen, [case]) or OwnPost(post, seen.need(case))
