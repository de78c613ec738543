"""Letters: the words of each message, made when it is delivered from the records it is about.

The outbox holds no text and no personal data. A letter to a notifier says nothing of the author,
and one to the author nothing of the notifier.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, CaseState
from moderation.cases.house_rules import HouseRules
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice
from moderation.cases.notifier_letters import decision_text, receipt_text
from moderation.cases.statement import Statement
from moderation.cases.statements import category_title, reasons_heard
from moderation.cases.texts.template import Language, document_language, help_offer, text, time_text
from moderation.change import More, Seen
from moderation.community.post import Post
from moderation.community.waiting import AnswerState
from moderation.compliance.export_job import ExportJob
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What somebody gets to read, in his language."""

    subject: str
    text: str
    language: Language


def render_message(message: Message, seen: Seen, rules: HouseRules) -> Letter | More:
    """The letter of a message, or which records must be read first.

    A decision's message is the author's letter, and the notifier's where it names his `notice`.
    NotFound where what it is about is gone.
    """
    more = More.unless_seen(seen, (_about(message),))
    return more or _written(message, seen, rules)


def _about(message: Message) -> Ref[Any]:  # noqa: PLR0911  (one return a kind is the table)
    """The record a message is about in the first place."""
    match message.kind:
        case MessageKind.STATEMENT:
            return Statement.at(message.about)
        case MessageKind.RECEIPT:
            return Notice.at(message.about)
        case MessageKind.APPEAL_DECIDED:
            return Appeal.at(message.about)
        case MessageKind.EXPORT:
            return ExportJob.at(message.about)
        case MessageKind.PRODUCT_SAFETY:
            return Post.at(message.about)
        case MessageKind.UNANSWERED:
            return AnswerState.at(message.about)
        case MessageKind.DECISION if message.notice is not None:
            return Notice.at(message.notice)
        case MessageKind.DECISION | MessageKind.RESTORED | MessageKind.URGENT | MessageKind.HELP:
            return Case.at(message.about)
        case _:
            assert_never(message.kind)


def _written(message: Message, seen: Seen, rules: HouseRules) -> Letter | More:  # noqa: PLR0911
    match message.kind:
        case MessageKind.STATEMENT:
            return _statement(seen.need(Statement.at(message.about)))
        case MessageKind.RECEIPT:
            return _receipt(seen.need(Notice.at(message.about)), rules)
        case MessageKind.APPEAL_DECIDED:
            return _appeal(seen.need(Appeal.at(message.about)), seen)
        case MessageKind.EXPORT:
            return _export(seen.need(ExportJob.at(message.about)), rules)
        case MessageKind.DECISION if message.notice is not None:
            return _to_notifier(seen.need(Notice.at(message.notice)), seen, rules)
        case MessageKind.DECISION:
            return _to_author(message, seen)
        case MessageKind.RESTORED:
            return _restored(message, seen)
        case MessageKind.URGENT:
            return _urgent(seen.need(Case.at(message.about)), rules)
        case MessageKind.PRODUCT_SAFETY:
            return _product_safety(seen.need(Post.at(message.about)), rules)
        case MessageKind.UNANSWERED:
            return _unanswered(seen.need(AnswerState.at(message.about)), rules)
        case MessageKind.HELP:
            return _help(seen.need(Case.at(message.about)))
        case _:
            assert_never(message.kind)


def _letter(name: str, body: str, language: Language, **values: str) -> Letter:
    return Letter(subject=text(f"{name}.subject", language, **values), text=body, language=language)


def _statement(statement: Statement) -> Letter:
    return _letter("statement", statement.text, document_language(statement.language))


def _to_author(message: Message, seen: Seen) -> Letter | More:
    """Reasons where something was restricted, else that the post is public again."""
    decision = seen.need(Case.at(message.about)).decision
    if decision is None or decision.statement_id is None:
        return _about_post("published", "published.decided", message, seen)
    ref = Statement.at(decision.statement_id)
    return More.unless_seen(seen, (ref,)) or _statement(seen.need(ref))


def _restored(message: Message, seen: Seen) -> Letter:
    """A hold that lapsed leaves the question open; a measure decided for a time is simply over."""
    decided = seen.need(Case.at(message.about)).state is CaseState.DECIDED
    if decided:
        return _about_post("ended", "ended.body", message, seen)
    return _about_post("published", "published.lapsed", message, seen)


def _about_post(name: str, template: str, message: Message, seen: Seen) -> Letter:
    post = seen.need(Case.at(message.about)).post
    language = document_language(post.language)
    at = time_text(message.created_at, language)
    return _letter(name, text(template, language, post=post.id, at=at), language)


def _to_notifier(notice: Notice, seen: Seen, rules: HouseRules) -> Letter | More:
    refs = tuple(Case.at(item.case_id) for item in notice.items if item.case_id is not None)
    more = More.unless_seen(seen, refs)
    if more is not None:
        return more
    language = document_language(notice.language)
    body = decision_text(notice, {ref.id: seen.need(ref) for ref in refs}, language, rules)
    return _letter("notice", body, language, notice=notice.id)


def _receipt(notice: Notice, rules: HouseRules) -> Letter:
    language = document_language(notice.language)
    return _letter("receipt", receipt_text(notice, language, rules), language, notice=notice.id)


def _appeal(appeal: Appeal, seen: Seen) -> Letter | More:
    """What became of an appeal, in the language of what it was against."""
    if appeal.notice_id is not None:
        notice = Notice.at(appeal.notice_id)
        more = More.unless_seen(seen, (notice,))
        if more is not None:
            return more
        language = document_language(seen.need(notice).language)
        return _heard(appeal, "notifier", appeal.outcome_reasons, language)
    ref = Statement.at(appeal.statement_id or "")
    more = More.unless_seen(seen, (ref,))
    if more is not None:
        return more
    statement = seen.need(ref)
    language = document_language(statement.language)
    return _heard(appeal, "author", reasons_heard(appeal, statement), language)


def _heard(appeal: Appeal, side: str, reasons: str | None, language: Language) -> Letter:
    outcome = "upheld" if appeal.outcome == "upheld" else f"reversed.{side}"
    body = text(
        f"appeal.{outcome}",
        language,
        appeal=appeal.id,
        filed=time_text(appeal.created_at, language),
        decided=time_text(appeal.decided_at or appeal.created_at, language),
        reasons=reasons or "",
    )
    return _letter("appeal", body, language, appeal=appeal.id)


def _urgent(case: Case, rules: HouseRules) -> Letter:
    """What wakes a human; without the words, since alarms pass through many hands."""
    language = rules.language
    values = {
        "case": case.id,
        "category": category_title(case.category, language),
        "severity": case.severity.value,
    }
    body = text(
        "urgent.body",
        language,
        **values,
        post=case.post.id,
        board=case.post.board,
        state=case.post.state.value,
        due=time_text(case.due_at, language),
        url=f"{rules.public_url}/v1/cases/{case.id}",
    )
    return _letter("urgent", body, language, **values)


def _unanswered(state: AnswerState, rules: HouseRules) -> Letter:
    """What tells a unit that a customer waits; without the words, as with every alarm."""
    language = rules.language
    body = text(
        "unanswered.body",
        language,
        thread=state.thread_id,
        board=state.board,
        since=_when(state.waiting_since, language),
        due=_when(state.answer_due_at, language),
        url=f"{rules.public_url}/v1/threads/{state.thread_id}",
    )
    return _letter("unanswered", body, language, board=state.board)


def _when(at: datetime | None, language: Language) -> str:
    """An instant, or a dash where an answer has come since and there is none any more."""
    return "–" if at is None else time_text(at, language)


def _help(case: Case) -> Letter:
    language = document_language(case.post.language)
    return _letter("help", text("help.body", language, help=help_offer(language)), language)


def _product_safety(post: Post, rules: HouseRules) -> Letter:
    """Where the report stands; without its words and without its author, who need not be known."""
    language = rules.language
    body = text(
        "product_safety.body",
        language,
        post=post.id,
        board=post.board,
        written=time_text(post.created_at, language),
        url=f"{rules.public_url}/v1/posts/{post.id}",
    )
    return _letter("product_safety", body, language, board=post.board)


def _export(job: ExportJob, rules: HouseRules) -> Letter:
    language = rules.language
    body = text(f"export.{job.state}", language, export=job.id)
    return _letter("export", body, language, export=job.id)
