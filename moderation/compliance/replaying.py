"""After a restore: what was erased since is erased again, before anybody is served.

The table that comes back from the point-in-time window is older than the log, which cannot be set
back. So the log says what is missing: where each subject's chain stands, whose erasure was asked
for, and which holds are in force. What an entry says counts from the act on, so those that wait to
be sequenced are heard as well.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import BODY, leaf_hash
from moderation.audit.log_reader import LogReader
from moderation.audit.ports import LogTable, SubjectHead
from moderation.community.member import Member
from moderation.compliance.erasure import Erasure, Target
from moderation.compliance.erasure_request import OWN
from moderation.compliance.erasure_saga import Eraser
from moderation.errors import Unavailable
from moderation.ids import MemberId
from moderation.records import Record

WALKS_AT_MOST = 20
LOOKS_AT_MOST = 30
BACKLOG_LIMIT = 1_000_000
_TARGETS: dict[str, Target] = {
    OWN: "member",
    "erase:member": "member",
    "erase:notice": "notice",
}


@dataclass(slots=True)
class Told:
    """What the log tells of the time since: `heads` by subject, erasures by target, holds by id."""

    heads: dict[str, SubjectHead] = field(default_factory=dict)
    erasures: dict[str, Target] = field(default_factory=dict)
    holds: set[str] = field(default_factory=set)

    def hear(self, body: bytes) -> None:
        """Take one entry, in the order of its subject's chain; one that was heard tells nothing.

        What is kept grows with the subjects.
        """
        entry = BODY.fullmatch(body.decode())
        if entry is None:
            return
        subject, rev = entry["subject"], int(entry["rev"])
        if subject in self.heads and rev <= self.heads[subject].rev:
            return
        self.heads[subject] = SubjectHead(subject, rev, leaf_hash(body).hex(), entry["id"])
        subject_id = subject.partition(":")[2]
        match entry["action"]:
            case Action.ERASURE_REQUEST if entry["reason"] in _TARGETS:
                self.erasures[subject_id] = _TARGETS[entry["reason"]]
            case Action.HOLD_PLACE:
                self.holds.add(subject_id)
            case Action.HOLD_RELEASE:
                self.holds.discard(subject_id)


class RestoredTable(Protocol):
    """The restored table before it serves: the one place where subjects are written unaudited."""

    def lift(self, heads: Iterable[SubjectHead]) -> int:
        """Set the chain of each subject that is behind to where the log has it; return how many."""
        ...

    def put_missing(self, record: Record, head: SubjectHead) -> None:
        """Put a record that came into the world since, its chain where the log has it."""
        ...

    def missing_holds(self, hold_ids: Iterable[str]) -> list[str]:
        """Return those of the holds of which the table knows nothing."""
        ...


def listen(log: LogReader, table: LogTable, pause: Callable[[], None]) -> Told:
    """Hear the whole log, and what waits for it. Nobody may act meanwhile.

    Unavailable where entries stay between the two: taken off the list, and not published.
    """
    for _ in range(LOOKS_AT_MOST):
        # Read first: what leaves this list afterwards is in the tree that is read next.
        waiting = table.waiting(BACKLOG_LIMIT)
        published = log.published()
        size = 0 if published is None else published.checkpoint.size
        if table.head().size == size:
            break
        pause()
    else:
        raise Unavailable("Entries of the log are not published yet. Please try again.")
    told = Told()
    for run in log.bodies(0, size, size):
        for body in run:
            told.hear(body)
    for each in waiting:
        told.hear(each.body)
    return told


def replay(
    told: Told,
    table: RestoredTable,
    eraser: Eraser,
    now: Callable[[], datetime],
    pause: Callable[[], None],
) -> tuple[Erasure, ...]:
    """Erase anew whomever the log names; answers how far each erasure is.

    Holds must be in place before. May be repeated: what is behind is lifted, what is erased is
    found erased.
    """
    table.lift(told.heads.values())
    for target_id, target in told.erasures.items():
        asked = Erasure(
            id=target_id,
            target=target,
            requested_by=SYSTEM.id,
            requested_at=now(),
            due_at=now(),
        )
        table.put_missing(asked, told.heads[asked.ref.subject])
        member = told.heads.get(f"member:{target_id}")
        if member is not None:
            nobody = Member(id=MemberId(target_id), name="", created_at=now())
            table.put_missing(nobody, member)
        eraser.restart(target_id)
    walking = list(told.erasures)
    for _ in range(WALKS_AT_MOST):
        walking = [each for each in walking if eraser.walk(each)]
        if not walking:
            break
        pause()
    refs = [Erasure.at(each) for each in told.erasures]
    return tuple(eraser.work.read(ref).need(ref) for ref in refs)
