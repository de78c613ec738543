"""`/v1/me`: what is the caller's own."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.paging import paged
from functions.api.presenters.compliance import erasure_view
from functions.api.presenters.members import member_view, notification_view
from functions.api.presenters.own_data import OwnData
from functions.api.presenters.posts import post_view
from functions.api.presenters.statements import statement_view
from moderation.community.member import Member
from moderation.compliance.erasure import Erasure
from moderation.compliance.erasure_request import RequestErasure
from schemas.compliance import ErasureView
from schemas.members import MemberView, NotificationPage
from schemas.own_data import OwnDataPage
from schemas.page import ListQuery
from schemas.posts import PostPage
from schemas.statements import StatementPage
from schemas.strict import Nothing

me = Resource("me")


@me.get("/v1/me", takes=Nothing, gives=MemberView)
def get_me(call: Call, _: Nothing) -> Reply:
    """Read what the forum knows of the caller."""
    member = call.parts.units.read(Member.at(call.member.id)).get(Member.at(call.member.id))
    return Reply(member_view(call.member, member, call.parts.now()))


@me.delete("/v1/me")
def erase_me(call: Call, _: Nothing) -> Reply:
    """Ask for the erasure of everything the caller left here; what must be kept is hidden."""
    call.run(RequestErasure(target="member", target_id=call.member.id, actor=call.member))
    return Reply()


@me.get("/v1/me/export", takes=ListQuery, gives=OwnDataPage)
def export_own_data(call: Call, query: ListQuery) -> Reply:
    """Read everything that is kept of the caller, with the log's rows on it."""
    page = paged(call, query, OwnData(call).page)
    return Reply(OwnDataPage(items=list(page.items), next=page.next))


@me.get("/v1/me/erasure", takes=Nothing, gives=ErasureView)
def get_own_erasure(call: Call, _: Nothing) -> Reply:
    """Read how far the caller's erasure is: what must be kept, by which law, and until when."""
    ref, units = Erasure.at(call.member.id), call.parts.units
    return Reply(erasure_view(units.read(ref).need(ref), units))


@me.get("/v1/me/posts", takes=ListQuery, gives=PostPage)
def list_own_posts(call: Call, query: ListQuery) -> Reply:
    """List the caller's posts in every state, newest first."""
    lists, member = call.parts.lists, call.member.id
    page = paged(call, query, lambda limit, at: lists.posts_by(member, limit, at))
    items = [post_view(post, call.actor, call.parts) for post in page.items]
    return Reply(PostPage(items=items, next=page.next))


@me.get("/v1/me/statements", takes=ListQuery, gives=StatementPage)
def list_statements(call: Call, query: ListQuery) -> Reply:
    """List the statements of reasons that the caller was given, newest first."""
    lists, member = call.parts.lists, call.member.id
    page = paged(call, query, lambda limit, at: lists.statements(member, limit, at))
    return Reply(StatementPage(items=[statement_view(s) for s in page.items], next=page.next))


@me.get("/v1/me/notifications", takes=ListQuery, gives=NotificationPage)
def list_notifications(call: Call, query: ListQuery) -> Reply:
    """List what the caller was told, newest first."""
    lists, member = call.parts.lists, call.member.id
    page = paged(call, query, lambda limit, at: lists.inbox(member, limit, at))
    items = [notification_view(item) for item in page.items]
    return Reply(NotificationPage(items=items, next=page.next))
