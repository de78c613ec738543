"""Legal holds and erasures on the wire: for compliance, and for whoever asks to be erased."""

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.audit import Pseudonym
from schemas.identifiers import Ulid
from schemas.instant import Instant
from schemas.strict import Request, Response
from schemas.text import Line, Reasons

HeldName = Annotated[
    str,
    StringConstraints(
        max_length=40, pattern=r"^(member|post|case|notice):[0-7][0-9A-HJKMNP-TV-Z]{25}$"
    ),
]
HoldBasis = Literal["order", "preservation", "claims"]


class NewLegalHold(Request):
    """What is to be kept, for which matter, and when that is looked at again."""

    subject: HeldName
    matter: Line
    basis: HoldBasis
    review_at: Instant


class LegalHoldView(Response):
    """A legal hold; `covers` is what no erasure may touch."""

    id: str
    subject: str
    covers: list[str]
    matter: str
    basis: HoldBasis
    review_at: Instant
    placed_by: str
    placed_at: Instant
    released_by: str | None
    released_at: Instant | None


class LegalHoldPage(Response):
    """A page of holds in force."""

    items: list[LegalHoldView]
    next: str | None


class NewErasure(Request):
    """Who is to be erased, or which notice with its notifier."""

    member_id: Ulid | None = None
    notice_id: Ulid | None = None

    @model_validator(mode="after")
    def is_one(self) -> Self:
        """One of the two."""
        if (self.member_id is None) == (self.notice_id is None):
            raise PydanticCustomError("target", "name a member or a notice")
        return self


class KeptView(Response):
    """Something that must be kept for now: why, by which law, and when that is looked at again."""

    subject: str
    why: Literal["hold", "open-case", "open-appeal"]
    ground: Literal["GDPR Art. 17(3)(b)", "GDPR Art. 17(3)(e)"]
    review_at: Instant


class ErasureView(Response):
    """How far an erasure is; `due_at` is when it is looked at again."""

    id: str
    target: Literal["member", "notice"]
    state: Literal["running", "waiting", "done"]
    requested_at: Instant
    due_at: Instant | None
    kept: list[KeptView]
    done_at: Instant | None


class NewDisclosure(Request):
    """Whom it is about (a member's id, or a pseudonym of the log), and why it must be known."""

    member_id: Ulid | None = None
    pseudonym: Pseudonym | None = None
    reason: Reasons

    @model_validator(mode="after")
    def is_one_name(self) -> Self:
        """One of the two."""
        if (self.member_id is None) == (self.pseudonym is None):
            raise PydanticCustomError("about", "name a member or a pseudonym")
        return self


class DisclosureApproval(Request):
    """The second officer's word."""

    approve: bool


class PseudonymView(Response):
    """The name of a person in one year's entries."""

    year: int
    pseudonym: str


class DisclosedView(Response):
    """What was disclosed: a person's names, or the person behind one, null where none was found."""

    pseudonyms: list[PseudonymView]
    member_id: str | None
    member_name: str | None


class DisclosureView(Response):
    """A disclosure; `result` for the two officers, for a day after the approval."""

    id: str
    kind: Literal["person", "pseudonym"]
    about: str
    reason: str
    state: Literal["asked", "approved", "refused"]
    requested_by: str
    requested_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    result: DisclosedView | None
