"""The audit log as anybody may ask it: receipts, proofs, cosignatures."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.instant import Instant
from schemas.strict import Request, Response

NOTE_CHARACTERS = 10_000
SIZE_MOST = 2**53 - 1

TreeSize = Annotated[int, Field(ge=1, le=SIZE_MOST)]
NoteText = Annotated[str, StringConstraints(min_length=1, max_length=NOTE_CHARACTERS)]


class CheckpointQuery(Request):
    """Which checkpoint: the latest, the latest that enough witnesses signed, the one to sign."""

    which: Literal["latest", "cosigned", "due"] = "latest"


class ConsistencyQuery(Request):
    """Two sizes of the tree; `to` is the published one where it is left out."""

    first: Annotated[TreeSize, Field(alias="from")] = 1
    second: Annotated[TreeSize | None, Field(alias="to")] = None


class NewCosignature(Request):
    """A checkpoint of this log with the cosignature of a witness it knows."""

    note: NoteText


class ReceiptView(Response):
    """A signed promise that an entry is in the log by a time; `note` is what is to be kept."""

    entry_id: str
    leaf: str
    by: Instant
    note: str
    proof: str
    help: str


class ConsistencyView(Response):
    """The hashes (base64) that lead from the tree of size `first` to that of size `second`."""

    first: int
    second: int
    hashes: list[str]


class CosignatureView(Response):
    """Which tree was cosigned, by how many witnesses so far, and whether those are enough."""

    size: int
    witnesses: int
    enough: bool
