"""Export jobs: a compliance officer asks for the audit log of a period and fetches it later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.ids import ExportId, MemberId
from moderation.records import Kind, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """A request for all entries with `start` ≤ at < `end`, and what became of it.

    `record` pins what the bundle was built from (canonical JSON by `audit/export.py`), so that it
    can be built again with the same bytes. `progress` is in per cent.
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

    @staticmethod
    def at(export_id: str) -> Ref["ExportJob"]:
        """The address of the export with this id."""
        return Ref(Kind.EXPORT, export_id)

    @property
    def ref(self) -> Ref["ExportJob"]:
        """The record's own address."""
        return ExportJob.at(self.id)
