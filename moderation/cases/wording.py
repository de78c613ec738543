"""The personal fields of acts: what somebody wrote, or is called, as the log commits to it.

They lie in the records anyway. An act is committed to them by a salt derived from its subject's, so
nothing is stored twice, an export reads them from where they are, and whatever destroys the salt
destroys every commitment with it.
"""

from collections.abc import Iterator, Mapping, Sequence

from moderation.audit.canonical import Json
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case
from moderation.cases.decision import Decision
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement

type Fields = Mapping[str, Json]


def of_notice(notice: Notice) -> Fields:
    """What a notifier said, and who he is (`notice:receive`)."""
    notifier = notice.notifier
    items: Sequence[Json] = [{"excerpt": item.excerpt, "url": item.url} for item in notice.items]
    return {
        "items": items,
        "notifier": None
        if notifier is None
        else {
            "email": notifier.email,
            "name": notifier.name,
            "on_behalf_of": notifier.on_behalf_of,
        },
        "reasons": notice.reasons,
    }


def of_decision(decision: Decision) -> Fields:
    """How a decision was argued (`case:decide`, `case:propose`)."""
    ground, referral = decision.ground, decision.referral
    return {
        "explanation": None if ground is None else ground.explanation,
        "facts": decision.facts,
        "referral": None
        if referral is None
        else {"reference": referral.reference, "why": referral.why},
    }


def of_approval(decision: Decision) -> Fields:
    """Why a second person agreed, or did not (`case:approve`, `case:reject`)."""
    return {"reason": decision.approval_reason}


def of_appeal(appeal: Appeal) -> Fields:
    """Why somebody objected (`appeal:file`)."""
    return {"reasons": appeal.reasons}


def of_hearing(appeal: Appeal) -> Fields:
    """Why it was upheld or reversed (`appeal:uphold`, `appeal:reverse`)."""
    return {"outcome_reasons": appeal.outcome_reasons}


def of_statement(statement: Statement) -> Fields:
    """What the author was told (`statement:issue`)."""
    return {
        "explanation": statement.ground.explanation,
        "facts": statement.facts,
        "text": statement.text,
    }


def wordings(record: object) -> Iterator[Fields]:
    """Yield the fields of all acts that a record still holds the words of."""
    match record:
        case Notice():
            yield of_notice(record)
        case Case():
            if record.decision is not None:
                yield from wordings(record.decision)
        case Decision():
            yield of_decision(record)
            yield of_approval(record)
        case Appeal():
            yield of_appeal(record)
            yield of_hearing(record)
        case Statement():
            yield of_statement(record)
        case _:
            return
