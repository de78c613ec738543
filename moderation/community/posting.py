"""Opening a thread and replying to one.

A reply reads its author and its thread, and writes new items only: two transactions on one item
conflict, so nothing of the thread is in it, and a hot thread never stalls.
"""

from dataclasses import dataclass
from typing import Any

from moderation.actor import Actor
from moderation.cases.case import Opener
from moderation.cases.forwarding import passed_on, reports_danger
from moderation.cases.house_rules import HouseRules
from moderation.cases.opening import open_by_detection
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.board import Board
from moderation.community.intake import Intake, Taken
from moderation.community.member import Member
from moderation.community.members import author_of, writing
from moderation.community.post import Post
from moderation.community.thread import Thread
from moderation.detection.verdict import Action
from moderation.ids import PostId, ThreadId
from moderation.records import Record, Ref
from moderation.rulesets.tally import shadow_hits


@dataclass(frozen=True, slots=True)
class OpenedThread:
    """A thread with the post that opens it."""

    thread: Thread
    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateThread:
    """Open a thread on a board with its first post. `language` is BCP 47; None: found out.

    Refused: NotFound (no such board), Forbidden `suspended`, Invalid (a text that cannot be shown).
    """

    actor: Actor
    board: str
    title: str
    body: str
    intake: Intake
    rules: HouseRules
    language: str | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """Who writes, and where."""
        return (Member.at(self.actor.id), Board.at(self.board))

    def decide(self, seen: Seen, context: Context) -> Change[OpenedThread]:
        """The thread's head, its opening post, and what the screen makes of it."""
        board = seen.need(Board.at(self.board))
        author = _Author.writing(self.actor, seen, context)
        taken = self.intake.take(
            board=board.slug,
            title=self.title,
            body=self.body,
            language=self.language,
            author=author.member,
            now=context.now,
        )
        thread = Thread(
            id=ThreadId(context.new_id()),
            board=board.slug,
            author=author_of(self.actor),
            opening_post=PostId(context.new_id()),
            created_at=context.now,
            visibility=board.visibility,
            unit=board.unit,
            language=taken.language,
        )
        written = _written(thread.opening_post, thread, self, taken, context)
        return Change(
            answer=OpenedThread(thread, written.post),
            puts=(thread, *written.puts, *author.puts),
            acts=written.acts,
            reference=written.post.ref,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> OpenedThread | More:
        """Thread and post as they are now."""
        if more := More.unless_seen(seen, [reference]):
            return more
        post = seen.need(Post.at(reference.id))
        thread = Thread.at(post.thread_id)
        return More.unless_seen(seen, [thread]) or OpenedThread(seen.need(thread), post)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePost:
    """Reply to a thread. `language` is BCP 47; None: found out.

    Refused: NotFound (no such thread), Forbidden `suspended`, Invalid (text that cannot be shown).
    """

    actor: Actor
    thread_id: str
    body: str
    intake: Intake
    rules: HouseRules
    language: str | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """Who writes, and where."""
        return (Member.at(self.actor.id), Thread.at(self.thread_id))

    def decide(self, seen: Seen, context: Context) -> Change[Post]:
        """The post, and what the screen makes of it."""
        thread = seen.need(Thread.at(self.thread_id))
        author = _Author.writing(self.actor, seen, context)
        taken = self.intake.take(
            board=thread.board,
            title=None,
            body=self.body,
            language=self.language,
            author=author.member,
            now=context.now,
        )
        written = _written(PostId(context.new_id()), thread, self, taken, context)
        return Change(
            answer=written.post,
            puts=(*written.puts, *author.puts),
            acts=written.acts,
            reference=written.post.ref,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> Post | More:
        """The post as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Post.at(reference.id))


@dataclass(frozen=True, slots=True)
class _Author:
    """Who writes, and the member record to be put with the writing (none where it stands)."""

    member: Member
    puts: tuple[Record, ...]

    @classmethod
    def writing(cls, actor: Actor, seen: Seen, context: Context) -> "_Author":
        known = seen.get(Member.at(actor.id))
        new = writing(actor, known, context.now)
        if new is not None:
            return cls(new, (new,))
        return cls(seen.need(Member.at(actor.id)), ())


@dataclass(frozen=True, slots=True)
class _Written:
    """A new post as it is stored, with everything that is stored because of it."""

    post: Post
    puts: tuple[Record, ...]
    acts: tuple[Act, ...] = ()


def _written(
    post_id: PostId,
    thread: Thread,
    command: CreateThread | CreatePost,
    taken: Taken,
    context: Context,
) -> _Written:
    post = Post(
        id=post_id,
        thread_id=thread.id,
        board=thread.board,
        author=author_of(command.actor),
        title=taken.title,
        body=command.body,
        html=taken.html,
        sealed=taken.sealed,
        language=taken.language,
        created_at=context.now,
        visibility=thread.visibility,
        unit=thread.unit,
        unchecked=taken.unchecked,
        operator=taken.verdict.about_operator,
    )
    beside: tuple[Record, ...] = shadow_hits(post.id, post.revision, taken.verdict.signals)
    if reports_danger(taken.verdict.signals):
        beside = (*beside, passed_on(post.id, context))
    if taken.verdict.action is Action.KEEP:
        return _Written(post, (post, *beside))
    found = open_by_detection(post, taken.verdict, Opener.RULE, context, command.rules)
    return _Written(found.post, (found.post, *found.puts, *beside), found.acts)
