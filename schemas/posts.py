"""Posts on the wire."""

from schemas.identifiers import LanguageTag
from schemas.instant import Instant
from schemas.strict import Request, Response
from schemas.text import Body
from schemas.vocabulary import PostState, RestrictionKind


class NewPost(Request):
    """A reply; without `language` it is guessed."""

    body: Body
    language: LanguageTag | None = None


class PostEdit(Request):
    """What a post shall say from now on."""

    body: Body


class AuthorView(Response):
    """Who wrote something; `staff` is the company's own, by verified claim."""

    id: str
    name: str
    staff: bool


class RestrictionView(Response):
    """One restriction in force."""

    kind: RestrictionKind
    since: Instant
    until: Instant | None


class PostView(Response):
    """A post as this reader may see it; `statement_id` is for its author only."""

    id: str
    thread_id: str
    author: AuthorView
    body: str
    body_html: str
    language: str
    state: PostState
    revision: int
    restrictions: list[RestrictionView]
    statement_id: str | None = None
    created_at: Instant
    edited_at: Instant | None


class PostPage(Response):
    """A page of posts."""

    items: list[PostView]
    next: str | None


class RevisionView(Response):
    """What a post said before an edit, or says now."""

    revision: int
    body: str
    body_html: str
    written_at: Instant


class RevisionPage(Response):
    """The revisions of a post, newest first."""

    items: list[RevisionView]
    next: str | None


class RedriveView(Response):
    """A post that waits for its score again, at the revision it has now; none of its words."""

    id: str
    revision: int
    unchecked: bool
