"""One record of each kind with every field set, for tests of what is stored."""

from datetime import UTC, date, datetime, timedelta

from moderation.cases.appeal import Appeal
from moderation.cases.case import (
    Case,
    CaseState,
    Claim,
    Clock,
    Content,
    Event,
    Guard,
    Hold,
    NoticeLink,
    Opener,
)
from moderation.cases.decision import (
    Decision,
    DecisionState,
    IllegalGround,
    Measure,
    MemberMeasure,
    Outcome,
    PostBefore,
    Referral,
    TermsGround,
)
from moderation.cases.message import InboxItem, Message, MessageKind
from moderation.cases.notice import Notice, NoticeItem, Notifier
from moderation.cases.reminding import Reminder
from moderation.cases.statement import Redress, Statement
from moderation.community.answer_target import AnswerTarget
from moderation.community.board import Board
from moderation.community.folding import Tally
from moderation.community.member import Member, WarningIssued
from moderation.community.office_hours import OfficeHours, Shift
from moderation.community.post import (
    Author,
    Post,
    PostState,
    Restriction,
    RestrictionKind,
    Revision,
)
from moderation.community.recounting import Recount
from moderation.community.thread import AnswerMark, Thread, ThreadRow
from moderation.community.waiting import AnswerState
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.erasure import Erasure, Kept
from moderation.compliance.export_job import ExportJob, ExportLink
from moderation.compliance.heartbeat import Pulse
from moderation.compliance.legal_hold import HoldMark, LegalHold
from moderation.compliance.settings_log import SettingsInForce
from moderation.detection.facts import BoardPolicy, Strictness
from moderation.detection.rule import Status
from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category, Severity
from moderation.ids import (
    AppealId,
    BoardSlug,
    CaseId,
    DecisionId,
    DisclosureId,
    EntryId,
    ExportId,
    HoldId,
    MemberId,
    NoticeId,
    PostId,
    RuleSetId,
    StatementId,
    ThreadId,
    encode,
)
from moderation.rulesets.comparison import Comparison, LabelCount
from moderation.rulesets.content import OwnPack, RuleState
from moderation.rulesets.edition import (
    BackTest,
    Edition,
    EditionContent,
    EditionEvent,
    EditionState,
    InForce,
)
from moderation.rulesets.recounting import CaseRecount
from moderation.rulesets.tally import CountedCase, RuleTally, ShadowHits
from moderation.stores.kinds import Storable

AT = datetime(2026, 11, 23, 9, 0, 0, 123000, tzinfo=UTC)
LATER = AT + timedelta(hours=24)


def ulid(number: int) -> str:
    """The number-th ULID of that morning; ids with higher numbers sort behind."""
    return encode((round(AT.timestamp() * 1000) << 80) + number)


MEMBER_ID = MemberId(ulid(1))
MODERATOR_ID = MemberId(ulid(2))
APPROVER_ID = MemberId(ulid(3))
THREAD_ID = ThreadId(ulid(10))
POST_ID = PostId(ulid(11))
CASE_ID = CaseId(ulid(12))
NOTICE_ID = NoticeId(ulid(13))
STATEMENT_ID = StatementId(ulid(14))
APPEAL_ID = AppealId(ulid(15))
DECISION_ID = DecisionId(ulid(16))
EXPORT_ID = ExportId(ulid(17))
ENTRY_ID = EntryId(ulid(18))
BOARD = BoardSlug("produkte")

AUTHOR = Author(id=MEMBER_ID, name="Erika Müller", staff=True, unit="service")

POST = Post(
    id=POST_ID,
    thread_id=THREAD_ID,
    board=BOARD,
    author=AUTHOR,
    body="Der Akku hält keine zwei Stunden. 🔋",
    html="<p>Der Akku hält keine zwei Stunden. 🔋</p>\n",
    created_at=AT,
    title="Akku",
    language="de",
    state=PostState.HELD,
    revision=2,
    restrictions=(
        Restriction(
            kind=RestrictionKind.HOLD,
            since=AT,
            until=LATER,
            spans=(Span(0, 8),),
            territory=("AT", "DE"),
        ),
    ),
    statement_id=STATEMENT_ID,
    edited_at=LATER,
    visibility="members",
    unit="battery",
    unchecked=True,
    operator=True,
)
REVISION = Revision(
    post_id=POST_ID, revision=1, body="Der Akku.", html="<p>Der Akku.</p>", written_at=AT, title="A"
)
GUARD = Guard(post_id=POST_ID, case_id=CASE_ID)
THREAD = Thread(
    id=THREAD_ID,
    board=BOARD,
    author=AUTHOR,
    opening_post=POST_ID,
    created_at=AT,
    visibility="members",
    unit="battery",
    language="de",
    answer=AnswerMark(post_id=PostId(ulid(14)), by=MEMBER_ID, at=LATER, staff=True),
)
THREAD_ROW = ThreadRow(
    id=THREAD_ID,
    board=BOARD,
    title="Akku",
    author=AUTHOR,
    created_at=AT,
    last_post_at=LATER,
    language="de",
    state="hidden",
    post_count=3,
    visibility="members",
    waiting=True,
)
ANSWER_STATE = AnswerState(
    thread_id=THREAD_ID,
    board=BOARD,
    is_open=True,
    asked_at=AT,
    answered_at=AT,
    last_answer_at=AT,
    answer=PostId(ulid(14)),
    waiting_since=LATER,
    answer_due_at=LATER + timedelta(hours=4),
    alarm_at=LATER + timedelta(hours=5),
    alarmed_for=AT,
)
TALLY = Tally(thread_id=THREAD_ID, marks="01KARS00000000AB+")
RECOUNT = Recount(board=BOARD, day="2026-11-23", after='["a","b"]', done=True)
PULSE = Pulse(beat_at=AT)
SETTINGS = SettingsInForce(
    digests=(("OPERATOR_NAME", "00" * 16), ("STAGE", "11" * 16)),
    changed=("STAGE",),
    changed_at=AT,
)
DISCLOSURE = Disclosure(
    id=DisclosureId(ulid(71)),
    kind="pseudonym",
    about="0123456789abcdef" * 2,
    reason="Beschwerde 4711",
    requested_by=MEMBER_ID,
    requested_at=AT,
    state="approved",
    decided_by=MODERATOR_ID,
    decided_at=LATER,
    seen_by=(MEMBER_ID,),
)
ERASURE = Erasure(
    id=MEMBER_ID,
    target="member",
    requested_by=MEMBER_ID,
    requested_at=AT,
    state="waiting",
    due_at=LATER,
    kept=(Kept(subject=f"post:{POST_ID}", why="hold"),),
)
HOLD = LegalHold(
    id=HoldId(ulid(70)),
    subject=f"post:{POST_ID}",
    covers=(f"post:{POST_ID}",),
    matter="Az. 7 O 12/26",
    basis="claims",
    review_at=LATER,
    placed_by=MODERATOR_ID,
    placed_at=AT,
)
HOLD_MARK = HoldMark(subject=f"post:{POST_ID}", holds=(HOLD.id,), waiting=(MEMBER_ID,))
EXPORT_LINK = ExportLink(case_id=CASE_ID, export_id=EXPORT_ID, requested_at=AT)
REMINDER = Reminder(case_id=CASE_ID, stage="soon", due_at=AT)
BOARD_RECORD = Board(
    slug=BOARD,
    title="Produkte",
    created_at=AT,
    description="Alles über unsere Geräte",
    unit="battery",
    visibility="members",
    policy=BoardPolicy(Strictness.STRICT, ((Category.INSULT, 700_000),)),
    answer_target=AnswerTarget(
        minutes=480,
        hours=OfficeHours(
            zone="Europe/Vienna",
            shifts=(Shift(weekday=5, opens_minute=0, closes_minute=1440),),
            holidays="none",
            closed=(date(2026, 12, 24),),
        ),
    ),
    revision=2,
)
MEMBER = Member(
    id=MEMBER_ID,
    name="Erika Müller",
    created_at=AT,
    staff=True,
    unit="service",
    warnings=(WarningIssued(at=AT, case_id=CASE_ID, category="INSULT"),),
    suspended_at=AT,
    suspended_until=LATER,
)
NOTICE_LINK = NoticeLink(
    case_id=CASE_ID, notice_id=NOTICE_ID, received_at=AT, category=Category.INSULT
)
DECISION = Decision(
    id=DECISION_ID,
    case_id=CASE_ID,
    revision=2,
    outcome=Outcome.RESTRICT,
    category=Category.INSULT,
    facts="Bezeichnet eine Mitarbeiterin mit Schimpfwort.",
    decided_by=MODERATOR_ID,
    decided_at=AT,
    before=PostBefore(
        state=PostState.HELD, restrictions=POST.restrictions, statement_id=STATEMENT_ID
    ),
    state=DecisionState.REVERSED,
    about_operator=True,
    unit="battery",
    ground=TermsGround(clause="4.2", version="2026-11", explanation="Beleidigung"),
    measure=Measure(
        kind=RestrictionKind.REDACTION, spans=(Span(0, 8),), territory=("DE",), until=LATER
    ),
    member_measure=MemberMeasure(kind="suspend", until=LATER),
    referral=Referral(made=True, authority="LKA", at=AT, reference="12/26", why="Gefahr"),
    statement_id=STATEMENT_ID,
    approved_by=APPROVER_ID,
    approval_reason="trifft zu",
    approved_at=LATER,
)
SIGNAL = Signal(
    detector="rules",
    version="2026-11-23",
    category=Category.INSULT,
    score_ppm=800_000,
    span=Span(0, 8),
    excerpt="Der Akku",
    explanation="Schimpfwort gegen eine Person",
    rule="insult-person",
    advisory=True,
)
CASE = Case(
    id=CASE_ID,
    post=POST,
    category=Category.INSULT,
    severity=Severity.S2,
    queue="speech",
    opened_by=Opener.NOTICE,
    created_at=AT,
    due_at=LATER,
    state=CaseState.AWAITING_APPROVAL,
    frozen=Content(revision=1, body="Der Akku.", title="A", language="de"),
    signals=(SIGNAL,),
    notices=(NOTICE_LINK,),
    notice_count=1,
    knowledge_at=AT,
    legal_due_at=LATER,
    clocks=(Clock(rule="decide", source="DSA Art. 16(6)", kind="law", due_at=LATER),),
    claim=Claim(by=MODERATOR_ID, until=LATER),
    hold=Hold(statement_id=STATEMENT_ID, lapses_at=LATER, lapses_to="published"),
    decision=DECISION,
    about_operator=True,
    escalated=True,
    excluded=(MODERATOR_ID,),
    history=(Event(at=AT, action="case:open", by="rules", note="Hinweis"),),
)
NOTICE = Notice(
    id=NOTICE_ID,
    items=(
        NoticeItem(
            url="https://forum.example/p/1", post_id=POST_ID, excerpt="Der Akku", case_id=CASE_ID
        ),
    ),
    reasons="Das ist eine Beleidigung.",
    received_at=AT,
    kind="terms",
    category=Category.INSULT,
    notifier=Notifier(
        name="Max Beispiel", email="max@example.org", type="entity", on_behalf_of="Erika"
    ),
    good_faith=True,
    language="de",
    member_id=MEMBER_ID,
    appeals=(APPEAL_ID,),
)
STATEMENT = Statement(
    id=STATEMENT_ID,
    post_id=POST_ID,
    case_id=CASE_ID,
    addressee=MEMBER_ID,
    category=Category.INSULT,
    restriction=RestrictionKind.REMOVAL,
    facts="Schimpfwort",
    source="notice",
    ground=IllegalGround(norm="§ 185 StGB", explanation="Beleidigung"),
    text="Wir haben Ihren Beitrag entfernt.",
    entry_id=ENTRY_ID,
    issued_at=AT,
    decision_id=DECISION_ID,
    scope=("DE",),
    until=LATER,
    automated_detection=True,
    automated_decision=True,
    redress=(
        Redress(kind="internal_complaint", text="Beschwerde", url="https://x.example", until=LATER),
    ),
    language="en",
    decided_by=MODERATOR_ID,
    approved_by=APPROVER_ID,
    appeal_id=APPEAL_ID,
)
APPEAL = Appeal(
    id=APPEAL_ID,
    case_id=CASE_ID,
    post_id=POST_ID,
    reasons="Das war keine Beleidigung.",
    created_at=AT,
    due_at=LATER,
    statement_id=STATEMENT_ID,
    notice_id=NOTICE_ID,
    appellant=MEMBER_ID,
    excluded=(MODERATOR_ID, APPROVER_ID),
    state="decided",
    outcome="reversed",
    outcome_reasons="Richtig.",
    decided_by=APPROVER_ID,
    decided_at=LATER,
)
MESSAGE = Message(
    id=ulid(19), kind=MessageKind.STATEMENT, about=STATEMENT_ID, created_at=AT, to=MEMBER_ID
)
INBOX_ITEM = InboxItem(
    member_id=MEMBER_ID,
    id=ulid(19),
    kind=MessageKind.STATEMENT,
    about=STATEMENT_ID,
    text="Wir haben Ihren Beitrag entfernt.",
    created_at=AT,
    language="en",
)
EXPORT = ExportJob(
    id=EXPORT_ID,
    start=AT,
    end=LATER,
    requested_by=APPROVER_ID,
    requested_at=AT,
    state="ready",
    progress=100,
    object_key="exports/1.zip",
    record='{"a":1}',
    failure="keiner",
)
REMINDER = Reminder(case_id=CASE_ID, stage="overdue", due_at=LATER)
RECOUNT = Recount(board=BOARD, day="2026-11-23", after="x", done=True)
RULESET_ID = RuleSetId(ulid(20))
COMPARISON = Comparison(
    counts=(
        LabelCount(
            label="kept", n=3, flagged_before=1, flagged_after=2, held_before=0, held_after=1
        ),
    ),
    newly_flagged=(CASE_ID,),
    no_longer_flagged=(CASE_ID,),
)
EDITION = Edition(
    id=RULESET_ID,
    backtest=BackTest(
        content="ab" * 32,
        base="0123456789ab",
        before="0123456789ab",
        corpus="cd" * 32,
        on_corpus=COMPARISON,
        on_cases=COMPARISON,
        cases=3,
    ),
    history=(EditionEvent(at=AT, action="ruleset:propose", by=MODERATOR_ID, reason="Neue Masche"),),
    state=EditionState.REJECTED,
)
EDITION_CONTENT = EditionContent(
    ruleset_id=RULESET_ID,
    packs=(OwnPack(file="de/eigene.toml", text='language = "de"'),),
    states=(RuleState(rule="de.insult.plain", state=Status.OFF),),
)
IN_FORCE = InForce(
    ruleset_id=RULESET_ID,
    digest="ab" * 32,
    boards=((BOARD, BoardPolicy(Strictness.STRICT, ((Category.INSULT, 700_000),))),),
)
RULE_TALLY = RuleTally(
    rule="de.insult.plain", version=2, hits=5, shadow_hits=1, kept=1, restricted=2, reversed=1
)
COUNTED_CASE = CountedCase(
    case_id=CASE_ID,
    rules=("de.insult.plain@2",),
    shadow=("own.spam.ware@1",),
    outcome="kept",
    reversed=True,
)
CASE_RECOUNT = CaseRecount(day="2026-11-23", state=2, after="x")
SHADOW_HITS = ShadowHits(post_id=POST_ID, revision=2, rules=("own.spam.ware@1",), counted=True)

ALL: tuple[Storable, ...] = (
    APPEAL,
    ANSWER_STATE,
    BOARD_RECORD,
    CASE,
    CASE_RECOUNT,
    COUNTED_CASE,
    DECISION,
    EDITION,
    EDITION_CONTENT,
    DISCLOSURE,
    ERASURE,
    EXPORT,
    EXPORT_LINK,
    GUARD,
    IN_FORCE,
    INBOX_ITEM,
    MEMBER,
    MESSAGE,
    HOLD,
    HOLD_MARK,
    NOTICE,
    NOTICE_LINK,
    POST,
    PULSE,
    SETTINGS,
    RECOUNT,
    REMINDER,
    REVISION,
    RULE_TALLY,
    SHADOW_HITS,
    STATEMENT,
    TALLY,
    THREAD,
    THREAD_ROW,
)
