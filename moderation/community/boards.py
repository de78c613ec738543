"""Opening a board."""

from dataclasses import dataclass
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.board import Board, Visibility
from moderation.errors import Conflict
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
        )
        act = Act(subject=board.ref, action=Action.BOARD_CREATE, actor=self.actor, reason="request")
        return Change(answer=board, puts=(board,), acts=(act,), reference=board.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> Board | More:
        """The board as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Board.at(reference.id))
