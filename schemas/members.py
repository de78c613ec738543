"""What a member sees of themselves."""

from schemas.instant import Instant
from schemas.strict import Response
from schemas.vocabulary import MessageKind, Role


class MemberView(Response):
    """The caller, as the token and the store know them."""

    id: str
    name: str
    roles: list[Role]
    unit: str | None
    staff: bool
    suspended: bool
    suspended_until: Instant | None
    warnings: int


class NotificationView(Response):
    """Something the member was told; `about` is the id of what it concerns."""

    id: str
    kind: MessageKind
    about: str
    text: str
    language: str
    created_at: Instant


class NotificationPage(Response):
    """A page of notifications, newest first."""

    items: list[NotificationView]
    next: str | None
