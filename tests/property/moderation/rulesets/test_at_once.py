"""Two people keep rules at once: whatever the order, the pointer says what the editions say."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations

import pytest

from moderation.community.board import Board
from moderation.community.boards import CreateBoard
from moderation.community.calibrating import CalibrateBoard
from moderation.detection.facts import BoardPolicy, Strictness
from moderation.errors import Conflict
from moderation.rulesets.approving import ApproveRuleSet
from moderation.rulesets.edition import BackTest, Edition, EditionState, InForce
from moderation.rulesets.proposing import ProposeRuleSet
from moderation.rulesets.retiring import RetireRuleSet
from tests.support.community import ADMIN, ALEX, KIM
from tests.support.interleaver import Interleaver, merges
from tests.support.own_packs import CONTENT, PACK, content
from tests.support.samples import COMPARISON
from tests.support.stack import Stack

BASE = "0123456789ab"
PROPOSE = ProposeRuleSet(
    actor=KIM,
    content=CONTENT,
    reason="Neue Masche.",
    backtest=BackTest(
        content=CONTENT.digest,
        base=BASE,
        before=BASE,
        corpus="cd" * 32,
        on_corpus=COMPARISON,
        on_cases=COMPARISON,
        cases=3,
    ),
    base=BASE,
    compared_with=BASE,
)
OTHER = content(PACK + "#")
type Task = Callable[[], object]


def scene(stack: Stack) -> Mapping[str, Task]:
    """An edition in force, two proposals against it, a board; what can be done, each once."""
    run = stack.unit_of_work.run
    live = run(PROPOSE)
    run(approve(live))
    follow = replace(
        PROPOSE,
        content=OTHER,
        compared_with=live.version,
        backtest=replace(PROPOSE.backtest, content=OTHER.digest, before=live.version),
    )
    first, second = run(follow), run(follow)
    run(CreateBoard(actor=ADMIN, slug="hilfe", title="Hilfe"))
    strict = CalibrateBoard(
        actor=ADMIN,
        slug="hilfe",
        reason="Streng.",
        thresholds=(),
        cases=0,
        strictness=Strictness.STRICT,
    )
    retire = RetireRuleSet(ruleset_id=live.id, actor=ALEX, reason="Weg.", base=BASE)
    return {
        "publish one": lambda: run(approve(first)),
        "publish the other": lambda: run(approve(second)),
        "reject one": lambda: run(replace(approve(first), approve=False)),
        "retire": lambda: run(retire),
        "calibrate": lambda: run(strict),
    }


def approve(edition: Edition) -> ApproveRuleSet:
    """A second person agrees."""
    return ApproveRuleSet(
        ruleset_id=edition.id, actor=ADMIN, approve=True, reason="Gut.", base=BASE
    )


NAMES = tuple(scene(Stack.fresh()))


@pytest.mark.parametrize("pair", list(combinations(NAMES, 2)), ids=" and ".join)
def test_what_is_in_force_is_what_is_published(pair: tuple[str, str]) -> None:
    """In every order of their storage calls; whoever comes second is refused or in force."""
    for schedule in merges(3):
        stack = Stack.fresh()
        tasks = scene(stack)

        told = Interleaver(stack.engine).run([tasks[name] for name in pair], schedule)

        assert all(isinstance(each, Edition | Board | Conflict) for each in told), told
        pointer = stack.get(InForce.at())
        editions = stack.lists.rulesets(100, None).items
        live = [each for each in editions if each.state is EditionState.PUBLISHED]
        assert [pointer.ruleset_id] == ([each.id for each in live] or [None]), schedule
        assert pointer.digest == (live[0].backtest.content if live else None)
        policy = stack.get(Board.at("hilfe")).policy
        assert policy == dict(pointer.boards).get(Board.at("hilfe").id, BoardPolicy())
        refused = [each for each in told if isinstance(each, Conflict)]
        assert len(refused) == meet(pair), schedule


def meet(pair: tuple[str, str]) -> bool:
    """Whether the two cannot both be: a rejection concerns its proposal alone, a board neither."""
    if "calibrate" in pair:
        return False
    return "reject one" not in pair or "publish one" in pair
