"""`/v1/posts`: one post, what it said before, and what its author does to it."""

from http import HTTPStatus

from functions.api.endpoint import Call, Reply, Resource
from functions.api.etags import etag, revision_in
from functions.api.paging import paged
from functions.api.presenters.posts import (
    current_revision,
    post_view,
    require_visible,
    revision_view,
    sees_all,
)
from moderation.cases.redriving import Redrive
from moderation.community.deleting import DeletePost
from moderation.community.editing import EditPost
from moderation.community.post import Post, Revision
from moderation.errors import NotFound
from moderation.ports import Page
from schemas.page import ListQuery
from schemas.posts import PostEdit, PostView, RedriveView, RevisionPage
from schemas.strict import Nothing

posts = Resource("posts")


@posts.get("/v1/posts/{id}", takes=Nothing, gives=PostView)
def get_post(call: Call, _: Nothing) -> Reply:
    """Read one post."""
    post = call.parts.units.read(Post.at(call.id)).need(Post.at(call.id))
    require_visible(post, call.actor)
    headers = {"ETag": etag(post.revision)}
    return Reply(post_view(post, call.actor, call.parts), headers)


@posts.patch(
    "/v1/posts/{id}",
    takes=PostEdit,
    gives=PostView,
    problems=("suspended", "post-removed", "post-deleted", "post-redacted"),
)
def edit_post(call: Call, body: PostEdit) -> Reply:
    """Give an own post new words."""
    post = call.run(
        EditPost(
            actor=call.member,
            post_id=call.id,
            body=body.body,
            expected=revision_in(call.headers.get("if-match")),
            intake=call.intake,
            rules=call.parts.house,
        )
    )
    headers = {"ETag": etag(post.revision)}
    return Reply(post_view(post, call.actor, call.parts), headers)


@posts.delete("/v1/posts/{id}")
def delete_post(call: Call, _: Nothing) -> Reply:
    """Delete an own post."""
    call.run(DeletePost(actor=call.member, post_id=call.id))
    return Reply()


@posts.post(
    "/v1/posts/{id}/redrive",
    takes=Nothing,
    gives=RedriveView,
    status=HTTPStatus.ACCEPTED,
    problems=("post-deleted",),
)
def redrive_post(call: Call, _: Nothing) -> Reply:
    """Have the model read a post again whose score was given up."""
    post = call.run(Redrive(actor=call.member, post_id=call.id))
    return Reply(RedriveView(id=post.id, revision=post.revision, unchecked=post.unchecked))


@posts.get("/v1/posts/{id}/revisions", takes=ListQuery, gives=RevisionPage)
def list_revisions(call: Call, query: ListQuery) -> Reply:
    """List what a post said, newest first; for its author and the moderators."""
    post = call.parts.units.read(Post.at(call.id)).need(Post.at(call.id))
    if not sees_all(post, call.actor):
        raise NotFound("There is no such post.")
    page = paged(call, query, lambda limit, at: _revisions(call, post, limit, at))
    return Reply(RevisionPage(items=[revision_view(r) for r in page.items], next=page.next))


def _revisions(call: Call, post: Post, limit: int, after: str | None) -> Page[Revision]:
    """Revisions are numbered without a gap, so a page is one read of known addresses."""
    newest = post.revision if after is None else int(after) - 1
    numbers = range(newest, max(newest - limit, 0), -1)
    refs = [Revision.at(post.id, number) for number in numbers if number < post.revision]
    seen = call.parts.units.read(*refs) if refs else None
    kept = [seen.need(ref) for ref in refs] if seen else []
    items = [current_revision(post), *kept] if newest == post.revision else kept
    return Page(tuple(items), str(numbers[-1]) if numbers and numbers[-1] > 1 else None)
