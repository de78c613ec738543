"""A person who left traces everywhere, an eraser, and a look into everything that is kept."""

from dataclasses import dataclass, field, replace
from typing import Any

from moderation.actor import Actor, Role
from moderation.cases.case import Guard
from moderation.cases.delivering import PutInInbox
from moderation.cases.hearing import DecideAppeal
from moderation.cases.message import Message
from moderation.cases.notice import Notifier
from moderation.cases.places import Place
from moderation.community.folding import FoldThread, Touch
from moderation.community.markup import render
from moderation.community.posting import CreateThread
from moderation.compliance.erasure import Erasure
from moderation.compliance.erasure_request import RequestErasure
from moderation.compliance.erasure_saga import Eraser
from moderation.detection.taxonomy import Category
from moderation.ids import MemberId
from moderation.stores.holdings import TableHoldings
from moderation.stores.traces import TableTraces
from tests.support import forum as people
from tests.support.audited_forum import AuditedForum
from tests.support.community import HELD, RULES, intake, ulid
from tests.support.forum import ERIKA, Forum, key
from tests.support.stack import Stack

NAME = "Xanthippe Quellwasser"
MAIL = "xanthippe@quellwasser.example"
WORDS = "QUELLWASSERWORT"
MARKS = (NAME, MAIL, WORDS)
PERSON = Actor(ERIKA.id, NAME, frozenset({Role.CUSTOMER}))
OTHER = Actor(MemberId(ulid(9033)), "Otto", frozenset({Role.CUSTOMER}))
OFFICER = Actor(MemberId(ulid(1900)), "Ola", frozenset({Role.COMPLIANCE}), "legal")


@dataclass
class MemoryShelf:
    """`Shelf` over the bundles and records of an audited forum."""

    audited: AuditedForum

    def clear(self) -> int:
        """Delete all that is personal."""
        count = 0
        for held in (self.audited.bundles.bundles, self.audited.kept.objects):
            for path in [path for path in held if path.startswith("personal/")]:
                del held[path]
                count += 1
        return count


@dataclass
class Erasable:
    """A forum in which one person posted, edited, was judged, objected and filed notices."""

    stack: Stack
    audited: AuditedForum = field(init=False)

    def __post_init__(self) -> None:
        self.audited = AuditedForum(self.stack)
        self.forum = self.audited.forum
        self._judged()
        self._opened()
        self._others()
        self._delivered()
        self.stack.clock.forward(minutes=10)

    def _run(self, command: Any, number: int = 0) -> Any:
        """Carry out; as the person, where the command has one of the old name."""
        if getattr(command, "actor", None) == ERIKA:
            command = replace(command, actor=PERSON)
        return self.forum.run(command, key(number, PERSON.id) if number else None)

    def _judged(self) -> None:
        """A post that is edited, noticed, removed with a warning, and objected to in vain."""
        forum = self.forum
        self._run(forum.edit(f"Neu: {WORDS}"), 1)
        place = Place(post_id=forum.post.id, excerpt=WORDS)
        self._run(replace(forum.notice(), places=(place,)))
        self._run(forum.claim())
        self.case_id = forum.case.id
        self._run(forum.decide(revision=2, facts=f"Sagt {WORDS}."))
        appeal = self._run(replace(forum.appeal(), reasons=f"Ich, {NAME}, meinte nicht {WORDS}."))
        self._run(people_hear(appeal.id))

    def _opened(self) -> None:
        """A thread of hers, as the board lists it."""
        opened = self._run(
            CreateThread(
                actor=PERSON,
                board=people.BOARD,
                title=f"Frage {WORDS}",
                body=f"Warum {WORDS}?",
                intake=intake(),
                rules=RULES,
            )
        )
        self._run(FoldThread(opened.thread.id, (Touch(opened.post.ref, was_listed=False),)))

    def _others(self) -> None:
        """A reply that is held and let through, one that nobody touched, and a notice of hers."""
        forum = self.forum
        held = self._run(forum.reply(f"Antwort {WORDS}", HELD), 2)
        self.held_case = self.stack.get(Guard.at(held.id)).case_id
        second = Forum.__new__(Forum)
        second.stack, second.post, second.thread_id = self.stack, held, forum.thread_id
        self._run(second.claim())
        self._run(second.decide(people.Outcome.KEEP, category=Category.REVIEW_OPINION))
        self.plain = self._run(forum.reply(f"Noch eine {WORDS}"), 3)
        theirs = self.forum.run(replace(forum.reply("Von Otto."), actor=OTHER))
        notice = replace(
            forum.notice(f"Ich, {NAME}, finde {WORDS} schlimm."),
            places=(Place(post_id=theirs.id),),
            notifier=Notifier(name=NAME, email=MAIL),
            actor=PERSON,
        )
        self.notice = self.forum.run(notice, key(4, PERSON.id))
        third = Forum.__new__(Forum)
        third.stack, third.post, third.thread_id = self.stack, theirs, forum.thread_id
        self._run(third.claim())
        self._run(third.decide(people.Outcome.KEEP))

    def _delivered(self) -> None:
        """Everything in the outbox for her is in her inbox."""
        for ref in self.stack.work_list.outbox(100):
            message = self.stack.get(Message.at(ref.id))
            if message.to is not None:
                self.forum.run(PutInInbox(message.id, message.to, RULES))

    def eraser(self, wrap: Any = lambda port: port) -> Eraser:
        """The eraser over these stores."""
        return Eraser(
            work=wrap(self.stack.unit_of_work),
            holdings=wrap(TableHoldings(self.stack.forum)),
            lists=wrap(self.stack.lists),
            traces=wrap(TableTraces(self.stack.forum)),
            shelf=wrap(MemoryShelf(self.audited)),
            now=self.stack.clock,
        )

    def ask(self) -> Erasure:
        """She asks to be erased."""
        asked = self.forum.run(RequestErasure(target="member", target_id=PERSON.id, actor=PERSON))
        self.stack.clock.forward(seconds=10)
        assert isinstance(asked, Erasure)
        return asked

    def pause(self) -> None:
        """A second goes by."""
        self.stack.clock.forward(seconds=1)

    def erase(self) -> Erasure:
        """Walk to the end."""
        eraser = self.eraser()
        while eraser.walk(PERSON.id):
            pass
        return self.stack.get(Erasure.at(PERSON.id))

    def found(self, *marks: str) -> list[str]:
        """Where a mark is still to be read: items of both tables, objects, bundles."""
        places = []
        for table in self.stack.engine.tables.values():
            places += [
                f"{item['pk']['S']} | {item['sk']['S']}"
                for item in table.items()
                if any(mark in repr(item) for mark in marks or MARKS)
            ]
        held = {**self.audited.objects.objects, **self.audited.kept.objects}
        held |= self.audited.bundles.bundles
        for path, data in held.items():
            places += [path for mark in marks or MARKS if mark.encode() in data]
        return places


def people_hear(appeal_id: str) -> Any:
    """Somebody new lets the decision stand."""
    return DecideAppeal(
        appeal_id=appeal_id,  # type: ignore[arg-type]
        actor=people.moderator(9),
        outcome="upheld",
        reasons=f"Es bleibt dabei: {WORDS}.",
        rules=RULES,
        render=render,
    )
