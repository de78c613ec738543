"""Notices as their notifier sees them: nothing of what is there, until it has been decided."""

from functions.api.parts import Parts
from functions.api.presenters import log
from moderation.cases.case import Case, CaseState
from moderation.cases.decision import DecisionState
from moderation.cases.notice import Notice, NoticeItem
from moderation.change import Seen
from schemas.notices import NoticeItemView, NoticeReceipt, NoticeView, ReceiptItem

SETTLED = frozenset({DecisionState.EFFECTIVE, DecisionState.REVERSED})

FOLLOWS_ANONYMOUS = {
    "de": "Die Meldung wurde angenommen und wird geprüft. Ohne Namen und E-Mail-Adresse können wir "
    "Ihnen keine Nachricht schicken; das Ergebnis lesen Sie mit Kennung und Geheimnis ab.",
    "en": "The notice was taken and will be examined. Without a name and an e-mail address we "
    "cannot write to you; read the outcome with the id and the secret.",
}
FOLLOWS_NAMED = {
    "de": "Die Meldung wurde angenommen und wird geprüft. Sie erhalten das Ergebnis mit Begründung "
    "und den Wegen, ihm zu widersprechen; mit Kennung und Geheimnis lesen Sie es auch hier ab.",
    "en": "The notice was taken and will be examined. You will be told the outcome and how to "
    "object to it; with the id and the secret you can read it here as well.",
}


def receipt_view(notice: Notice, parts: Parts) -> NoticeReceipt:
    """The receipt (DSA Art. 16(4)), with the secret and what follows."""
    is_anonymous = notice.notifier is None and notice.member_id is None
    texts = FOLLOWS_ANONYMOUS if is_anonymous else FOLLOWS_NAMED
    return NoticeReceipt(
        id=notice.id,
        secret=parts.keyring.notice_secret(notice.id),
        received_at=notice.received_at,
        items=[
            ReceiptItem(post_id=_post_id(item), url=item.url, excerpt=item.excerpt)
            for item in notice.items
        ],
        follows=texts["de" if notice.language.startswith("de") else "en"],
        receipt=log.receipt_view(parts, notice.ref),
    )


def notice_view(notice: Notice, cases: Seen, parts: Parts) -> NoticeView:
    """The notice with what became of each place."""
    items = [_item(item, cases) for item in notice.items]
    ours = [view for view, item in zip(items, notice.items, strict=True) if item.case_id]
    is_decided = bool(ours) and all(view.state == "decided" for view in ours)
    return NoticeView(
        id=notice.id,
        kind=notice.kind,
        state="decided" if is_decided else "received",
        received_at=notice.received_at,
        items=items,
        appeals=list(notice.appeals),
        receipt=log.receipt_view(parts, notice.ref),
    )


def _item(item: NoticeItem, cases: Seen) -> NoticeItemView:
    case = cases.get(Case.at(item.case_id)) if item.case_id else None
    decision = case.decision if case and case.state is CaseState.DECIDED else None
    if decision is None or decision.state not in SETTLED:
        return NoticeItemView(
            post_id=_post_id(item),
            url=item.url,
            state="received",
            outcome=None,
            reversed=False,
            decided_at=None,
        )
    return NoticeItemView(
        post_id=_post_id(item),
        url=item.url,
        state="decided",
        outcome=decision.outcome.value,
        reversed=decision.state is DecisionState.REVERSED,
        decided_at=decision.decided_at,
    )


def _post_id(item: NoticeItem) -> str | None:
    """The post as the notifier named it: by id, or not at all where they gave an address."""
    return None if item.url is not None else item.post_id
