"""After a restore: what was erased since is erased again, before anybody is served.

The table that comes back from the point-in-time window is older than the log, which cannot be set
back. So the log says what is missing: where each subject's chain stands, whose erasure was asked
for, and which holds are in force.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import BODY, leaf_hash
from moderation.audit.ports import SubjectHead
from moderation.community.member import Member
from moderation.compliance.erasure import Erasure, Target
from moderation.compliance.erasure_saga import Eraser
from moderation.ids import MemberId
from moderation.records import Record

WALKS_AT_MOST = 20
_TARGETS: dict[str, Target] = {"erase:member": "member", "erase:notice": "notice"}


@dataclass(slots=True)
class Told:
    """What the log tells of the time since: `heads` by subject, erasures by target, holds by id."""

    heads: dict[str, SubjectHead] = field(default_factory=dict)
    erasures: dict[str, Target] = field(default_factory=dict)
    holds: set[str] = field(default_factory=set)

    def hear(self, body: bytes) -> None:
        """Take one entry, in the order of the log. What is kept grows with the subjects."""
        entry = BODY.fullmatch(body.decode())
        if entry is None:
            return
        subject, rev = entry["subject"], int(entry["rev"])
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


def listen(bodies: Iterable[bytes]) -> Told:
    """Read the whole log."""
    told = Told()
    for body in bodies:
        told.hear(body)
    return told


def replay(
    told: Told,
    table: RestoredTable,
    eraser: Eraser,
    now: Callable[[], datetime],
    pause: Callable[[], None],
) -> int:
    """Erase anew whomever the log names; answers how many. Holds must be in place before.

    May be repeated: what is behind is lifted, what is erased is found erased.
    """
    table.lift(told.heads.values())
    for target_id, target in told.erasures.items():
        head = told.heads[f"erasure:{target_id}"]
        table.put_missing(
            Erasure(
                id=target_id,
                target=target,
                requested_by=SYSTEM.id,
                requested_at=now(),
                due_at=now(),
            ),
            head,
        )
        member = told.heads.get(f"member:{target_id}")
        if member is not None:
            nobody = Member(id=MemberId(target_id), name="", created_at=now())
            table.put_missing(nobody, member)
        eraser.restart(target_id)
        walks = 1
        while eraser.walk(target_id) and walks < WALKS_AT_MOST:
            walks += 1
            pause()
    return len(told.erasures)
