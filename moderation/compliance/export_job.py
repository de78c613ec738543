"""Export jobs: a compliance officer asks for a part of the audit log and fetches it later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from moderation.ids import ExportId, MemberId
from moderation.records import Kind, Ref

DOWNLOADS_KEPT = 20
LINK_LIFETIME = timedelta(minutes=5)
"""How long a link to a bundle works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A link that was given out: to whom, and when."""

    by: MemberId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLink:
    """That a case's evidence was asked for, kept beside the case: who had it is evidence, too."""

    case_id: str
    export_id: ExportId
    requested_at: datetime

    @staticmethod
    def at(case_id: str, export_id: str) -> Ref["ExportLink"]:
        """The address of the link between a case and an export of it."""
        return Ref(Kind.CASE, case_id, f"EXPORT#{export_id}")

    @property
    def ref(self) -> Ref["ExportLink"]:
        """The record's own address."""
        return ExportLink.at(self.case_id, self.export_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """A request for entries with `start` ≤ at < `end`, and what became of it.

    `profile` says for whom, and so what is withheld. `actors` (pseudonyms), `action` and `subject`
    narrow it; `case` asks for one case whole, with its records. `downloads` are the latest links
    given out, at most 20; the log has all. `record` pins what the bundle was built from (canonical
    JSON by `audit/export.py`), so that it can be built again with the same bytes. `progress` is in
    per cent.
    """

    id: ExportId
    start: datetime
    end: datetime
    requested_by: MemberId
    requested_at: datetime
    state: Literal["building", "ready", "failed"] = "building"
    progress: int = 0
    object_key: str | None = None
    record: str | None = None
    failure: str | None = None
    profile: Literal["full", "authority", "outsider"] = "authority"
    actors: tuple[str, ...] | None = None
    action: str | None = None
    subject: str | None = None
    case: str | None = None
    downloads: tuple[Download, ...] = ()

    @staticmethod
    def at(export_id: str) -> Ref["ExportJob"]:
        """The address of the export with this id."""
        return Ref(Kind.EXPORT, export_id)

    @property
    def ref(self) -> Ref["ExportJob"]:
        """The record's own address."""
        return ExportJob.at(self.id)
