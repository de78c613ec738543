"""People and moments of casework for tests."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from moderation.actor import Actor, Role
from moderation.cases.admissibility import Proposal
from moderation.cases.appeal import Appeal
from moderation.cases.appealing import AppealNotice, AppealStatement
from moderation.cases.approving import ApproveDecision
from moderation.cases.case import Case, Guard, Opener
from moderation.cases.claiming import ClaimCase
from moderation.cases.deciding import DecideCase
from moderation.cases.decision import Decision, IllegalGround, Outcome, Referral, TermsGround
from moderation.cases.hearing import DecideAppeal
from moderation.cases.letters import Letter, render_message
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice, Notifier
from moderation.cases.noticing import FileNotice
from moderation.cases.opening import open_by_detection
from moderation.cases.places import Place
from moderation.cases.statement import Statement
from moderation.change import Change, Context, More, Seen
from moderation.community.markup import render
from moderation.community.post import Post
from moderation.detection.taxonomy import Category, facts_of
from moderation.detection.verdict import Verdict
from moderation.errors import DomainError
from moderation.ids import MemberId
from moderation.records import Ref
from tests.support.apply_change import Office
from tests.support.community import KIM, MEMBER, NOW, OPENING, RULES, ulid
from tests.support.golden import check_golden

GOLDENS = Path(__file__).parents[1] / "unit/moderation/cases/golden"
MO = Actor(MemberId(ulid(1101)), "Mo", frozenset({Role.MODERATOR}), "trust")
NOA = Actor(MemberId(ulid(1102)), "Noa", frozenset({Role.MODERATOR}), "trust")
APP = Actor(MemberId(ulid(1103)), "Toni", frozenset({Role.APPROVER}), "legal")
INSIDER = Actor(MemberId(ulid(1104)), "Robin", frozenset({Role.MODERATOR}), "support")
NOTIFIER = Notifier(name="A. Muster", email="muster@kunde.example")
VERSION = RULES.terms.version
REPORTED = Referral(made=True, authority="BKA", at=NOW, reference="ST 123")
POST = replace(OPENING, body="Du bist ein Schuft.\nUnd deine Nummer ist 0123.")
RESPECT = TermsGround(clause="respect", version=VERSION, explanation="Beschimpfung.")


class _Detected:
    """What a posting or an edit does with a finding, as a command of its own."""

    def __init__(self, post: Post, verdict: Verdict, opener: Opener) -> None:
        self.post, self.verdict, self.opener = post, verdict, opener

    def reads(self) -> tuple[Ref[Any], ...]:
        return (self.post.ref, Guard.at(self.post.id))

    def decide(self, seen: Seen, context: Context) -> Change[Case]:  # noqa: ARG002
        opened = open_by_detection(self.post, self.verdict, self.opener, context, RULES)
        return Change(answer=opened.case, puts=(opened.post, *opened.puts), acts=opened.acts)

    def recall(self, reference: Ref[Any], seen: Seen) -> Case:
        raise NotImplementedError


def office(*posts: Post) -> Office:
    """An office with a member and these posts; with one post where none is named."""
    made = Office()
    made.put(MEMBER, *(posts or (POST,)))
    return made


def detected(at: Office, verdict: Verdict, post: Post = POST, opener: Opener = Opener.RULE) -> Case:
    """The case that a finding opens."""
    return at.run(_Detected(post, verdict, opener))


def noticed(at: Office, *posts: Post, **fields: Any) -> Notice:
    """A notice about posts, by a stranger with a name and in good faith."""
    places = tuple(Place(post_id=post.id) for post in posts or (POST,))
    asked: dict[str, Any] = {
        "places": places,
        "reasons": "Das ist eine Beleidigung.",
        "rules": RULES,
        "notifier": NOTIFIER,
        "good_faith": True,
        "language": "de",
    }
    return at.run(FileNotice(**asked | fields))


def case_on(at: Office, post: Post = POST) -> Case:
    """The case that is open on a post."""
    return at.get(Case.at(at.get(Guard.at(post.id)).case_id))


def claimed(at: Office, case: Case, actor: Actor = MO) -> Case:
    """The case in a moderator's hands."""
    return at.run(ClaimCase(case_id=case.id, actor=actor, rules=RULES))


def proposal(
    outcome: Outcome = Outcome.REMOVE, category: Category = Category.INSULT, **fields: Any
) -> Proposal:
    """A decision that can be taken: with the first norm of its category, or a clause."""
    norms = facts_of(category).norms
    ground = IllegalGround(norm=norms[0], explanation="Ohne Sachbezug.") if norms else RESPECT
    asked: dict[str, Any] = {
        "revision": 1,
        "outcome": outcome,
        "category": category,
        "facts": "Der Beitrag beschimpft eine Person.",
        "ground": None if outcome is Outcome.KEEP else ground,
    }
    return Proposal(**asked | fields)


def decide(at: Office, case: Case, asked: Proposal | None = None, actor: Actor = MO) -> Decision:
    """A decision by the one who holds the claim."""
    wanted = asked or proposal()
    return at.run(
        DecideCase(case_id=case.id, actor=actor, proposal=wanted, rules=RULES, render=render)
    )


def settled(at: Office, case: Case, asked: Proposal | None = None, actor: Actor = MO) -> Decision:
    """A case claimed and decided."""
    claimed(at, case, actor)
    return decide(at, case, asked, actor)


def approved(at: Office, case: Case, *, approve: bool = True, actor: Actor = APP) -> Decision:
    """The second person's word."""
    return at.run(
        ApproveDecision(
            case_id=case.id,
            actor=actor,
            approve=approve,
            reason="Geprüft.",
            rules=RULES,
            render=render,
        )
    )


def objected(at: Office, statement: Statement, actor: Actor = KIM) -> Appeal:
    """An author's appeal."""
    return at.run(
        AppealStatement(statement_id=statement.id, actor=actor, reasons="Ein Zitat.", rules=RULES)
    )


def insisted(at: Office, notice: Notice, actor: Actor | None = None) -> Appeal:
    """A notifier's appeal."""
    return at.run(AppealNotice(notice_id=notice.id, reasons="Doch.", rules=RULES, actor=actor))


def heard(
    at: Office,
    appeal: Appeal,
    outcome: Literal["upheld", "reversed"] = "reversed",
    actor: Actor = NOA,
    reasons: str = "Wir haben es nochmals gelesen.",
) -> Appeal:
    """An appeal decided."""
    return at.run(
        DecideAppeal(
            appeal_id=appeal.id,
            actor=actor,
            outcome=outcome,
            reasons=reasons,
            rules=RULES,
            render=render,
        )
    )


def refusal(error: pytest.ExceptionInfo[DomainError]) -> tuple[str, list[str]]:
    """What a refusal says to programs: its code, and the parts that are wrong."""
    return error.value.code, [fault.pointer for fault in error.value.faults]


def golden(request: pytest.FixtureRequest, name: str, text: str) -> None:
    """Hold a document to its golden copy."""
    check_golden(request, GOLDENS / f"{name}.txt", text + "\n")


def letter_of(at: Office, message: Message) -> Letter:
    """What the deliver worker does: read on until there is a letter."""
    seen: dict[Any, Any] = {}
    while isinstance(written := render_message(message, Seen(seen), RULES), More):
        seen |= {ref: at.records.get(ref) for ref in written.refs}
    return written


def last_message(at: Office, kind: MessageKind) -> Message:
    """The latest message of a kind."""
    return [message for message in at.all(Message) if message.kind is kind][-1]


def golden_letter(
    request: pytest.FixtureRequest, name: str, at: Office, message: Message
) -> Letter:
    """A letter held to its golden copy, in the language that the name ends with."""
    letter = letter_of(at, message)
    golden(request, name, f"{letter.subject}\n\n{letter.text}")
    assert name.endswith(letter.language)
    return letter
