"""Posts: the current content with its moderation state, and the revisions an edit leaves behind."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.community.board import Visibility
from moderation.detection.signal import Span
from moderation.ids import BoardSlug, MemberId, PostId, StatementId, ThreadId
from moderation.records import Kind, Ref


class PostState(StrEnum):
    """Who sees a post: everybody who may read the board, or its author and the moderators."""

    PUBLISHED = "published"
    HELD = "held"
    REMOVED = "removed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The author as shown: copied onto posts; the name stands outside the audited state."""

    id: MemberId
    name: str
    staff: bool = False
    unit: str | None = None


class RestrictionKind(StrEnum):
    """How a post is restricted (DSA Art. 17(1)(a))."""

    HOLD = "hold"
    REMOVAL = "removal"
    DISABLING = "disabling"
    REDACTION = "redaction"
    LABEL = "label"
    AGE_GATE = "age_gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One restriction in force. `territory` are ISO 3166 codes; empty means everywhere."""

    kind: RestrictionKind
    since: datetime
    until: datetime | None = None
    spans: tuple[Span, ...] = ()
    territory: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as it is now.

    `body` is the author's text, never changed by moderation; `html` its sanitised rendering, stored
    with it. `title` is set on the post that opens a thread. `unchecked` says that a detector still
    owes its score; `scored_by` names the model (`name@version`) that has read the words as they are
    now, None where none has. `operator` says that detection found it to be about the operator.
    `sealed` are the passages that nobody is shown, moderators neither: a list of known files has
    them.
    """

    id: PostId
    thread_id: ThreadId
    board: BoardSlug
    author: Author
    body: str
    html: str
    created_at: datetime
    title: str | None = None
    language: str = "und"
    state: PostState = PostState.PUBLISHED
    revision: int = 1
    restrictions: tuple[Restriction, ...] = ()
    statement_id: StatementId | None = None
    edited_at: datetime | None = None
    visibility: Visibility = "public"
    unit: str | None = None
    unchecked: bool = False
    operator: bool = False
    scored_by: str | None = None
    sealed: tuple[Span, ...] = ()

    @staticmethod
    def at(post_id: str) -> Ref["Post"]:
        """The address of the post with this id."""
        return Ref(Kind.POST, post_id)

    @property
    def ref(self) -> Ref["Post"]:
        """The record's own address."""
        return Post.at(self.id)

    @property
    def is_listed(self) -> bool:
        """Whether readers find it in its thread: published, and not disabled everywhere.

        Disabled for some territories it stays listed; whoever serves it looks at the territory.
        """
        return self.state is PostState.PUBLISHED and not any(
            restriction.kind is RestrictionKind.DISABLING and not restriction.territory
            for restriction in self.restrictions
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a post said before an edit."""

    post_id: PostId
    revision: int
    body: str
    html: str
    written_at: datetime
    title: str | None = None
    sealed: tuple[Span, ...] = ()

    @staticmethod
    def at(post_id: str, revision: int) -> Ref["Revision"]:
        """The address of one revision of a post."""
        return Ref(Kind.POST, post_id, f"REV#{revision:06d}")

    @property
    def ref(self) -> Ref["Revision"]:
        """The record's own address."""
        return Revision.at(self.post_id, self.revision)
