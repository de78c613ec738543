"""Records of a small community for tests, and a unit of work over a dictionary."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from moderation.actor import Actor, Role
from moderation.cases.house_rules import HouseRules
from moderation.change import Change, Command, Context, Idempotency, More, Seen
from moderation.community.board import Board
from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.community.member import Member
from moderation.community.post import Author, Post
from moderation.community.thread import Thread
from moderation.detection.facts import Facts
from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category, facts_of
from moderation.detection.verdict import Action, Verdict
from moderation.ids import BoardSlug, MemberId, PostId, ThreadId, encode
from moderation.records import Record, Ref

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def ulid(number: int) -> str:
    """The ULID of this number: small numbers sort and read easily."""
    return encode(number)


KIM = Actor(MemberId(ulid(1001)), "Kim", frozenset({Role.CUSTOMER}))
ALEX = Actor(MemberId(ulid(1002)), "Alex", frozenset({Role.CUSTOMER}))
SASCHA = Actor(MemberId(ulid(1003)), "Sascha", frozenset({Role.STAFF}), "support")
ADMIN = Actor(MemberId(ulid(1004)), "Ada", frozenset({Role.ADMIN}))

BOARD = Board(slug=BoardSlug("hilfe"), title="Hilfe", created_at=NOW, unit="support")
MEMBER = Member(id=KIM.id, name="Kim", created_at=NOW - timedelta(days=30))
AUTHOR = Author(id=KIM.id, name="Kim")
THREAD = Thread(
    id=ThreadId(ulid(2001)),
    board=BOARD.slug,
    author=AUTHOR,
    opening_post=PostId(ulid(3001)),
    created_at=NOW,
    unit="support",
    language="de",
)
OPENING = Post(
    id=THREAD.opening_post,
    thread_id=THREAD.id,
    board=BOARD.slug,
    author=AUTHOR,
    title="Filter",
    body="Wer kennt den Filter?",
    html="<p>Wer kennt den Filter?</p>\n",
    created_at=NOW,
    language="de",
    unit="support",
)

ANSWER = Post(
    id=PostId(ulid(3101)),
    thread_id=THREAD.id,
    board=BOARD.slug,
    author=Author(id=SASCHA.id, name="Sascha", staff=True, unit="support"),
    body="Der Filter heißt F7.",
    html="<p>Der Filter heißt F7.</p>\n",
    created_at=NOW + timedelta(minutes=30),
    language="de",
    unit="support",
)

RULES = HouseRules(
    operator="Nordwind GmbH", public_url="https://forum.example", contact="forum@nordwind.example"
)
NOTHING = Verdict(
    action=Action.KEEP,
    category=None,
    severity=None,
    signals=(),
    about_operator=False,
    language="de",
    checked_by=("rules@1",),
)


def found(category: Category, action: Action, **more: Any) -> Verdict:
    """A verdict that finds one thing at the beginning of the text."""
    signal = Signal("rules", "1", category, 900_000, Span(0, 4), "Text", "Steht da.", "rule.a")
    verdict = replace(
        NOTHING, action=action, category=category, severity=facts_of(category).severity
    )
    return replace(verdict, signals=(signal,), **more)


FLAGGED = found(Category.INSULT, Action.FLAG)
HELD = found(Category.THREAT, Action.HOLD)


@dataclass(slots=True)
class FakeScreen:
    """Finds the same in every text, and keeps what it was asked."""

    verdict: Verdict = NOTHING
    asked: list[tuple[str, Facts]] = field(default_factory=list)

    def __call__(self, text: str, facts: Facts) -> Verdict:
        """Give the verdict."""
        self.asked.append((text, facts))
        return self.verdict


def intake(verdict: Verdict = NOTHING, *, owes_score: bool = False) -> Intake:
    """An intake whose screen finds the same in every text."""
    return Intake(render=render, screen=FakeScreen(verdict), owes_score=owes_score)


def context(at: datetime = NOW, first_id: int = 5001) -> Context:
    """A context whose ids are ULIDs of rising small numbers."""
    numbers = count(first_id)
    return Context(now=at, new_id=lambda: ulid(next(numbers)))


def seen(command: Command[Any], *records: Record, more: tuple[Ref[Any], ...] = ()) -> Seen:
    """What a command sees of these records: all that it reads, and `more`."""
    known = {record.ref: record for record in records}
    return Seen({ref: known.get(ref) for ref in (*command.reads(), *more)})


@dataclass(slots=True)
class DictWork:
    """A unit of work over a dictionary, alone in the world: no races, no audit log.

    It keeps every change, so that a test sees what was written. `before` runs ahead of each write
    and may raise, as a store that fails does.
    """

    records: dict[Ref[Any], Record] = field(default_factory=dict)
    now: datetime = NOW
    changes: list[Change[Any]] = field(default_factory=list)
    before: Callable[[Change[Any]], None] = lambda _: None
    numbers: Iterator[int] = field(default_factory=lambda: count(9001))

    def put(self, *records: Record) -> None:
        """Have these records there."""
        self.records |= {record.ref: record for record in records}

    def read(self, *refs: Ref[Any]) -> Seen:
        """Read what is there."""
        return Seen({ref: self.records.get(ref) for ref in refs})

    def run[A](self, command: Command[A], idempotency: Idempotency | None = None) -> A:  # noqa: ARG002
        """Carry out a command, reading on for as long as it asks for more."""
        moment = Context(now=self.now, new_id=lambda: ulid(next(self.numbers)))
        refs = command.reads()
        decision = command.decide(self.read(*refs), moment)
        while isinstance(decision, More):
            refs += decision.refs
            decision = command.decide(self.read(*refs), moment)
        self.before(decision)
        self.put(*decision.puts)
        for ref in decision.deletes:
            del self.records[ref]
        self.changes.append(decision)
        return decision.answer
