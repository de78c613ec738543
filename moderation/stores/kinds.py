"""The closed list of what is stored: each kind of record under the word its items carry."""

from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, Guard, NoticeLink
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
from moderation.rulesets.edition import Edition, EditionContent, InForce
from moderation.rulesets.recounting import CaseRecount
from moderation.rulesets.tally import CountedCase, RuleTally, ShadowHits

type Storable = (
    AnswerState
    | Appeal
    | Board
    | Case
    | CaseRecount
    | CountedCase
    | Decision
    | Disclosure
    | Edition
    | EditionContent
    | Erasure
    | ExportJob
    | ExportLink
    | Guard
    | HoldMark
    | InForce
    | InboxItem
    | LegalHold
    | Member
    | Message
    | Notice
    | NoticeLink
    | Post
    | Pulse
    | Recount
    | Reminder
    | Revision
    | RuleTally
    | ShadowHits
    | SettingsInForce
    | Statement
    | Tally
    | Thread
    | ThreadRow
)

RECORD_TYPES: dict[str, type[Storable]] = {
    "ANSWER_STATE": AnswerState,
    "APPEAL": Appeal,
    "BOARD": Board,
    "CASE": Case,
    "CASE_RECOUNT": CaseRecount,
    "COUNTED_CASE": CountedCase,
    "DECISION": Decision,
    "DISCLOSURE": Disclosure,
    "ERASURE": Erasure,
    "EXPORT": ExportJob,
    "EXPORT_LINK": ExportLink,
    "GUARD": Guard,
    "HOLD": LegalHold,
    "HOLD_MARK": HoldMark,
    "IN_FORCE": InForce,
    "INBOX": InboxItem,
    "MEMBER": Member,
    "MESSAGE": Message,
    "NOTICE": Notice,
    "NOTICE_LINK": NoticeLink,
    "POST": Post,
    "PULSE": Pulse,
    "RECOUNT": Recount,
    "REMINDER": Reminder,
    "REVISION": Revision,
    "RULESET": Edition,
    "RULESET_CONTENT": EditionContent,
    "RULE_TALLY": RuleTally,
    "SHADOW_HITS": ShadowHits,
    "SETTINGS": SettingsInForce,
    "STATEMENT": Statement,
    "TALLY": Tally,
    "THREAD": Thread,
    "THREAD_ROW": ThreadRow,
}
"""Attribute `kind` of an item to the type of its record. A word once stored is never given away."""

KIND_OF: dict[type[Storable], str] = {cls: kind for kind, cls in RECORD_TYPES.items()}

REMEMBERED = "IDEM"
RATE = "RATE"
"""Items that are no records: an answered request, a counted window."""
