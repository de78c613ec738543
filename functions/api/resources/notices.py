"""`/v1/notices`: anybody tells of content, and finds out what became of it."""

import hmac

from functions.api.endpoint import Call, Reply, Resource
from functions.api.presenters.appeals import appeal_view
from functions.api.presenters.notices import notice_view, receipt_view
from functions.api.proposals import notifier_of, place_of
from functions.api.rate import NOTICES
from moderation.cases.appealing import AppealNotice
from moderation.cases.case import Case
from moderation.cases.notice import Notice
from moderation.cases.noticing import FileNotice
from moderation.change import NO_RECORDS
from moderation.detection.taxonomy import Category
from moderation.errors import NotFound
from moderation.ids import NoticeId
from schemas.appeals import AppealView, NewAppeal
from schemas.notices import NewNotice, NoticeReceipt, NoticeView
from schemas.strict import Nothing

notices = Resource("notices")

SECRET_HEADER = "Notice-Secret"  # noqa: S105  (the header's name)


@notices.post(
    "/v1/notices",
    takes=NewNotice,
    gives=NoticeReceipt,
    limit=NOTICES,
    problems=("login-required",),
)
def file_notice(call: Call, body: NewNotice) -> Reply:
    """Tell of content that is illegal or against the terms."""
    notice = call.run(
        FileNotice(
            places=tuple(place_of(item) for item in body.items),
            reasons=body.reasons,
            rules=call.parts.house,
            kind=body.kind,
            category=Category(body.category),
            notifier=notifier_of(body.notifier),
            good_faith=body.good_faith,
            language=body.language,
            actor=call.actor,
        )
    )
    return Reply(receipt_view(notice, call.parts), call.location(f"/v1/notices/{notice.id}"))


@notices.get("/v1/notices/{id}", takes=Nothing, gives=NoticeView, secret=True)
def get_notice(call: Call, _: Nothing) -> Reply:
    """Read what became of a notice."""
    _require_secret(call)
    notice = call.parts.units.read(Notice.at(call.id)).need(Notice.at(call.id))
    refs = {Case.at(item.case_id) for item in notice.items if item.case_id is not None}
    seen = call.parts.units.read(*refs) if refs else NO_RECORDS
    return Reply(notice_view(notice, seen, call.parts))


@notices.post(
    "/v1/notices/{id}/appeal",
    takes=NewAppeal,
    gives=AppealView,
    secret=True,
    limit=NOTICES,
    problems=("window-closed", "already-appealed", "not-decided", "acted-upon"),
)
def appeal_notice(call: Call, body: NewAppeal) -> Reply:
    """Object, as its notifier, to a notice's outcome."""
    _require_secret(call)
    appeal = call.run(
        AppealNotice(
            notice_id=NoticeId(call.id),
            reasons=body.reasons,
            rules=call.parts.house,
            actor=call.actor,
        )
    )
    return Reply(appeal_view(appeal))


def _require_secret(call: Call) -> None:
    secret = call.parts.keyring.notice_secret(call.id)
    sent = call.headers.get(SECRET_HEADER.lower(), "")
    if not hmac.compare_digest(secret.encode(), sent.encode("utf-8", "replace")):
        raise NotFound("There is no such notice.")
