"""Calibrating a board: its thresholds fitted to what was decided on it, as an audited act."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, Opener
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.board import Board
from moderation.detection.calibration import Decided, calibrated
from moderation.detection.facts import BoardPolicy, Strictness
from moderation.detection.policy import confidence_ppm
from moderation.detection.taxonomy import Category
from moderation.errors import Fault, Invalid
from moderation.records import Ref
from moderation.rulesets.edition import InForce
from moderation.rulesets.tally import counted_of

type Thresholds = tuple[tuple[Category, int], ...]

CASES_MOST = 2_000
"""How many decided cases of all boards are looked through for those of one."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The thresholds that the decided cases of a board suggest, and how many of them there are."""

    thresholds: Thresholds
    cases: int


def suggested(cases: Iterable[Case], slug: str) -> Suggestion:
    """Fit thresholds to those of these cases that detection opened on a board."""
    own = [case for case in cases if case.post.board == slug and case.opened_by in _DETECTION]
    found = [each for case in own for each in _decided(case)]
    return Suggestion(calibrated(found), len(own))


_DETECTION = frozenset({Opener.RULE, Opener.SCORE})


def _decided(case: Case) -> Iterator[Decided]:
    """One for each category that detection named; upheld where the restriction stands."""
    counted = counted_of(case)
    if counted.outcome == "open":
        return
    scores: dict[Category, list[int]] = {}
    for signal in case.signals:
        if not signal.advisory:
            scores.setdefault(signal.category, []).append(signal.score_ppm)
    upheld = counted.outcome == "restricted" and not counted.reversed
    for category, found in scores.items():
        yield Decided(category, confidence_ppm(found), upheld)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateBoard:
    """Set a board's policy. Answers the board.

    `strictness` None leaves it as it is. `cases` is how many decided cases the thresholds were
    fitted to, for the log. NotFound for a board there is none of; Invalid without a reason. The
    same policy again writes nothing.
    """

    actor: Actor
    slug: str
    reason: str
    thresholds: Thresholds
    cases: int
    strictness: Strictness | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """The board, and what the detection goes by."""
        return (Board.at(self.slug), InForce.at())

    def decide(self, seen: Seen, context: Context) -> Change[Board]:  # noqa: ARG002
        """Board and copy together, and `board:calibrate` with the reason in the log."""
        board = seen.need(Board.at(self.slug))
        if not self.reason.strip():
            raise Invalid("A reason is missing.", faults=(Fault("/reason", "Say why."),))
        strictness = self.strictness or board.policy.strictness
        policy = BoardPolicy(strictness=strictness, flag_at_ppm=self.thresholds)
        if policy == board.policy:
            return Change(answer=board, reference=board.ref)
        set_board = replace(board, policy=policy)
        in_force = seen.get(InForce.at()) or InForce()
        act = Act(
            board.ref,
            Action.BOARD_CALIBRATE,
            self.actor,
            reason=f"cases:{self.cases}",
            payload={"reason": self.reason},
        )
        return Change(
            answer=set_board,
            puts=(set_board, in_force.with_board(board.slug, policy)),
            acts=(act,),
            reference=board.ref,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> Board | More:
        """The board as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Board.at(reference.id))
