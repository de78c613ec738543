"""Opening a board, and setting by when its customers are to be answered."""

from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.answer_target import AnswerTarget
from moderation.community.board import Board, Visibility
from moderation.errors import Conflict, Stale
from moderation.ids import BoardSlug
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateBoard:
    """Open a board under a slug that is still free; Conflict (`slug-taken`) where it is not."""

    actor: Actor
    slug: str
    title: str
    description: str = ""
    unit: str | None = None
    visibility: Visibility = "public"
    answer_target: AnswerTarget | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """What stands under the slug now."""
        return (Board.at(self.slug),)

    def decide(self, seen: Seen, context: Context) -> Change[Board]:
        """The board, and `board:create` in the log."""
        if seen.get(Board.at(self.slug)) is not None:
            raise Conflict("There is a board of that slug already.", code="slug-taken")
        board = Board(
            slug=BoardSlug(self.slug),
            title=self.title,
            description=self.description,
            unit=self.unit,
            visibility=self.visibility,
            created_at=context.now,
            answer_target=self.answer_target,
        )
        act = Act(subject=board.ref, action=Action.BOARD_CREATE, actor=self.actor, reason="request")
        return Change(answer=board, puts=(board,), acts=(act,), reference=board.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> Board | More:
        """The board as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Board.at(reference.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAnswerTarget:
    """Say by when a board's customers are to be answered (None: no longer).

    It counts for what is asked from now on; whoever waits already was promised something else.
    `expected` is the revision the admin has seen. Refused: NotFound, Stale with `revision`.
    """

    actor: Actor
    slug: str
    target: AnswerTarget | None
    expected: int

    def reads(self) -> tuple[Ref[Any], ...]:
        """The board."""
        return (Board.at(self.slug),)

    def decide(self, seen: Seen, context: Context) -> Change[Board]:  # noqa: ARG002
        """The board, and `board:update` in the log; the same target again changes nothing."""
        board = seen.need(Board.at(self.slug))
        if board.revision != self.expected:
            raise Stale(
                f"The board is at revision {board.revision} by now.",
                data={"revision": board.revision},
            )
        if board.answer_target == self.target:
            return Change(answer=board, reference=board.ref)
        changed = replace(board, answer_target=self.target, revision=board.revision + 1)
        act = Act(board.ref, Action.BOARD_UPDATE, self.actor, reason="request")
        return Change(answer=changed, puts=(changed,), acts=(act,), reference=board.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> Board | More:
        """The board as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Board.at(reference.id))
