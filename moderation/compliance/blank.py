"""What is left of a record once it is erased: codes, ids and times, and no word of anybody's.

What a record says of the operator's own doing (outcome, category, norm, who decided, when) stays:
it is not the person's, and the log holds nothing but commitments to it.
"""

from dataclasses import replace
from typing import assert_never, cast

from moderation.cases.appeal import Appeal
from moderation.cases.case import Case
from moderation.cases.decision import Decision
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.community.member import Member
from moderation.community.post import Author, Post, PostState
from moderation.community.thread import Thread, ThreadRow
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.legal_hold import LegalHold
from moderation.ids import ERASED_MEMBER

Blankable = (
    Appeal
    | Case
    | Decision
    | Disclosure
    | LegalHold
    | Member
    | Notice
    | Post
    | Statement
    | Thread
    | ThreadRow
)

NOBODY = Author(id=ERASED_MEMBER, name="")


def blank[R: Blankable](record: R) -> R:
    """Return a record without what its author, addressee or notifier said, or is called."""
    return cast("R", _blanked(record))


def _blanked(record: Blankable) -> Blankable:  # noqa: PLR0911  (one return a kind is the table)
    match record:
        case Post():
            return _post(record)
        case Case():
            return _case(record)
        case Decision():
            return _decision(record)
        case Statement():
            ground = replace(record.ground, explanation="")
            return replace(record, addressee=ERASED_MEMBER, facts="", text="", ground=ground)
        case Appeal():
            return replace(record, appellant=None, reasons="", outcome_reasons=None)
        case Notice():
            items = tuple(replace(item, url=None, excerpt=None) for item in record.items)
            return replace(record, items=items, reasons="", notifier=None, member_id=None)
        case Member():
            return replace(record, name="")
        case Disclosure():
            return replace(record, reason="")
        case LegalHold():
            return replace(record, matter="")
        case Thread():
            return replace(record, author=NOBODY)
        case ThreadRow():
            return replace(record, author=NOBODY, title="")
        case _:
            assert_never(record)


def _post(post: Post) -> Post:
    return replace(
        post,
        author=NOBODY,
        title=None,
        body="",
        html="",
        state=PostState.DELETED,
        unchecked=False,
    )


def _case(case: Case) -> Case:
    """Without the author among those who acted, too; the operator's own people stay in it."""
    author = case.post.author.id
    history = (
        replace(event, note="", by=ERASED_MEMBER if event.by == author else event.by)
        for event in case.history
    )
    return replace(
        case,
        post=_post(case.post),
        frozen=None,
        signals=tuple(replace(each, excerpt="", explanation="") for each in case.signals),
        decision=None if case.decision is None else _decision(case.decision),
        history=tuple(history),
    )


def _decision(decision: Decision) -> Decision:
    ground, referral = decision.ground, decision.referral
    return replace(
        decision,
        facts="",
        ground=None if ground is None else replace(ground, explanation=""),
        referral=None if referral is None else replace(referral, reference=None, why=None),
        approval_reason=None,
    )
