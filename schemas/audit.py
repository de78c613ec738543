"""The audit log on the wire: for compliance only."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.identifiers import Ulid
from schemas.instant import Instant
from schemas.page import ListQuery
from schemas.strict import Request, Response
from schemas.vocabulary import ExportProfile, ExportState

ActorName = Annotated[
    str, StringConstraints(pattern=r"^([0-9a-f]{32}|[0-7][0-9A-HJKMNP-TV-Z]{25})$")
]
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
SubjectName = Annotated[
    str,
    StringConstraints(max_length=100, pattern=r"^[a-z]{2,24}:[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
]
ActionName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,24}:[a-z]{2,24}$")]


class EntryQuery(ListQuery):
    """Which entries; all bounds are optional, `from` ≤ at < `to`. `case`: all a case is about."""

    actor: ActorName | None = None
    subject: SubjectName | None = None
    action: ActionName | None = None
    case: Ulid | None = None
    start: Annotated[Instant | None, Field(alias="from")] = None
    end: Annotated[Instant | None, Field(alias="to")] = None


class NewExport(Request):
    """What an export is of, and for whom.

    A period, `from` ≤ at < `to`, of the whole log or of what `actor` (a pseudonym), `action` or
    `subject` leave of it; or one `case`, whole, with its records.
    """

    start: Annotated[Instant | None, Field(alias="from")] = None
    end: Annotated[Instant | None, Field(alias="to")] = None
    profile: ExportProfile = "authority"
    actor: Pseudonym | None = None
    action: ActionName | None = None
    subject: SubjectName | None = None
    case: Ulid | None = None

    @model_validator(mode="after")
    def is_period_or_case(self) -> Self:
        """A period is whole and not backwards; a case needs none and takes nothing narrower."""
        if self.case is not None:
            others = (self.start, self.end, self.actor, self.action, self.subject)
            if any(other is not None for other in others):
                raise PydanticCustomError("case", "a case is exported whole")
        elif self.start is None or self.end is None:
            raise PydanticCustomError("period", "from and to are missing")
        elif self.start >= self.end:
            raise PydanticCustomError("period", "from must lie before to")
        return self


class EntryView(Response):
    """One entry of the log; `index` null until it is sequenced."""

    id: str
    index: int | None
    at: Instant
    actor: str
    via: Literal["api", "rule", "job"]
    action: str
    subject: str
    rev: int
    content: int | None
    reason: str
    rule: str | None
    cause: str
    prev: str
    before: str
    after: str
    payload: str | None
    leaf: str


class EntryPage(Response):
    """A page of entries."""

    items: list[EntryView]
    next: str | None


class ExportView(Response):
    """An export; `url` once it is ready, for a few minutes."""

    id: str
    state: ExportState
    progress: int
    start: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    url: str | None
    failure: str | None
    profile: ExportProfile
    actors: list[str] | None
    action: str | None
    subject: str | None
    case: str | None
