"""`/v1/threads`: a thread, its posts, replies to it, and which of them answers it."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.etags import etag
from functions.api.paging import paged
from functions.api.presenters.posts import post_view, require_reader, require_visible
from functions.api.presenters.threads import answers_view, started_view
from moderation.community.answering import MarkAnswer, TakeBackAnswer
from moderation.community.post import Post
from moderation.community.posting import CreatePost
from moderation.community.thread import Thread, ThreadRow
from moderation.community.waiting import AnswerState, unanswered
from schemas.answers import NewAnswer
from schemas.page import ListQuery
from schemas.posts import NewPost, PostPage, PostView
from schemas.strict import Nothing
from schemas.threads import ThreadView

threads = Resource("threads")


@threads.get("/v1/threads/{id}", takes=Nothing, gives=ThreadView)
def get_thread(call: Call, _: Nothing) -> Reply:
    """Read one thread."""
    state = AnswerState.at(call.id)
    seen = call.parts.units.read(Thread.at(call.id), ThreadRow.at(call.id), state)
    thread, row = seen.need(Thread.at(call.id)), seen.get(ThreadRow.at(call.id))
    require_reader(thread.visibility, call.actor)
    if row is not None and row.post_count > 0:
        return Reply(answers_view(row, seen.get(state) or unanswered(thread), call.actor))
    # Nothing in it is public: the row is a few moments behind, or the opening post is hidden.
    opening = call.parts.units.read(Post.at(thread.opening_post)).need(Post.at(thread.opening_post))
    require_visible(opening, call.actor)
    return Reply(started_view(thread, opening))


@threads.get("/v1/threads/{id}/posts", takes=ListQuery, gives=PostPage)
def list_posts(call: Call, query: ListQuery) -> Reply:
    """List the visible posts of a thread, oldest first."""
    page = paged(call, query, lambda limit, at: call.parts.lists.posts(call.id, limit, at))
    if page.items:
        require_reader(page.items[0].visibility, call.actor)
    elif query.cursor is None:
        thread = call.parts.units.read(Thread.at(call.id)).need(Thread.at(call.id))
        require_reader(thread.visibility, call.actor)
    items = [post_view(post, call.actor, call.parts) for post in page.items]
    return Reply(PostPage(items=items, next=page.next))


@threads.post(
    "/v1/threads/{id}/posts",
    takes=NewPost,
    gives=PostView,
    problems=("suspended",),
    text=lambda new: new.body,
)
def create_post(call: Call, body: NewPost) -> Reply:
    """Reply to a thread."""
    post = call.run(
        CreatePost(
            actor=call.member,
            thread_id=call.id,
            body=body.body,
            language=body.language,
            intake=call.intake,
            rules=call.parts.house,
        )
    )
    headers = {**call.location(f"/v1/posts/{post.id}"), "ETag": etag(post.revision)}
    return Reply(post_view(post, call.actor, call.parts), headers)


@threads.post("/v1/threads/{id}/answer", takes=NewAnswer, gives=ThreadView, status=200)
def mark_answer(call: Call, body: NewAnswer) -> Reply:
    """Mark a reply as the thread's answer."""
    command = MarkAnswer(actor=call.member, thread_id=call.id, post_id=body.post_id)
    answered = call.run(command)
    return Reply(answers_view(answered.row, answered.state, call.actor))


@threads.delete("/v1/threads/{id}/answer")
def take_back_answer(call: Call, _: Nothing) -> Reply:
    """Say that the thread is not answered after all."""
    call.run(TakeBackAnswer(actor=call.member, thread_id=call.id))
    return Reply()
