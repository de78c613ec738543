"""What a notifier is told: that his notice has come, and what was decided (DSA Art. 16(4), (5))."""

from collections.abc import Mapping
from datetime import datetime

from moderation.cases.case import Case, CaseState
from moderation.cases.decision import Decision, Outcome
from moderation.cases.house_rules import HouseRules
from moderation.cases.notice import Notice, NoticeItem
from moderation.cases.statements import (
    COORDINATOR_URL,
    complaint_end,
    found_automatically,
    ground_name,
)
from moderation.cases.texts.template import Language, text, time_text
from moderation.detection.taxonomy import facts_of


def receipt_text(notice: Notice, language: Language, rules: HouseRules) -> str:
    """The receipt: what has come, what happens next, who handles it, and whom to ask."""
    return text(
        "receipt.body",
        language,
        notice=notice.id,
        received=time_text(notice.received_at, language),
        count=str(len(notice.items)),
        items="\n".join(f"- {_place(item)}" for item in notice.items),
        url=_url(notice, rules),
        contact=rules.contact,
    )


def decision_text(
    notice: Notice, cases: Mapping[str, Case], language: Language, rules: HouseRules
) -> str:
    """What was decided on each place, with what automation, and how to object where it was kept."""
    found = [cases[item.case_id] for item in notice.items if item.case_id is not None]
    lines = [f"- {_place(item)}: {_outcome(item, cases, language, rules)}" for item in notice.items]
    automated = "detection" if any(found_automatically(case) for case in found) else "none"
    paragraphs = [
        text("notice.head", language, notice=notice.id),
        "\n".join(lines),
        text(f"notice.automated.{automated}", language),
        *_redress(notice, found, language, rules),
    ]
    return "\n\n".join(paragraphs)


def _outcome(
    item: NoticeItem, cases: Mapping[str, Case], language: Language, rules: HouseRules
) -> str:
    """One place, without a word about its author."""
    if item.case_id is None:
        return text("notice.outcome.unknown", language)
    decision = _decision_of(cases[item.case_id])
    if decision is None:
        return text("notice.outcome.open", language)
    if decision.ground is None:
        lawful = facts_of(decision.category).lawful
        return text("notice.outcome.opinion" if lawful else "notice.outcome.keep", language)
    name = ground_name(decision.ground, language, rules)
    return text(f"notice.outcome.{decision.outcome.value}", language, ground=name)


def _redress(notice: Notice, cases: list[Case], language: Language, rules: HouseRules) -> list[str]:
    """The ways to object, where something was kept; none else is needed."""
    kept = [
        decision.decided_at
        for case in cases
        if (decision := _decision_of(case)) is not None and decision.outcome is Outcome.KEEP
    ]
    if not kept:
        return []
    return [
        "\n".join(
            [
                text("statement.redress", language),
                f"- {_complaint(notice, min(kept), language, rules)}",
                f"- {text('redress.court', language)}",
                f"- {text('redress.authority', language, url=COORDINATOR_URL)}",
            ]
        )
    ]


def _complaint(notice: Notice, decided_at: datetime, language: Language, rules: HouseRules) -> str:
    until = time_text(complaint_end(decided_at, rules), language)
    url = f"{_url(notice, rules)}/appeal"
    return text("redress.internal_complaint", language, until=until, url=url)


def _decision_of(case: Case) -> Decision | None:
    """The decision on a case that has one in effect, or had until an appeal."""
    return case.decision if case.state is CaseState.DECIDED else None


def _place(item: NoticeItem) -> str:
    return item.url or item.post_id or ""


def _url(notice: Notice, rules: HouseRules) -> str:
    return f"{rules.public_url}/v1/notices/{notice.id}"
