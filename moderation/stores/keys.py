"""Keys: the only place where they are made.

A key's parts are joined by `#`; an id that could break out of its part never becomes one. Text that
people write enters no key.

    KIND#id                META, and what belongs to it: POST#id REV#000001 and OPENCASE,
                           SHADOW#000001,
                           THREAD#id ROW, SEEN and ANSWERS, BOARD#slug RECOUNT, CASE#id NOTICE#id,
                           DECISION#id, EXPORT#id, REMINDER#stage and COUNTED,
                           RULESET#id CONTENT, RULESET#in-force POINTER,
                           RULE#id TALLY#version, RULE#all RECOUNT, MEMBER#id INBOX#id,
                           and with each subject HOLD
    IDEM#scope key         an answered request
    RATE#caller#action t   a counted window

    index `list`           BOARDS by slug · RULESETS by id · BOARD#slug threads by last activity ·
                           THREAD#id posts by id · CASES#state by rank · APPEALS#state by `due_at` ·
                           BOARD#slug#ANSWERED threads by their first answer · HOLDS and
                           HOLDS#RELEASED by review · DISCLOSURES by the time of asking
    index `owner`          MEMBER#id#POSTS, #STATEMENTS, #NOTICES by id · QUEUE#queue#state by rank
                           · BOARD#slug#WAITING threads by since when somebody waits in them
    index `work`           UNCHECKED, OUTBOX, EXPORTS by id · LAPSE by the hour a case lapses ·
                           UNANSWERED threads by when their board's unit is to be told ·
                           ERASURES and ERASURES#LATER by when they are due
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, assert_never

from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, CaseState, Guard, NoticeLink
from moderation.cases.decision import Decision
from moderation.cases.message import InboxItem, Message
from moderation.cases.notice import Notice
from moderation.cases.reminding import Reminder
from moderation.cases.statement import Statement
from moderation.community.board import Board
from moderation.community.folding import Tally
from moderation.community.member import Member
from moderation.community.post import Post, Revision
from moderation.community.recounting import Recount
from moderation.community.thread import Thread, ThreadRow
from moderation.community.waiting import AnswerState
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.erasure import Erasure
from moderation.compliance.export_job import ExportJob, ExportLink
from moderation.compliance.heartbeat import Pulse
from moderation.compliance.legal_hold import HoldMark, LegalHold
from moderation.compliance.settings_log import SettingsInForce
from moderation.errors import NotFound
from moderation.ids import ERASED_MEMBER
from moderation.records import Kind, Ref
from moderation.rulesets.edition import Edition, EditionContent, InForce
from moderation.rulesets.recounting import CaseRecount
from moderation.rulesets.tally import CountedCase, RuleTally, ShadowHits
from moderation.stores.kinds import Storable

_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_WORD = re.compile(rf"{_ID}\Z")
_PART = re.compile(
    r"(?:META|ROW|SEEN|ANSWERS|RECOUNT|OPENCASE|HOLD|COUNTED|CONTENT|POINTER|(?:REV|SHADOW)#[0-9]{6}"
    r"|TALLY#[1-9][0-9]{0,3}"
    rf"|(?:NOTICE|DECISION|EXPORT|REMINDER|INBOX)#{_ID})\Z"
)

BOARDS = "BOARDS"
RULESETS = "RULESETS"
UNCHECKED = "UNCHECKED"
OUTBOX = "OUTBOX"
EXPORTS = "EXPORTS"
LAPSE = "LAPSE"
UNANSWERED = "UNANSWERED"
ERASURES = "ERASURES"
ERASURES_LATER = "ERASURES#LATER"
HOLDS = "HOLDS"
HOLDS_RELEASED = "HOLDS#RELEASED"
DISCLOSURES = "DISCLOSURES"
NOTICES = "NOTICE#"
INBOX = "INBOX#"
"""Prefix of the sort key of a case's notices, and of a member's inbox."""


class Key(NamedTuple):
    """Partition key and sort key of one item, in the table or in an index."""

    pk: str
    sk: str

    def __str__(self) -> str:
        return f"{self.pk} | {self.sk}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexKeys:
    """Where an item stands in the sparse indexes; None: it does not."""

    list: Key | None = None
    owner: Key | None = None
    work: Key | None = None


def key_of(ref: Ref[Any]) -> Key:
    """Return the key of a record; NotFound for an id or part that no record can have."""
    if not _WORD.match(ref.id) or not _PART.match(ref.part):
        raise NotFound(f"There is no such {ref.kind.value.lower()}.")
    return Key(f"{ref.kind}#{ref.id}", ref.part)


def ref_of(key: Key) -> Ref[Any]:
    """Return whose key this is; ValueError where it is no record's."""
    kind, _, record_id = key.pk.partition("#")
    if not _WORD.match(record_id) or not _PART.match(key.sk):
        raise ValueError(f"no record has the key {key}")
    return Ref(Kind(kind), record_id, key.sk)


def remembered_key(scope: str, key: str) -> Key:
    """Return the key of an answered request; NotFound for a scope or key that is no plain word."""
    return Key(f"IDEM#{_word(scope)}", _word(key))


def rate_key(caller: str, action: str, window: datetime) -> Key:
    """Return the key of one caller's count of one action in the hour that starts then."""
    return Key(f"RATE#{_word(caller)}#{_word(action)}", moment(window))


def threads_of(board: str) -> str:
    """The list of a board's threads."""
    return f"BOARD#{_word(board)}"


def waiting_on(board: str) -> str:
    """The list of a board's threads in which somebody waits for an answer."""
    return f"BOARD#{_word(board)}#WAITING"


def answered_on(board: str) -> str:
    """The list of a board's threads that were answered."""
    return f"BOARD#{_word(board)}#ANSWERED"


def posts_in(thread_id: str) -> str:
    """The list of a thread's posts."""
    return f"THREAD#{_word(thread_id)}"


def posts_of(member_id: str) -> str:
    """The list of a member's own posts."""
    return f"MEMBER#{_word(member_id)}#POSTS"


def statements_to(member_id: str) -> str:
    """The list of the statements issued to a member."""
    return f"MEMBER#{_word(member_id)}#STATEMENTS"


def notices_of(member_id: str) -> str:
    """The list of the notices a member filed."""
    return f"MEMBER#{_word(member_id)}#NOTICES"


def cases_in(state: str, queue: str | None = None) -> str:
    """The list of all cases of a state, or of one queue's."""
    return f"CASES#{_word(state)}" if queue is None else f"QUEUE#{_word(queue)}#{_word(state)}"


def appeals_in(state: str) -> str:
    """The list of appeals of a state."""
    return f"APPEALS#{_word(state)}"


def moment(at: datetime) -> str:
    """Write an instant so that text sorts as time does: UTC, milliseconds, 24 characters."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rank(case: Case) -> str:
    """Write a case's place in its queue: S4 lane first, then severity, then `due_at`, then id.

    The lane and the severity are one digit: 0 is S4, 4 is S0.
    """
    return f"{4 - int(case.severity[1])}#{moment(case.due_at)}#{case.id}"


def index_keys(record: Storable) -> IndexKeys:  # noqa: PLR0911, PLR0912  (a return a kind)
    """Return where a record stands in the lists."""
    match record:
        case Board():
            return IndexKeys(list=Key(BOARDS, _word(record.slug)))
        case Edition():
            return IndexKeys(list=Key(RULESETS, _word(record.id)))
        case ThreadRow():
            at = record.last_post_at if record.state == "open" else None
            return IndexKeys(list=_place(threads_of(record.board), at, record.id))
        case AnswerState():
            return _answer_keys(record)
        case Post():
            return IndexKeys(
                list=Key(posts_in(record.thread_id), record.id) if record.is_listed else None,
                owner=_owned(record.author.id, posts_of, record.id),
                work=Key(UNCHECKED, record.id) if record.unchecked else None,
            )
        case Case():
            return _case_keys(record)
        case Statement():
            return IndexKeys(owner=_owned(record.addressee, statements_to, record.id))
        case Appeal():
            return IndexKeys(list=_place(appeals_in(record.state), record.due_at, record.id))
        case Message():
            return IndexKeys(work=Key(OUTBOX, record.id))
        case ExportJob():
            building = record.state == "building"
            return IndexKeys(work=Key(EXPORTS, record.id) if building else None)
        case Notice():
            return IndexKeys(owner=_owned(record.member_id, notices_of, record.id))
        case Erasure():
            place = ERASURES if record.state == "running" else ERASURES_LATER
            return IndexKeys(work=_place(place, record.due_at, record.id))
        case LegalHold():
            is_listed = record.released_at is None or bool(record.matter)
            place = HOLDS if record.released_at is None else HOLDS_RELEASED
            return IndexKeys(list=_place(place, record.review_at if is_listed else None, record.id))
        case Disclosure():
            is_listed = record.kind == "person" and bool(record.reason)
            return IndexKeys(
                list=_place(DISCLOSURES, record.requested_at if is_listed else None, record.id)
            )
        case (
            CaseRecount()
            | CountedCase()
            | Decision()
            | EditionContent()
            | ExportLink()
            | Guard()
            | HoldMark()
            | InForce()
            | InboxItem()
            | Member()
            | NoticeLink()
            | Pulse()
            | SettingsInForce()
            | Recount()
            | Reminder()
            | Revision()
            | RuleTally()
            | ShadowHits()
            | Tally()
            | Thread()
        ):
            return IndexKeys()
        case _:
            assert_never(record)


def place_behind(moment_at: datetime) -> str:
    """The place in `LAPSE`, `UNANSWERED` or `ERASURES` behind everything that is due by then."""
    return f"{moment(moment_at)}$"


def _answer_keys(state: AnswerState) -> IndexKeys:
    if not state.is_open:
        return IndexKeys()
    return IndexKeys(
        list=_place(answered_on(state.board), state.answered_at, state.thread_id),
        owner=_place(waiting_on(state.board), state.waiting_since, state.thread_id),
        work=_place(UNANSWERED, state.alarm_at, state.thread_id),
    )


def _place(partition: str, at: datetime | None, record_id: str) -> Key | None:
    """The place in a list by time; none without one."""
    return None if at is None else Key(partition, f"{moment(at)}#{record_id}")


def _owned(member_id: str | None, key: Callable[[str], str], place: str) -> Key | None:
    """The place in a member's list; none for what is nobody's, or nobody's any more."""
    if member_id is None or member_id == ERASED_MEMBER:
        return None
    return Key(key(member_id), place)


def _case_keys(case: Case) -> IndexKeys:
    place = rank(case)
    lapses_at = None if case.state is CaseState.CLOSED else case.lapses_at
    return IndexKeys(
        list=Key(cases_in(case.state), place),
        owner=Key(cases_in(case.state, case.queue), place),
        work=_place(LAPSE, lapses_at, case.id),
    )


def _word(text: str) -> str:
    if not _WORD.match(text):
        raise NotFound("There is nothing of that name.")
    return text
