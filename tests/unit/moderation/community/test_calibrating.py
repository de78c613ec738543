"""Thresholds out of decided cases, and what they can do to a hold."""

from dataclasses import replace

import pytest

from moderation.audit.actions import Action as Act
from moderation.cases.case import Case, CaseState, Event, Opener
from moderation.cases.decision import DecisionState, Outcome
from moderation.community.calibrating import CalibrateBoard, suggested
from moderation.detection.facts import BoardPolicy, Strictness
from moderation.detection.policy import decide
from moderation.detection.signal import RULES, Signal
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action
from moderation.errors import Invalid
from moderation.rulesets.edition import InForce
from tests.support.community import ADMIN, BOARD, context, seen
from tests.support.samples import AT, CASE, DECISION, MODERATOR_ID


def signal(score_ppm: int, *, advisory: bool = False, category: Category = Category.SPAM) -> Signal:
    """One signal of the rules."""
    return Signal(RULES, "1", category, score_ppm, None, "", "Weil.", "a@1", advisory)


def decided(outcome: Outcome, *signals: Signal, reversed_by: str = "") -> Case:
    """A decided case that rules opened on the board, reversed by nobody, an appeal, a person."""
    state = DecisionState.REVERSED if reversed_by == "appeal" else DecisionState.EFFECTIVE
    rejected = Event(at=AT, action=Act.CASE_REJECT.value, by=MODERATOR_ID)
    return replace(
        CASE,
        state=CaseState.DECIDED,
        opened_by=Opener.RULE,
        signals=signals or (signal(700_000),),
        decision=replace(DECISION, outcome=outcome, state=state),
        history=(rejected,) if reversed_by == "person" else (),
    )


KEPT = decided(Outcome.KEEP, signal(600_000))
REMOVED = decided(Outcome.REMOVE, signal(700_000))


def test_the_threshold_rises_until_half_of_what_is_flagged_is_upheld() -> None:
    """Thirty decisions at least; fewer suggest nothing."""
    enough = [KEPT] * 20 + [REMOVED] * 10

    assert ((Category.SPAM, 700_000),) == suggested(enough, CASE.post.board).thresholds
    assert () == suggested(enough[1:], CASE.post.board).thresholds
    assert 30 == suggested(enough, CASE.post.board).cases


@pytest.mark.parametrize(
    "case",
    [
        decided(Outcome.REMOVE, reversed_by="appeal"),
        decided(Outcome.REMOVE, reversed_by="person"),
        decided(Outcome.KEEP),
    ],
)
def test_what_was_kept_or_given_back_upholds_nothing(case: Case) -> None:
    """A restriction counts only where it stands."""
    assert ((Category.SPAM, 700_001),) == suggested([case] * 30, CASE.post.board).thresholds


@pytest.mark.parametrize(
    "case",
    [
        replace(KEPT, opened_by=Opener.NOTICE),
        replace(KEPT, post=replace(KEPT.post, board="andere")),  # type: ignore[arg-type]
        replace(KEPT, decision=None, state=CaseState.OPEN),
        decided(Outcome.KEEP, reversed_by="appeal"),
        decided(Outcome.KEEP, signal(600_000, advisory=True)),
        decided(Outcome.KEEP, signal(600_000, category=Category.LIFE_THREAT)),
    ],
)
def test_other_cases_suggest_nothing(case: Case) -> None:
    """Of another board, opened by people, open again, by what only advises, or too grave."""
    assert () == suggested([case] * 30, CASE.post.board).thresholds


@pytest.mark.parametrize("strictness", list(Strictness))
@pytest.mark.parametrize("threshold", [1, 500_000, 900_000, 949_999, 950_001, 1_000_000])
def test_a_hold_never_comes_below_a_flag(strictness: Strictness, threshold: int) -> None:
    """Whatever a board is calibrated to, what is not flagged is not held."""
    policy = BoardPolicy(strictness, ((Category.DOX, threshold),))
    found = signal(950_000, category=Category.DOX)

    outcome = decide([found], policy, about_operator=False)

    assert (threshold <= 950_000) == (outcome.action is not Action.KEEP)
    assert outcome.action in {Action.HOLD, Action.KEEP}


def test_a_board_is_set_with_its_copy() -> None:
    """Board and pointer are written together; a policy like any other leaves the pointer again."""
    thresholds = ((Category.SPAM, 700_000),)
    command = CalibrateBoard(
        actor=ADMIN, slug=BOARD.slug, reason="Fehlalarme.", thresholds=thresholds, cases=30
    )
    change = command.decide(seen(command, BOARD), context())
    board, in_force = change.puts

    assert board == change.answer == replace(BOARD, policy=BoardPolicy(flag_at_ppm=thresholds))
    assert in_force == InForce(boards=((BOARD.slug, change.answer.policy),))
    back = replace(command, thresholds=(), cases=0).decide(
        seen(command, board, in_force), context()
    )
    assert back.puts == (BOARD, InForce())


def test_without_a_reason_nothing_is_set() -> None:
    """The log must be able to say why."""
    command = CalibrateBoard(actor=ADMIN, slug=BOARD.slug, reason=" ", thresholds=(), cases=0)

    with pytest.raises(Invalid):
        command.decide(seen(command, BOARD), context())
    assert command.recall(BOARD.ref, seen(command, BOARD)) == BOARD
