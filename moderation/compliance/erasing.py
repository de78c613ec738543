"""Erasing record by record: each transaction checks that nothing has come to forbid it.

An erased subject keeps its place and its chain. Its words and names go, its parts go, and its salt
is replaced, so what the log holds of it binds nothing any more (`payload:erase`).
"""

from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, CaseState
from moderation.cases.decision import Decision
from moderation.cases.notice import Notice
from moderation.change import Act, Change, Context, Seen
from moderation.community.member import Member
from moderation.community.thread import Thread, ThreadRow
from moderation.compliance.blank import Blankable, blank
from moderation.errors import Conflict
from moderation.ids import MemberId, NoticeId
from moderation.records import META, Record, Ref

PARTS_AT_ONCE = 80
REASON = "erase:request"
RUNNING = frozenset({CaseState.OPEN, CaseState.AWAITING_APPROVAL})


class MustBeKept(Conflict):
    """Something has come to forbid the erasure since it was looked for; it is looked for again."""

    code = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseSubject:
    """Blank one record and destroy its parts. Answers whether there was anything to erase.

    `absent` are marks and guards that forbid it where they are there: MustBeKept then, and for a
    case or an appeal that is still open. `parts` are as in `EraseParts`; one transaction has all,
    so that a hold in between keeps all of it or nothing.
    """

    subject: Ref[Any]
    absent: tuple[Ref[Any], ...]
    actor: Actor
    parts: tuple[Ref[Any], ...] = ()

    def reads(self) -> tuple[Ref[Any], ...]:
        """The record, its parts, and what would forbid it."""
        return (self.subject, *self.parts, *self.absent)

    def decide(self, seen: Seen, context: Context) -> Change[bool]:
        """The record without words and names, and no parts."""
        record: Blankable | None = seen.get(self.subject)
        if record is None and _is_member(self.subject):
            # Whoever never wrote has no record; the entry needs a subject.
            record = Member(id=MemberId(self.subject.id), name="", created_at=context.now)
        elif record is None or record == blank(record):
            return self._change(seen)
        _refuse_open(record)
        return self._change(seen, blank(record))

    def _change(self, seen: Seen, *blanked: Blankable) -> Change[bool]:
        if not blanked and not self.parts:
            return Change(answer=False)
        _refuse_present(self.absent, seen)
        gone, words = _destroyed(self.parts, seen)
        act = Act(self.subject, Action.PAYLOAD_ERASE, self.actor, via=Via.JOB, reason=REASON)
        return Change(
            answer=bool(blanked or gone or words),
            puts=(*blanked, *words),
            deletes=gone,
            checks=self.absent,
            acts=(act,) if self.subject.part == META and any(map(_is_subject, blanked)) else (),
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> bool:  # noqa: ARG002
        """Nothing is told twice."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseParts:
    """Destroy what is kept beside a subject, at most 80 at once. Answers how much there was.

    A rejected decision is blanked, and keeps saying that it was made.
    """

    parts: tuple[Ref[Any], ...]
    absent: tuple[Ref[Any], ...]

    def reads(self) -> tuple[Ref[Any], ...]:
        """The parts, and what would forbid it."""
        return (*self.parts, *self.absent)

    def decide(self, seen: Seen, context: Context) -> Change[int]:  # noqa: ARG002
        """Deletes, and decisions without their words."""
        _refuse_present(self.absent, seen)
        gone, words = _destroyed(self.parts, seen)
        return Change(answer=len(gone) + len(words), puts=words, deletes=gone, checks=self.absent)

    def recall(self, reference: Ref[Any], seen: Seen) -> int:  # noqa: ARG002
        """Nothing is told twice."""
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetExcerpt:
    """Take out of somebody's notice what it quotes of a post that is erased."""

    notice_id: NoticeId
    post_id: str
    absent: tuple[Ref[Any], ...]
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """The notice, and what would forbid it."""
        return (Notice.at(self.notice_id), *self.absent)

    def decide(self, seen: Seen, context: Context) -> Change[bool]:  # noqa: ARG002
        """The notice without the quotation; its own words are its notifier's."""
        notice = seen.get(Notice.at(self.notice_id))
        if notice is None:
            return Change(answer=False)
        items = tuple(
            replace(item, excerpt=None) if item.post_id == self.post_id else item
            for item in notice.items
        )
        if items == notice.items:
            return Change(answer=False)
        _refuse_present(self.absent, seen)
        act = Act(notice.ref, Action.PAYLOAD_ERASE, self.actor, via=Via.JOB, reason="erase:excerpt")
        puts = (replace(notice, items=items),)
        return Change(answer=True, puts=puts, checks=self.absent, acts=(act,))

    def recall(self, reference: Ref[Any], seen: Seen) -> bool:  # noqa: ARG002
        """Nothing is told twice."""
        return False


def _destroyed(
    parts: tuple[Ref[Any], ...], seen: Seen
) -> tuple[tuple[Ref[Any], ...], tuple[Record, ...]]:
    """What of the parts is deleted, and what is put without its words."""
    found: list[Record] = [each for part in parts if (each := seen.get(part)) is not None]
    decisions = [each for each in found if isinstance(each, Decision)]
    gone = tuple(each.ref for each in found if not isinstance(each, Decision))
    return gone, tuple(blank(each) for each in decisions if blank(each) != each)


def _is_member(subject: Ref[Any]) -> bool:
    return subject == Member.at(subject.id)


def _is_subject(record: object) -> bool:
    return not isinstance(record, Decision | Thread | ThreadRow)


def _refuse_open(record: object) -> None:
    if isinstance(record, Case) and record.state in RUNNING:
        raise MustBeKept("The case is open.")
    if isinstance(record, Appeal) and record.state == "open":
        raise MustBeKept("The appeal is open.")


def _refuse_present(absent: tuple[Ref[Any], ...], seen: Seen) -> None:
    if any(seen.get(ref) is not None for ref in absent):
        raise MustBeKept("It is held, or under review.")
