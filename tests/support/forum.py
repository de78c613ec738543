"""A small forum on the in-process stores: the real commands of its people, ready to be run."""

from dataclasses import dataclass, field
from typing import Any

from moderation.actor import Actor, Role
from moderation.cases.admissibility import Proposal
from moderation.cases.appealing import AppealStatement
from moderation.cases.approving import ApproveDecision
from moderation.cases.case import Case, Guard
from moderation.cases.claiming import ClaimCase
from moderation.cases.deciding import DecideCase
from moderation.cases.decision import IllegalGround, Outcome
from moderation.cases.lapsing import LapseHold
from moderation.cases.noticing import FileNotice
from moderation.cases.places import Place
from moderation.cases.scoring import RecordScore
from moderation.change import Idempotency
from moderation.community.boards import CreateBoard
from moderation.community.deleting import DeletePost
from moderation.community.editing import EditPost
from moderation.community.markup import render
from moderation.community.post import Post
from moderation.community.posting import CreatePost, CreateThread
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action, Verdict
from moderation.ids import MemberId
from moderation.stores.documents import decode
from moderation.stores.kinds import KIND_OF
from tests.support.community import NOTHING, RULES, found, intake, ulid
from tests.support.stack import Stack

ADMIN = Actor(MemberId(ulid(9001)), "Ada", frozenset({Role.ADMIN}))
ERIKA = Actor(MemberId(ulid(9002)), "Erika", frozenset({Role.CUSTOMER}))
MAX = Actor(MemberId(ulid(9003)), "Max", frozenset({Role.CUSTOMER}))
MO = Actor(MemberId(ulid(9004)), "Mo", frozenset({Role.MODERATOR}))
APPROVER = Actor(MemberId(ulid(9005)), "Ana", frozenset({Role.APPROVER}))
BOARD = "produkte"
WORDS = "Der Akku hält keine zwei Stunden, und das Gerät wird heiß. "
BODY_500 = (WORDS * 9)[:500]
GROUND = IllegalGround(norm="§ 185 StGB", explanation="Beschimpft eine Mitarbeiterin.")
FACTS = "Der Beitrag nennt eine Mitarbeiterin mit Namen und beschimpft sie."
FLAGGED = found(Category.INSULT, Action.FLAG)
HELD = found(Category.FRAUD, Action.HOLD)


def key(number: int, scope: str = "tests") -> Idempotency:
    """The number-th idempotency key."""
    return Idempotency(scope, f"00000000-0000-4000-8000-{number:012d}", f"{number:064x}")


def moderator(number: int) -> Actor:
    """One of many moderators."""
    return Actor(MemberId(ulid(9100 + number)), f"Mo {number}", frozenset({Role.MODERATOR}))


@dataclass(slots=True)
class Forum:
    """A board with one thread by Erika; `post` is its opening post."""

    stack: Stack
    post: Post = field(init=False)
    thread_id: str = field(init=False)

    def __post_init__(self) -> None:
        board = CreateBoard(actor=ADMIN, slug=BOARD, title="Produkte")
        self.stack.unit_of_work.run(board)
        opened = self.run(
            CreateThread(
                actor=ERIKA,
                board=BOARD,
                title="Akku",
                body=WORDS,
                intake=intake(owes_score=True),
                rules=RULES,
                language="de",
            )
        )
        self.post, self.thread_id = opened.post, opened.thread.id

    def run(self, command: Any, idempotency: Idempotency | None = None) -> Any:
        """Carry a command out."""
        return self.stack.unit_of_work.run(command, idempotency)

    def reply(self, body: str = BODY_500, verdict: Verdict = NOTHING) -> CreatePost:
        """Erika replies."""
        return CreatePost(
            actor=ERIKA,
            thread_id=self.thread_id,
            body=body,
            intake=intake(verdict),
            rules=RULES,
            language="de",
        )

    def edit(self, body: str = "Ganz andere Worte.", verdict: Verdict = NOTHING) -> EditPost:
        """Erika edits her post as she saw it first."""
        return EditPost(
            actor=ERIKA,
            post_id=self.post.id,
            body=body,
            expected=self.post.revision,
            intake=intake(verdict),
            rules=RULES,
        )

    def delete(self) -> DeletePost:
        """Erika deletes her post."""
        return DeletePost(actor=ERIKA, post_id=self.post.id)

    def notice(self, reasons: str = "Das ist eine Beleidigung.") -> FileNotice:
        """Somebody files a notice about Erika's post."""
        return FileNotice(
            places=(Place(post_id=self.post.id),),
            reasons=reasons,
            rules=RULES,
            category=Category.INSULT,
            good_faith=True,
            language="de",
        )

    def score(self, verdict: Verdict = FLAGGED) -> RecordScore:
        """The scorer has read the post as it was first."""
        return RecordScore(
            post_id=self.post.id, revision=self.post.revision, verdict=verdict, rules=RULES
        )

    def claim(self, actor: Actor = MO) -> ClaimCase:
        """A moderator claims the case that is open on the post."""
        return ClaimCase(case_id=self.case.id, actor=actor, rules=RULES)

    def decide(
        self, outcome: Outcome = Outcome.REMOVE, actor: Actor = MO, **proposal: Any
    ) -> DecideCase:
        """A moderator decides on the post as it was first."""
        removing = {"ground": GROUND, "facts": FACTS}
        said = {"facts": "", **({} if outcome is Outcome.KEEP else removing), **proposal}
        return DecideCase(
            case_id=self.case.id,
            actor=actor,
            proposal=Proposal(
                **{
                    "revision": self.post.revision,
                    "outcome": outcome,
                    "category": Category.INSULT,
                    **said,
                }
            ),
            rules=RULES,
            render=render,
        )

    def approve(self, *, agreed: bool = True, actor: Actor = APPROVER) -> ApproveDecision:
        """A second person says yes or no."""
        return ApproveDecision(
            case_id=self.case.id,
            actor=actor,
            approve=agreed,
            reason="Trifft zu.",
            rules=RULES,
            render=render,
        )

    def lapse(self) -> LapseHold:
        """The clock rings for the case that is open on the post."""
        return LapseHold(case_id=self.case.id)

    def appeal(self) -> AppealStatement:
        """Erika objects to the statement on her post."""
        statement_id = self.stack.get(self.post.ref).statement_id
        assert statement_id is not None
        return AppealStatement(
            statement_id=statement_id, actor=ERIKA, reasons="Das stimmt nicht.", rules=RULES
        )

    @property
    def case(self) -> Case:
        """The case that is open on the post."""
        return self.stack.get(Case.at(self.stack.get(Guard.at(self.post.id)).case_id))

    def records[T](self, kind: type[T]) -> list[T]:
        """All records of a kind that lie in the table, by key."""
        word = KIND_OF[kind]  # type: ignore[index]
        return [
            decode(word, item["doc"]["S"])  # type: ignore[misc]
            for item in self.stack.engine.tables["forum"].items()
            if item["kind"]["S"] == word
        ]
