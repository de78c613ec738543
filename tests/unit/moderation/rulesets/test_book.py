"""The rule book: what is in force, and what stands in for it where that cannot be had."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from moderation.change import Seen
from moderation.detection.facts import BoardPolicy, Facts, Strictness
from moderation.detection.ruleset import Packs, load_rules, shipped
from moderation.detection.verdict import Action
from moderation.errors import Unavailable
from moderation.ids import BoardSlug, RuleSetId
from moderation.records import Record, Ref
from moderation.rulesets.book import LOOK_AGAIN_S, LOOK_EVERY_S, AlteredError, RuleBook
from moderation.rulesets.content import Content, version_of
from moderation.rulesets.edition import EditionContent, InForce
from tests.support.own_packs import CATCHES, CONTENT, PACK, content
from tests.support.samples import RULESET_ID, ulid

OTHER = content(PACK.replace("schnürsenkel~", "schuhlöffel"))
OTHER_ID = RuleSetId(ulid(21))


def held(what: Content, ruleset_id: RuleSetId = RULESET_ID) -> EditionContent:
    """The record of a content."""
    return EditionContent(ruleset_id=ruleset_id, packs=what.packs, states=what.states)


def in_force(what: Content, ruleset_id: RuleSetId = RULESET_ID, **more: Any) -> InForce:
    """The pointer at a content."""
    return InForce(ruleset_id=ruleset_id, digest=what.digest, **more)


@dataclass(slots=True)
class Shelf:
    """Records that can be read, or cannot; it keeps what was asked for and what failed."""

    records: dict[Ref[Any], Record] = field(default_factory=dict)
    trouble: Exception | None = None
    asked: list[Ref[Any]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    seconds: float = 0.0

    def put(self, *records: Record) -> None:
        """Have these there."""
        self.records |= {record.ref: record for record in records}

    def read(self, *refs: Ref[Any]) -> Seen:
        """Read, or raise."""
        self.asked += refs
        if self.trouble is not None:
            raise self.trouble
        return Seen({ref: self.records.get(ref) for ref in refs})

    def book(self, packs: Callable[[], Packs] = shipped) -> RuleBook:
        """A book over the shelf."""
        return RuleBook(
            read=self.read,
            seconds=lambda: self.seconds,
            shipped=packs,
            failed=self.failures.append,
        )


@pytest.fixture
def shelf() -> Shelf:
    """With an edition in force."""
    made = Shelf()
    made.put(in_force(CONTENT), held(CONTENT), held(OTHER, OTHER_ID))
    return made


def catches(book: RuleBook) -> tuple[Action, tuple[str, ...]]:
    """What the text comes to that only the own rule catches, and who has checked it."""
    verdict = book.screen(CATCHES, Facts())
    return verdict.action, verdict.checked_by


OWN = (Action.FLAG, (f"rules@{version_of(shipped().version, CONTENT.digest)}",))
SHIPPED = (Action.KEEP, (f"rules@{shipped().version}",))


def test_where_nothing_was_published_the_shipped_packs_are_in_force() -> None:
    """No pointer is not a failure."""
    shelf = Shelf()
    book = shelf.book()

    assert SHIPPED == catches(book)
    assert (True, None) == (book.rules().whole, book.rules().ruleset_id)
    assert [] == shelf.failures
    assert f"rules@{shipped().version}" == book.rules().name


def test_what_is_in_force_is_looked_up_once_in_a_while(shelf: Shelf) -> None:
    """One read of the pointer in 50 seconds, and one of the content when it has moved."""
    book = shelf.book()
    for _ in range(3):
        assert OWN == catches(book)
    assert [InForce.at(), EditionContent.at(RULESET_ID)] == shelf.asked

    shelf.put(in_force(OTHER, OTHER_ID))
    shelf.seconds = LOOK_EVERY_S - 1
    assert OWN == catches(book)
    shelf.seconds = LOOK_EVERY_S
    assert Action.KEEP == catches(book)[0]
    shelf.seconds *= 2
    assert OTHER_ID == book.rules().ruleset_id
    assert [InForce.at(), EditionContent.at(OTHER_ID), InForce.at()] == shelf.asked[2:]


def test_back_to_the_shipped_packs(shelf: Shelf) -> None:
    """A retired edition leaves none in force."""
    book = shelf.book()
    catches(book)
    shelf.put(InForce())
    shelf.seconds = LOOK_EVERY_S

    assert SHIPPED == catches(book)


def test_a_table_that_does_not_answer_leaves_the_last_known_rules(shelf: Shelf) -> None:
    """Whole as they were; it is asked again after five seconds, not at each post."""
    book = shelf.book()
    catches(book)
    shelf.trouble = Unavailable("busy")
    shelf.seconds = LOOK_EVERY_S

    assert [OWN, OWN] == [catches(book), catches(book)]
    assert 1 == len(shelf.failures)
    shelf.seconds += LOOK_AGAIN_S
    assert OWN == catches(book)
    assert 2 == len(shelf.failures)


def test_nothing_known_means_the_shipped_packs_and_nothing_checked(shelf: Shelf) -> None:
    """What they screen is marked, until the table answers again."""
    shelf.trouble = RuntimeError("unreadable")
    book = shelf.book()

    assert (Action.KEEP, ()) == catches(book)
    assert BoardPolicy() == book.policy(BoardSlug("hilfe"))
    assert not book.rules().whole
    shelf.trouble = None
    shelf.seconds = LOOK_AGAIN_S
    assert OWN == catches(book)


@pytest.mark.parametrize("wrong", [held(OTHER), None])
def test_a_content_that_is_not_what_was_approved_is_never_used(
    shelf: Shelf, wrong: EditionContent | None
) -> None:
    """Gone or altered: the shipped packs screen, and what they screen is marked."""
    del shelf.records[EditionContent.at(RULESET_ID)]
    if wrong is not None:
        shelf.put(wrong)
    book = shelf.book()

    assert [(Action.KEEP, ())] * 2 == [catches(book), catches(book)]
    assert [AlteredError] == [type(error) for error in shelf.failures]
    shelf.put(held(CONTENT))
    shelf.seconds = LOOK_AGAIN_S
    assert OWN == catches(book)


def test_rules_that_this_program_cannot_read_leave_the_last_known_ones(shelf: Shelf) -> None:
    """They go on, marked, since others should be in force."""
    book = shelf.book()
    catches(book)
    broken = content("language = 1")
    shelf.put(in_force(broken, OTHER_ID), held(broken, OTHER_ID))
    shelf.seconds = LOOK_EVERY_S

    assert (Action.FLAG, ()) == catches(book)
    assert 1 == len(shelf.failures)


def test_it_can_be_looked_up_at_once(shelf: Shelf) -> None:
    """A proposal is compared with what is in force now."""
    book = shelf.book()
    catches(book)
    shelf.put(in_force(OTHER, OTHER_ID))

    assert OTHER_ID == book.refreshed().ruleset_id
    assert load_rules().version == book.base.version


def test_a_board_has_its_policy(shelf: Shelf) -> None:
    """By slug; a board without one has the usual."""
    strict = BoardPolicy(Strictness.STRICT)
    boards = ((BoardSlug("a"), BoardPolicy(Strictness.LENIENT)), (BoardSlug("b"), strict))
    shelf.put(replace(in_force(CONTENT), boards=boards))
    book = shelf.book()

    assert [strict, BoardPolicy()] == [book.policy(BoardSlug(slug)) for slug in ("b", "c")]
    assert [InForce.at()] == shelf.asked
