"""Posts as their audience may see them.

Everybody who may read the board sees published posts, with redacted passages blacked out. Content
that is disabled in a territory is withheld from all readers, since nothing a reader sends says for
certain where they are; content behind an age gate is withheld from readers without an account. The
author and the moderators see every word in every state; a stranger gets 404.
"""

from datetime import datetime

from functions.api.parts import Parts
from moderation.actor import Actor, Role
from moderation.cases.visibility import readable, visible_body
from moderation.community.board import Visibility
from moderation.community.post import (
    Author,
    Post,
    PostState,
    Restriction,
    RestrictionKind,
    Revision,
)
from moderation.errors import NotFound
from schemas.posts import AuthorView, PostView, RestrictionView, RevisionView

REVIEWERS = (Role.MODERATOR, Role.APPROVER)


def require_reader(visibility: Visibility, actor: Actor | None) -> None:
    """Refuse strangers a members board as if it were not there."""
    if visibility == "members" and actor is None:
        raise NotFound("There is nothing of this name.")


def sees_all(post: Post, actor: Actor | None) -> bool:
    """Whether this reader sees the post in every state and every word of it."""
    return actor is not None and (actor.id == post.author.id or actor.has(*REVIEWERS))


def require_visible(post: Post, actor: Actor | None) -> None:
    """Refuse a post that this reader may not know of."""
    require_reader(post.visibility, actor)
    if post.state is not PostState.PUBLISHED and not sees_all(post, actor):
        raise NotFound("There is no such post.")


def post_view(post: Post, actor: Actor | None, parts: Parts) -> PostView:
    """The post for this reader; it must be visible to them."""
    now = parts.now()
    body, html = _words(post, actor, now, parts)
    said: dict[str, object] = {
        "id": post.id,
        "thread_id": post.thread_id,
        "author": author_view(post.author),
        "body": body,
        "body_html": html,
        "language": post.language,
        "state": post.state.value,
        "revision": post.revision,
        "restrictions": [_restriction(r) for r in post.restrictions if _in_force(r, now)],
        "created_at": post.created_at,
        "edited_at": post.edited_at,
    }
    if actor is not None and actor.id == post.author.id and post.statement_id is not None:
        said["statement_id"] = post.statement_id
    return PostView.model_validate(said)


def author_view(author: Author) -> AuthorView:
    """Who wrote it."""
    return AuthorView(id=author.id, name=author.name, staff=author.staff)


def revision_view(revision: Revision) -> RevisionView:
    """What a post once said."""
    return RevisionView(
        revision=revision.revision,
        body=readable(revision),
        body_html=revision.html,
        written_at=revision.written_at,
    )


def current_revision(post: Post) -> Revision:
    """What a post says now, as a revision."""
    return Revision(
        post_id=post.id,
        revision=post.revision,
        body=post.body,
        html=post.html,
        sealed=post.sealed,
        written_at=post.edited_at or post.created_at,
        title=post.title,
    )


def _words(post: Post, actor: Actor | None, now: datetime, parts: Parts) -> tuple[str, str]:
    if not post.restrictions:
        return readable(post), post.html
    shown = visible_body(post)
    if sees_all(post, actor):
        words = readable(post)
        return words, post.html if shown == words else parts.intake.render(words)
    if any(_withholds(r, actor) for r in post.restrictions if _in_force(r, now)):
        return "", ""
    return shown, post.html


def _withholds(restriction: Restriction, actor: Actor | None) -> bool:
    match restriction.kind:
        case RestrictionKind.DISABLING:
            return True
        case RestrictionKind.AGE_GATE:
            return actor is None
        case _:
            return False


def _in_force(restriction: Restriction, now: datetime) -> bool:
    return restriction.until is None or now < restriction.until


def _restriction(restriction: Restriction) -> RestrictionView:
    return RestrictionView(
        kind=restriction.kind.value, since=restriction.since, until=restriction.until
    )
